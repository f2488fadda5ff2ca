//! Litmus tests that nobody thought of: small random programs from a seed.
//!
//! The table of [`super::rows`] asks known questions. Random programs ask unknown ones, and [`super::axioms`] knows the
//! answers. The generator is a linear one of 64 bits, so that a number names a program for ever.

use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};

use super::notation::{Act, Op, Test};

/// A generator of numbers that look random.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Starts at this seed.
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// The random test of this number: two or three threads of two or three operations on two locations.
pub(crate) fn test(seed: u64) -> Test {
    let mut dice = Dice::new(seed);
    let threads = 2 + dice.roll(2);
    let mut test = Test {
        threads: Vec::new(),
        finals: Vec::new(),
    };
    for _ in 0..threads {
        let operations = 2 + dice.roll(if threads == 2 { 3 } else { 2 });
        test.threads
            .push((0..operations).map(|_| operation(&mut dice)).collect());
    }
    if dice.roll(2) == 0 {
        test.finals = vec![0, 1];
    }
    test
}

fn operation(dice: &mut Dice) -> Op {
    let value = 1 + dice.roll(3) as u8;
    let act = match dice.roll(20) {
        0..7 => Act::Store(value),
        7..14 => Act::Load,
        14..17 => Act::Fence,
        17 => Act::Add(value),
        18 => Act::Swap(value),
        _ => Act::Exchange(dice.roll(2) as u8, value),
    };
    let orders: &[_] = match act {
        Act::Load => &[Relaxed, Acquire, SeqCst],
        Act::Store(_) => &[Relaxed, Release, SeqCst],
        Act::Fence => &[Acquire, Release, AcqRel, SeqCst, SeqCst],
        _ => &[Relaxed, Acquire, Release, AcqRel, SeqCst],
    };
    Op {
        act,
        place: dice.roll(2),
        order: orders[dice.roll(orders.len())],
    }
}

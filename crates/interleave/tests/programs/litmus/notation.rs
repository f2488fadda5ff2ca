//! The notation of a litmus test: `x=1.rel y?.acq | y=1 x? ; x`.
//!
//! Threads are separated by `|`, operations by blanks. `x?` loads, `x=1` stores, `x<1` swaps, `x+1` adds,
//! `x(0>1)` is a compare-exchange, `F` a fence. An ordering follows a dot: `.acq`, `.rel`, `.ar`, `.sc`;
//! without one the operation is relaxed. Locations named after `;` are read when all threads have ended.
//!
//! A *result* is written as the values that the loads and read-modify-writes saw, thread by thread in program order,
//! then a slash and the final values: `10/2`.

use std::sync::atomic::Ordering;

/// What one operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Reads the location.
    Load,
    /// Writes this value.
    Store(u8),
    /// Reads the location and writes this value.
    Swap(u8),
    /// Reads the location and writes the sum.
    Add(u8),
    /// Writes the second value if the first is read; a failure is a relaxed load.
    Exchange(u8, u8),
    /// A fence, which has no location.
    Fence,
}

/// One operation of one thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Op {
    /// What it does.
    pub act: Act,
    /// The index of its location.
    pub place: usize,
    /// Its memory ordering.
    pub order: Ordering,
}

/// A whole test.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    /// The operations of each thread.
    pub threads: Vec<Vec<Op>>,
    /// The locations whose final values belong to the result.
    pub finals: Vec<usize>,
}

/// No more values than this belong to a result.
pub(crate) const VALUES: usize = 14;
/// No more locations than this.
pub(crate) const PLACES: usize = 4;
/// The filler behind a result's last value.
pub(crate) const NONE: u8 = u8::MAX;

/// What a test ended with: the values read, then the final ones, then filler.
pub(crate) type Outcome = [u8; VALUES];

impl Op {
    /// Whether the operation delivers a value.
    pub(crate) fn reads(&self) -> bool {
        !matches!(self.act, Act::Store(_) | Act::Fence)
    }
}

impl Test {
    /// Reads the notation.
    ///
    /// # Panics
    ///
    /// If the text is not in the notation: the tests' own texts are constants.
    pub(crate) fn parse(text: &str) -> Test {
        let (body, finals) = text.split_once(';').unwrap_or((text, ""));
        let threads = body
            .split('|')
            .map(|t| t.split_whitespace().map(operation).collect());
        Test {
            threads: threads.collect(),
            finals: finals.split_whitespace().map(place).collect(),
        }
    }

    /// An outcome as it is written in the tables.
    pub(crate) fn show(&self, outcome: &Outcome) -> String {
        let reads = self
            .threads
            .iter()
            .flatten()
            .filter(|op| op.reads())
            .count();
        let mut text = String::new();
        for (i, value) in outcome.iter().take(reads + self.finals.len()).enumerate() {
            if i == reads {
                text.push('/');
            }
            text.push_str(&value.to_string());
        }
        text
    }
}

fn place(name: &str) -> usize {
    "xyzw".find(name).expect("a location is x, y, z or w")
}

fn digit(text: &str) -> u8 {
    text.parse().expect("a value is a small number")
}

fn operation(text: &str) -> Op {
    let (what, order) = text.split_once('.').unwrap_or((text, "rlx"));
    let order = match order {
        "rlx" => Ordering::Relaxed,
        "acq" => Ordering::Acquire,
        "rel" => Ordering::Release,
        "ar" => Ordering::AcqRel,
        "sc" => Ordering::SeqCst,
        other => unreachable!("an ordering is acq, rel, ar or sc, not {other}"),
    };
    if what == "F" {
        return Op {
            act: Act::Fence,
            place: 0,
            order,
        };
    }
    let (name, rest) = what.split_at(1);
    let (sign, value) = rest.split_at(1);
    let act = match sign {
        "?" => Act::Load,
        "=" => Act::Store(digit(value)),
        "<" => Act::Swap(digit(value)),
        "+" => Act::Add(digit(value)),
        "(" => {
            let (from, to) = value
                .trim_end_matches(')')
                .split_once('>')
                .expect("(from>to)");
            Act::Exchange(digit(from), digit(to))
        }
        other => unreachable!("an operation is one of ?=<+(, not {other}"),
    };
    Op {
        act,
        place: place(name),
        order,
    }
}

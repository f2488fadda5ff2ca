//! The locks with real threads, and what their types promise.

use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::thread;

use spinlock::{Queue, RawLock, Spin, SpinGuard, Tas, Ticket, Ttas};

const THREADS: u32 = 4;
const SECTIONS: u32 = 20_000;

fn counts<L: RawLock + Send>() {
    let spin: Spin<L, (u32, u32)> = Spin::new((0, 0));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..SECTIONS {
                    let mut pair = spin.lock();
                    assert_eq!(pair.0, pair.1);
                    pair.0 += 1;
                    pair.1 += 1;
                }
            });
        }
    });
    assert_eq!(*spin.lock(), (THREADS * SECTIONS, THREADS * SECTIONS));
}

#[test]
fn no_section_is_lost() {
    counts::<Tas>();
    counts::<Ttas>();
    counts::<Ticket>();
}

#[test]
fn no_turn_in_the_queue_is_lost() {
    let sum = Queue::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..SECTIONS).for_each(|_| sum.with(|sum| *sum += 1)));
        }
    });
    assert_eq!(sum.with(|sum| *sum), THREADS * SECTIONS);
}

fn unlocks_on_a_panic<L: RawLock + Send>() {
    let spin: Spin<L, u32> = Spin::new(0);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut value = spin.lock();
        *value = 7;
        resume_unwind(Box::new("inside"));
    }));
    assert!(panicked.is_err());
    assert_eq!(spin.try_lock().as_deref(), Some(&7));
}

#[test]
fn a_panic_inside_leaves_a_free_lock() {
    unlocks_on_a_panic::<Tas>();
    unlocks_on_a_panic::<Ttas>();
    unlocks_on_a_panic::<Ticket>();
}

#[test]
fn a_panic_in_the_queue_lets_the_next_one_in() {
    let value = Queue::new(0);
    let panicked = catch_unwind(AssertUnwindSafe(|| value.with(|_| panic!("inside"))));
    assert!(panicked.is_err());
    assert_eq!(value.with(|value| *value), 0);
}

#[test]
fn a_payload_need_not_have_a_known_size() {
    let spin: Box<Spin<Ttas, [u32]>> = Box::new(Spin::new([1, 2, 3]));
    spin.lock()[1] = 5;
    assert_eq!(spin.lock().iter().sum::<u32>(), 9);
}

/// Which of the marker traits a type has.
struct Is<T: ?Sized>(PhantomData<T>);

trait Not {
    const SEND: bool = false;
    const SYNC: bool = false;
}

impl<T: ?Sized> Not for Is<T> {}

struct IsSend<T: ?Sized>(PhantomData<T>);
impl<T: ?Sized> Not for IsSend<T> {}
impl<T: ?Sized + Send> IsSend<T> {
    const SEND: bool = true;
}
impl<T: ?Sized + Sync> Is<T> {
    const SYNC: bool = true;
}

#[test]
fn the_marker_traits_are_as_of_a_mutex() {
    let sync = [
        Is::<Spin<Ttas, Cell<u32>>>::SYNC,
        Is::<Spin<Ttas, Rc<u32>>>::SYNC,
        Is::<SpinGuard<'_, Ttas, u32>>::SYNC,
        Is::<SpinGuard<'_, Ttas, Cell<u32>>>::SYNC,
    ];
    assert_eq!(sync, [true, false, true, false]);
    let send = [
        IsSend::<Spin<Ttas, Cell<u32>>>::SEND,
        IsSend::<Spin<Ttas, Rc<u32>>>::SEND,
        IsSend::<SpinGuard<'_, Ttas, u32>>::SEND,
    ];
    assert_eq!(send, [true, false, false]);
}

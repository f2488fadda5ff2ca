//! What stands in for `std` behaves as `std` does, in every interleaving.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::model::{Kind, Model, Report, Tracked, outcomes};
use std::panic;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicI8, AtomicPtr, AtomicU32};
use std::sync::{Arc, Barrier, LazyLock, Mutex, Once, OnceLock, RwLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

fn kind(report: &Report) -> Option<Kind> {
    report.counterexample().map(|shown| shown.kind())
}

#[test]
fn readers_share_and_writers_are_alone() {
    Model::new()
        .check(|| {
            let lock = RwLock::new(Tracked::new(0));
            let inside = AtomicU32::new(0);
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        let guard = lock.read().unwrap();
                        inside.fetch_add(1, Relaxed);
                        guard.get();
                        inside.fetch_sub(1, Relaxed);
                    });
                }
                let guard = lock.write().unwrap();
                assert_eq!(inside.load(Relaxed), 0);
                guard.set(1);
            });
        })
        .unwrap();
}

#[test]
fn two_readers_can_be_inside_at_once() {
    let most = outcomes(|| {
        let lock = RwLock::new(());
        let (inside, most) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let _guard = lock.read().unwrap();
                    let now = inside.fetch_add(1, SeqCst) + 1;
                    most.fetch_max(now, SeqCst);
                    inside.fetch_sub(1, SeqCst);
                });
            }
        });
        most.load(SeqCst)
    });
    assert_eq!(most.into_iter().collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_write_of_a_reader_is_a_race() {
    let report = Model::new().check(|| {
        let lock = RwLock::new(Tracked::new(0));
        thread::scope(|scope| {
            for value in 0..2 {
                let lock = &lock;
                scope.spawn(move || lock.read().unwrap().set(value));
            }
        });
    });
    assert_eq!(kind(&report), Some(Kind::Race));
}

#[test]
fn nobody_gets_between_a_write_and_the_downgraded_read() {
    Model::new()
        .check(|| {
            let lock = RwLock::new(0);
            thread::scope(|scope| {
                scope.spawn(|| *lock.write().unwrap() = 7);
                let mut guard = lock.write().unwrap();
                *guard = 1;
                let guard = std::sync::RwLockWriteGuard::downgrade(guard);
                assert_eq!(*guard, 1);
            });
        })
        .unwrap();
}

#[test]
fn a_barrier_has_one_leader_and_nobody_leaves_early() {
    Model::new()
        .budget(2)
        .check(|| {
            let barrier = Barrier::new(3);
            let (data, leaders) = ([const { Tracked::new(0) }; 3], AtomicU32::new(0));
            thread::scope(|scope| {
                for me in 0..3 {
                    let (barrier, data, leaders) = (&barrier, &data, &leaders);
                    scope.spawn(move || {
                        data[me].set(1);
                        if barrier.wait().is_leader() {
                            leaders.fetch_add(1, Relaxed);
                        }
                        assert_eq!(data.iter().map(Tracked::get).sum::<u32>(), 3);
                    });
                }
            });
            assert_eq!(leaders.load(Relaxed), 1);
        })
        .unwrap();
}

#[test]
fn a_barrier_can_be_used_again() {
    Model::new()
        .check(|| {
            let barrier = Barrier::new(2);
            let data = Tracked::new(0);
            thread::scope(|scope| {
                scope.spawn(|| {
                    data.set(1);
                    barrier.wait();
                    barrier.wait();
                    assert_eq!(data.get(), 2);
                });
                barrier.wait();
                data.set(2);
                barrier.wait();
            });
        })
        .unwrap();
}

#[test]
fn once_happens_once_and_is_known_to_all() {
    Model::new()
        .check(|| {
            let (once, data) = (Once::new(), Tracked::new(0));
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        once.call_once(|| data.with_mut(|data| *data += 1));
                        assert_eq!(data.get(), 1);
                    });
                }
            });
            assert!(once.is_completed());
        })
        .unwrap();
}

#[test]
fn a_once_that_panicked_is_poisoned() {
    Model::new()
        .check(|| {
            let once = Once::new();
            let failed = panic::catch_unwind(panic::AssertUnwindSafe(|| {
                once.call_once(|| panic!("no"));
            }));
            assert!(failed.is_err());
            assert!(!once.is_completed());
            once.call_once_force(|state| assert!(state.is_poisoned()));
            assert!(once.is_completed());
        })
        .unwrap();
}

#[test]
fn a_once_lock_takes_the_first_value() {
    let values = outcomes(|| {
        let lock = OnceLock::new();
        thread::scope(|scope| {
            scope.spawn(|| lock.set(1).is_ok());
            lock.get_or_init(|| 2);
        });
        assert!(lock.get().is_some());
        *lock.wait()
    });
    assert_eq!(values.into_iter().collect::<Vec<_>>(), [1, 2]);
}

static COUNTER: AtomicU32 = AtomicU32::new(5);
static QUEUE: Mutex<Vec<u32>> = Mutex::new(Vec::new());
static LAZY: LazyLock<Vec<u32>> = LazyLock::new(|| vec![COUNTER.fetch_add(1, Relaxed)]);
static CELL: OnceLock<String> = OnceLock::new();

#[test]
fn statics_are_as_new_in_every_execution() {
    let report = Model::new().check(|| {
        assert_eq!(COUNTER.load(Relaxed), 5);
        assert!(QUEUE.lock().unwrap().is_empty());
        assert!(CELL.get().is_none());
        let other = thread::spawn(|| {
            QUEUE.lock().unwrap().push(LAZY[0]);
            CELL.get_or_init(|| "there".to_owned()).len()
        });
        QUEUE.lock().unwrap().push(LAZY[0]);
        assert_eq!(other.join().unwrap(), 5);
        assert_eq!(*QUEUE.lock().unwrap(), [5, 5]);
        assert_eq!(COUNTER.load(Relaxed), 6);
    });
    assert!(report.passed(), "{report}");
    assert!(report.executions > 10);
}

thread_local! {
    static MINE: Cell<u32> = const { Cell::new(3) };
    static LIST: RefCell<Vec<u32>> = RefCell::new(vec![1]);
}

#[test]
fn thread_locals_belong_to_a_thread_and_an_execution() {
    Model::new()
        .check(|| {
            assert_eq!(MINE.get(), 3);
            MINE.set(4);
            LIST.with_borrow_mut(|list| list.push(2));
            let other = thread::spawn(|| (MINE.get(), LIST.with_borrow(Vec::len)));
            assert_eq!(other.join().unwrap(), (3, 1));
            assert_eq!((MINE.get(), LIST.take()), (4, vec![1, 2]));
        })
        .unwrap();
}

struct Notes(&'static AtomicU32);

impl Drop for Notes {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

static DESTROYED: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static NOTES: Notes = Notes(&DESTROYED);
}

#[test]
fn thread_locals_are_destroyed_with_their_thread() {
    Model::new()
        .check(|| {
            thread::spawn(|| NOTES.with(|_| ())).join().unwrap();
            assert_eq!(DESTROYED.load(Relaxed), 1);
        })
        .unwrap();
}

#[test]
fn a_channel_hands_over_what_its_sender_knew() {
    Model::new()
        .check(|| {
            let (sender, receiver) = mpsc::channel();
            let data = Arc::new(Tracked::new(0));
            let theirs = Arc::clone(&data);
            let other = thread::spawn(move || {
                theirs.set(1);
                sender.send(1).unwrap();
                sender.send(2).unwrap();
            });
            assert_eq!(receiver.recv(), Ok(1));
            assert_eq!(data.get(), 1);
            assert_eq!(receiver.iter().collect::<Vec<_>>(), [2]);
            other.join().unwrap();
        })
        .unwrap();
}

#[test]
fn a_message_tells_nothing_of_other_senders() {
    let report = Model::new().check(|| {
        let (sender, receiver) = mpsc::channel();
        let data = Arc::new(Tracked::new(0));
        let (theirs, theirs_too) = (Arc::clone(&data), sender.clone());
        thread::spawn(move || {
            theirs.set(1);
            theirs_too.send(1).unwrap();
        });
        thread::spawn(move || sender.send(2).unwrap());
        receiver.recv().unwrap();
        data.get();
        receiver.recv().unwrap();
    });
    assert_eq!(kind(&report), Some(Kind::Race));
}

#[test]
fn a_bounded_channel_waits_for_room() {
    for bound in [0, 1] {
        let report = Model::new().check(move || {
            let (sender, receiver) = mpsc::sync_channel(bound);
            let taken = Arc::new(AtomicU32::new(0));
            let theirs = Arc::clone(&taken);
            let other = thread::spawn(move || {
                for number in 0..3 {
                    sender.send(number).unwrap();
                    assert!(number < theirs.load(SeqCst) + bound as u32 + 1);
                }
            });
            for number in 0..3 {
                theirs_is(&taken, number);
                assert_eq!(receiver.recv(), Ok(number));
            }
            other.join().unwrap();
            assert!(receiver.recv().is_err());
        });
        assert!(report.passed(), "{report}");
    }
}

/// The receiver is about to take this message.
fn theirs_is(taken: &AtomicU32, number: u32) {
    taken.store(number + 1, SeqCst);
}

#[test]
fn a_receiver_that_waits_too_long_gives_up_and_a_later_message_stays() {
    let outcomes = outcomes(|| {
        let (sender, receiver) = mpsc::channel();
        let other = thread::spawn(move || sender.send(1).unwrap());
        let first = receiver.recv_timeout(Duration::from_millis(5)).ok();
        other.join().unwrap();
        (first, receiver.try_recv().ok())
    });
    let outcomes: Vec<_> = outcomes.into_iter().collect();
    assert_eq!(outcomes, [(None, Some(1)), (Some(1), None)]);
}

#[test]
fn sleeping_makes_time_pass_and_nothing_else() {
    Model::new()
        .check(|| {
            let start = Instant::now();
            thread::sleep(Duration::from_secs(3));
            assert!(start.elapsed() >= Duration::from_secs(3));
        })
        .unwrap();
}

#[test]
fn a_loop_that_waits_for_the_clock_ends() {
    Model::new()
        .check(|| {
            let start = Instant::now();
            while start.elapsed() < Duration::from_millis(50) {
                std::hint::spin_loop();
            }
        })
        .unwrap();
}

#[test]
fn a_thread_is_unparked_once_however_often_that_is_said() {
    let report = Model::new().check(|| {
        let parked = thread::current();
        let other = thread::spawn(move || {
            parked.unpark();
            parked.unpark();
        });
        other.join().unwrap();
        thread::park();
        thread::park();
    });
    assert_eq!(kind(&report), Some(Kind::Deadlock));
}

#[test]
fn hash_maps_have_one_order() {
    Model::new()
        .check(|| {
            let map: HashMap<u32, u32> = (0..20).map(|number| (number, number)).collect();
            let mut set = HashSet::new();
            set.extend(map.keys().copied());
            let first = *map.keys().next().unwrap();
            let cell = AtomicU32::new(0);
            thread::scope(|scope| {
                scope.spawn(|| cell.store(first, Relaxed));
                cell.load(Relaxed);
            });
            assert_eq!((map.len(), set.len(), map[&first]), (20, 20, first));
        })
        .unwrap();
}

#[test]
fn a_guard_poisons_only_if_the_panic_began_inside() {
    Model::new()
        .check(|| {
            let lock = Arc::new(Mutex::new(0));
            let theirs = Arc::clone(&lock);
            let other = thread::spawn(move || {
                let _guard = theirs.lock().unwrap();
                panic!("inside");
            });
            assert!(other.join().is_err());
            assert!(lock.is_poisoned());
            assert!(lock.lock().is_err());
            lock.clear_poison();
            assert!(lock.lock().is_ok());
        })
        .unwrap();
}

#[test]
fn one_thread_panics_while_another_one_unwinds() {
    Model::new()
        .check(|| {
            struct Waits(Arc<Barrier>);
            impl Drop for Waits {
                fn drop(&mut self) {
                    assert!(thread::panicking());
                    self.0.wait();
                    thread::yield_now();
                }
            }
            let barrier = Arc::new(Barrier::new(2));
            let handles: Vec<_> = (0..2)
                .map(|_| {
                    let waits = Waits(Arc::clone(&barrier));
                    thread::spawn(move || {
                        let _waits = waits;
                        panic!("both");
                    })
                })
                .collect();
            for handle in handles {
                assert!(handle.join().is_err());
            }
            assert!(!thread::panicking());
        })
        .unwrap();
}

#[test]
fn a_shared_cell_is_a_race() {
    struct Shared(Cell<u32>);
    #[expect(unsafe_code, reason = "the lie that is found out")]
    // SAFETY: none; that is the point.
    unsafe impl Sync for Shared {}
    let report = Model::new().check(|| {
        let shared = Shared(Cell::new(0));
        thread::scope(|scope| {
            let shared = &shared;
            scope.spawn(move || shared.0.set(1));
            shared.0.get();
        });
    });
    assert_eq!(kind(&report), Some(Kind::Race));
}

#[test]
fn builders_name_threads_and_scopes_give_results() {
    Model::new()
        .check(|| {
            let named = thread::Builder::new().name("worker".to_owned());
            let handle = named
                .spawn(|| thread::current().name().map(str::to_owned))
                .unwrap();
            assert_eq!(handle.join().unwrap().as_deref(), Some("worker"));
            let sum: u32 = thread::scope(|scope| {
                let handles: Vec<_> = (1..3).map(|n| scope.spawn(move || n * 10)).collect();
                handles
                    .into_iter()
                    .map(|handle| handle.join().unwrap())
                    .sum()
            });
            assert_eq!(sum, 30);
        })
        .unwrap();
}

#[test]
fn exclusive_access_to_an_atomic_is_access_to_its_newest_value() {
    Model::new()
        .check(|| {
            let mut number = AtomicI8::new(-1);
            assert_eq!(number.load(Relaxed), -1);
            number.store(-2, Relaxed);
            *number.get_mut() -= 1;
            assert_eq!(number.compare_exchange(-3, 5, Relaxed, Relaxed), Ok(-3));
            assert_eq!(number.fetch_sub(6, Relaxed), 5);
            assert_eq!(number.fetch_min(-128, Relaxed), -1);
            assert_eq!(number.fetch_sub(1, Relaxed), -128);
            assert_eq!(number.into_inner(), 127);
        })
        .unwrap();
}

#[test]
fn primitives_are_what_std_says_of_threads_and_panics() {
    fn shared<T: Send + Sync>() {}
    fn unwinds<T: panic::RefUnwindSafe>() {}
    shared::<(Mutex<Cell<u32>>, RwLock<u32>, Barrier, Once, OnceLock<u32>)>();
    shared::<(
        std::sync::Condvar,
        mpsc::Sender<u32>,
        AtomicPtr<u32>,
        thread::Thread,
    )>();
    unwinds::<(Mutex<u32>, RwLock<u32>, AtomicU32, AtomicPtr<u32>)>();
    unwinds::<(std::sync::Condvar, Barrier, Once)>();
}

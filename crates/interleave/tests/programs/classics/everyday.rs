//! Ordinary programs of ordinary people, with everything from the library that they happen to use.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicI8, AtomicI64, AtomicU16, AtomicUsize, Ordering::*};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::sync::{Arc, Condvar, LazyLock, Mutex, OnceLock, PoisonError, RwLock, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::programs::program::{Failure::*, Kind::*, Program, right, wrong};
use crate::world::Tracked;

type Job = Box<dyn FnOnce() + Send>;

/// Threads that take jobs from one channel, behind a mutex, until it is closed.
struct Pool {
    jobs: Option<Sender<Job>>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    fn new(size: usize) -> Pool {
        let (sender, receiver) = mpsc::channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        let worker = |receiver: Arc<Mutex<Receiver<Job>>>| {
            thread::spawn(move || {
                loop {
                    let job = receiver
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .recv();
                    let Ok(job) = job else { return };
                    job();
                }
            })
        };
        let workers = (0..size).map(|_| worker(Arc::clone(&receiver))).collect();
        Pool {
            jobs: Some(sender),
            workers,
        }
    }

    fn execute(&self, job: impl FnOnce() + Send + 'static) {
        if let Some(jobs) = &self.jobs {
            assert!(jobs.send(Box::new(job)).is_ok());
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        drop(self.jobs.take());
        for worker in self.workers.drain(..) {
            assert!(worker.join().is_ok());
        }
    }
}

fn pool(size: usize) {
    let done = Arc::new(AtomicUsize::new(0));
    let pool = Pool::new(size);
    for i in 1..=2 {
        let done = Arc::clone(&done);
        pool.execute(move || _ = done.fetch_add(i, Relaxed));
    }
    drop(pool);
    assert_eq!(done.load(Relaxed), 3);
}

/// Philosophers; the last one takes his forks the other way round, or does not.
fn philosophers(n: usize, last_the_other_way: bool) {
    let forks: Vec<Mutex<()>> = (0..n).map(|_| Mutex::new(())).collect();
    thread::scope(|scope| {
        for i in 0..n {
            let (mut first, mut second) = (&forks[i], &forks[(i + 1) % n]);
            if i == n - 1 && last_the_other_way {
                (first, second) = (second, first);
            }
            scope.spawn(move || {
                let _first = first.lock().unwrap_or_else(PoisonError::into_inner);
                let _second = second.lock().unwrap_or_else(PoisonError::into_inner);
            });
        }
    });
}

/// A queue with two condition variables.
struct Bounded<T> {
    items: Mutex<VecDeque<T>>,
    not_empty: Condvar,
    not_full: Condvar,
}

impl<T> Bounded<T> {
    fn push(&self, item: T) {
        let items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        let mut items = self
            .not_full
            .wait_while(items, |items| !items.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        items.push_back(item);
        self.not_empty.notify_one();
    }

    fn pop(&self) -> T {
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(item) = items.pop_front() {
                self.not_full.notify_one();
                return item;
            }
            items = self
                .not_empty
                .wait(items)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn bounded() {
    let queue = Arc::new(Bounded {
        items: Mutex::new(VecDeque::new()),
        not_empty: Condvar::new(),
        not_full: Condvar::new(),
    });
    let producer = {
        let queue = Arc::clone(&queue);
        thread::spawn(move || (1..=3).for_each(|i| queue.push(i.to_string())))
    };
    let consumed: Vec<String> = (0..3).map(|_| queue.pop()).collect();
    assert!(producer.join().is_ok());
    assert_eq!(consumed.join(" "), "1 2 3");
}

static WORDS: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);
static SEEN: RwLock<Vec<u32>> = RwLock::new(Vec::new());
static START: OnceLock<Vec<u32>> = OnceLock::new();
static ON: AtomicBool = AtomicBool::new(false);

/// Statics that own memory, and grow.
fn statics_that_grow() {
    let words = || WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    let before = words().values().sum::<usize>();
    thread::scope(|scope| {
        for word in ["one", "two"] {
            scope.spawn(move || {
                *words().entry(word.to_owned()).or_default() += 1;
                SEEN.write().unwrap_or_else(PoisonError::into_inner).push(1);
                assert_eq!(START.get_or_init(|| vec![1, 2, 3]).len(), 3);
                ON.fetch_or(true, Relaxed);
            });
        }
    });
    assert_eq!(words().values().sum::<usize>(), before + 2);
    assert!(SEEN.read().unwrap_or_else(PoisonError::into_inner).len() >= 2);
}

/// Strong and weak references.
fn weak() {
    let shared = Arc::new(Mutex::new(1));
    let weak: Weak<Mutex<i32>> = Arc::downgrade(&shared);
    let thread = thread::spawn(move || {
        weak.upgrade()
            .map(|shared| *shared.lock().unwrap_or_else(PoisonError::into_inner))
    });
    drop(shared);
    assert!(matches!(thread.join(), Ok(None | Some(1))));
}

/// A trait object, an iterator, a map, a reference count of one thread's own.
fn odds_and_ends() {
    let shapes: Vec<Box<dyn Fn(i64) -> i64 + Send + Sync>> =
        vec![Box::new(|x| x + 1), Box::new(|x| x * 2)];
    let total = AtomicI64::new(0);
    thread::scope(|scope| {
        for shape in &shapes {
            let total = &total;
            scope.spawn(move || {
                let own = Rc::new(3);
                let tree: BTreeMap<_, _> = (0..5).map(|i| (i, shape(i))).collect();
                let set: HashSet<_> = tree.values().copied().collect();
                total.fetch_add(set.len() as i64 * *own, Relaxed);
            });
        }
    });
    assert_eq!(total.into_inner(), 30);
}

/// Every operation of the integers, at their limits.
fn arithmetic() {
    let (small, wide) = (AtomicI8::new(i8::MAX), AtomicU16::new(0));
    thread::scope(|scope| {
        scope.spawn(|| assert_eq!(small.fetch_add(1, Relaxed), i8::MAX));
        assert_eq!(wide.fetch_sub(1, Relaxed), 0);
        assert_eq!(wide.fetch_nand(0xFF, Relaxed), u16::MAX);
        assert_eq!(wide.fetch_xor(0xFF00, Relaxed), 0xFF00);
        assert_eq!(wide.fetch_max(7, Relaxed), 0);
        assert_eq!(wide.fetch_min(3, Relaxed), 7);
        assert_eq!(
            wide.fetch_update(Relaxed, Relaxed, |x| x.checked_mul(2)),
            Ok(3)
        );
    });
    assert_eq!(small.into_inner(), i8::MIN);
    let mut wide = wide;
    *wide.get_mut() += 1;
    assert_eq!(wide.into_inner(), 7);
}

/// A receiver that goes away, a sender that goes away, a time-out.
fn channels_that_close() {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || sender.send(1).is_ok());
    let first = receiver.recv_timeout(Duration::from_millis(50));
    assert!(matches!(
        first,
        Ok(1) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected)
    ));
    let second = receiver.try_recv();
    drop(receiver);
    let sent = thread.join();
    if first.is_ok() {
        assert!(matches!(
            second,
            Err(TryRecvError::Empty | TryRecvError::Disconnected)
        ));
        assert!(matches!(sent, Ok(true)));
    }
}

/// Scopes inside scopes, and results that are handed back.
fn nested_scopes() {
    let numbers = [1, 2, 3, 4];
    let sum: u32 = thread::scope(|outer| {
        let halves: Vec<_> = numbers
            .chunks(2)
            .map(|half| {
                outer.spawn(move || {
                    thread::scope(|inner| {
                        let first = inner.spawn(|| half[0]);
                        half[1] + first.join().unwrap_or(0)
                    })
                })
            })
            .collect();
        halves
            .into_iter()
            .map(|half| half.join().unwrap_or(0))
            .sum()
    });
    assert_eq!(sum, 10);
}

/// A monitor for readers and writers, with a payload that notices.
fn monitor() {
    #[derive(Default)]
    struct State {
        readers: u32,
        writing: bool,
    }
    let (state, changed) = (Mutex::new(State::default()), Condvar::new());
    let payload = Tracked::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut now = changed
                .wait_while(state.lock().unwrap_or_else(PoisonError::into_inner), |s| {
                    s.writing
                })
                .unwrap_or_else(PoisonError::into_inner);
            now.readers += 1;
            drop(now);
            assert!(payload.get() < 2);
            state.lock().unwrap_or_else(PoisonError::into_inner).readers -= 1;
            changed.notify_all();
        });
        let mut now = changed
            .wait_while(state.lock().unwrap_or_else(PoisonError::into_inner), |s| {
                s.writing || s.readers > 0
            })
            .unwrap_or_else(PoisonError::into_inner);
        now.writing = true;
        drop(now);
        payload.set(1);
        state.lock().unwrap_or_else(PoisonError::into_inner).writing = false;
        changed.notify_all();
    });
}

/// A destructor of a thread's own variable takes a lock.
fn local_destructor() {
    static ENDED: Mutex<u32> = Mutex::new(0);
    struct Note;
    impl Drop for Note {
        fn drop(&mut self) {
            *ENDED.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        }
    }
    thread_local! {
        static NOTE: Note = const { Note };
    }
    let before = *ENDED.lock().unwrap_or_else(PoisonError::into_inner);
    let threads = [0, 1].map(|_| thread::spawn(|| NOTE.with(|_| ())));
    for thread in threads {
        assert!(thread.join().is_ok());
    }
    assert_eq!(
        *ENDED.lock().unwrap_or_else(PoisonError::into_inner),
        before + 2
    );
}

/// A thread that is not waited for, and ends by itself.
fn detached() {
    let flag = Arc::new(AtomicBool::new(false));
    let theirs = Arc::clone(&flag);
    drop(thread::spawn(move || theirs.store(true, Release)));
    flag.load(Acquire);
}

/// Memory in plenty, on the heap and on the stack.
fn large() {
    let big = vec![1_u8; 200_000];
    let sum = thread::scope(|scope| {
        let half = scope.spawn(|| {
            let own = [1_u8; 20_000];
            own.iter()
                .chain(&big[..100_000])
                .map(|&x| u32::from(x))
                .sum::<u32>()
        });
        big[100_000..].iter().map(|&x| u32::from(x)).sum::<u32>() + half.join().unwrap_or(0)
    });
    assert_eq!(sum, 220_000);
}

/// A pool whose second job waits for the first, with one worker.
fn pool_of_one_waits_for_itself() {
    let pool = Pool::new(1);
    let (sender, receiver) = mpsc::channel::<()>();
    pool.execute(move || _ = receiver.recv());
    pool.execute(move || drop(sender));
}

/// The count is read and written under two locks taken one after the other.
fn forgets_between() {
    let counts = Mutex::new(HashMap::from([("a", 0)]));
    let add = || {
        let seen = counts.lock().unwrap_or_else(PoisonError::into_inner)["a"];
        counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert("a", seen + 1);
    };
    thread::scope(|scope| {
        scope.spawn(add);
        add();
    });
    assert_eq!(
        counts.lock().unwrap_or_else(PoisonError::into_inner)["a"],
        2
    );
}

pub(crate) fn programs() -> Vec<Program> {
    vec![
        right("pool of one", || pool(1)),
        right("pool of two", || pool(2)).to(2),
        right("two philosophers", || philosophers(2, true)),
        right("three philosophers", || philosophers(3, true)).to(2),
        right("two condition variables", bounded),
        right("statics that grow", statics_that_grow),
        right("weak references", weak),
        right("odds and ends", odds_and_ends),
        right("arithmetic", arithmetic),
        right("channels that close", channels_that_close),
        right("nested scopes", nested_scopes).to(2),
        right("monitor", monitor),
        right("a local's destructor", local_destructor),
        right("detached", detached),
        right("large", large).to(1),
        wrong(Order, "three philosophers, all the same way", Stuck, || {
            philosophers(3, false);
        }),
        wrong(Atomicity, "forgets in between", Panic, forgets_between),
        wrong(
            WakeUp,
            "a pool that waits for itself",
            Stuck,
            pool_of_one_waits_for_itself,
        ),
    ]
}

//! Lab 16's programs for the model: small, and without a right answer in them beyond their own
//! assertions. The names in brackets are the contract's.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

#[allow(dead_code, reason = "not everything is asked of this program")]
mod rwlock;
mod futex {
    #[expect(unused_imports, reason = "the student may sleep on a word, or not")]
    pub(crate) use std::futex::*;
}

use std::model::Tracked;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use modelled::{ExitCode, Programs};
use rwlock::RwLock;

const LIMIT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    Programs::new()
        .program("alone_2_1", || alone(2, 1))
        .program("alone_1_2", || alone(1, 2))
        .program("alone_2_2", || alone(2, 2))
        .program("overlap", overlap)
        .program("writer_first", writer_first)
        .program("readers_turn", readers_turn)
        .program("through_2_1", || through(2, 1))
        .program("through_1_2", || through(1, 2))
        .program("through_3_1", || through(3, 1))
        .program("no_trace", no_trace)
        .program("readers_pass", readers_pass)
        .program("one_gets_in", one_gets_in)
        .program("reader_sees", reader_sees)
        .program("writer_sees", writer_sees)
        .program("try_sees", try_sees)
        .program("gives_up", gives_up)
        .program("reader_gives_up", reader_gives_up)
        .program("let_in_or_not", let_in_or_not)
        .program("downgrade", downgrade)
        .session()
}

/// The lock of nothing: what it protects is beside it, since unsafe accesses are not seen.
type Lock = RwLock<()>;

/// [K1] So many readers and writers, once each.
fn alone(readers: u32, writers: u32) {
    let lock = Lock::new(());
    let (reading, writing) = (AtomicU32::new(0), AtomicU32::new(0));
    let newest = |number: &AtomicU32| number.fetch_add(0, Relaxed);
    let write = || {
        let guard = lock.write();
        let others = writing.fetch_add(1, Relaxed);
        assert!(
            others == 0 && newest(&reading) == 0,
            "a writer is inside, and not alone / 写者在里面，却不是独自一个"
        );
        writing.fetch_sub(1, Relaxed);
        drop(guard);
    };
    thread::scope(|scope| {
        for _ in 0..readers {
            scope.spawn(|| {
                let guard = lock.read();
                reading.fetch_add(1, Relaxed);
                assert!(
                    newest(&writing) == 0,
                    "a reader and a writer are inside at once / 读者和写者同时在里面"
                );
                reading.fetch_sub(1, Relaxed);
                drop(guard);
            });
        }
        for _ in 1..writers {
            scope.spawn(write);
        }
        write();
    });
}

/// [K2] Two readers meet inside.
fn overlap() {
    let (lock, inside) = (Lock::new(()), AtomicU32::new(0));
    let read = || {
        let guard = lock.read();
        inside.fetch_add(1, Relaxed);
        while inside.load(Relaxed) < 2 {
            thread::yield_now();
        }
        drop(guard);
    };
    thread::scope(|scope| {
        scope.spawn(read);
        read();
    });
}

/// Turns for everybody else, on a quiet machine: who can go on does, and who must wait waits.
fn turns() {
    let (nothing, tick) = (AtomicU32::new(0), AtomicU32::new(0));
    for turn in 0..2000 {
        if turn % 500 == 0 {
            // To the model, something goes on.
            tick.store(turn, Relaxed);
        }
        nothing.load(Relaxed);
        thread::yield_now();
    }
}

/// In which order they got in.
#[derive(Default)]
struct Order(Mutex<Vec<&'static str>>);

impl Order {
    fn note(&self, who: &'static str) {
        self.0.lock().unwrap().push(who);
    }

    fn of(self) -> Vec<&'static str> {
        self.0.into_inner().unwrap()
    }
}

/// [K3] While a writer waits, new readers wait as well. Executed once, on a quiet machine.
fn writer_first() {
    let (lock, order) = (Lock::new(()), Order::default());
    thread::scope(|scope| {
        let reading = lock.read();
        scope.spawn(|| {
            let guard = lock.write();
            order.note("writer");
            drop(guard);
        });
        turns();
        assert!(
            lock.try_read().is_none(),
            "a writer waits, and try_read gets in before it / 有写者在等，try_read 却抢先进去了"
        );
        scope.spawn(|| {
            let guard = lock.read();
            order.note("reader");
            drop(guard);
        });
        turns();
        drop(reading);
    });
    let order = order.of();
    assert!(
        order == ["writer", "reader"],
        "a writer waited, and a reader that came later was in before it / \
         写者先等，后来的读者却先进去了"
    );
}

/// [K4] A reader that waits while one writes is in before the second of the writers that wait. Executed
/// once, on a quiet machine.
fn readers_turn() {
    let (lock, order) = (Lock::new(()), Order::default());
    thread::scope(|scope| {
        let writing = lock.write();
        scope.spawn(|| {
            let guard = lock.read();
            order.note("reader");
            drop(guard);
        });
        turns();
        for _ in 0..2 {
            scope.spawn(|| {
                let guard = lock.write();
                order.note("writer");
                drop(guard);
            });
            turns();
        }
        drop(writing);
    });
    let order = order.of();
    assert!(
        order.last() == Some(&"writer"),
        "a reader waited, and two writers that came later were in before it / \
         读者先等，后来的两个写者却都先进去了"
    );
}

/// [K5] Whoever waits gets in.
fn through(readers: u32, writers: u32) {
    let lock = Lock::new(());
    thread::scope(|scope| {
        for _ in 0..readers {
            scope.spawn(|| drop(lock.read()));
        }
        for _ in 1..writers {
            scope.spawn(|| drop(lock.write()));
        }
        drop(lock.write());
    });
    assert!(
        lock.try_write().is_some() && lock.try_read().is_some(),
        "nobody is inside, and an attempt fails / 里面没有人，尝试却失败了"
    );
}

/// [K5] An attempt in vain leaves nothing behind, and never waits.
fn no_trace() {
    let lock = Lock::new(());
    let reading = lock.read();
    let shown = |so: bool| {
        assert!(
            so,
            "while one reads, others can read, and nobody can write / 有人在读时，别人可以读，不能写"
        );
    };
    shown(lock.try_write().is_none());
    shown(lock.try_read().is_some());
    thread::scope(|scope| {
        scope.spawn(|| drop(lock.read()));
    });
    drop(reading);
    let writing = lock.write();
    assert!(
        lock.try_read().is_none() && lock.try_write().is_none(),
        "one writes, and an attempt gets in / 有人在写，尝试却进去了"
    );
    drop(writing);
    drop(lock.read());
}

/// [K5] While there are only readers, an attempt to read is never in vain.
fn readers_pass() {
    let lock = Lock::new(());
    let attempt = || {
        assert!(
            lock.try_read().is_some(),
            "there are only readers, and try_read fails / 只有读者，try_read 却失败了"
        );
    };
    thread::scope(|scope| {
        scope.spawn(attempt);
        drop(lock.read());
        attempt();
    });
}

/// [K5] Of two attempts on a free lock, one gets in.
fn one_gets_in() {
    let lock = Lock::new(());
    let (read, written) = thread::scope(|scope| {
        let reader = scope.spawn(|| lock.try_read().is_some());
        let written = lock.try_write().is_some();
        (reader.join().unwrap_or(false), written)
    });
    assert!(
        read || written,
        "nobody is inside, and two attempts fail because of each other / 里面没有人，两次尝试却因彼此而都失败了"
    );
}

/// [K6] A reader sees what the writer before it has written.
fn reader_sees() {
    let (lock, data) = (Lock::new(()), Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = lock.write();
            data.set(1);
            drop(guard);
        });
        for _ in 0..2 {
            scope.spawn(|| {
                let guard = lock.read();
                data.get();
                drop(guard);
            });
        }
    });
}

/// [K6] A writer comes after the readers before it, and after the writer before it.
fn writer_sees() {
    let (lock, data) = (Lock::new(()), Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = lock.read();
            data.get();
            drop(guard);
        });
        for _ in 0..2 {
            scope.spawn(|| {
                let guard = lock.write();
                data.set(data.get() + 1);
                drop(guard);
            });
        }
    });
    assert!(data.get() == 2, "an addition is lost / 丢失了一次加法");
}

/// [K6] The same by attempts.
fn try_sees() {
    let (lock, data) = (Lock::new(()), Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            if let Some(guard) = lock.try_read() {
                data.get();
                drop(guard);
            }
        });
        scope.spawn(|| {
            if let Some(guard) = lock.try_write() {
                data.set(1);
                drop(guard);
            }
        });
        let guard = lock.read();
        data.get();
        drop(guard);
    });
}

/// [K7] A writer that gives up keeps nobody out, and has waited for so long.
fn gives_up() {
    let lock = Lock::new(());
    thread::scope(|scope| {
        let reading = lock.read();
        let writer = scope.spawn(|| {
            let began = Instant::now();
            assert!(
                lock.write_timeout(LIMIT).is_none(),
                "one reads, and a writer is in / 有人在读，写者却进去了"
            );
            assert!(
                began.elapsed() >= LIMIT,
                "it gives up before the time is over / 时限未到就放弃了"
            );
        });
        // Because of the writer it may have to wait, until that has gone.
        let reader = scope.spawn(|| drop(lock.read()));
        writer.join().ok();
        reader.join().ok();
        drop(reading);
    });
    assert!(
        lock.try_write().is_some() && lock.try_read().is_some(),
        "nobody is inside, and an attempt fails / 里面没有人，尝试却失败了"
    );
}

/// [K7] The same for a reader; and a lock that becomes free in time.
fn reader_gives_up() {
    let (lock, data) = (Lock::new(()), Tracked::new(0));
    thread::scope(|scope| {
        let writing = lock.write();
        scope.spawn(|| {
            if let Some(guard) = lock.read_timeout(LIMIT) {
                data.get();
                drop(guard);
            }
        });
        scope.spawn(|| {
            if let Some(guard) = lock.write_timeout(LIMIT) {
                data.set(2);
                drop(guard);
            }
        });
        data.set(1);
        drop(writing);
    });
    assert!(
        lock.try_write().is_some() && lock.try_read().is_some(),
        "nobody is inside, and an attempt fails / 里面没有人，尝试却失败了"
    );
}

/// [K7] A reader whose time is over just when the writer leaves is in, or is gone.
fn let_in_or_not() {
    let lock = Lock::new(());
    thread::scope(|scope| {
        let writing = lock.write();
        scope.spawn(|| drop(lock.read_timeout(LIMIT)));
        drop(writing);
    });
    assert!(
        lock.try_write().is_some(),
        "nobody is inside, and an attempt fails / 里面没有人，尝试却失败了"
    );
}

/// [K8] No writer gets in between.
fn downgrade() {
    let (lock, data) = (Lock::new(()), Tracked::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = lock.write();
            data.set(2);
            drop(guard);
        });
        scope.spawn(|| {
            let guard = lock.read();
            data.get();
            drop(guard);
        });
        let guard = lock.write();
        data.set(1);
        let guard = guard.downgrade();
        assert!(
            data.get() == 1,
            "another one has written between write and downgrade / 从写到降级之间，别人写入了数据"
        );
        drop(guard);
    });
    assert!(
        lock.try_write().is_some(),
        "nobody is inside, and an attempt fails / 里面没有人，尝试却失败了"
    );
}

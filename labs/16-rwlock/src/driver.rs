//! Lab 16's driver: what each question does, on the student's module. It knows no right answer.

#[allow(dead_code, reason = "not everything is asked of this program")]
mod rwlock;
#[expect(
    unused_imports,
    reason = "the student's module may use it: crate::futex"
)]
use ::futex;

use std::{
    cell::Cell,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    process::ExitCode,
    rc::Rc,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use driver::{Answer, Question, Roles};
use rwlock::{ReadGuard, RwLock, WriteGuard};

/// Whether a type has a marker trait: the inherent constant wins where its bound holds, and the
/// trait's is there for all.
struct IsSend<T: ?Sized>(PhantomData<T>);
struct IsSync<T: ?Sized>(PhantomData<T>);

trait Otherwise {
    const YES: bool = false;
}

impl<T: ?Sized> Otherwise for IsSend<T> {}
impl<T: ?Sized> Otherwise for IsSync<T> {}

impl<T: ?Sized + Send> IsSend<T> {
    const YES: bool = true;
}

impl<T: ?Sized + Sync> IsSync<T> {
    const YES: bool = true;
}

fn main() -> ExitCode {
    Roles::new().demo(demo).session(answer)
}

fn answer(question: &Question<'_>) -> Answer {
    match question.word() {
        // So many readers meet inside.
        "overlap" => {
            let number = question.number(0) as usize;
            let (lock, inside) = (RwLock::new(7u64), Barrier::new(number));
            let sum: u64 = thread::scope(|scope| {
                let readers: Vec<_> = (0..number)
                    .map(|_| {
                        scope.spawn(|| {
                            let value = lock.read();
                            inside.wait();
                            *value
                        })
                    })
                    .collect();
                let values = readers.into_iter().map(|reader| reader.join());
                values.map(|value| value.unwrap_or(0)).sum()
            });
            Answer::ok().with(sum)
        }
        // So often in and out, each way in, and nobody else is there.
        "uncontended" => {
            let lock = RwLock::new(0u64);
            for _ in 0..question.number(0) {
                *lock.write() += 1;
                drop(lock.read());
                drop(lock.try_read());
                drop(lock.try_write());
                drop(lock.write().downgrade());
            }
            let value = *lock.read();
            Answer::ok().with(value)
        }
        // Whether reads and writes give up, and not before the time is over.
        "timed" => {
            let limit = Duration::from_millis(question.number(0));
            let lock = RwLock::new(0u64);
            let took = |got: &dyn Fn() -> bool| {
                let began = Instant::now();
                let got = got();
                (got, began.elapsed() >= limit)
            };
            let reading = lock.read();
            let (read, _) = took(&|| lock.read_timeout(limit).is_some());
            let (wrote, write_late) = took(&|| lock.write_timeout(limit).is_some());
            let (read_again, _) = took(&|| lock.read_timeout(limit).is_some());
            drop(reading);
            let writing = lock.write_timeout(limit);
            let (also_read, read_late) = took(&|| lock.read_timeout(limit).is_some());
            Answer::ok()
                .with(read && read_again && writing.is_some())
                .with(wrote || also_read)
                .with(write_late && read_late)
        }
        // So many threads add so often: the sum.
        "add" => {
            let (threads, times) = (question.number(0), question.number(1));
            let lock = RwLock::new(0u64);
            thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| {
                        for _ in 0..times {
                            *lock.write() += 1;
                            drop(lock.read());
                        }
                    });
                }
            });
            let sum = *lock.read();
            Answer::ok().with(sum)
        }
        "unwind" => unwind(question.number(0)),
        "types" => Answer::ok()
            .with(IsSend::<RwLock<Cell<u32>>>::YES)
            .with(IsSync::<RwLock<u32>>::YES)
            .with(IsSync::<RwLock<Cell<u32>>>::YES)
            .with(IsSend::<RwLock<Rc<u32>>>::YES)
            .with(IsSync::<RwLock<Rc<u32>>>::YES)
            .with(IsSend::<ReadGuard<'static, u32>>::YES)
            .with(IsSend::<WriteGuard<'static, u32>>::YES)
            .with(IsSync::<ReadGuard<'static, Cell<u32>>>::YES)
            .with(IsSync::<WriteGuard<'static, Cell<u32>>>::YES),
        _ => question.unknown(),
    }
}

/// What is panicked with inside: without a message, since nothing is wrong with it.
struct Inside;

/// A panic with a guard of each kind: whether the lock is free afterwards, and what it holds.
fn unwind(value: u64) -> Answer {
    let lock = RwLock::new(0);
    for writes in [true, false] {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            if writes {
                let mut guard = lock.write();
                *guard = value;
                resume_unwind(Box::new(Inside));
            } else {
                let _guard = lock.read();
                resume_unwind(Box::new(Inside));
            }
        }));
        // A panic of the student's own is told as such.
        if let Err(payload) = panicked
            && !payload.is::<Inside>()
        {
            resume_unwind(payload);
        }
    }
    let inside = lock.try_write();
    let answer = Answer::ok().with(inside.is_some());
    answer.with(inside.map_or(0, |value| *value))
}

/// What an attempt says while somebody is inside.
fn demo() {
    let lock = RwLock::new(0);
    let chinese = driver::demo_language() == "zh";
    let shown = |got: bool| match (got, chinese) {
        (true, false) => "gets in",
        (false, false) => "does not",
        (true, true) => "能进",
        (false, true) => "不能进",
    };
    let line = |english: &str, in_chinese: &str| {
        // One after the other: the guards of both attempts must not be there together.
        let read = shown(lock.try_read().is_some());
        let write = shown(lock.try_write().is_some());
        match chinese {
            false => println!("{english:<12} a reader {read}, a writer {write}"),
            true => println!("{in_chinese}  读者{read}，写者{write}"),
        }
    };
    line("free", "空闲时");
    let guard = lock.read();
    line("one reads", "有人读");
    drop(guard);
    let guard = lock.write();
    line("one writes", "有人写");
    let guard = guard.downgrade();
    line("downgraded", "降级后");
    drop(guard);
}

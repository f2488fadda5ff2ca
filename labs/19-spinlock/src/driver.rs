//! Lab 19's driver: what can be asked of the student's types without the model. It knows no right answer.

mod spinlock;

use std::{
    cell::Cell,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    process::ExitCode,
    rc::Rc,
    thread,
};

use driver::{Answer, Question, Roles};
use spinlock::{RawLock, Spin, SpinGuard, Tas, Ticket, Ttas};

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

/// The constants must be asked of types, and not of a type parameter: there, nothing is known of it.
macro_rules! types {
    ($lock:ty) => {
        Answer::ok()
            .with(IsSend::<Spin<$lock, Cell<u32>>>::YES)
            .with(IsSync::<Spin<$lock, Cell<u32>>>::YES)
            .with(IsSend::<Spin<$lock, Rc<u32>>>::YES)
            .with(IsSync::<Spin<$lock, Rc<u32>>>::YES)
            .with(IsSend::<SpinGuard<'static, $lock, u32>>::YES)
            .with(IsSync::<SpinGuard<'static, $lock, u32>>::YES)
            .with(IsSync::<SpinGuard<'static, $lock, Cell<u32>>>::YES)
    };
}

fn main() -> ExitCode {
    Roles::new().demo(demo).session(answer)
}

fn answer(question: &Question<'_>) -> Answer {
    match (question.word(), question.text(0)) {
        ("types", "tas") => types!(Tas),
        ("types", "ttas") => types!(Ttas),
        ("types", "ticket") => types!(Ticket),
        ("unwind", "tas") => unwind::<Tas>(question),
        ("unwind", "ttas") => unwind::<Ttas>(question),
        ("unwind", "ticket") => unwind::<Ticket>(question),
        _ => question.unknown(),
    }
}

/// What is panicked with inside: without a message, since nothing is wrong with it.
struct Inside;

/// A panic inside, with a value written: whether the lock is free afterwards, and what it holds.
fn unwind<L: RawLock>(question: &Question<'_>) -> Answer {
    let spin: Spin<L, u64> = Spin::new(0);
    let value = question.number(1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut inside = spin.lock();
        *inside = value;
        resume_unwind(Box::new(Inside));
    }));
    // A panic of the student's own is told as such.
    if let Err(payload) = panicked
        && !payload.is::<Inside>()
    {
        resume_unwind(payload);
    }
    let inside = spin.try_lock();
    let answer = Answer::ok().with(inside.is_some());
    answer.with(inside.map_or(0, |value| *value))
}

/// Four threads count with each lock.
fn demo() {
    const THREADS: u32 = 4;
    const TIMES: u32 = 10_000;
    fn count<L: RawLock + Send>() -> u32 {
        let sum: Spin<L, u32> = Spin::new(0);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for _ in 0..TIMES {
                        *sum.lock() += 1;
                    }
                });
            }
        });
        *sum.lock()
    }
    let all = THREADS * TIMES;
    let (lock, of) = match driver::demo_language() {
        "zh" => ("锁", format!("{THREADS} 个线程各加 {TIMES} 次，应为 {all}")),
        _ => (
            "lock",
            format!("{THREADS} threads add 1 {TIMES} times each: {all}"),
        ),
    };
    println!("{lock:<8}{of}");
    type Count = fn() -> u32;
    let locks: [(&str, Count); 3] = [
        ("Tas", count::<Tas>),
        ("Ttas", count::<Ttas>),
        ("Ticket", count::<Ticket>),
    ];
    for (name, count) in locks {
        println!("{name:<8}{}", count());
    }
}

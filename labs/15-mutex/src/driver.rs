//! Lab 15's driver: what can be asked of the student's types without the model. It knows no right answer.

mod mutex;
mod reentrant;

/// `crate::futex`, as the handout says. A starter does not use it yet.
#[allow(unused_imports, reason = "it is the student's to use")]
use ::futex;

use std::{
    cell::Cell,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    process::ExitCode,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    thread,
    time::Duration,
};

use driver::{Answer, Question, Roles};
use mutex::{Guard, Mutex};
use reentrant::{ReGuard, ReentrantMutex};

/// Whether a type has a trait: the inherent constant wins where its bound holds, and the other trait's
/// is there for all.
struct IsSend<T: ?Sized>(PhantomData<T>);
struct IsSync<T: ?Sized>(PhantomData<T>);
struct IsDerefMut<T: ?Sized>(PhantomData<T>);

trait Otherwise {
    const YES: bool = false;
}

impl<T: ?Sized> Otherwise for IsSend<T> {}
impl<T: ?Sized> Otherwise for IsSync<T> {}
impl<T: ?Sized> Otherwise for IsDerefMut<T> {}

impl<T: ?Sized + Send> IsSend<T> {
    const YES: bool = true;
}

impl<T: ?Sized + Sync> IsSync<T> {
    const YES: bool = true;
}

impl<T: ?Sized + std::ops::DerefMut> IsDerefMut<T> {
    const YES: bool = true;
}

fn main() -> ExitCode {
    Roles::new().demo(demo).session(answer)
}

fn answer(question: &Question<'_>) -> Answer {
    match question.word() {
        "types" => types(),
        "unwind" => unwind(question),
        "unwind-reentrant" => unwind_reentrant(question),
        "uncontended" => uncontended(question),
        _ => question.unknown(),
    }
}

fn types() -> Answer {
    type Local = Rc<u32>;
    type Inner = Cell<u32>;
    Answer::ok()
        .with(IsSend::<Mutex<Inner>>::YES)
        .with(IsSync::<Mutex<Inner>>::YES)
        .with(IsSend::<Mutex<Local>>::YES)
        .with(IsSync::<Mutex<Local>>::YES)
        .with(IsSend::<Guard<'static, u32>>::YES)
        .with(IsSync::<Guard<'static, u32>>::YES)
        .with(IsSync::<Guard<'static, Inner>>::YES)
        .with(IsDerefMut::<Guard<'static, u32>>::YES)
        .with(IsSend::<ReentrantMutex<Inner>>::YES)
        .with(IsSync::<ReentrantMutex<Inner>>::YES)
        .with(IsSync::<ReentrantMutex<Local>>::YES)
        .with(IsSend::<ReGuard<'static, u32>>::YES)
        .with(IsSync::<ReGuard<'static, u32>>::YES)
        .with(IsSync::<ReGuard<'static, Inner>>::YES)
        .with(IsDerefMut::<ReGuard<'static, u32>>::YES)
}

/// What is panicked with inside: without a message, since nothing is wrong with it.
struct Inside;

/// Panics in the middle of something. A panic of the student's own is told as such.
fn panicking(work: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(work))
        && !payload.is::<Inside>()
    {
        resume_unwind(payload);
    }
}

/// Whether the mutex is free after a panic inside, and what it holds.
fn unwind(question: &Question<'_>) -> Answer {
    let (mutex, value) = (Mutex::new(0), question.number(0));
    panicking(|| {
        let mut inside = mutex.lock();
        *inside = value;
        resume_unwind(Box::new(Inside));
    });
    let free = mutex.try_lock().is_some();
    if !free {
        return Answer::ok().with(false);
    }
    Answer::ok().with(true).with(*mutex.lock())
}

/// The same two levels deep.
fn unwind_reentrant(question: &Question<'_>) -> Answer {
    let (mutex, value) = (ReentrantMutex::new(AtomicU64::new(0)), question.number(0));
    panicking(|| {
        let _first = mutex.lock();
        let second = mutex.lock();
        second.store(value, Relaxed);
        resume_unwind(Box::new(Inside));
    });
    let depth = mutex.depth();
    // The owner gets in anyway: so it is another thread that is asked.
    let (free, found) = thread::scope(|scope| {
        let other = scope.spawn(|| match mutex.try_lock() {
            Some(inside) => (true, inside.load(Relaxed)),
            None => (false, 0),
        });
        other.join().unwrap_or((false, 0))
    });
    Answer::ok().with(free).with(found).with(depth)
}

/// So often in and out, and nobody else is there.
fn uncontended(question: &Question<'_>) -> Answer {
    let mutex = Mutex::new(0);
    for _ in 0..question.number(0) {
        *mutex.lock() += 1;
    }
    let sum = *mutex.lock();
    let recursive = ReentrantMutex::new(Cell::new(0));
    for _ in 0..question.number(0) {
        let _first = recursive.lock();
        let second = recursive.lock();
        second.set(second.get() + 1);
    }
    let sum_of_recursive = recursive.lock().get();
    Answer::ok().with(sum).with(sum_of_recursive)
}

/// Four threads count, one gives up, and one goes in three times.
fn demo() {
    const THREADS: u32 = 4;
    const TIMES: u32 = 10_000;
    let chinese = driver::demo_language() == "zh";
    let sum = Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..TIMES {
                    *sum.lock() += 1;
                }
            });
        }
    });
    let (sum, all) = (*sum.lock(), THREADS * TIMES);
    let mutex = Mutex::new(());
    let held = mutex.lock();
    let late = mutex.lock_timeout(Duration::from_millis(20)).is_none();
    drop(held);
    let recursive = ReentrantMutex::new(());
    let _levels = [recursive.lock(), recursive.lock(), recursive.lock()];
    let depth = recursive.depth();
    if chinese {
        println!("{THREADS} 个线程各加 {TIMES} 次：{sum}，应为 {all}");
        println!(
            "锁被占用时等 20 毫秒后放弃：{}",
            if late { "是" } else { "否" }
        );
        println!("同一个线程加锁三次之后的深度：{depth}");
    } else {
        println!("{THREADS} threads add 1 {TIMES} times each: {sum} of {all}");
        println!(
            "gives up on a held mutex after 20 ms: {}",
            if late { "yes" } else { "no" }
        );
        println!("depth after one thread has locked three times: {depth}");
    }
}

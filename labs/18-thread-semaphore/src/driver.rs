//! Lab 18's driver: what each question does, on the student's modules. It knows no right answer.

#[allow(dead_code, reason = "not everything is asked of this program")]
mod pool;
#[allow(dead_code, reason = "not everything is asked of this program")]
mod semaphore;
#[expect(
    unused_imports,
    reason = "the student's modules may use it: crate::futex"
)]
use ::futex;

use std::{
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use driver::{Answer, Question, Roles};
use pool::Pool;
use semaphore::{AcquireError, Permit, Semaphore};

fn main() -> ExitCode {
    let mut lab = Lab::default();
    Roles::new()
        .demo(demo)
        .session(move |question| lab.answer(question))
}

#[derive(Default)]
struct Lab {
    semaphore: Option<&'static Semaphore>,
    permits: BTreeMap<u64, Permit<'static>>,
    waiting: Vec<(u64, JoinHandle<Got>)>,
    /// In which order those that waited were served.
    served: Arc<Mutex<Vec<u64>>>,
}

type Got = Result<Option<Permit<'static>>, AcquireError>;

impl Lab {
    fn answer(&mut self, question: &Question<'_>) -> Answer {
        match question.word() {
            "new" => {
                self.permits.clear();
                let semaphore = Semaphore::new(question.number(0) as u32);
                // It lives as long as the session.
                self.semaphore = Some(Box::leak(Box::new(semaphore)));
                self.served = Arc::default();
                Answer::ok()
            }
            // acquire NAME UNITS: the permit is kept by that name.
            "acquire" => {
                let got = self.semaphore(question).acquire(question.number(1) as u32);
                self.keep(question.number(0), got.map(Some))
            }
            "try" => {
                let got = self
                    .semaphore(question)
                    .try_acquire(question.number(1) as u32);
                self.keep(question.number(0), Ok(got))
            }
            // timeout NAME UNITS MILLISECONDS: and whether that was not before the time was over.
            "timeout" => {
                let limit = Duration::from_millis(question.number(2));
                let semaphore = self.semaphore(question);
                let began = Instant::now();
                let got = semaphore.acquire_timeout(question.number(1) as u32, limit);
                let late = began.elapsed() >= limit;
                self.keep(question.number(0), got).with(late)
            }
            "split" => {
                let units = question.number(2) as u32;
                let Some(permit) = self.permits.get_mut(&question.number(0)) else {
                    return question.unknown();
                };
                let part = permit.split(units);
                self.keep(question.number(1), Ok(part))
            }
            "drop" => {
                self.permits.remove(&question.number(0));
                Answer::ok()
            }
            "forget" => {
                if let Some(permit) = self.permits.remove(&question.number(0)) {
                    permit.forget();
                }
                Answer::ok()
            }
            "available" => Answer::ok().with(self.semaphore(question).available()),
            "close" => {
                self.semaphore(question).close();
                Answer::ok()
            }
            // start NAME UNITS: a thread waits for them.
            "start" => {
                let (name, units) = (question.number(0), question.number(1) as u32);
                let (semaphore, served) = (self.semaphore(question), Arc::clone(&self.served));
                let waits = thread::spawn(move || {
                    let got = semaphore.acquire(units);
                    if let Ok(mut served) = served.lock() {
                        served.push(name);
                    }
                    got.map(Some)
                });
                self.waiting.push((name, waits));
                Answer::ok()
            }
            // What the first of those that were started has got; it is kept by its name.
            "joined" => {
                let (name, waits) = self.waiting.remove(0);
                match waits.join() {
                    Ok(got) => self.keep(name, got),
                    Err(_) => Answer::err("panic"),
                }
            }
            "served" => {
                let served = self.served.lock().map(|served| served.clone());
                let served = served.unwrap_or_default().into_iter();
                served.fold(Answer::ok(), Answer::with)
            }
            // A thread panics with so many units.
            "panic" => {
                let (semaphore, units) = (self.semaphore(question), question.number(0) as u32);
                fails(|| {
                    let _held = semaphore.acquire(units);
                    panic::resume_unwind(Box::new(Inside));
                });
                Answer::ok()
            }
            "pool-panic" => {
                let pool = Pool::new(vec![0u64]);
                fails(|| {
                    *pool.get() += 1;
                    let _held = pool.get();
                    panic::resume_unwind(Box::new(Inside));
                });
                Answer::ok().with(*pool.get())
            }
            "jobs" => jobs(question.number(0), question.number(1) as usize),
            _ => question.unknown(),
        }
    }

    fn semaphore(&self, question: &Question<'_>) -> &'static Semaphore {
        self.semaphore.unwrap_or_else(|| {
            question.unknown();
            unreachable!("an unknown question ends the driver")
        })
    }

    fn keep(&mut self, name: u64, got: Got) -> Answer {
        Answer::ok().with(match got {
            Ok(Some(permit)) => {
                self.permits.insert(name, permit);
                "got".to_owned()
            }
            Ok(None) => "none".to_owned(),
            Err(AcquireError::Closed) => "closed".to_owned(),
            Err(AcquireError::TooMany { want, max }) => format!("too-many {want} {max}"),
        })
    }
}

/// What is panicked with inside: without a message, since nothing is wrong with it.
struct Inside;

/// A panic of the student's own is told as such.
fn fails(work: impl FnOnce()) {
    if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(work))
        && !payload.is::<Inside>()
    {
        panic::resume_unwind(payload);
    }
}

/// So many jobs use so many things: how many uses the things remember, and how often two jobs had the
/// same one.
fn jobs(jobs: u64, items: usize) -> Answer {
    let pool = Pool::new((0..items).map(|number| (number, 0u64)).collect());
    let used: Vec<AtomicU32> = (0..items).map(|_| AtomicU32::new(0)).collect();
    let twice = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                let mut item = pool.get();
                let others = used[item.0].fetch_add(1, SeqCst);
                twice.fetch_add(others, SeqCst);
                item.1 += 1;
                thread::yield_now();
                used[item.0].fetch_sub(1, SeqCst);
            });
        }
    });
    let all: Vec<_> = (0..items).map(|_| pool.get()).collect();
    let uses: u64 = all.iter().map(|item| item.1).sum();
    Answer::ok().with(uses).with(twice.load(SeqCst))
}

/// Four threads and three units: who is inside together with whom.
fn demo() {
    let chinese = driver::demo_language() == "zh";
    let (semaphore, inside) = (Semaphore::new(3), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for id in 1..=4 {
            let (semaphore, inside) = (&semaphore, &inside);
            scope.spawn(move || {
                let Ok(_permit) = semaphore.acquire(1) else {
                    return;
                };
                if let Ok(mut inside) = inside.lock() {
                    inside.push(id);
                    match chinese {
                        true => println!("线程 {id} 进入，此刻里面有 {inside:?}"),
                        false => println!("thread {id} is in, and inside are {inside:?}"),
                    }
                }
                thread::yield_now();
                if let Ok(mut inside) = inside.lock() {
                    inside.retain(|other| *other != id);
                }
            });
        }
    });
}

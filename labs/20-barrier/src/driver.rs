//! Lab 20's driver: what each question does, on the student's modules. It knows no right answer.

#[allow(dead_code, reason = "not everything is asked of this program")]
mod barrier;
#[allow(dead_code, reason = "not everything is asked of this program")]
mod phases;
#[expect(
    unused_imports,
    reason = "the student's modules may use it: crate::futex"
)]
use ::futex;

use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use barrier::{Barrier, Broken, Turn};
use driver::{Answer, Question, Roles};

fn main() -> ExitCode {
    let mut lab = Lab::default();
    Roles::new()
        .demo(demo)
        .session(move |question| lab.answer(question))
}

#[derive(Default)]
struct Lab {
    barrier: Option<Arc<Barrier>>,
    /// Threads that wait, in the order of their starting.
    waiting: Vec<JoinHandle<Result<Turn, Broken>>>,
}

impl Lab {
    fn answer(&mut self, question: &Question<'_>) -> Answer {
        match question.word() {
            "new" => {
                self.barrier = Some(Arc::new(Barrier::new(question.number(0) as usize)));
                Answer::ok()
            }
            "wait" => said(self.barrier(question).wait()),
            "wait-timeout" => {
                let limit = Duration::from_millis(question.number(0));
                said(self.barrier(question).wait_timeout(limit))
            }
            "drop" => {
                self.barrier(question).arrive_and_drop();
                Answer::ok()
            }
            "is-broken" => Answer::ok().with(self.barrier(question).is_broken()),
            "start-waiting" => {
                let barrier = Arc::clone(self.barrier(question));
                self.waiting.push(thread::spawn(move || barrier.wait()));
                Answer::ok()
            }
            // What the first of those that wait was told.
            "joined" => match self.waiting.remove(0).join() {
                Ok(told) => said(told),
                Err(_) => Answer::err("panic"),
            },
            "phases" => phases(question.number(0) as usize, question.number(1) as usize),
            _ => question.unknown(),
        }
    }

    fn barrier(&self, question: &Question<'_>) -> &Arc<Barrier> {
        self.barrier.as_ref().unwrap_or_else(|| {
            question.unknown();
            unreachable!("an unknown question ends the driver")
        })
    }
}

fn said(told: Result<Turn, Broken>) -> Answer {
    Answer::ok().with(match told {
        Ok(Turn::Leader) => "leader",
        Ok(Turn::Follower) => "follower",
        Err(Broken) => "broken",
    })
}

/// What the calls of `phases` saw: how many there were, the sum of all rounds, and in how many calls
/// somebody had not finished the round before.
fn phases(n: usize, rounds: usize) -> Answer {
    let finished = AtomicUsize::new(0);
    let (calls, sum, early) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    phases::phases(n, rounds, |who, round| {
        calls.fetch_add(1, SeqCst);
        sum.fetch_add((who * rounds + round) as u64, SeqCst);
        if finished.load(SeqCst) < n * round {
            early.fetch_add(1, SeqCst);
        }
        finished.fetch_add(1, SeqCst);
    });
    let [calls, sum, early] = [calls, sum, early].map(|number| number.load(SeqCst));
    Answer::ok().with(calls).with(sum).with(early)
}

/// Three threads, four rounds: who was the leader of each.
fn demo() {
    let chinese = driver::demo_language() == "zh";
    let barrier = Barrier::new(3);
    for round in 1..=4 {
        let told: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| barrier.wait())).collect();
            threads
                .into_iter()
                .map(|thread| match thread.join() {
                    Ok(Ok(Turn::Leader)) => "Leader",
                    Ok(Ok(Turn::Follower)) => "Follower",
                    Ok(Err(Broken)) => "Broken",
                    Err(_) => "panic",
                })
                .collect()
        });
        match chinese {
            true => println!("第 {round} 轮   {}", told.join("   ")),
            false => println!("round {round}   {}", told.join("   ")),
        }
    }
}

//! Lab 17's driver: what each question does, on the student's modules. It knows no right answer.

#[allow(dead_code, reason = "not everything is asked of this program")]
mod condvar;
#[allow(dead_code, reason = "not everything is asked of this program")]
mod given;
#[allow(dead_code, reason = "not everything is asked of this program")]
mod queue;
#[expect(
    unused_imports,
    reason = "the student's modules may use it: crate::futex"
)]
use ::futex;

use std::{
    process::ExitCode,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use condvar::Condvar;
use driver::{Answer, Question, Roles};
use given::Mutex;
use queue::{Queue, TimedOut};

/// How many have begun to wait, for the condition variable beside it.
static WAITING: Mutex<u32> = Mutex::new(0);
static CHANGED: Condvar = Condvar::new();

fn main() -> ExitCode {
    let mut threads = Vec::new();
    Roles::new()
        .demo(demo)
        .session(move |question| answer(question, &mut threads))
}

fn answer(question: &Question<'_>, threads: &mut Vec<JoinHandle<bool>>) -> Answer {
    match question.word() {
        // So many threads wait, each once, and have given the mutex back.
        "sleep" => {
            let number = question.number(0) as u32;
            *WAITING.lock() = 0;
            for _ in 0..number {
                threads.push(thread::spawn(wait_once));
            }
            while *WAITING.lock() < number {
                thread::yield_now();
            }
            Answer::ok()
        }
        "sleep-timed" => {
            let limit = Duration::from_millis(question.number(0));
            threads.push(thread::spawn(move || {
                CHANGED.wait_timeout(WAITING.lock(), limit).1
            }));
            Answer::ok()
        }
        // How many have ended, and whether the last one has timed out.
        "join" => {
            let (mut ended, mut timed_out) = (0, false);
            for thread in threads.drain(..) {
                match thread.join() {
                    Ok(so) => timed_out = so,
                    Err(_) => return Answer::err("panic"),
                }
                ended += 1;
            }
            Answer::ok().with(ended).with(timed_out)
        }
        "notify-one" => {
            (0..question.number(0)).for_each(|_| CHANGED.notify_one());
            Answer::ok()
        }
        "notify-all" => {
            (0..question.number(0)).for_each(|_| CHANGED.notify_all());
            Answer::ok()
        }
        // Whether it has timed out, and whether that was not before the time was over.
        "wait-timeout" => {
            let limit = Duration::from_millis(question.number(0));
            let began = Instant::now();
            let (guard, timed_out) = CHANGED.wait_timeout(WAITING.lock(), limit);
            drop(guard);
            Answer::ok().with(timed_out).with(began.elapsed() >= limit)
        }
        "pop-timeout" => {
            let limit = Duration::from_millis(question.number(0));
            let began = Instant::now();
            let timed_out = Queue::<u32>::new(1).pop_timeout(limit) == Err(TimedOut);
            Answer::ok().with(timed_out).with(began.elapsed() >= limit)
        }
        // How so many values come out that were put in by one, one after the other.
        "order" => {
            let queue = Queue::new(question.number(0) as usize);
            let values = 0..question.number(0);
            let pushed = values.clone().all(|value| queue.push(value).is_ok());
            let popped = values.map_while(|_| queue.pop());
            let answer = Answer::ok().with(pushed);
            popped.fold(answer, |answer, value| answer.with(value))
        }
        "through" => through(question.number(0), question.number(1)),
        _ => question.unknown(),
    }
}

fn wait_once() -> bool {
    let mut waiting = WAITING.lock();
    *waiting += 1;
    drop(CHANGED.wait(waiting));
    false
}

/// Three threads push so many values each, and three pop until the queue is closed: their number and
/// sum.
fn through(capacity: u64, each: u64) -> Answer {
    let queue = Queue::new(capacity as usize);
    let (number, sum) = thread::scope(|scope| {
        let consumers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    std::iter::from_fn(|| queue.pop()).fold((0, 0), |(n, sum), v| (n + 1, sum + v))
                })
            })
            .collect();
        let producers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| (0..each).all(|value| queue.push(value).is_ok())))
            .collect();
        let pushed = producers
            .into_iter()
            .all(|producer| producer.join().unwrap_or(false));
        queue.close();
        let popped = consumers
            .into_iter()
            .map(|consumer| consumer.join().unwrap_or((0u64, 0u64)));
        let popped = popped.fold((0, 0), |(n, sum), (m, more)| (n + m, sum + more));
        if pushed { popped } else { (0, 0) }
    });
    Answer::ok().with(number).with(sum)
}

/// Two threads push words into a queue for two, one pops and prints them.
fn demo() {
    let words = match driver::demo_language() == "zh" {
        true => [
            ["条件", "变量", "没有", "记忆"],
            ["醒来", "之后", "再看", "一次"],
        ],
        false => [
            ["look", "with", "the", "mutex"],
            ["held", "and", "look", "again"],
        ],
    };
    let queue = Queue::new(2);
    thread::scope(|scope| {
        let producers = words.map(|words| {
            let queue = &queue;
            scope.spawn(move || words.into_iter().all(|word| queue.push(word).is_ok()))
        });
        let consumer = scope.spawn(|| {
            while let Some(word) = queue.pop() {
                print!("{word} ");
            }
            println!();
        });
        for producer in producers {
            producer.join().ok();
        }
        queue.close();
        consumer.join().ok();
    });
}

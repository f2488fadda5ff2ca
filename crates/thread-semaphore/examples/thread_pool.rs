//! A thread pool whose backlog is bounded by a semaphore.
//!
//! ```text
//! cargo run -p thread-semaphore --example thread_pool
//! ```
//!
//! Two threads work; a channel hands them jobs. Without a bound, whoever makes jobs faster than they
//! are done fills the memory. So each job takes a unit before it is handed over, and the worker gives
//! it back when the job is done: at most four jobs are waiting or at work, and whoever wants a fifth
//! one to be done waits. The unit is taken by one thread and given back by another, which a mutex does not
//! allow.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use thread_semaphore::{Permit, Semaphore};

const WORKERS: usize = 2;
const BACKLOG: u32 = 4;
const JOBS: u32 = 50;

struct Job<'a> {
    number: u32,
    /// Given back when the job is dropped.
    _place: Permit<'a>,
}

fn main() {
    let places = Semaphore::new(BACKLOG);
    let (pending, most, sum) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    let (sender, receiver) = mpsc::channel::<Job<'_>>();
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(job) = next(&receiver) {
                    sum.fetch_add(job.number, SeqCst);
                    pending.fetch_sub(1, SeqCst);
                }
            });
        }
        for number in 1..=JOBS {
            let Ok(place) = places.acquire(1) else { break };
            most.fetch_max(pending.fetch_add(1, SeqCst) + 1, SeqCst);
            let job = Job {
                number,
                _place: place,
            };
            if sender.send(job).is_err() {
                break;
            }
        }
        drop(sender);
    });
    println!("jobs done: {JOBS}, their sum {}", sum.load(SeqCst));
    println!(
        "never more than {BACKLOG} pending: {}",
        most.load(SeqCst) <= BACKLOG
    );
}

fn next<'a>(receiver: &Mutex<mpsc::Receiver<Job<'a>>>) -> Option<Job<'a>> {
    let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
    receiver.recv().ok()
}

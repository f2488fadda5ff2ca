//! A hundred jobs, three connections.
//!
//! ```text
//! cargo run -p thread-semaphore --example connections
//! ```
//!
//! A connection is dear to make, and used by one at a time. The pool's semaphore makes the jobs wait, and
//! its list says which connection is free. At most three are ever used at once, and between them they
//! have served all jobs.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

use thread_semaphore::Pool;

#[derive(Default)]
struct Connection {
    served: u32,
}

static OPENED: AtomicU32 = AtomicU32::new(0);
static IN_USE: AtomicU32 = AtomicU32::new(0);
static MOST: AtomicU32 = AtomicU32::new(0);

fn open() -> Connection {
    OPENED.fetch_add(1, SeqCst);
    Connection::default()
}

fn main() {
    let pool = Pool::new(vec![open(), open(), open()]);
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| {
                let mut connection = pool.get();
                MOST.fetch_max(IN_USE.fetch_add(1, SeqCst) + 1, SeqCst);
                connection.served += 1;
                IN_USE.fetch_sub(1, SeqCst);
            });
        }
    });
    let all = [pool.get(), pool.get(), pool.get()];
    let served: Vec<u32> = all.iter().map(|connection| connection.served).collect();
    println!("connections opened:       {}", OPENED.load(SeqCst));
    println!("jobs served by each:      {served:?}");
    println!("jobs served:              {}", served.iter().sum::<u32>());
    println!("at most used at once:     {}", MOST.load(SeqCst));
}

//! Semaphores between threads: a number of units that many take and give back.
//!
//! A mutex lets one inside; a semaphore lets as many as it has units: three connections to a database,
//! eight threads at work. It has no owner: whoever gives a unit need not be who took it, and nothing
//! prevents giving one that nobody took. So here a unit is a *permit*, which gives itself back, once, even
//! if its holder panics. Two things are not obvious: several units must be taken all at once, or two
//! threads with one each wait for each other; and somebody who wants many must not be overtaken for
//! ever by those who want few.
//!
//! ```
//! use thread_semaphore::Semaphore;
//!
//! let seats = Semaphore::new(3);
//! let mut two = seats.acquire(2).unwrap();
//! assert!(seats.try_acquire(2).is_none());
//! drop(two.split(1));
//! assert_eq!(seats.available(), 2);
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p thread-semaphore --example connections
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `futex` with `FUTEX_WAIT` | who finds too few units sleeps; `std`'s `Mutex` and `Condvar` call it | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//! | `futex` with `FUTEX_WAKE` | who gives units back wakes those who wait | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | more inside than there are units | the number was tested, and taken in a second step | 18 |
//! | somebody sleeps, though units are free | the release came between testing and sleeping; or several came back and one was woken | 18 |
//! | a request for many waits for ever | small ones overtake it | 18, `big_and_small` |
//! | two threads wait for each other, each with a unit | several units were taken one by one | 18, `one_by_one` |
//! | all wait behind somebody who has given up | a request whose time was over stays at the head of the queue | 18 |
//! | fewer and fewer units | one is not given back when its holder panics | 18 |
//! | more units than there were | one was given that nobody had taken | 18 |
//!
//! # C++ and Rust
//!
//! | C++ | `std` | here |
//! |---|---|---|
//! | `std::counting_semaphore<3> sem(3)`: at least 3 must fit, and 3 there are | none | [`Semaphore::new`] |
//! | `sem.acquire()`, `sem.release()` | – | [`Semaphore::acquire`], and the [`Permit`]'s drop |
//! | `try_acquire`, `try_acquire_for` | – | [`Semaphore::try_acquire`], [`Semaphore::acquire_timeout`] |
//! | `std::binary_semaphore` | – | `Semaphore::new(1)`: no mutex, since it has no owner |
//!
//! # Read in this order
//!
//! 1. [`semaphore`]: [`Semaphore`], a monitor with a queue.
//! 2. [`pool`]: [`Pool`], what it is for.
//! 3. [`stages`]: the textbook's, a single word, and one that wakes only who is served.
//! 4. The examples. The notes': `counting_semaphore`. What it is for: `connections`, `thread_pool`. What goes wrong:
//!    `big_and_small`, `one_by_one`.
//!
//! # What this does not do
//!
//! It cannot be used between processes (labs 08 and 09 can). It has no owner, so nobody inherits a
//! priority. It is no lock: what is done with a permit may be done by several at once.

use ::futex;

pub mod semaphore;

pub mod pool;

pub mod stages;

pub use pool::{Lease, Pool};
pub use semaphore::{AcquireError, Permit, Semaphore};

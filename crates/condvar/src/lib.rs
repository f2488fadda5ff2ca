//! Condition variables: sleep until something that a mutex protects has become true.
//!
//! A mutex makes threads take turns. It does not let one wait until another has *done* something: a
//! consumer that finds the queue empty would have to lock, look and unlock, again and again. A
//! condition variable puts it to sleep instead, with the mutex given back, and whoever changes the
//! condition notifies. It is easily misunderstood in two ways. It does not remember: a notification
//! while nobody waits is lost, so the condition must be looked at, with the mutex held, before
//! waiting. And it promises nothing: whoever wakes up must look again.
//!
//! ```
//! use condvar::Queue;
//!
//! let queue = Queue::new(2);
//! std::thread::scope(|scope| {
//!     scope.spawn(|| (0..5).for_each(|n| queue.push(n).unwrap()));
//!     assert_eq!((0..5).map(|_| queue.pop().unwrap()).sum::<u32>(), 10);
//! });
//! queue.close();
//! assert_eq!(queue.pop(), None);
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p condvar --example lost
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `futex` with `FUTEX_WAIT` | sleeps, unless there was a notification since the counter was read | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//! | `futex` with `FUTEX_WAKE` | wakes one, or all; not called if nobody waits | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | somebody sleeps for ever, rarely | the notification came between looking and sleeping | 17, `lost` |
//! | somebody sleeps for ever, always | the condition was true before the wait, and nobody looked | 17, `print_message` |
//! | a pop from an empty queue | `if` where a `while` must be: another one was faster, or the wake-up had no reason | 17, `if_vs_while` |
//! | all sleep, though there is something to do | one condition variable for two conditions, and `notify_one` woke the wrong side | 17, `wrong_side` |
//! | a state that was changed, and nobody noticed | it was changed without the mutex | 17 |
//! | all wake up and all but one sleep again | `notify_all` where one is enough | 17 |
//!
//! # C++ and Rust
//!
//! | C++ | `std` | here |
//! |---|---|---|
//! | `cv.wait(lock)` | `cv.wait(guard)`: takes the guard and gives it back | [`Condvar::wait`] |
//! | `cv.wait(lock, [] { return ready; })`: until | `wait_while`: *while*, so the condition is the opposite | [`Condvar::wait_while`] |
//! | `cv.wait_for`, `cv_status::timeout` | `wait_timeout`, `WaitTimeoutResult::timed_out` | [`Condvar::wait_timeout`] |
//! | `std::condition_variable_any`: any lock | only `Mutex` | [`stages::any`]: whatever can be unlocked and locked |
//!
//! # Read in this order
//!
//! 1. [`given`]: the mutex, which tells a guard's mutex.
//! 2. [`condvar`]: [`Condvar`], two words.
//! 3. [`queue`]: [`Queue`], what it is for.
//! 4. [`stages`]: other designs.
//! 5. The examples. The notes': `print_message`. What goes wrong: `lost`, `if_vs_while`, `wrong_side`. With
//!    any lock: `any_lock`.
//!
//! # What this does not do
//!
//! Its waiters do not queue for the mutex (*requeue*), so `notify_all` wakes a crowd that then waits
//! for one mutex. Nothing is fair. It cannot be used between processes.

use ::futex;

pub mod given;

pub mod condvar;

pub mod queue;

pub mod stages;

pub use condvar::Condvar;
pub use given::{Mutex, MutexGuard};
pub use queue::{Closed, Queue, TimedOut};

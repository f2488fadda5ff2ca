//! Mutexes: one thread at a time, and whoever has to wait sleeps.
//!
//! A mutex is a word and the threads that sleep on it. Taking it is one atomic instruction, and giving
//! it back another one, as long as nobody else wants it; the kernel is asked only by who must sleep,
//! and by who may have to wake somebody. All the art is in the word "may": who leaves must know that
//! somebody sleeps without asking, or each unlock is a system call; and must never believe that nobody
//! does when somebody is just about to, or the sleep is for ever. Three values are enough: free, taken,
//! taken and somebody may sleep.
//!
//! ```
//! use mutex::Mutex;
//! use std::time::Duration;
//! let sum = Mutex::new(0);
//! std::thread::scope(|scope| for _ in 0..4 {
//!     scope.spawn(|| *sum.lock() += 1);
//! });
//! let held = sum.lock();
//! assert_eq!(*held, 4);
//! assert!(sum.lock_timeout(Duration::from_millis(1)).is_none());
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p mutex --example drepper
//! cargo bench -p mutex
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `futex`, `FUTEX_WAIT` | sleeps if the lock is still taken | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//! | `futex`, `FUTEX_WAKE` | wakes one who sleeps | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//! | `set_robust_list` | what the kernel frees if its owner dies | [set_robust_list(2)](https://man7.org/linux/man-pages/man2/set_robust_list.2.html) |
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | a thread sleeps, and the lock is free | whoever was woken took the lock as if nobody else slept | 15, `drepper` |
//! | right, but each unlock is a system call | nobody keeps count of who may sleep | 15, `syscalls` |
//! | two inside after a timeout | the one who gave up freed the lock of somebody else | 15 |
//! | a wake-up is lost at a timeout | whoever was woken looked at the clock before it looked at the lock | 15 |
//! | a thread waits for itself | it has the lock already: `ReentrantMutex` | 15, `recursive_mutex` |
//! | a recursive mutex lets another in, or waits for itself | the owner was forgotten after the lock was free | 15 |
//! | waiters in other processes never wake | the futex is private: [`process`] | 12 |
//! | all wait for a process that was killed | nobody freed the lock for it: [`mod@robust`] | 12 |
//!
//! # Read in this order
//!
//! Each module is complete, and brings one idea more than the one before.
//!
//! 1. [`counting`]: the first mutex of Drepper's *Futexes Are Tricky*: works, and wakes too often.
//! 2. [`three_states`]: his second: the third value says that somebody may sleep.
//! 3. [`swapping`]: his third: fewer read-modify-writes under contention.
//! 4. [`mod@mutex`]: the same with a payload, a guard, and a time after which to give up.
//! 5. [`reentrant`]: the owner may lock again.
//! 6. [`adaptive`]: spins for a moment before it sleeps.
//! 7. [`process`]: between processes.
//! 8. [`mod@robust`]: between processes, one of which may die inside.
//! 9. The examples: `timed_mutex` and `recursive_mutex` are those of the notes, `syscalls` counts
//!    futex calls, `drepper` has the model checker find what is wrong with the steps in between.
//!
//! # What this does not do
//!
//! No lock here is fair: who comes at the right moment overtakes who sleeps. None is poisoned by a
//! panic. Priorities are not inherited. A robust lock whose data nobody can repair cannot be given up for
//! good (ENOTRECOVERABLE).

// The modules are those that a lab hands in, so they find the futex where a lab has it.
pub(crate) use ::futex;

pub mod counting;

pub mod three_states;

pub mod swapping;

pub mod mutex;

pub mod reentrant;

pub mod adaptive;

pub mod process;

pub mod robust;

pub use mutex::{Guard, Mutex};
pub use reentrant::{ReGuard, ReentrantMutex};

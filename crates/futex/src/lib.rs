//! The futex: sleep if a word is as expected, and wake those who sleep on it.
//!
//! A lock is a word in memory, and while nobody has to wait that is all it is: an atomic instruction
//! takes it, another one gives it back, and the kernel hears nothing of it. Only who must wait needs
//! the kernel. The danger lies between looking and falling asleep: if the lock becomes free just then,
//! the wake-up comes too early, and the sleep is for ever. So the sleeper says what it has seen, and the
//! kernel looks once more, under a lock of its own, and puts it to sleep only if the word is still so.
//! Every lock of this course, and of `std` on Linux, is made of that.
//!
//! ```
//! use std::sync::atomic::{AtomicU32, Ordering::{Acquire, Release}};
//! let ready = AtomicU32::new(0);
//! std::thread::scope(|scope| {
//!     scope.spawn(|| { ready.store(1, Release); futex::wake(&ready, 1) });
//!     while ready.load(Acquire) == 0 {
//!         futex::wait(&ready, 0, None);       // returns at once if the store came first
//!     }
//! });
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p futex --example four_ends
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `futex`, `FUTEX_WAIT` | compares the word and falls asleep, in one step | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//! | `futex`, `FUTEX_WAKE` | wakes up to so many, those first who have slept longest | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//! | `FUTEX_PRIVATE_FLAG` | the word belongs to this process alone: the kernel finds its sleepers by address | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//! | `set_robust_list` | once a thread: where its list of words begins | [set_robust_list(2)](https://man7.org/linux/man-pages/man2/set_robust_list.2.html) |
//!
//! # How a wait ends
//!
//! | [`Wait`] | errno | what it means |
//! |---|---|---|
//! | [`Woken`](Wait::Woken) | – | somebody woke it, or it was woken for no reason |
//! | [`Changed`](Wait::Changed) | EAGAIN | the word was another one already; it did not sleep |
//! | [`TimedOut`](Wait::TimedOut) | ETIMEDOUT | the time was over |
//! | [`Interrupted`](Wait::Interrupted) | EINTR | a signal was handled |
//!
//! In all four cases the caller looks at the word again: what counts is what it holds, not why the
//! sleep ended.
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | a thread sleeps for ever | the word was changed and nobody woke, or it was woken first and changed then | 15 |
//! | two sleep, one is woken, and the other never | whoever was woken forgot that others may sleep | 15 |
//! | a waiter in another process is never woken | the word is private there: use [`shared`] | 12 |
//! | a wait of a second takes two | after a signal the whole time began anew: keep a deadline | 15 |
//!
//! # Read in this order
//!
//! 1. [`Wait`] and `call.rs`: the system call.
//! 2. [`wait`], [`wake`], and [`shared`]: the same between processes.
//! 3. [`thread_id`]: who am I, without asking the kernel.
//! 4. The example `four_ends`: each way in which a wait can end.
//! 5. [`robust`]: words whose owner may die.
//!
//! # What this does not do
//!
//! It knows neither bit sets, requeueing nor priorities (`FUTEX_WAIT_BITSET`, `FUTEX_CMP_REQUEUE`,
//! `FUTEX_LOCK_PI`). A thread has one robust list: one that uses [`robust`] is not looked after when it
//! dies with a robust mutex of the C library. In a model check, `interleave::futex` takes its place.

mod call;
mod identity;
mod private;
pub mod robust;
pub mod shared;

pub use call::Wait;
pub use identity::thread_id;
pub use private::{wait, wake};

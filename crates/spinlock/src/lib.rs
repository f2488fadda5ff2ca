//! Spin locks: whoever has to wait keeps looking.
//!
//! A lock is a word, and an atomic read-modify-write decides who gets it. Who does not get it can
//! sleep, which costs microseconds and a system call, or look again. Looking again is right where the
//! lock is held for a few instructions by somebody who is running at this moment: on another core. It is
//! wrong on a single core, since the owner cannot run while the waiter looks. A good spin lock
//! therefore looks without disturbing (loads only), leaves room (the spin hint), waits longer the longer
//! it waits (back-off), and gives the processor away at last (yield). A fair one also keeps the order.
//!
//! ```
//! use spinlock::{Spin, Ticket};
//! let sum: Spin<Ticket, u32> = Spin::new(0);
//! std::thread::scope(|scope| for _ in 0..4 {
//!     scope.spawn(|| *sum.lock() += 1);
//! });
//! assert_eq!(*sum.lock(), 4);
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p spinlock --example traffic
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `sched_yield` | lets another thread run, after a long wait; nothing else enters the kernel | [`sched_yield(2)`](https://man7.org/linux/man-pages/man2/sched_yield.2.html) |
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | two are inside at once | looking and taking are two steps | 19 |
//! | right on x86, wrong on ARM | `Relaxed` where `Acquire` or `Release` belongs | 19 |
//! | slower with each waiter | all of them write: every failed swap takes the cache line away from the owner | 19, `traffic` |
//! | a wait lasts as long as a time slice | the owner is not running: one core, or more threads than cores | 19, `one_cpu` |
//! | a thread gets in never, or late | test-and-set keeps no order | 19 |
//! | the ticket lock is dead | a number was taken that nobody will use | 19 |
//!
//! # Read in this order
//!
//! 1. [`spinlock`]: the lock of the notes ([`Tas`]), a polite one ([`Ttas`]), a fair one
//!    ([`Ticket`]), and the guard that makes them safe ([`Spin`]).
//! 2. [`queue`]: the ticket's order, and everyone looks at a word of its own.
//! 3. The examples: `notes` is the lock of the notes, `traffic` counts what the three cost, `one_cpu`
//!    shows why a waiter must give way.
//!
//! # What this does not do
//!
//! No lock here sleeps: that is lab 15. None can be asked to give up after some time, none
//! may be held while sleeping, and none stops an interrupt handler from asking for it again, as a
//! kernel's spin locks must.

pub mod spinlock;

pub mod queue;

pub use queue::Queue;
pub use spinlock::{RawLock, Spin, SpinGuard, Tas, Ticket, Ttas};

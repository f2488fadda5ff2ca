//! Deadlock: who waits for whom in vain, how to get out, and how not to get in.
//!
//! A process is deadlocked if it waits for something that only another deadlocked process could
//! give. Four conditions are *necessary* for it: resources are held by one at a time (mutual
//! exclusion), nobody takes them away (no preemption), who holds some waits for more (hold and
//! wait), and they wait in a circle (circular wait). Break any of them and there is no deadlock:
//! *prevention*. Steer around the circle, grant by grant: *avoidance*, lab 22. Let it come, find
//! it, and sacrifice somebody: *detection and recovery*.
//!
//! ```
//! use deadlock::{Outcome, Rag, Strategy};
//! # fn main() -> Result<(), deadlock::RagError> {
//! let mut rag = Rag::new(2, &[1, 1]);
//! rag.request(0, 0, 1)?;
//! rag.request(1, 1, 1)?;
//! assert_eq!(rag.request(0, 1, 1)?, Outcome::Blocked);
//! assert_eq!(rag.request(1, 0, 1)?, Outcome::Blocked);
//! assert_eq!(rag.deadlocked().len(), 2);
//! rag.recover(Strategy::KillOneByOne { cost: vec![5, 3] });
//! assert!(rag.deadlocked().is_empty());
//! # Ok(()) }
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p deadlock --example four_conditions
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `futex` | behind `Mutex`: a thread that waits for a lock sleeps in it, in a deadlock for ever | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | all sleep, nothing moves | two paths lock the same mutexes in different orders | 21, `causes` |
//! | one thread sleeps for ever, alone | it locks what it holds already: a circle of one | 21, `causes` |
//! | a cycle, and yet all finish | several instances: somebody outside of the cycle gives one back | 21, `dot` |
//! | nothing moves, but the processors are busy | livelock: all retry and hold the first lock meanwhile | 21 |
//! | one never gets its turn, the others do | starvation, not deadlock: it may still be served | 21, `passed_over` |
//! | the same deadlock again after a rollback | the checkpoint was not far enough back | 21, `recovery` |
//!
//! # Read in this order
//!
//! 1. [`rag`]: [`Rag`], the graph; requests, releases, cycles, and who is deadlocked.
//! 2. [`recovery`]: kill all, kill one by one, preempt, roll back.
//! 3. [`locks`]: [`lock_all`] and [`try_lock_all`], prevention in real lock code.
//! 4. [`picture`]: the graph as SVG and for Graphviz.
//! 5. The examples: `four_conditions` (a deadlock, and four versions that break a condition each),
//!    `causes` (by timing, by space), `dot`, `recovery`, `passed_over`.
//!
//! # What this does not do
//!
//! It watches no real threads: the graph is told what happens. Linux does that for its own locks
//! (lockdep) and for nobody else's. It does not choose the cheapest set of victims, which is a hard
//! problem; it takes the cheapest one at a time.

pub mod rag;

pub mod recovery;

pub mod locks;

pub mod picture;

pub use locks::{lock_all, try_lock_all};
pub use rag::{Node, Outcome, Pid, Rag, RagError, Rid};
pub use recovery::{Action, Strategy};

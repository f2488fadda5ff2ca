//! The banker's algorithm: avoid deadlock by refusing what could lead to it.
//!
//! Each process says beforehand how much it will hold at most: its *claim*. The banker lends only
//! if afterwards there is still an order in which everybody can get all of its claim, finish and
//! pay back: a *safe sequence*. A state without one is *unsafe*. An unsafe state is no deadlock,
//! since nobody has to ask for all of its claim; but whether it becomes one is no longer up to the
//! banker. So it never lets one arise, and there is always somebody who can finish.
//!
//! ```
//! use banker::{Banker, Decision, Why};
//! # fn main() -> Result<(), banker::BankError> {
//! let mut banker = Banker::new(&[3]);
//! let (a, b) = (banker.admit(&[2])?, banker.admit(&[3])?);
//! assert_eq!(banker.request(a, &[1])?, Decision::Granted);
//! assert_eq!(banker.request(b, &[1])?, Decision::Granted); // 1 is left: a can finish, then b
//! assert_eq!(banker.request(b, &[1])?, Decision::MustWait(Why::Unsafe)); // then nobody could
//! assert_eq!(banker.request(a, &[1])?, Decision::Granted);
//! # Ok(()) }
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p banker --example textbook
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `futex` | behind `Mutex` and `Condvar`: [`Bank::acquire`] sleeps in it | [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html) |
//!
//! The algorithm itself needs none: no kernel asks a banker. See `Interview` in the handout for
//! why.
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | a safe state is called unsafe | only one round over the processes: who came too early is not looked at again | 22 |
//! | the same, always | Max is compared with what is there, in the place of Need | 22 |
//! | `available` shrinks for ever | a refused request was tried, and taken back only in part | 22 |
//! | a panic in a subtraction | what is not there was subtracted before it was looked at | 22 |
//! | a thread sleeps though there is enough | one waiter was woken, and it was the wrong one | 22 |
//! | the answer takes years | all orders are tried: n! of them, where n² rows do | 22 |
//!
//! # Read in this order
//!
//! 1. [`banker`](mod@banker): [`Banker`], the safety test and the request algorithm.
//! 2. [`bank`]: [`Bank`], which threads wait at.
//! 3. [`explain`]: the test step by step, as one does it on paper.
//! 4. The stages of the test, each one idea further: [`state`] (the tables in memory), [`rounds`],
//!    [`compacting`], [`watching`], [`adaptive`]; and [`incremental`], which does not test at all.
//! 5. The examples: `textbook`, `state` (a state from a file), `unsafe_is_not_deadlock`, `threads`.
//!
//! # What this does not do
//!
//! It keeps nobody from starving: whoever asks for much may wait for ever if others keep coming. A
//! real bank would serve in order of arrival, or count how often somebody was passed over. It does
//! not survive a process that never gives back, and it believes the claims.

pub mod banker;

pub mod bank;

pub mod explain;

pub mod state;

pub mod rounds;

pub mod compacting;

pub mod watching;

pub mod adaptive;

pub mod incremental;

pub use bank::Bank;
pub use banker::{BankError, Banker, Decision, Why};
pub use incremental::Incremental;
pub use state::State;

//! The real lab 12 against submissions that do not play along. Each of them must get 0 for what it
//! did not do, with the verdict that says what happened, and leave nothing behind.
//!
//! All gradings share one stage, so they run one after the other ([`submission`] sees to it).

#![expect(clippy::panic, reason = "a test that fails panics")]

mod submission;

mod crashes;
mod exits;
mod floods;
mod forgeries;
mod levels;
mod reports;
mod stuck;

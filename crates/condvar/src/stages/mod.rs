//! Condition variables of other designs, one idea each.
//!
//! | stage | the idea | a notification without waiter |
//! |---|---|---|
//! | [`counter`] | only the counter: the shortest that is right | a system call |
//! | [`parking`] | a queue of the threads that wait; who was first is woken first | a lock of the queue |
//! | [`any`] | works with whatever can be unlocked and locked | a system call |

pub mod any;
pub mod counter;
pub mod parking;

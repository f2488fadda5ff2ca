//! Semaphores of other designs, one idea each.
//!
//! | stage | the idea | order |
//! |---|---|---|
//! | [`barging`] | a number, a mutex, a condition variable: the textbook's | none |
//! | [`word`] | the number is a word to sleep on: `std::counting_semaphore` | none |
//! | [`queued`] | each waiter has a word of its own, and only who is served is woken | first come, first served |

pub mod barging;
pub mod queued;
pub mod word;

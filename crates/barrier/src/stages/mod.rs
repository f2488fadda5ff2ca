//! Barriers without a mutex, one idea each.
//!
//! | stage | the idea | who waits |
//! |---|---|---|
//! | [`futex_word`] | the generation is a word to sleep on | sleeps at once |
//! | [`sense`] | one bit of generation is enough, if each thread keeps its own | spins |
//! | [`turnstiles`] | two semaphores: one to get in, one to get out | sleeps at once |
//! | [`spin_then_sleep`] | spin for as long as a wake-up costs, then sleep; wake only those who sleep | both |
//!
//! They only do `wait`: no time limit, and nobody drops out.

pub mod futex_word;
pub mod sense;
pub mod spin_then_sleep;
pub mod turnstiles;

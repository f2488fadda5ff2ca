//! Words whose owner may die: the kernel looks after them.
//!
//! A thread keeps a list of the words that it owns. Who owns a word writes [`thread_id`] into its low
//! bits, and adds [`WAITERS`] when somebody sleeps on it. When a thread dies, the kernel goes through
//! its list: each word that still holds its number gets [`OWNER_DIED`] instead, and one sleeper is
//! woken if there were any. Between taking a word and putting it on the list there is a gap; so the
//! word that is being worked on is *pending*, and is looked at, too.
//!
//! The real one is [get_robust_list(2)](https://man7.org/linux/man-pages/man2/get_robust_list.2.html).
//!
//! [`thread_id`]: super::thread_id

use std::panic::Location as Place;

use crate::engine::robust;
use crate::sync::atomic::AtomicU32;

/// Set by those who sleep: the kernel must wake one.
pub const WAITERS: u32 = 0x8000_0000;
/// Set by the kernel: the owner is dead.
pub const OWNER_DIED: u32 = 0x4000_0000;
/// The bits that hold the owner's number.
pub const OWNER: u32 = 0x3FFF_FFFF;

/// Puts a word on the calling thread's list.
#[track_caller]
pub fn add(word: &AtomicU32) {
    robust::add(&word.atom, Place::caller());
}

/// Takes a word off the calling thread's list.
#[track_caller]
pub fn remove(word: &AtomicU32) {
    robust::remove(&word.atom, Place::caller());
}

/// The word that the calling thread is about to take or to leave, or none.
#[track_caller]
pub fn set_pending(word: Option<&AtomicU32>) {
    robust::set_pending(word.map(|word| &word.atom), Place::caller());
}

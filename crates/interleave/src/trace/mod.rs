//! From what happened to what somebody reads.

mod cells;
mod endings;
pub(crate) mod event;
pub(crate) mod names;
pub(crate) mod page;
mod source;
mod values;
pub(crate) mod words;

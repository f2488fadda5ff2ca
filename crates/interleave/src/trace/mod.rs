//! From what happened to what somebody reads.

pub(crate) mod asking;
mod cells;
mod departures;
mod endings;
pub(crate) mod event;
pub(crate) mod names;
pub(crate) mod page;
mod source;
pub(crate) mod telling;
mod values;
pub(crate) mod words;

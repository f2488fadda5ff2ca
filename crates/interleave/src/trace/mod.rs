//! From what happened to what somebody reads.

pub(crate) mod event;
pub(crate) mod render;

//! From manifest to score, as a stream of typed events; prints nothing.

pub(crate) mod events;

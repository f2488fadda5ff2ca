//! The arena: the only place that starts student code.

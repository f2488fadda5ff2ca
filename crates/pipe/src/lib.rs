//! Anonymous pipes: bytes from one process to another, one way, in order.
//!
//! E
pub mod pipeline;

pub mod capture;

pub mod plumb;

pub use capture::{Captured, capture};
pub use pipeline::{Exit, PipeError, Pipeline, Stage, pipe};

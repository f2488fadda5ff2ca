//! The programs that the checker is tested with. They are ordinary std code.
//!
//! Every file below is compiled twice: in `model.rs`, where `std` is interleave, and in `native.rs`, where it is
//! the real one. A right program must pass under the checker *and* do its work on real threads.
//!
//! The tracked payload and the futex, which std does not have, come from `crate::world`.

pub(crate) mod classics;
pub(crate) mod litmus;
pub(crate) mod program;
pub(crate) mod support;

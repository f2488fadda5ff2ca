//! Litmus tests: programs of a few operations, each with the exact set of results that the memory model allows.
//!
//! A litmus test asks one question about a memory model, such as *may both threads miss the other's store?*
//! Each is written in a short notation ([`notation`]), executed by ordinary threads and atomics ([`machine`]),
//! and listed with two sets ([`rows`]): the results that are *allowed*, and those of them that the checker *misses*,
//! each with its reason. The allowed set is not taken on trust: [`axioms`] computes it once more from the
//! axioms of the literature, by trying every execution graph, and the tests compare all three.
//!
//! # The literature
//!
//! - O. Lahav, V. Vafeiadis, J. Kang, C.-K. Hur, D. Dreyer: *Repairing Sequential Consistency in C/C++11*, PLDI 2017.
//!   The model RC11, whose axioms [`axioms`] states. C++20, and with it Rust, took over its treatment of `SeqCst`.
//! - M. Batty, S. Owens, S. Sarkar, P. Sewell, T. Weber: *Mathematizing C++ Concurrency*, POPL 2011.
//!   The model C11. Where it differs from RC11 here, it allows load buffering, which RC11 forbids.
//! - L. Maranget, S. Sarkar, P. Sewell: *A Tutorial Introduction to the ARM and POWER Relaxed Memory Models*, 2012.
//!   The names: SB, MP, LB, IRIW, WRC, ISA2, 2+2W, R, S.
//!
//! Two points on which authors differ, and what is taken here: a release sequence is continued by
//! read-modify-writes only (C++20), and load buffering without dependencies counts as allowed (C11), so
//! that a checker which does not produce it must say so.

pub(crate) mod axioms;
pub(crate) mod machine;
pub(crate) mod notation;
pub(crate) mod random;
pub(crate) mod rows;

//! From manifest to score, as a stream of typed events; prints nothing and formats nothing.
//!
//! Read in this order: what there is ([`repository`], [`manifest`], [`lab`]), what is graded
//! ([`submission`], [`patch`], [`rules`]), behind which walls ([`isolation`]), how it is built
//! ([`stage`], [`cargo`], [`build`]) and run ([`demo`], [`runner`]), what it is worth ([`score`],
//! [`ungraded`]), and all of it together ([`grading`] for one submission, [`verify`] for a lab's
//! known answers). [`board`] is for play: executions on demand. [`machine`] and [`drill`] stand
//! apart: what can be graded here at all, and questions on paper. [`events`] is the wall to the
//! reports.

pub(crate) mod events;

pub(crate) mod error;
pub(crate) mod interrupt;
pub(crate) mod orphans;
mod process;

pub(crate) mod lab;
pub(crate) mod manifest;
pub(crate) mod repository;

mod patch;
mod rules;
pub(crate) mod submission;

mod build;
pub(crate) mod cargo;
mod claim;
mod stage;
mod toolchain;

pub(crate) mod board;
mod boxed;
mod demo;
pub(crate) mod isolation;
mod panic;
mod runner;

pub(crate) mod machine;

mod functions;
pub(crate) mod progress;
mod score;
mod ungraded;

pub(crate) mod drill;
pub(crate) mod grading;
pub(crate) mod markdown;
pub(crate) mod starter;
pub(crate) mod verify;

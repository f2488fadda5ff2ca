//! What is looked at and answered key by key: stepping through an execution that was found, and the
//! game in which the student is the scheduler. Both show the [board](crate::report::board).
//!
//! Read in this order: [`game`] and [`walk`] (what may be done, and what comes of it: state only),
//! [`plain`] (both as lines, where there is no terminal), [`screen`] (both in a terminal).
//!
//! What this module does not do: build or start anything. A [`Scheduler`](game::Scheduler) carries
//! executions out; the grader has one.

pub(crate) mod game;
pub(crate) mod input;
pub(crate) mod plain;
pub(crate) mod screen;
pub(crate) mod walk;

pub(crate) use input::Input;

use crate::report::Lang;

/// What both faces of a game are told beside the game.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) lang: Lang,
    /// `Lab 19 spin lock`
    pub(crate) lab: String,
    /// The command that grades the same submission; a replay is added to it.
    pub(crate) command: String,
}

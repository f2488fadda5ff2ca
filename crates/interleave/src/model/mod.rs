//! The checker's own interface. Everything else in this crate is a shadow of `std`.
//!
//! [`Model::check`] executes a program in every way that the [budget](Model::budget) allows, and
//! [reports](Report). [`outcomes`] collects what a program can return. [`Tracked`] is a payload whose
//! races are seen. [`Model::position`] lets somebody else choose: an execution as a game.

pub mod counterexample;
pub mod kind;
pub mod position;
pub mod report;
mod session;
pub mod story;
pub mod tracked;

use std::cell::RefCell;
use std::collections::BTreeSet;

use std::panic::Location as Place;

/// So many threads can an execution have.
pub const MAX_THREADS: usize = crate::MAX_THREADS;

pub use crate::threads::Counts;
pub(crate) use crate::trace::words;
pub use crate::trace::words::Language;
pub use counterexample::Counterexample;
pub use kind::Kind;
pub use position::{Position, Script};
pub use report::{FreeChoice, Report, Verdict};
pub use story::Story;
pub use tracked::Tracked;

use crate::engine::{self, Limits};
use crate::heap::EngineSide;
use crate::search::replay;

/// A search, before it begins.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) budget: u8,
    pub(crate) executions: u64,
    pub(crate) limits: Limits,
    pub(crate) free_choice: bool,
    pub(crate) replay: Option<String>,
    pub(crate) sources: Vec<(String, String)>,
}

impl Default for Model {
    fn default() -> Self {
        Model {
            budget: 3,
            executions: 1_000_000,
            limits: Limits {
                steps: 100_000,
                idle_turns: 20_000,
                reduce: true,
                tracing: false,
                block_cost: 1,
                after_points: false,
            },
            free_choice: true,
            replay: None,
            sources: Vec::new(),
        }
    }
}

impl Model {
    /// A search to budget 3.
    pub fn new() -> Self {
        Self::default()
    }

    /// Up to so many deviations in one execution: preemptions, old values read, wake-ups for no
    /// reason, other choices than round robin, timers that go off early, deaths.
    pub fn budget(mut self, budget: u8) -> Self {
        self.budget = budget;
        self
    }

    /// At most so many executions, a million if nothing is said; then the search is *cut*. A limit never is a time: the result
    /// would depend on the machine.
    pub fn executions(mut self, executions: u64) -> Self {
        self.executions = executions;
        self
    }

    /// At most so many operations in one execution; an execution that has more does not end.
    pub fn steps(mut self, steps: u32) -> Self {
        self.limits.steps = steps;
        self
    }

    /// Whether there is a last phase, with a budget of 2, in which it is free to choose who runs on
    /// when a thread blocks; for programs of at most three threads.
    pub fn free_choice(mut self, free_choice: bool) -> Self {
        self.free_choice = free_choice;
        self
    }

    /// Whether an execution is abandoned in a state that another one was in. The verdict is the same
    /// without; it takes longer.
    pub fn reduction(mut self, reduction: bool) -> Self {
        self.limits.reduce = reduction;
        self
    }

    /// The text of a source file, as `file!` names it or as the end of that path: a counterexample takes
    /// the names of variables from there. Files that are not given are looked for below the current
    /// folder.
    pub fn source(mut self, file: &str, text: &str) -> Self {
        self.sources.push((file.to_owned(), text.to_owned()));
        self
    }

    /// Not a search, but the one execution that [`Counterexample::replay`] names.
    pub fn replay(mut self, replay: &str) -> Self {
        self.replay = Some(replay.to_owned());
        self
    }

    /// Executes the program in every way that the budget allows, and says what was found.
    ///
    /// The program makes all that it works on: what it shares with an earlier execution makes it
    /// different each time. All its threads must come to an end.
    pub fn check(self, program: impl Fn() + 'static) -> Report {
        session::check(&self, &program)
    }

    /// Carries out one execution by a script, up to the next choice: what happened, where everybody
    /// stands, and what can be chosen.
    ///
    /// # Errors
    ///
    /// If the script does not fit the program, or the program cannot be judged; the text says why.
    pub fn position(
        self,
        script: &Script,
        program: impl Fn() + 'static,
    ) -> Result<Position, String> {
        session::position(&self, script, &program)
    }

    /// All values that the program can return.
    ///
    /// # Panics
    ///
    /// If an execution fails, or the search is cut.
    #[track_caller]
    pub fn outcomes<T: Ord + Clone + 'static>(
        mut self,
        program: impl Fn() -> T + 'static,
    ) -> BTreeSet<T> {
        let found = std::rc::Rc::new(RefCell::new(BTreeSet::new()));
        let kept = std::rc::Rc::clone(&found);
        // What the first executions could find, the last ones find too.
        self.limits.tracing = false;
        let report = session::check(&self, &move || {
            let value = program();
            let _side = EngineSide::enter();
            let mut kept = kept.borrow_mut();
            if !kept.contains(&value) {
                kept.insert(value.clone());
            }
            // Its memory is the model's.
            forget(value);
        });
        assert!(report.passed(), "{report}");
        found.take()
    }
}

#[expect(
    clippy::mem_forget,
    reason = "the model's memory is rewound, not freed"
)]
fn forget<T>(value: T) {
    std::mem::forget(value);
}

/// All values that the program can return, to budget 3.
///
/// # Panics
///
/// If an execution fails, or the search is cut.
#[track_caller]
pub fn outcomes<T: Ord + Clone + 'static>(program: impl Fn() -> T + 'static) -> BTreeSet<T> {
    Model::new().outcomes(program)
}

/// What the calling thread has done so far in this execution.
///
/// # Panics
///
/// Outside of a check.
pub fn counts() -> Counts {
    let _side = EngineSide::enter();
    engine::with(|engine| engine.me().counts)
}

/// A place where another thread may go first, such as the inside of a critical section.
#[track_caller]
pub fn step() {
    let _side = EngineSide::enter();
    engine::point(Place::caller());
}

/// The calling thread is a process that may die from here on, at any operation, with all that it
/// holds and without a destructor; or it may not.
///
/// # Panics
///
/// Outside of a check.
pub fn may_die() {
    let _side = EngineSide::enter();
    engine::with(|engine| engine.me().mortal = true);
}

/// Whether a text is one that [`Model::replay`] understands.
pub fn is_replay(text: &str) -> bool {
    replay::parse(text).is_some()
}

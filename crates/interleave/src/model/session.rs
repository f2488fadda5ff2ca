//! One check at a time: the model's memory is at fixed addresses, and there is one of it.
//!
//! A check has a thread of the operating system to itself, so that what panics of abandoned
//! executions leave behind in the standard library ends with it.
#![expect(
    unsafe_code,
    reason = "the program is executed by another thread, one after the other"
)]

use std::panic;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use super::{FreeChoice, Model, Position, Report, Script, Verdict};
use crate::heap;
use crate::search;
use crate::threads::Counts;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
static MAPPED: OnceLock<Result<(), String>> = OnceLock::new();

/// Something that is used by one thread while another one waits for it.
struct Lent<T>(T);

// SAFETY: `alone` blocks until the thread that it is lent to has ended, so it is never used by two.
unsafe impl<T> Send for Lent<T> {}

impl<T> Lent<T> {
    fn get(self) -> T {
        self.0
    }
}

/// Searches, in a thread of its own.
pub(super) fn check(model: &Model, program: &(dyn Fn() + 'static)) -> Report {
    let report = alone(&|| search::search(model, program));
    report.unwrap_or_else(|why| nothing(&why))
}

/// Carries one execution out, in a thread of its own.
pub(super) fn position(
    model: &Model,
    script: &Script,
    program: &(dyn Fn() + 'static),
) -> Result<Position, String> {
    alone(&|| search::position::position(model, program, script)).flatten()
}

/// Does something with the model's memory, in a thread of its own; or says why that cannot be.
fn alone<R: Send>(work: &dyn Fn() -> R) -> Result<R, String> {
    if crate::engine::is_checking() {
        return Err("a check was started inside of a program that is being checked".to_owned());
    }
    let _mine = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mapped = MAPPED.get_or_init(|| {
        heap::map().map_err(|error| format!("the model's memory cannot be mapped: {error}"))
    });
    mapped.clone()?;
    crate::engine::install_hook();
    let lent = Lent(work);
    let working = move || lent.get()();
    thread::scope(|scope| {
        let builder = thread::Builder::new().name("interleave".to_owned());
        match builder.spawn_scoped(scope, working) {
            Ok(handle) => match handle.join() {
                Ok(result) => Ok(result),
                Err(payload) => panic::resume_unwind(payload),
            },
            Err(error) => Err(format!("no thread to search in: {error}")),
        }
    })
}

/// A report that nothing could be said.
fn nothing(why: &str) -> Report {
    Report {
        verdict: Verdict::NotJudged(why.to_owned()),
        executions: 0,
        pruned: 0,
        steps: 0,
        states: 0,
        completed: None,
        exhaustive: false,
        free_choice: FreeChoice::NotTried,
        threads: 0,
        most: Counts::default(),
        waiting: None,
    }
}

//! What a try has come to, in one word: `done`, or the name of the error.

use std::{io, time::Duration};

use nix::{errno::Errno, poll::PollTimeout};

/// It was done.
pub(crate) const DONE: &str = "done";
/// There was nothing to try it on.
pub(crate) const NONE: &str = "none";

/// One word for a result.
pub(crate) fn told<T>(result: Result<T, Errno>) -> String {
    match result {
        Ok(_) => DONE.to_owned(),
        Err(error) => name(error),
    }
}

/// One word for a result of std's.
pub(crate) fn told_io<T>(result: io::Result<T>) -> String {
    match result {
        Ok(_) => DONE.to_owned(),
        Err(error) => io_name(&error),
    }
}

/// `EPERM`.
pub(crate) fn name(error: Errno) -> String {
    format!("{error:?}")
}

/// `EPERM`; `ETIMEDOUT` and the like for what std says itself.
pub(crate) fn io_name(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => name(Errno::from_raw(number)),
        None => format!("E{:?}", error.kind()).to_uppercase(),
    }
}

/// The last try of many, or that none failed.
pub(crate) fn list(words: &[String]) -> String {
    if words.is_empty() {
        NONE.to_owned()
    } else {
        words.join(",")
    }
}

/// Lets time pass. An attack has nothing to wait for, and nobody judges by how long it took.
pub(crate) fn pass(time: Duration) {
    let time = PollTimeout::try_from(time).unwrap_or(PollTimeout::MAX);
    nix::poll::poll(&mut [], time).ok();
}

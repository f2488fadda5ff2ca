//! One line for a panic of the student's code, in place of the usual dump: the check reads it from
//! the standard error of a driver that has ended. It tells where and why, and no more.

use std::{io::Write, panic};

/// From now on a panic is told as `interlock: panic at FILE:LINE: MESSAGE`, newlines escaped.
pub(crate) fn tell_in_one_line() {
    panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        let message = info
            .payload_as_str()
            .unwrap_or("(a payload that is not a string)");
        // Nothing can be done about a standard error that is closed.
        writeln!(
            std::io::stderr(),
            "interlock: panic at {place}: {}",
            message.replace('\\', r"\\").replace('\n', r"\n")
        )
        .ok();
    }));
}

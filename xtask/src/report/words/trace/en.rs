//! English.

use super::{super::en::count, Trace};

/// The English table.
pub(crate) const EN: Trace = Trace {
    code: "en",
    title: |lab| format!("{lab}: what the processes did"),
    demo: "The demo",
    about_demo: "The system calls of the demo on your code, as the kernel saw them. Time goes down; every process has a lane.",
    no_calls: "No system call was noted.",
    nothing: "Nothing was traced, and no check has a timeline or an interleaving to show.",
    filter: "Filter",
    filter_by: "mmap, counter, process 2",
    only_yours: "only calls of your code",
    arrows: "arrows",
    counted: "{shown} of {all} rows",
    keys: "Keys: up and down move, Home and End jump, / filters, n goes to the next call that failed, Escape clears the filter.",
    number: "no.",
    process: |number| format!("process {number}"),
    thread: |number| format!("thread {number}"),
    your_line: "your line",
    started_process: |number| format!("starts process {number}"),
    started_thread: |number| format!("starts thread {number}"),
    executed: |path| format!("executes {path}"),
    signalled: |name| format!("is reached by {name}"),
    ended: |how| format!("ends: {how}"),
    made_to_fail: "the check made this call fail",
    made_short: |bytes| format!("the check let it move at most {bytes} bytes"),
    delayed: |ms| format!("the check held it back for {ms} ms"),
    offending: "the call to look at",
    manual: "manual page",
    start: "starts",
    execute: "executes",
    wait: "is waited for",
    signal: "signals",
    data: "bytes through a pipe",
    bytes: "{bytes} bytes through a pipe",
    leads_to: "leads to",
    comes_from: "comes from",
    look_here: "look here",
    label: "Calls",
    left_out: |calls| {
        let calls = count(calls, "call", "calls");
        format!("{calls} of the runtime left out; --trace=FILE.html shows all")
    },
};

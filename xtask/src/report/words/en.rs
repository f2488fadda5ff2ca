//! English.

use arena::Level;
use checks::Verdict;

use super::{Words, board, commands, doctor, hostile, papers, trace};
use crate::grader::events::{Grade, Origin};

/// The English table.
pub(crate) const EN: Words = Words {
    lab: |number| format!("Lab {number:02}"),
    verdict: |verdict| match verdict {
        Verdict::Passed => "PASS",
        Verdict::Failed => "FAIL",
        Verdict::TimedOut => "TIMEOUT",
        Verdict::Deadlocked => "DEADLOCK",
        Verdict::Crashed => "CRASH",
        Verdict::ExitedEarly => "EXITED",
        Verdict::Leaked => "LEAK",
        Verdict::NotGraded => "UNGRADED",
        Verdict::GraderError => "GRADER",
    },
    withheld: "WITHHELD",
    from: "from",
    build: "build",
    demo: "demo",
    todo: "TODO",
    score: "Score",
    worked: "Checked",
    start: "Start",
    next: "Next",
    refused: "REFUSED",
    grader: "GRADER",
    stopped: "STOPPED",

    origin: |origin| match origin {
        Origin::WorkingCopy { folder } => folder.clone(),
        Origin::Reference { folder } => format!("{folder} (the reference)"),
        Origin::Folder { path } => path.clone(),
        Origin::Patch { path } => format!("{path} (applied to the reference)"),
        Origin::SingleFile { path, others } => format!("{path} (the other files: {others})"),
    },
    outline: |points, hours, handout| {
        format!(
            "{}, about {hours} h, read {handout}",
            count(points, "point", "points")
        )
    },
    handout: str::to_owned,
    build_time: |seconds| format!("build {seconds:.1} s"),
    build_line: |seconds, checks_built| {
        let checks = if checks_built {
            ", and the checks"
        } else {
            "; the checks were built already"
        };
        format!("your code {seconds:.1} s{checks}")
    },
    checks_time: |checks, seconds| format!("{} {seconds:.1} s", count(checks, "check", "checks")),
    seed: |seed| format!("seed {seed}"),
    isolation: |isolation| {
        let level = isolation.level.name();
        match isolation.level {
            Level::Landlock => format!("isolation: {level}, one check at a time"),
            Level::Namespaces | Level::None => format!("isolation: {level}"),
        }
    },
    comma: ", ",
    semicolon: "; ",
    list_comma: ", ",

    demo_unwritten: |function, place| match function {
        Some(function) => format!("stopped: {function} is not written yet ({place})"),
        None => format!("stopped: {place} is not written yet"),
    },
    demo_silent: "ended well and printed nothing",
    demo_left_out: |lines| format!("... and {}", count(lines, "more line", "more lines")),

    todo_head: ["not written yet", "checks that wait for it", "points"],
    start_with: |function, checks, points| {
        let points = count(points, "point", "points");
        let wait = if checks == 1 { "waits" } else { "wait" };
        format!(
            "with {function}: {} ({points}) {wait} for it",
            count(checks, "check", "checks")
        )
    },

    reason: |verdict| match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "an answer is wrong",
        Verdict::TimedOut => "it was still running when its time was up",
        Verdict::Deadlocked => "everything sleeps, and nobody is left to wake it",
        Verdict::Crashed => "a signal ended it",
        Verdict::ExitedEarly => "it ended before it had answered",
        Verdict::Leaked => "the answers are right, but something was left behind",
        Verdict::NotGraded => "this could not be judged here",
        Verdict::GraderError => "the grader failed at this check",
    },
    colon: ": ",
    not_apart: |needs, open| {
        if open {
            format!("passed, but cannot count. It needs \"{needs}\", which was not judged here.")
        } else {
            format!("not judged apart. It needs \"{needs}\", since luck must not earn points.")
        }
    },
    repair_first: |needs| format!("It needs \"{needs}\": repair that first, this may go with it."),
    not_to_blame: "Your code is not to blame. The points of this check are not counted.",
    printed: |shown, of| match (shown, of) {
        (shown, of) if shown < of => format!("The last {shown} of the {of} lines it printed:"),
        _ => "It printed:".to_owned(),
    },
    rows_left_out: |rows| match rows {
        1 => "1 row in between is left out".to_owned(),
        _ => format!("{rows} rows in between are left out"),
    },
    more_elsewhere: |command| format!("More: {command}"),

    points: |score| {
        let gradable = count(score.gradable, "gradable point", "gradable points");
        let (earned, possible, open) = (score.earned, score.possible, score.open());
        match score.grade {
            Grade::OfGradable if open == 0 => format!("{earned} of {gradable}"),
            Grade::OfGradable => {
                format!("{earned} of {gradable}; {open} more could not be graded here")
            }
            Grade::Scaled { points } => format!(
                "{points} of {possible}, scaled: {earned} of {gradable}; {open} could not be graded"
            ),
            Grade::Provisional => {
                format!("provisional: {earned} earned, {open} withheld, of {possible}")
            }
            Grade::Refused => {
                format!("none: {open} of {possible} points could not be graded here, see above")
            }
        }
    },
    gradable_checks: |gradable, of| format!("{gradable} of {of} checks can be graded here"),
    only_some: |checks| match checks {
        1 => "only one check was run".to_owned(),
        _ => format!("only {checks} checks were run"),
    },
    provisional: "a provisional score: what could not be graded stays open",
    ask_doctor: "what this machine lacks, and the remedy",
    cause: |cause| {
        let checks = match cause.checks {
            2 => "two checks".to_owned(),
            3 => "three checks".to_owned(),
            checks => format!("{checks} checks"),
        };
        format!(
            "one cause, {checks} ({})",
            count(cause.points, "point", "points")
        )
    },
    best: |best| format!("your best so far: {best}"),

    hint: |hints| match hints {
        1 => "a hint: the idea, never the answer".to_owned(),
        _ => format!("{hints} hints, the idea first"),
    },
    replay: "exactly this run again",
    same_cases: "only this check, the same cases again",
    again: "grade again",
    again_elsewhere: "grade again, where all checks can be judged",
    all_checks: "all checks",
    other_labs: "the other labs",
    own_files: "grade your own files",
    explain: "what the first error means",

    compiler_stopped: |reason| format!("the compiler was stopped: {reason}"),
    compiler_limits: "A solution of this lab compiles in seconds. Look for constants, types or macros \
                      that grow without end.",
    does_not_compile: |errors| format!("does not compile: {}", count(errors, "error", "errors")),
    lines_left_out: |lines| {
        let are = if lines == 1 { "is" } else { "are" };
        format!(
            "{} of the compiler {are} left out",
            count(lines, "more line", "more lines")
        )
    },
    refusal: |findings| {
        let what = match findings {
            1 => "one construct that this lab does not allow".to_owned(),
            _ => format!("{findings} constructs that this lab does not allow"),
        };
        format!("{what}; nothing was built")
    },
    findings_left_out: |findings| format!("... and {findings} more"),
    after_refusal: "grade again, once that is gone",
    grader_failed: "the grader itself failed. Your code is not to blame, and there is no score.",
    log: |path| format!("The log: {path}"),
    once_more: "try once more; if it fails again, report it with the log",
    interrupted: "before the end: there is no score",

    building: "building",
    demoing: "running the demo",
    checking: |done, of, names| match names {
        "" => format!("{done} of {of} checks done"),
        _ => format!("{done} of {of} checks done; running: {names}"),
    },

    commands: commands::EN,
    hostile: hostile::EN,
    diagnosis: doctor::EN,
    trace: trace::EN,
    board: board::EN,
    papers: papers::EN,
    error: "error: ",
    mistake: |error| error.to_string(),
    interrupted_command: "interrupted: nothing was lost, and nothing runs any more",
};

/// `1 point`, `2 points`.
pub(super) fn count<N: Copy + TryInto<u64> + std::fmt::Display>(
    number: N,
    one: &str,
    many: &str,
) -> String {
    format!(
        "{number} {}",
        if number.try_into().is_ok_and(|n| n == 1) {
            one
        } else {
            many
        }
    )
}

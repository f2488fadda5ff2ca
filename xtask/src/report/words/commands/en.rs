//! English.

use super::{super::en::count, Commands};
use crate::grader::verify::{Rebased, Round, word};

/// The English table.
pub(crate) const EN: Commands = Commands {
    course_label: "Interlock",
    standing: |done, labs, points| {
        format!(
            "{done} of {} done, {points} of {} points",
            count(labs, "lab", "labs"),
            labs * 100
        )
    },
    of_hundred: |points| format!("{points} of 100"),
    next_lab: |title, hours, handout| format!("{title}, about {hours} h: read {handout}, then"),
    all_done: "every lab is done",
    grade: "build, run and grade your files",
    stuck: "stuck? the next hint",
    all_labs: "all labs",
    all_commands: "all commands",

    list_head: ["lab", "name", "hours", "checks", "best", "about"],
    read_and_grade: "build, run and grade a lab",

    hint_label: |number| format!("Hint {number}"),
    hints_shown: |shown, of| format!("Hint {shown} of {of}"),
    no_hints: "There are no hints for this check: its title in the handout says all.",
    next_hint: "the next hint",
    only_this_check: "only this check",

    reset_label: "Reset",
    starter_again: |path| format!("{path} is the starter's again"),
    starter_already: |folder| format!("{folder} holds the starter already; nothing was changed"),
    kept_label: "Kept",
    kept: |path| format!("what was there before is in {path}"),

    verdict: word,
    unexpected: ToString::to_string,
    durations: |median, slowest| format!("median {median} ms, slowest {slowest} ms"),
    explored_label: "Stepped",
    explored_head: ["steps", "milliseconds"],
    spread_head: ["min", "median", "max"],
    summary: |summary| {
        let mut first = Vec::new();
        first.extend(summary.starter.map(|points| format!("starter {points}")));
        first.extend(
            summary
                .reference
                .map(|points| format!("reference {points}")),
        );
        let mut second = Vec::new();
        let (wrong, right) = (summary.wrong, summary.right);
        if wrong.of > 0 {
            second.push(format!(
                "wrong answers caught {} of {}",
                wrong.good, wrong.of
            ));
        }
        if right.of > 0 {
            second.push(format!("right answers {} of {}", right.good, right.of));
        }
        let runs = count(summary.runs, "run", "runs");
        let third = vec![format!("{runs}, {} unexpected", summary.unexpected)];
        let lines = [first, second, third].into_iter();
        let told = lines.filter(|line| !line.is_empty());
        told.map(|line| line.join(", ")).collect()
    },
    verified_label: "Verified",
    verified: |labs, seconds, good| {
        let found = if good {
            "every answer got what it should"
        } else {
            "not everything is as it should be, see FAIL above"
        };
        let labs = count(labs, "lab", "labs");
        format!("{labs} in {seconds:.0} s: {found}")
    },
    building_checks: |folder| format!("the checks of {folder}"),
    running: "running",
    round_done: |round| {
        let Round {
            number,
            of,
            runs,
            unexpected,
        } = round;
        format!("round {number} of {of}: {runs} runs, {unexpected} unexpected")
    },
    rebased: |rebased| match rebased {
        Rebased::AsItWas => "as it was",
        Rebased::Rewritten => "rewritten",
        Rebased::DoesNotFit(_) => "FAIL",
    },
    patches_stay: |folder| format!("the patches of {folder} cannot be carried over"),
};

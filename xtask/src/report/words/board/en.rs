//! English.

use super::{super::en::count, Board};

/// The English table.
pub(crate) const EN: Board = Board {
    in_process: "model: in-process",
    step_through: "step through this run, forwards and back",
    as_page: "the same as a picture",
    play_it: "you are the scheduler",

    threads: "Threads",
    memory: "Memory",
    memory_about: "oldest value first; beside it: who knows of no newer one",
    happened: "What happened",
    so_far: |moments| count(moments, "step", "steps"),
    earlier: |moments| count(moments, "earlier step", "earlier steps"),

    acts_next: "acts next",
    goes_on: "acts later",
    not_begun: "has done nothing yet",
    finished: "has finished",
    no_history: "plain data, one value",

    replay_title: |lab, program| format!("{lab}: the run {program}"),
    moment: |at, of| format!("after step {at} of {of}"),
    walk_keys: "right, left: one step   Home, End: first, last   s: memory   q: quit",
    nothing_wrong: "Nothing went wrong in this run.",

    play_title: |lab, program| format!("{lab}: you schedule {program}"),
    which_program: "Which program do you want to break?",
    programs_keys: "up, down, Enter or a number: choose   q: quit",
    play_keys: "number: choose  u: undo  r: restart  e: ask more  s: memory  p: list  q: quit",
    line_keys: "a number; u undo, r restart, e ask more or less, s memory, p programs, q quit",
    line_programs: "a number or a name; q quit",
    prompt: "> ",
    not_understood: "That is neither one of the numbers nor one of the letters.",
    nothing_to_undo: "There is nothing to undo.",
    asks_everything: "You are asked everything: threads, old values, wake-ups for no reason, timers.",
    asks_threads: "You are asked only who goes on.",
    broken: "You broke it.",
    unwritten: "A function is not written yet, so there is nothing to break.",
    replay_it: "the report on exactly this run",
    over: "This run is over, and nothing went wrong. Undo, and try another way.",
    over_keys: "u: undo   r: restart   s: memory   p: programs   q: quit",
    trouble: |why| format!("It cannot be carried on: {why}"),
    refused: "the code holds constructs that this lab does not allow, so it is not built",
    does_not_compile: "the code does not compile",
    see_report: "shows where",

    page_title: |lab| format!("{lab}: what the threads did"),
    page_about: "Time goes down; every thread has a lane. Choose a step to see memory after it.",
    reads_from: "a value from where it was written to where it is read",
    wakes: "wakes",
    old_read: "an old value is read",
    departs: "not what a quiet machine would do",
    guilty: "look here",
    page_keys: "Keys: up and down move, Home and End jump, n goes to the next step in question.",
    memory_after: ["Memory after step ", ""],
    replay: "This run again",
    at_the_end: "At the end",
};

//! The reports of made-up gradings, whole. What they should look like lies in `snapshots/`; after a
//! change that is meant, `INTERLOCK_BLESS=1 cargo test -p xtask` writes the files anew, and the
//! difference wants reading.

use std::{collections::BTreeSet, fs, path::PathBuf, time::Duration};

use checks::{Record, Row, Verdict};
use serde_json::Value;

use super::{Lang, fixtures, stories, terminal::Style, width::cells};
use crate::grader::events::{Built, Event, Grade, Score, Ungraded};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn bless() -> bool {
    std::env::var_os("INTERLOCK_BLESS").is_some()
}

#[track_caller]
fn compare(file: &str, shown: &str) {
    let path = root().join("src/report/snapshots").join(file);
    if bless() {
        fs::write(&path, shown).expect("a snapshot can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == shown,
        "{}:\n{}",
        path.display(),
        diffy::create_patch(&expected, shown)
    );
}

#[track_caller]
fn snapshot(name: &str, events: &[Event]) {
    for (lang, suffix) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let shown = fixtures::terminal(events, lang);
        for line in shown.lines() {
            assert!(cells(line) <= 100, "{} columns: {line}", cells(line));
        }
        compare(&format!("{name}.{suffix}.txt"), &shown);
    }
}

#[test]
fn an_untouched_starter() {
    let events = fixtures::untouched();
    assert!(fixtures::terminal(&events, Lang::En).lines().count() <= 60);
    snapshot("untouched", &events);
}

#[test]
fn half_right() {
    snapshot("half_right", &fixtures::half_right());
}

#[test]
fn full_marks() {
    snapshot("full_marks", &fixtures::full_marks());
}

#[test]
fn a_compile_error() {
    snapshot("compile_error", &fixtures::compile_error());
}

#[test]
fn a_refused_submission() {
    snapshot("refused", &fixtures::refused());
}

#[test]
fn a_failure_of_the_grader() {
    snapshot("grader_failed", &fixtures::grader_failed());
}

#[test]
fn every_other_verdict() {
    snapshot("every_other_verdict", &fixtures::every_other_verdict());
}

#[test]
fn checks_that_were_not_judged() {
    snapshot("not_judged", &fixtures::not_judged());
}

#[test]
fn a_score_that_is_refused() {
    let events = fixtures::settled(Ungraded::Refuse, Grade::Refused);
    snapshot("score_refused", &events);
    let document: Value = serde_json::from_str(&fixtures::json(&events)).expect("it is JSON");
    assert!(
        document["score"].is_null(),
        "figures would be read as a score"
    );
    assert_eq!(document["ungraded"]["policy"], "refuse");
    assert_eq!(document["ungraded"]["points"], 45);
}

#[test]
fn a_score_that_is_scaled() {
    let grade = Grade::Scaled { points: 72 };
    let events = fixtures::settled(Ungraded::Scale, grade);
    snapshot("score_scaled", &events);
    let document: Value = serde_json::from_str(&fixtures::json(&events)).expect("it is JSON");
    assert_eq!(document["score"]["scaled"], 72);
    assert_eq!(document["score"]["earned"], 40);
}

#[test]
fn a_score_with_points_withheld() {
    let events = fixtures::settled(Ungraded::Withhold, Grade::Provisional);
    snapshot("score_withheld", &events);
    let document: Value = serde_json::from_str(&fixtures::json(&events)).expect("it is JSON");
    assert_eq!(document["score"]["provisional"], true);
    assert_eq!(document["ungraded"]["checks"][1], "every_interleaving");
}

#[test]
fn an_interrupted_grading() {
    snapshot("interrupted", &fixtures::half_right()[..7]);
}

#[test]
fn a_run_made_again_that_goes_well() {
    snapshot("replayed", &fixtures::replayed());
}

fn failed_under_the_model() -> [(&'static str, Vec<Event>); 3] {
    let record = |verdict, headline, story| stories::record(verdict, headline, story);
    let race = || fixtures::text("a data race on counter", "counter 上有数据竞争");
    let asleep = fixtures::text(
        "a thread sleeps and nobody wakes it",
        "有线程在睡眠，却没有谁唤醒它",
    );
    [
        (
            "story_lost_update",
            record(Verdict::Failed, race(), stories::lost_ticket()),
        ),
        (
            "story_relaxed_unlock",
            record(Verdict::Failed, race(), stories::relaxed_unlock()),
        ),
        (
            "story_lost_wake_up",
            record(Verdict::Deadlocked, asleep, stories::lost_wake_up()),
        ),
    ]
    .map(|(name, record)| (name, fixtures::modelled(record)))
}

#[test]
fn executions_under_the_model_that_fail() {
    for (name, events) in failed_under_the_model() {
        snapshot(name, &events);
    }
}

#[test]
fn an_execution_under_the_model_takes_at_most_25_lines() {
    for (name, events) in failed_under_the_model() {
        for (lang, label) in [
            (Lang::En, ["FAIL", "DEADLOCK"]),
            (Lang::Zh, ["未通过", "死锁"]),
        ] {
            let shown = fixtures::terminal(&events, lang);
            let block = label.map(|label| block(&shown, label)).concat();
            assert!((5..=25).contains(&block.len()), "{name}: {block:#?}");
            assert_eq!(shown.matches("in-process").count(), 1, "{shown}");
        }
    }
}

#[test]
fn on_a_narrow_screen_a_step_loses_its_file_before_its_value() {
    let style = Style {
        colour: false,
        width: 70,
        progress: false,
    };
    let shown = fixtures::styled(&fixtures::half_right(), Lang::En, style);
    assert!(shown.contains(":32  writes 1"), "{shown}");
    let steps = fixtures::wide_record();
    let shown = fixtures::styled(&fixtures::half_right_with(steps), Lang::En, style);
    assert!(shown.contains("\n          :32  writes 1234567"), "{shown}");
}

#[test]
fn a_long_interleaving() {
    snapshot(
        "long_interleaving",
        &fixtures::half_right_with(fixtures::long_record(60)),
    );
}

/// The lines of the first check that failed.
fn block(shown: &str, label: &str) -> Vec<String> {
    let lines = shown.lines().skip_while(|line| !line.starts_with(label));
    let mut block: Vec<String> = Vec::new();
    for line in lines {
        if !block.is_empty() && !line.is_empty() && !line.starts_with(' ') {
            break;
        }
        block.push(line.to_owned());
    }
    while block.last().is_some_and(String::is_empty) {
        block.pop();
    }
    block
}

#[test]
fn a_failure_takes_at_most_25_lines_and_shows_the_marked_row() {
    for rows in [0, 3, 10, 17, 60, 1000] {
        for (lang, label) in [(Lang::En, "FAIL"), (Lang::Zh, "未通过")] {
            let events = fixtures::half_right_with(fixtures::long_record(rows));
            let block = block(&fixtures::terminal(&events, lang), label);
            assert!(block.len() <= 25, "{rows} rows: {} lines", block.len());
            assert!(
                block.iter().any(|line| line.ends_with("<--")),
                "{rows} rows"
            );
        }
    }
}

#[test]
fn the_rows_that_are_left_out_are_counted() {
    let record = fixtures::long_record(60);
    let rows = record
        .interleaving
        .as_ref()
        .map_or(0, |steps| steps.rows.len());
    let events = fixtures::half_right_with(record);
    let block = block(&fixtures::terminal(&events, Lang::En), "FAIL");
    let counted: usize = block
        .iter()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("... ")?
                .split(' ')
                .next()?
                .parse::<usize>()
                .ok()
        })
        .sum();
    let is_row = |line: &&String| {
        let step = line.contains("reads") || line.contains("writes");
        line.contains("-- A") || (line.contains("counter.rs:") && step)
    };
    let shown = block.iter().filter(is_row);
    assert_eq!(counted + shown.count(), rows);
}

#[test]
fn the_columns_of_an_interleaving_line_up_in_every_language() {
    for (lang, label, watched) in [
        (Lang::En, "FAIL", "in the file"),
        (Lang::Zh, "未通过", "文件中的值"),
    ] {
        let block = block(&fixtures::terminal(&fixtures::half_right(), lang), label);
        let head = block
            .iter()
            .find(|line| line.contains(watched))
            .expect("the picture has a head");
        let values = block.iter().filter(|line| {
            let line = line.trim_end_matches("<--").trim_end();
            line.contains("  ") && line.ends_with([' ', '0', '1']) && line.contains("   ")
        });
        let mut seen = 0;
        for line in values {
            seen += 1;
            assert_eq!(
                cells(line.trim_end_matches("<--").trim_end()),
                cells(head),
                "{line}"
            );
        }
        assert_eq!(seen, 4, "{block:#?}");
    }
}

#[test]
fn no_width_is_exceeded() {
    for width in [70, 80, 99] {
        for events in [
            fixtures::untouched(),
            fixtures::half_right(),
            fixtures::full_marks(),
            fixtures::every_other_verdict(),
        ] {
            for lang in [Lang::En, Lang::Zh] {
                let style = Style {
                    colour: false,
                    width,
                    progress: false,
                };
                for line in fixtures::styled(&events, lang, style).lines() {
                    assert!(cells(line) <= width, "{width}: {line}");
                }
            }
        }
    }
}

#[test]
fn colours_change_no_word() {
    let style = Style {
        colour: true,
        width: 100,
        progress: false,
    };
    for events in [fixtures::half_right(), fixtures::every_other_verdict()] {
        let coloured = fixtures::styled(&events, Lang::En, style);
        let mut plain = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = after.split_once('m').map_or("", |(_, after)| after);
        }
        plain.push_str(rest);
        assert!(coloured.len() > plain.len());
        assert_eq!(plain, fixtures::terminal(&events, Lang::En));
    }
}

#[test]
fn what_a_program_prints_stays_behind_a_bar() {
    let shown = fixtures::terminal(&fixtures::every_other_verdict(), Lang::En);
    assert!(!shown.contains('\u{1b}'));
    let forged = shown
        .lines()
        .find(|line| line.contains("all fine"))
        .expect("it is shown");
    assert!(
        forged.trim_start().starts_with("| \\u{1b}[32mPASS"),
        "{forged}"
    );
}

#[test]
fn a_second_interleaving_is_not_drawn() {
    let mut events = fixtures::half_right();
    events.insert(
        5,
        fixtures::finished("any_offset", fixtures::lost_update_record()),
    );
    let shown = fixtures::terminal(&events, Lang::En);
    assert_eq!(shown.matches("in the file").count(), 1);
    assert!(
        shown.contains("More: cargo xtask lab 12 --check any_offset"),
        "{shown}"
    );
}

#[test]
fn beyond_a_screen_or_two_only_reasons_are_given() {
    let crash = Record {
        detail: vec![fixtures::text("A reason.", "原因。"); 9],
        printed: Some("line\n".repeat(40)),
        ..Record::new(Verdict::Crashed)
    };
    let mut events = vec![fixtures::started(), fixtures::built()];
    let lab = fixtures::lab();
    let checks = lab.checks.iter().filter(|check| check.requires.is_empty());
    events.extend(checks.map(|check| fixtures::finished(&check.name, crash.clone())));
    events.push(fixtures::scored(0, 85, &[]));
    let shown = fixtures::terminal(&events, Lang::En);
    assert!(shown.lines().count() <= 75, "{shown}");
    assert!(
        shown.contains("More: cargo xtask lab 12 --check clean"),
        "{shown}"
    );
}

#[test]
fn many_refused_constructs_are_counted() {
    let finding = crate::grader::events::Finding {
        place: fixtures::place("src/map.rs", 1),
        what: "`asm!`".to_owned(),
        reason: fixtures::text("Not here.", "不允许。"),
    };
    let refused = Event::Refused {
        findings: vec![finding; 30],
    };
    let shown = fixtures::terminal(&[fixtures::started(), refused], Lang::En);
    assert!(shown.contains("30 constructs"), "{shown}");
    assert!(shown.contains("... and 22 more"), "{shown}");
    assert!(shown.lines().count() <= 60, "{shown}");
}

#[test]
fn the_compiler_is_cut_after_forty_lines_and_errors_come_first() {
    let mut messages = vec!["warning: unused\n --> src/map.rs:1:1\n".to_owned(); 20];
    messages.push("error: expected `;`\n --> src/map.rs:9:9\n".to_owned());
    let built = Event::Built(Built::DoesNotCompile {
        messages,
        errors: 1,
        note: None,
    });
    let shown = fixtures::terminal(&[fixtures::started(), built], Lang::En);
    let at = |what: &str| shown.find(what).expect("it is shown");
    assert!(at("error: expected") < at("warning: unused"));
    assert!(
        shown.contains("22 more lines of the compiler are left out"),
        "{shown}"
    );
}

#[test]
fn part_of_the_checks_is_called_a_part() {
    let mut started = fixtures::started();
    if let Event::Started { lab, .. } = &mut started {
        lab.checks.retain(|check| check.name == "clean");
    }
    let score = Score {
        earned: 10,
        gradable: 10,
        possible: 10,
        withheld: Vec::new(),
        open: Vec::new(),
        ungraded: Ungraded::Tell,
        grade: Grade::OfGradable,
        todos: Vec::new(),
        wall: Duration::from_millis(4870),
        best: None,
    };
    let events = [
        started,
        fixtures::built(),
        fixtures::passed("clean"),
        Event::Scored(score),
    ];
    let shown = fixtures::terminal(&events, Lang::En);
    assert!(shown.contains("10 of 10 gradable points"), "{shown}");
    assert!(shown.contains("only one check was run"), "{shown}");
    assert!(
        shown.contains("cargo xtask lab 12    all checks"),
        "{shown}"
    );
}

#[test]
fn a_failure_before_the_lab_is_known_is_still_shown() {
    let failed = Event::GraderFailed {
        what: "no cargo here".to_owned(),
        log: None,
    };
    let shown = fixtures::terminal(&[failed], Lang::En);
    assert!(shown.contains("no cargo here"), "{shown}");
    assert!(shown.contains("Your code is not to blame"), "{shown}");
}

/// A grading in which every key of the JSON has something to say.
fn telling() -> Vec<Event> {
    let mut record = fixtures::lost_update_record();
    record.not_written = Some(fixtures::place("src/counter.rs", 40));
    record.printed = Some("adding 1\n".to_owned());
    record.work = vec![fixtures::text("stopped A at 166 places", "在 166 处停下 A")];
    if let Some(steps) = &mut record.interleaving {
        let keep =
            |row: &Row| matches!(row, Row::Note(_)) || matches!(row, Row::Step(it) if it.marked);
        steps.rows.retain(keep);
    }
    let Some(Event::Scored(todos)) = fixtures::untouched().pop() else {
        unreachable!()
    };
    let mut events = vec![fixtures::started(), fixtures::built()];
    events.push(Event::Demo(crate::grader::events::Demo {
        printed: "kind    reaches the file\n".to_owned(),
        verdict: Verdict::Failed,
        headline: Some(fixtures::text("not written yet", "尚未实现")),
        not_written: Some(fixtures::place("src/map.rs", 57)),
    }));
    events.push(fixtures::finished("every_interleaving", record));
    events.push(fixtures::finished(
        "exact_count",
        Record::new(Verdict::Passed),
    ));
    events.push(Event::Scored(Score {
        earned: 0,
        gradable: 45,
        possible: 45,
        withheld: vec!["exact_count".to_owned()],
        open: Vec::new(),
        ungraded: Ungraded::Tell,
        grade: Grade::OfGradable,
        todos: todos.todos.into_iter().take(1).collect(),
        wall: Duration::from_millis(4870),
        best: None,
    }));
    events.push(Event::GraderFailed {
        what: "target/interlock/progress: No space left on device".to_owned(),
        log: Some("target/interlock/grader.log".into()),
    });
    events
}

const OPEN: &str = "<!-- example, written by the tests -->\n```json\n";

#[test]
fn the_example_in_the_book_is_what_the_code_writes() {
    let path = root().join("../docs/result-format.md");
    let page = fs::read_to_string(&path).expect("the book has a page on the format");
    let (before, rest) = page.split_once(OPEN).expect("the page has an example");
    let (example, after) = rest.split_once("```").expect("the example has an end");
    let fresh = fixtures::json(&telling());
    if bless() {
        fs::write(&path, format!("{before}{OPEN}{fresh}```{after}")).expect("it can be written");
    } else {
        assert!(example == fresh, "{}", diffy::create_patch(example, &fresh));
    }
}

/// All keys of a document, but those that are names of their own (figures of a check).
fn keys(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                into.insert(key.clone());
                if key != "measured" {
                    keys(value, into);
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| keys(value, into)),
        _ => {}
    }
}

#[test]
fn the_book_explains_every_key_of_the_json() {
    let mut found = BTreeSet::new();
    for events in [telling(), fixtures::refused(), fixtures::compile_error()] {
        let document: Value = serde_json::from_str(&fixtures::json(&events)).expect("it is JSON");
        keys(&document, &mut found);
    }
    let page =
        fs::read_to_string(root().join("../docs/result-format.md")).expect("there is a page");
    let missing: Vec<_> = found
        .iter()
        .filter(|key| {
            !page
                .lines()
                .any(|line| line.starts_with(&format!("| `{key}`")))
        })
        .collect();
    assert!(
        missing.is_empty(),
        "docs/result-format.md has no row for {missing:?}"
    );
}

#[test]
fn a_grading_that_did_not_begin_is_not_reported() {
    assert_eq!(fixtures::terminal(&[], Lang::En), "");
    assert_eq!(fixtures::json(&[]), "");
}

#[test]
fn every_document_has_the_same_keys_at_the_top() {
    let top = |events: &[Event]| {
        let document: Value = serde_json::from_str(&fixtures::json(events)).expect("it is JSON");
        let Value::Object(map) = document else {
            return Vec::new();
        };
        map.keys().cloned().collect::<Vec<_>>()
    };
    let all = top(&telling());
    for events in [
        fixtures::refused(),
        fixtures::full_marks(),
        fixtures::grader_failed(),
    ] {
        assert_eq!(top(&events), all);
    }
}

#[test]
fn json_earns_what_the_score_says() {
    for events in [
        fixtures::half_right(),
        fixtures::full_marks(),
        fixtures::not_judged(),
    ] {
        let document: Value = serde_json::from_str(&fixtures::json(&events)).expect("it is JSON");
        let checks = document["checks"].as_array().expect("checks are a list");
        let sum: u64 = checks
            .iter()
            .filter_map(|check| check["earned"].as_u64())
            .sum();
        assert_eq!(Some(sum), document["score"]["earned"].as_u64());
    }
}

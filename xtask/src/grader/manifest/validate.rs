//! The meaning of a manifest: what must hold between its values. Reads nothing and knows no form.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path},
    time::Duration,
};

use checks::Text;

use super::{
    Check, Kind, Manifest,
    parse::{Raw, RawCheck},
};

/// The one format that there is so far.
const FORMAT: u32 = 1;

/// A complete lab is worth so much.
const FULL_MARKS: u32 = 100;

type Problems = Vec<(usize, String)>;

/// Turns the form into a manifest, or tells everything that is wrong with it, by line.
pub(super) fn validate(raw: Raw, shown: &str) -> Result<Manifest, Problems> {
    let mut problems = Problems::new();
    format_and_name(&raw, &mut problems);
    submitted_paths(&raw, &mut problems);
    names_differ(&raw, &mut problems);
    points_add_up(&raw, &mut problems);
    requirements_lead_somewhere(&raw, &mut problems);
    for check in &raw.checks {
        deadline_and_hints(&raw, check, &mut problems);
        programs(&raw, check, &mut problems);
    }
    if !problems.is_empty() {
        problems.sort();
        return Err(problems);
    }
    let checks = raw
        .checks
        .iter()
        .map(|check| to_check(&raw, check))
        .collect();
    Ok(Manifest {
        path: shown.to_owned(),
        number: raw.number.into_inner(),
        name: raw.name.into_inner(),
        title: raw.title,
        hours: raw.hours,
        needs: raw.needs,
        submit: raw
            .submit
            .into_inner()
            .into_iter()
            .map(toml::Spanned::into_inner)
            .collect(),
        programs: raw.programs,
        allow: raw.allow,
        checks,
    })
}

fn to_check(raw: &Raw, check: &RawCheck) -> Check {
    let hints = check.hints.get_ref();
    Check {
        name: check.name.get_ref().clone(),
        line: raw.line(&check.name),
        title: check.title.clone(),
        kind: check.kind,
        points: *check.points.get_ref(),
        deadline: Duration::from_secs(*check.deadline.get_ref()),
        requires: check
            .requires
            .iter()
            .map(|name| name.get_ref().clone())
            .collect(),
        programs: check
            .programs
            .iter()
            .map(|name| name.get_ref().clone())
            .collect(),
        hidden: check.hidden,
        hints: std::iter::zip(&hints.en, &hints.zh)
            .map(|(en, zh)| Text {
                en: en.clone(),
                zh: zh.clone(),
            })
            .collect(),
    }
}

fn format_and_name(raw: &Raw, problems: &mut Problems) {
    let format = *raw.format.get_ref();
    if format != FORMAT {
        let line = raw.line(&raw.format);
        problems.push((
            line,
            format!("format {format} is not known; this grader reads {FORMAT}"),
        ));
    }
    let name = raw.name.get_ref();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(plain) {
        let what = format!("the name {name:?} is not made of a-z, 0-9 and -");
        problems.push((raw.line(&raw.name), what));
    }
}

fn submitted_paths(raw: &Raw, problems: &mut Problems) {
    if raw.submit.get_ref().is_empty() {
        problems.push((
            raw.line(&raw.submit),
            "no file is handed in: `submit` is empty".into(),
        ));
    }
    let mut seen = BTreeSet::new();
    for path in raw.submit.get_ref() {
        let written = path.get_ref();
        let inside = Path::new(written)
            .components()
            .all(|c| matches!(c, Component::Normal(_)));
        if written.is_empty() || !inside {
            let what = format!("the path {written:?} does not stay inside the lab's folder");
            problems.push((raw.line(path), what));
        } else if !seen.insert(written) {
            problems.push((raw.line(path), format!("{written:?} is handed in twice")));
        }
    }
}

fn names_differ(raw: &Raw, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for check in &raw.checks {
        let name = check.name.get_ref();
        if !seen.insert(name) {
            let what = format!("there are two checks `{name}`");
            problems.push((raw.line(&check.name), what));
        }
    }
}

fn points_add_up(raw: &Raw, problems: &mut Problems) {
    let sum: u64 = raw
        .checks
        .iter()
        .map(|check| u64::from(*check.points.get_ref()))
        .sum();
    if sum != u64::from(FULL_MARKS) {
        let line = raw.checks.last().map_or(0, |check| raw.line(&check.points));
        let what =
            format!("the points of all checks add up to {sum}; they must add up to {FULL_MARKS}");
        problems.push((line, what));
    }
}

fn requirements_lead_somewhere(raw: &Raw, problems: &mut Problems) {
    let required: BTreeMap<&String, Vec<&String>> = raw
        .checks
        .iter()
        .map(|check| {
            (
                check.name.get_ref(),
                check.requires.iter().map(toml::Spanned::get_ref).collect(),
            )
        })
        .collect();
    for check in &raw.checks {
        let name = check.name.get_ref();
        for needed in &check.requires {
            let line = raw.line(needed);
            let needed = needed.get_ref();
            if !required.contains_key(needed) {
                problems.push((
                    line,
                    format!("there is no check `{needed}` for `{name}` to require"),
                ));
            } else if reaches(&required, needed, name) {
                problems.push((line, format!("`{name}` requires itself")));
            }
        }
    }
}

/// Whether `from` is `to`, or requires it, directly or through others.
fn reaches(required: &BTreeMap<&String, Vec<&String>>, from: &String, to: &String) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(name) = next.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            next.extend(required.get(name).into_iter().flatten());
        }
    }
    false
}

fn programs(raw: &Raw, check: &RawCheck, problems: &mut Problems) {
    let name = check.name.get_ref();
    if check.kind == Kind::Model && check.programs.is_empty() {
        let what = format!("`{name}` is judged by the model, and lists no programs");
        problems.push((raw.line(&check.name), what));
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let mut seen = BTreeSet::new();
    for program in &check.programs {
        let (line, program) = (raw.line(program), program.get_ref());
        if program.is_empty() || !program.chars().all(plain) {
            let what = format!("the program {program:?} is not made of a-z, 0-9 and _");
            problems.push((line, what));
        } else if !seen.insert(program) {
            problems.push((
                line,
                format!("`{name}` lists the program `{program}` twice"),
            ));
        }
    }
}

fn deadline_and_hints(raw: &Raw, check: &RawCheck, problems: &mut Problems) {
    let name = check.name.get_ref();
    if *check.deadline.get_ref() == 0 {
        problems.push((
            raw.line(&check.deadline),
            format!("`{name}` gets no time at all"),
        ));
    }
    let hints = check.hints.get_ref();
    let (en, zh) = (hints.en.len(), hints.zh.len());
    if en != zh {
        let what = format!("`{name}` has {en} hints in English and {zh} in Chinese");
        problems.push((raw.line(&check.hints), what));
    }
}

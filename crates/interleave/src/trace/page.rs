//! The page that shows a counterexample: what is wrong, a column for each thread, and where everybody
//! is at the end.

use super::cells::Writer;
use super::names::{Thing, short, short_file};
use super::telling;
use super::words::Language;
use crate::engine::{About, Engine, Failure, Subject};
use crate::model::Kind;
use crate::model::story::Moment;

/// Where the first column begins.
const MARGIN: usize = 5;
/// The longest distance of two columns.
const COLUMN: usize = 46;
/// What the last column needs at least.
const CELL: usize = 48;
const WIDTH: usize = 100;
/// More rows than this are cut in the middle.
const ROWS: usize = 60;

/// A line of the table.
struct Row {
    thread: usize,
    text: String,
}

/// The whole page. Without a failure, it has no title.
pub(super) fn write(
    writer: &mut Writer<'_>,
    moments: &[Moment],
    failure: Option<&Failure>,
    replay: &str,
) -> String {
    let language = writer.language;
    let mut lines = Vec::new();
    if let Some(failure) = failure {
        lines.extend(title(writer, failure));
        lines.push(String::new());
    }
    lines.extend(table(writer.engine, &rows(moments, language)));
    let endings = failure.map_or_else(Vec::new, |failure| endings(writer, failure));
    if !endings.is_empty() {
        lines.push(String::new());
        lines.extend(endings);
    }
    lines.push(format!("{}{replay}", language.pick("replay ", "重放 ")));
    lines.join("\n")
}

/// What is wrong, in a sentence or two.
pub(super) fn title(writer: &Writer<'_>, failure: &Failure) -> Vec<String> {
    let language = writer.language;
    let kind = language.kind(failure.kind) + language.colon();
    let thread = failure.thread;
    match &failure.about {
        About::Panic { message, place, .. } => {
            let at = place.as_ref().map_or_else(String::new, |(file, line)| {
                format!(
                    "{}{}",
                    language.pick(", at ", "，位于 "),
                    short_file(file, *line)
                )
            });
            let mut message = message.lines();
            let first = message.next().unwrap_or_default();
            let mut lines = vec![format!("{kind}T{thread} {first}{at}")];
            lines.extend(message.map(|line| format!("   {}", line.trim())));
            lines
        }
        About::Race { now, before } => {
            let verb = |writes: bool| match (language, writes) {
                (Language::English, true) => "writes",
                (Language::English, false) => "reads",
                (Language::Chinese, true) => "写",
                (Language::Chinese, false) => "读",
            };
            let name = match failure.subject {
                Some(Subject::Data(data)) => writer.names.of(Thing::Data(data)),
                Some(Subject::Location(location)) => writer.names.of(Thing::Location(location)),
                None => "data",
            };
            let (here, there) = (short(now.place), short(before.place));
            let (one, other) = (verb(now.writes), verb(before.writes));
            let first = match language {
                Language::English => format!(
                    "{kind}T{} {other} {name} at {there}, T{thread} {one} it at {here},",
                    before.thread
                ),
                Language::Chinese => format!(
                    "{kind}T{} 在 {there} {other} {name}，T{thread} 在 {here} {one}它，",
                    before.thread
                ),
            };
            let second = language.pick(
                "   and nothing makes the one happen before the other.",
                "   二者之间没有先后顺序（happens-before）。",
            );
            vec![first, second.to_owned()]
        }
        About::Place(place) => {
            let at = place.map_or_else(String::new, short);
            let what = match failure.kind {
                Kind::UseAfterFree => {
                    language.pick("uses memory that was freed, at", "使用了已释放的内存，位于")
                }
                _ => language.pick(
                    "waits, and nobody is left who could end that; it is at",
                    "在等待，但已没有线程能让它继续；位于",
                ),
            };
            vec![format!("{kind}T{thread} {what} {at}")]
        }
        About::Steps(steps) => {
            vec![match language {
                Language::English => format!("{kind}not after {steps} operations"),
                Language::Chinese => format!("{kind}{steps} 次操作之后仍未结束"),
            }]
        }
    }
}

/// The moments, each in a few words.
fn rows(moments: &[Moment], language: Language) -> Vec<Row> {
    let row = |moment: &Moment| {
        let place = moment
            .place
            .as_ref()
            .map(telling::short)
            .unwrap_or_default();
        Row {
            thread: moment.thread,
            text: format!("{place}  {}", moment.words.pick(language)),
        }
    };
    moments.iter().map(row).collect()
}

/// The rows, each in its thread's column.
fn table(engine: &Engine, rows: &[Row]) -> Vec<String> {
    let is_shown = |thread: &usize| rows.iter().any(|row| row.thread == *thread);
    let threads: Vec<usize> = (0..engine.threads.len()).filter(is_shown).collect();
    let gaps = threads.len().saturating_sub(1).max(1);
    let step = COLUMN.min((WIDTH - MARGIN - CELL) / gaps);
    let start = |thread: usize| {
        let column = threads
            .iter()
            .position(|&other| other == thread)
            .unwrap_or(0);
        MARGIN + column * step
    };
    let mut header = String::new();
    for &thread in &threads {
        header = format!("{header:<width$}T{thread}", width = start(thread));
        if let Some(name) = &engine.threads[thread].name {
            header = format!("{header} {name}");
        }
    }
    let mut lines = vec![header];
    let cut = rows.len().saturating_sub(ROWS);
    for (index, row) in rows.iter().enumerate() {
        let begin = ROWS / 2;
        if cut > 0 && (begin..begin + cut).contains(&index) {
            if index == begin {
                lines.push(format!("{:>3}  …", format!("+{cut}")));
            }
            continue;
        }
        let indent = start(row.thread) - MARGIN;
        lines.push(format!("{:>3}  {:indent$}{}", index + 1, "", row.text));
    }
    lines
}

/// Where everybody is, if that is what is wrong.
fn endings(writer: &mut Writer<'_>, failure: &Failure) -> Vec<String> {
    if !matches!(
        failure.kind,
        Kind::Deadlock | Kind::SpinsForEver | Kind::NoEnd
    ) {
        return Vec::new();
    }
    let engine = writer.engine;
    let threads = engine.threads.iter().enumerate();
    threads
        .filter_map(|(index, thread)| Some(format!("T{index} {}", writer.ending(thread)?)))
        .collect()
}

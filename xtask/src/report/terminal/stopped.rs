//! What is said if no check was run: the code does not compile, holds something forbidden, or the
//! grader itself failed.

use checks::Text;

use super::{
    super::{
        page::{Page, Role},
        visible::visible,
    },
    Graded, View,
};

/// The most lines of the compiler that are shown.
const COMPILER: usize = 40;
/// The most refused constructs that are listed.
const FINDINGS: usize = 8;

/// The compiler ran into a limit with the submission.
pub(super) fn compiler_stopped(graded: &Graded<'_>, reason: &Text, page: &mut Page) {
    let words = graded.view.words;
    page.label(Role::Bad, words.build);
    page.text(
        Role::Strong,
        &(words.compiler_stopped)(graded.view.lang.pick(reason)),
    );
    page.text(Role::Plain, words.compiler_limits);
}

/// The compiler's own words, errors first, as they are: broken lines would tear its arrows off.
pub(super) fn does_not_compile(
    graded: &Graded<'_>,
    messages: &[String],
    errors: usize,
    note: Option<&Text>,
    page: &mut Page,
) {
    let words = graded.view.words;
    page.label(Role::Bad, words.build);
    page.text(Role::Strong, &(words.does_not_compile)(errors));
    page.blank();
    let is_error = |message: &&String| message.trim_start().starts_with("error");
    let ordered = messages
        .iter()
        .filter(is_error)
        .chain(messages.iter().filter(|it| !is_error(it)));
    let mut lines: Vec<&str> = Vec::new();
    for message in ordered {
        lines.extend(message.trim_end().lines());
        lines.push("");
    }
    lines.pop();
    for line in lines.iter().take(COMPILER) {
        page.verbatim(&visible(line, false));
    }
    if lines.len() > COMPILER {
        page.blank();
        page.text(Role::Quiet, &(words.lines_left_out)(lines.len() - COMPILER));
    }
    if let Some(note) = note {
        page.blank();
        page.text(Role::Plain, graded.view.lang.pick(note));
    }
}

pub(super) fn refused(graded: &Graded<'_>, page: &mut Page) {
    let words = graded.view.words;
    let findings = &graded.view.run.refused;
    page.label(Role::Bad, words.refused);
    page.text(Role::Strong, &(words.refusal)(findings.len()));
    for finding in findings.iter().take(FINDINGS) {
        page.blank();
        let place = format!("{}:{}", finding.place.file, finding.place.line);
        page.text(Role::Plain, &format!("{place}: {}", finding.what));
        page.text(Role::Plain, graded.view.lang.pick(&finding.reason));
    }
    if findings.len() > FINDINGS {
        page.blank();
        page.text(
            Role::Quiet,
            &(words.findings_left_out)(findings.len() - FINDINGS),
        );
    }
}

pub(super) fn grader_failed(view: &View<'_>, page: &mut Page) {
    let words = view.words;
    let Some(failure) = &view.run.failure else {
        page.label(Role::Bad, words.stopped);
        page.text(Role::Plain, words.interrupted);
        return;
    };
    page.label(Role::Bad, words.grader);
    page.text(Role::Strong, words.grader_failed);
    page.text(Role::Plain, &failure.what);
    let log = failure.log.as_ref().map(|log| log.display().to_string());
    if let Some(log) = log.filter(|log| !failure.what.contains(log)) {
        page.text(Role::Plain, &(words.log)(&log));
    }
    if view.run.start.is_none() {
        page.text(Role::Plain, words.once_more);
    }
}

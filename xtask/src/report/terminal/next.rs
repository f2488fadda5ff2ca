//! The end of every report: the next commands, with what they do.

use super::{
    super::{
        page::{Page, Role},
        run::{Outcome, Standing},
        steps::{Step, list},
    },
    Graded,
    command::HINTS,
};
use crate::grader::events::{Built, CheckSummary, Grade};

pub(super) fn show(graded: &Graded<'_>, page: &mut Page) {
    let (words, run) = (graded.view.words, graded.view.run);
    let command = graded.command();
    let again = || (command.lab(""), words.again.to_owned());
    let mut steps: Vec<Step> = Vec::new();
    if run.failure.is_some() {
        steps.push((command.lab(""), words.once_more.to_owned()));
    } else if !run.refused.is_empty() {
        steps.push((command.lab(""), words.after_refusal.to_owned()));
    } else if let Some(Built::DoesNotCompile { messages, .. }) = &run.built {
        let code = messages.iter().find_map(|message| error_code(message));
        let explain = code.map(|code| format!("rustc --explain {code}"));
        steps.extend(explain.map(|explain| (explain, words.explain.to_owned())));
        steps.push(again());
    } else if let Some(Built::CompilerStopped { .. }) = &run.built {
        steps.push(again());
    } else if let Some(root) = graded.roots().next() {
        steps.extend(hint(graded, root.check));
        steps.extend(repeat(graded, root));
        if is_refused(graded) {
            steps.extend(remedies(graded));
        }
    } else if let Some(todo) = most_wanted(graded) {
        page.label(Role::Plain, words.start);
        page.text(
            Role::Plain,
            &(words.start_with)(&todo.function, todo.checks.len(), todo.points),
        );
        let check = todo.checks.first().and_then(|name| run.check(name));
        steps.extend(check.and_then(|check| hint(graded, check)));
        steps.push(again());
    } else if graded
        .outcomes
        .iter()
        .any(|outcome| outcome.standing == Standing::Open)
    {
        steps.push((command.lab(""), words.again_elsewhere.to_owned()));
        steps.extend(remedies(graded));
    } else if !run.is_full() {
        steps.push(again());
    } else if run.is_partial() {
        steps.push((command.lab(""), words.all_checks.to_owned()));
    } else if command.is_own() {
        steps.push(("cargo xtask list".to_owned(), words.other_labs.to_owned()));
    } else {
        steps.push((command.own(), words.own_files.to_owned()));
    }
    page.label(Role::Strong, words.next);
    list(&steps, page);
}

/// What can be done about points that could not be graded.
fn remedies(graded: &Graded<'_>) -> Vec<Step> {
    let words = graded.view.words;
    let mut steps = vec![("cargo xtask doctor".to_owned(), words.ask_doctor.to_owned())];
    if is_refused(graded) {
        let command = graded.command().lab("--ungraded withhold");
        steps.push((command, words.provisional.to_owned()));
    }
    steps
}

/// True if there is no score, since not everything could be graded.
fn is_refused(graded: &Graded<'_>) -> bool {
    let score = graded.view.run.score.as_ref();
    score.is_some_and(|score| score.grade == Grade::Refused)
}

/// The function that most points wait for.
fn most_wanted<'a>(graded: &'a Graded<'_>) -> Option<&'a crate::grader::events::Todo> {
    // Of several, the first: `max_by_key` would take the last.
    graded
        .view
        .run
        .todos()
        .iter()
        .rev()
        .max_by_key(|todo| todo.points)
}

/// Hints are for the student's own work.
fn hint(graded: &Graded<'_>, check: &CheckSummary) -> Option<Step> {
    let offered = HINTS && check.hints > 0 && graded.command().is_own();
    let hint = || {
        (
            graded.command().hint(&check.name),
            (graded.view.words.hint)(check.hints),
        )
    };
    offered.then(hint)
}

/// The same failure once more.
fn repeat(graded: &Graded<'_>, root: &Outcome<'_>) -> Vec<Step> {
    let name = &root.check.name;
    let (words, command) = (graded.view.words, graded.command());
    if let Some(story) = &root.record.story {
        let board = &words.board;
        return vec![
            (command.execution(story), board.step_through.to_owned()),
            (command.picture(name), board.as_page.to_owned()),
            (command.play(&story.program), board.play_it.to_owned()),
        ];
    }
    vec![match &root.record.interleaving {
        Some(steps) => (command.replay(name, &steps.replay), words.replay.to_owned()),
        None => (command.same_cases(name), words.same_cases.to_owned()),
    }]
}

/// `E0308` of `error[E0308]: mismatched types`.
fn error_code(message: &str) -> Option<&str> {
    let code = message
        .trim_start()
        .strip_prefix("error[")?
        .split(']')
        .next()?;
    let digits = code.strip_prefix('E')?;
    (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::error_code;

    #[test]
    fn only_a_code_that_the_compiler_explains_is_taken() {
        assert_eq!(error_code("error[E0308]: mismatched types"), Some("E0308"));
        assert_eq!(error_code("error: expected `;`"), None);
        assert_eq!(error_code("error[x; rm]: no"), None);
    }
}

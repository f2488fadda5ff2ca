//! The next commands, each with what it does. A command can always be copied as it stands: one that
//! is too long for a line is broken the way a shell is told of it, before an option.

use super::{
    page::{Page, Role, Span},
    visible::visible,
    width::{cells, pad},
};

/// Between a command and what it does.
const GAP: usize = 4;
/// Before the further lines of a long command: what it does stands less far to the right.
const INDENT: usize = 8;

/// A command, and what it does.
pub(crate) type Step = (String, String);

/// Writes the steps: what a command does stands beside it if there is room, or else below.
pub(crate) fn list(steps: &[Step], page: &mut Page) {
    let steps: Vec<(String, &str)> = steps
        .iter()
        .map(|(command, purpose)| (visible(command, false).into_owned(), &**purpose))
        .collect();
    let inner = page.inner();
    let fits = |(command, purpose): &(String, &str)| cells(command) + GAP + cells(purpose) <= inner;
    let width = steps.iter().filter(|step| fits(step));
    let width = width.map(|(command, _)| cells(command) + GAP).max();
    for step in &steps {
        let (command, purpose) = step;
        match width {
            Some(width) if fits(step) => {
                // One that is only just short enough does not line up with the others.
                let width = width.min(inner - cells(purpose));
                page.line(vec![
                    Span::new(Role::Strong, &pad(command, width)),
                    Span::plain(purpose),
                ]);
            }
            _ => {
                for line in broken(command, inner) {
                    page.line(vec![Span::new(Role::Strong, &line)]);
                }
                page.hanging(&" ".repeat(GAP), purpose);
            }
        }
    }
}

/// The command in lines of at most `width` cells, where it can be broken so.
pub(crate) fn broken(command: &str, width: usize) -> Vec<String> {
    if cells(command) <= width {
        return vec![command.to_owned()];
    }
    let mut lines: Vec<String> = Vec::new();
    for part in parts(command) {
        match lines.last_mut() {
            // Two cells for the space and the backslash at the end.
            Some(line) if cells(line) + 1 + cells(part) + 2 <= width => {
                line.push(' ');
                line.push_str(part);
            }
            Some(line) => {
                line.push_str(" \\");
                lines.push(format!("{}{part}", " ".repeat(INDENT)));
            }
            None => lines.push(part.to_owned()),
        }
    }
    lines
}

/// The command, cut before each option; quoted words stay whole.
fn parts(command: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in command.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if !quoted => escaped = true,
            '\'' => quoted = !quoted,
            ' ' if !quoted && command[at..].starts_with(" --") => {
                parts.push(&command[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&command[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::{broken, parts};

    #[test]
    fn a_long_command_is_broken_before_an_option() {
        let command = "cargo xtask lab 12 --submission there --check clean --seed 4";
        assert_eq!(
            broken(command, 40),
            [
                "cargo xtask lab 12 --submission there \\",
                "        --check clean --seed 4"
            ]
        );
        assert_eq!(broken(command, 90), [command]);
    }

    #[test]
    fn a_quoted_word_stays_whole() {
        let command = "lab --submission '/it'\\''s --here' --seed 4";
        assert_eq!(
            parts(command),
            ["lab", "--submission '/it'\\''s --here'", "--seed 4"]
        );
    }
}

//! What the terminal can show.

use std::io::IsTerminal;

use terminal_size::terminal_size_of;

/// No report is wider, however wide the terminal.
const WIDEST: usize = 100;
/// Narrower than this, lines are left to the terminal to break.
const NARROWEST: usize = 70;

/// How a terminal report is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// Colours, beside the words that say the same.
    pub(crate) colour: bool,
    /// The columns that a line may take.
    pub(crate) width: usize,
    /// A line on standard error while there is nothing to report.
    pub(crate) progress: bool,
}

impl Style {
    /// What suits standard output and standard error, `NO_COLOR`, `CLICOLOR_FORCE`, `TERM`,
    /// `COLUMNS` and the terminal's own size.
    pub(crate) fn detect() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        let out = std::io::stdout().is_terminal();
        let forced = set("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        Self {
            colour: set("NO_COLOR").is_none() && (forced || (out && !dumb)),
            width: width(set("COLUMNS").as_deref(), columns()),
            progress: std::io::stderr().is_terminal() && !dumb,
        }
    }
}

/// The columns of the terminal behind standard output, if it is one.
fn columns() -> Option<usize> {
    let (width, _) = terminal_size_of(std::io::stdout())?;
    Some(width.0.into())
}

/// `COLUMNS` is what somebody asked for, so it goes before what the terminal says.
fn width(asked: Option<&str>, terminal: Option<usize>) -> usize {
    let asked = asked.and_then(|columns| columns.parse().ok());
    let columns = asked.or(terminal).unwrap_or(WIDEST);
    columns.clamp(NARROWEST, WIDEST)
}

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn a_report_is_never_wider_than_a_hundred_columns() {
        assert_eq!(width(None, None), 100);
        assert_eq!(width(None, Some(80)), 80);
        assert_eq!(width(Some("80"), Some(90)), 80);
        assert_eq!(width(None, Some(250)), 100);
        assert_eq!(width(Some("3"), None), 70);
        assert_eq!(width(Some("many"), Some(90)), 90);
    }
}

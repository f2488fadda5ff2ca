//! Makes text that came from a submission safe to show: a student's program must not be able to
//! move the cursor, colour a word, or turn a line around in the report on it. Judges no content.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with a space for every tab, and every other character that a terminal would obey
/// instead of show written as an escape (`\u{1b}`). Lines stay lines if `lines` says so.
pub(super) fn visible(text: &str, lines: bool) -> Cow<'_, str> {
    if !text.chars().any(|c| is_hidden(c) && !(lines && c == '\n')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' if lines => out.push(c),
            '\t' => out.push(' '),
            c if is_hidden(c) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "{}", c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Control characters, and the format characters that reorder or hide their neighbours.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(
            visible("a\u{1b}[31mred\rb", false),
            "a\\u{1b}[31mred\\u{d}b"
        );
        assert_eq!(visible("x\u{202e}y\u{9b}2J", false), "x\\u{202e}y\\u{9b}2J");
    }

    #[test]
    fn line_ends_stay_only_where_lines_are_wanted() {
        assert_eq!(visible("a\tb\nc", true), "a b\nc");
        assert_eq!(visible("a\nb", false), "a\\u{a}b");
    }

    #[test]
    fn plain_text_of_any_language_is_left_alone() {
        assert_eq!(visible("丢失了一次更新 “é”", false), "丢失了一次更新 “é”");
    }
}

//! How many terminal cells text takes, and how to fit it into a number of them. A Chinese character
//! takes two cells. Expects text without control characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Marks text that was cut. ASCII, since some terminals show U+2026 in one cell and some in two.
const CUT: &str = "...";

/// The cells that the text takes.
pub(crate) fn cells(text: &str) -> usize {
    text.width()
}

/// The text, filled up with spaces behind it.
pub(crate) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(cells(text))))
}

/// The text, filled up with spaces before it.
pub(crate) fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(cells(text))))
}

/// The text, cut so that it takes at most `width` cells.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    if width <= CUT.len() {
        return CUT[..width].to_owned();
    }
    let (head, _) = split(text, width - CUT.len());
    format!("{}{CUT}", head.trim_end())
}

/// The longest start of the text that fits, and the rest.
fn split(text: &str, width: usize) -> (&str, &str) {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > width {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// The text in lines of at most `width` cells. Lines break at spaces and between Chinese characters,
/// but never before a closing mark or behind an opening one; only a word that is longer than a line
/// is broken inside.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(4);
    text.lines()
        .flat_map(|paragraph| wrap_paragraph(paragraph, width))
        .collect()
}

fn wrap_paragraph(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for (spaced, atom) in atoms(text) {
        let gap = usize::from(spaced && !line.is_empty());
        if !line.is_empty() && cells(&line) + gap + cells(&atom) > width {
            lines.push(std::mem::take(&mut line));
        } else if gap > 0 {
            line.push(' ');
        }
        let mut rest = atom.as_str();
        while cells(&line) + cells(rest) > width {
            let (head, tail) = split(rest, width);
            lines.push(head.to_owned());
            rest = tail;
        }
        line.push_str(rest);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// The smallest pieces that stay on one line, each with whether a space stood before it.
fn atoms(text: &str) -> Vec<(bool, String)> {
    let mut atoms: Vec<(bool, String)> = Vec::new();
    let mut last: Option<char> = None;
    for c in text.chars() {
        if c != ' ' {
            match atoms.last_mut() {
                Some((_, atom)) if last.is_some_and(|last| sticks(last, c)) => atom.push(c),
                _ => atoms.push((last == Some(' '), c.to_string())),
            }
        }
        last = Some(c);
    }
    atoms
}

fn sticks(before: char, after: char) -> bool {
    if before == ' ' {
        return false;
    }
    let wide = |c: char| c.width() == Some(2);
    opens(before) || closes(after) || !(wide(before) || wide(after))
}

fn opens(c: char) -> bool {
    matches!(c, '（' | '“' | '「' | '《' | '(' | '[' | '`')
}

fn closes(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '）'
            | '”'
            | '」'
            | '》'
            | '…'
            | ')'
            | ']'
            | ','
            | '.'
            | ':'
            | ';'
    )
}

#[cfg(test)]
mod tests {
    use super::{cells, cut, pad, wrap};

    #[test]
    fn a_chinese_character_takes_two_cells() {
        assert_eq!(cells("计数 ok"), 7);
        assert_eq!(pad("计数", 6), "计数  ");
    }

    #[test]
    fn cut_text_fits_and_says_that_it_was_cut() {
        assert_eq!(cut("let old = self.load()", 12), "let old =...");
        assert_eq!(cut("丢失了一次更新", 8), "丢失...");
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("short", 2), "..");
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), [""; 0]);
        assert_eq!(wrap("a\nb", 8), ["a", "b"]);
    }

    #[test]
    fn a_chinese_line_does_not_begin_with_a_closing_mark() {
        assert_eq!(wrap("更新被覆盖，丢失了", 10), ["更新被覆", "盖，丢失了"]);
        assert_eq!(wrap("调用 add(1)。", 11), ["调用", "add(1)。"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken() {
        assert_eq!(wrap("a abcdefghij", 4), ["a", "abcd", "efgh", "ij"]);
    }
}

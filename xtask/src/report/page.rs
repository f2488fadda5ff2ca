//! A page of the terminal report while it is being put together: lines of coloured pieces, a
//! column of labels at the left. Knows widths and colours, and no grading.

use std::io::{self, Write};

use super::{
    visible::visible,
    width::{cells, cut, pad, wrap},
};

/// The cells of the column of labels, the space behind it included.
const GUTTER: usize = 10;

/// What a piece of text is for; words say it too, so colour may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Plain,
    Good,
    Bad,
    Open,
    Quiet,
    Strong,
}

impl Role {
    fn ansi(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Good => Some("32"),
            Self::Bad => Some("31"),
            Self::Open => Some("33"),
            Self::Quiet => Some("2"),
            Self::Strong => Some("1"),
        }
    }
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    role: Role,
    text: String,
}

impl Span {
    /// Control characters in `text` become visible.
    pub(crate) fn new(role: Role, text: &str) -> Self {
        Self {
            role,
            text: visible(text, false).into_owned(),
        }
    }

    pub(crate) fn plain(text: &str) -> Self {
        Self::new(Role::Plain, text)
    }

    pub(crate) fn role(&self) -> Role {
        self.role
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// A line: pieces from left to right.
pub(crate) type Line = Vec<Span>;

/// Lines, and the label that waits for the next of them.
#[derive(Debug)]
pub(crate) struct Page {
    width: usize,
    gutter: usize,
    lines: Vec<Line>,
    label: Option<Span>,
}

impl Page {
    pub(crate) fn new(width: usize) -> Self {
        Self::with_gutter(width, GUTTER)
    }

    /// A page whose column of labels, the space behind it included, is `gutter` wide.
    pub(crate) fn with_gutter(width: usize, gutter: usize) -> Self {
        Self {
            width,
            gutter,
            lines: Vec::new(),
            label: None,
        }
    }

    /// The cells at the right of the labels.
    pub(crate) fn inner(&self) -> usize {
        self.width.saturating_sub(self.gutter).max(20)
    }

    /// How many lines there are so far.
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The next line gets this label.
    pub(crate) fn label(&mut self, role: Role, label: &str) {
        self.label = Some(Span::new(role, label));
    }

    /// The next line gets no label after all.
    pub(crate) fn no_label(&mut self) {
        self.label = None;
    }

    /// An empty page of the same width.
    pub(crate) fn beside(&self) -> Self {
        Self::with_gutter(self.width, self.gutter)
    }

    /// All lines of the other page, below those of this one.
    pub(crate) fn append(&mut self, other: Self) {
        self.lines.extend(other.lines);
    }

    /// A line of what a program printed.
    pub(crate) fn quote(&mut self, line: &str) {
        let line = cut(&visible(line, false), self.inner().saturating_sub(2));
        self.line(vec![Span::new(Role::Quiet, "| "), Span::plain(&line)]);
    }

    /// A line at the right of the labels.
    pub(crate) fn line(&mut self, spans: Line) {
        let label = self.label.take().unwrap_or_else(|| Span::plain(""));
        let fill = " ".repeat(self.gutter.saturating_sub(cells(&label.text)).max(1));
        let mut line = vec![label, Span::plain(&fill)];
        line.extend(spans);
        self.lines.push(line);
    }

    /// Text at the right of the labels, in as many lines as it takes.
    pub(crate) fn text(&mut self, role: Role, text: &str) {
        for line in wrap(&visible(text, true), self.inner()) {
            self.line(vec![Span::new(role, &line)]);
        }
    }

    /// Like [`Page::text`], but at most `limit` lines; the last then ends in "...".
    pub(crate) fn text_within(&mut self, role: Role, text: &str, limit: usize) {
        let mut lines = wrap(&visible(text, true), self.inner());
        if lines.len() > limit {
            lines.truncate(limit);
            if let Some(last) = lines.last_mut() {
                *last = format!(
                    "{}...",
                    cut(last, self.inner() - 3).trim_end_matches(['.', '。'])
                );
            }
        }
        for line in lines {
            self.line(vec![Span::new(role, &line)]);
        }
    }

    /// Text behind a first column that its further lines leave empty.
    pub(crate) fn hanging(&mut self, first: &str, text: &str) {
        let width = cells(first);
        let mut first = first.to_owned();
        for line in wrap(&visible(text, false), self.inner().saturating_sub(width)) {
            self.line(vec![Span::plain(&first), Span::plain(&line)]);
            first = " ".repeat(width);
        }
    }

    /// Two texts, one at each end of a line, or below each other if they do not fit beside each
    /// other.
    pub(crate) fn ends(&mut self, left: &str, right: &str) {
        let free = self.inner().saturating_sub(cells(left));
        if right.is_empty() && cells(left) <= self.inner() {
            // Not wrapped: the spaces between its columns stay.
            self.line(vec![Span::plain(left)]);
        } else if right.is_empty() {
            self.text(Role::Plain, left);
        } else if free >= cells(right) + 3 {
            let left = Span::plain(&pad(left, self.inner() - cells(right)));
            self.line(vec![left, Span::plain(right)]);
        } else {
            self.text(Role::Plain, left);
            self.text(Role::Plain, right);
        }
    }

    /// A line as it is, without the column of labels and however long.
    pub(crate) fn verbatim(&mut self, text: &str) {
        self.lines.push(vec![Span::plain(text)]);
    }

    /// An empty line, unless there is one already.
    pub(crate) fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(Vec::new());
        }
    }

    /// Writes all lines, without spaces at their ends.
    pub(crate) fn write(&self, out: &mut dyn Write, colour: bool) -> io::Result<()> {
        for line in &self.lines {
            let end = line
                .iter()
                .rposition(|span| !span.text.trim_end().is_empty());
            let spans = end.map_or(&[][..], |end| &line[..=end]);
            for (at, span) in spans.iter().enumerate() {
                let last = at + 1 == spans.len();
                let text = if last {
                    span.text.trim_end()
                } else {
                    &span.text
                };
                match span
                    .role
                    .ansi()
                    .filter(|_| colour && !text.trim().is_empty())
                {
                    Some(code) => write!(out, "\x1b[{code}m{text}\x1b[0m")?,
                    None => write!(out, "{text}")?,
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, Role, Span};

    fn written(page: &Page, colour: bool) -> String {
        let mut out = Vec::new();
        page.write(&mut out, colour)
            .expect("a Vec takes everything");
        String::from_utf8(out).expect("only text was written")
    }

    #[test]
    fn a_label_stands_before_one_line_only() {
        let mut page = Page::new(40);
        page.label(Role::Good, "PASS");
        page.text(Role::Plain, "a");
        page.text(Role::Plain, "b");
        assert_eq!(written(&page, false), "PASS      a\n          b\n");
        assert_eq!(
            written(&page, true),
            "\u{1b}[32mPASS\u{1b}[0m      a\n          b\n"
        );
    }

    #[test]
    fn no_line_ends_in_a_space_and_no_two_blank_lines_follow_each_other() {
        let mut page = Page::new(40);
        page.blank();
        page.line(vec![Span::plain("a "), Span::plain("  ")]);
        page.blank();
        page.blank();
        assert_eq!(written(&page, false), "          a\n\n");
    }

    #[test]
    fn two_ends_that_do_not_fit_stand_below_each_other() {
        let mut page = Page::new(40);
        page.ends("left", "right");
        page.ends("a left end that is long", "a right end");
        let shown = written(&page, false);
        assert_eq!(
            shown,
            "          left                     right\n          \
             a left end that is long\n          a right end\n"
        );
    }
}

//! The content of a screen as a widget. Roles become colours here, and only here.

use ratatui::{
    buffer::Buffer,
    layout::{Alignment, Constraint, Layout, Rect},
    style::{Color, Modifier, Style},
    text::{Line, Span},
    widgets::{Block, Borders, Paragraph, Widget},
};

use super::content::{Content, Part};
use crate::report::page::{self, Role};

/// A content that is to be drawn.
pub(super) struct Drawn<'a> {
    pub(super) content: &'a Content,
    pub(super) colour: bool,
}

impl Widget for Drawn<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let content = self.content;
        let heights = content.parts.iter().map(|part| 1 + part.lines.len());
        let mut rows = vec![Constraint::Length(1)];
        rows.extend(
            heights.map(|height| Constraint::Length(height.try_into().unwrap_or(u16::MAX))),
        );
        rows.extend([
            Constraint::Min(0),
            Constraint::Length(1),
            Constraint::Length(1),
        ]);
        let areas = Layout::vertical(rows).split(area);
        let [title, parts @ .., _, said, keys] = &areas[..] else {
            return;
        };
        let bold = Style::new().add_modifier(Modifier::BOLD);
        Paragraph::new(content.aside.as_str())
            .alignment(Alignment::Right)
            .render(*title, buffer);
        Line::styled(&content.title, bold).render(*title, buffer);
        for (part, area) in content.parts.iter().zip(parts) {
            self.part(part, *area, buffer);
        }
        Line::styled(content.said, self.style(Role::Open)).render(*said, buffer);
        let reversed = Style::new().add_modifier(Modifier::REVERSED);
        Line::styled(content.keys, reversed).render(*keys, buffer);
    }
}

impl Drawn<'_> {
    fn part(&self, part: &Part, area: Rect, buffer: &mut Buffer) {
        let head = match part.head.as_str() {
            "" => String::new(),
            head => format!(" {head} "),
        };
        let block = Block::new()
            .borders(Borders::TOP)
            .border_style(self.style(Role::Quiet))
            .title(Span::styled(head, self.style(Role::Strong)));
        let lines: Vec<Line<'_>> = part.lines.iter().map(|line| self.line(line)).collect();
        Paragraph::new(lines).block(block).render(area, buffer);
    }

    fn line<'b>(&self, line: &'b page::Line) -> Line<'b> {
        let span = |span: &'b page::Span| Span::styled(span.text(), self.style(span.role()));
        line.iter().map(span).collect()
    }

    fn style(&self, role: Role) -> Style {
        let colour = |colour| match self.colour {
            true => Style::new().fg(colour),
            false => Style::new(),
        };
        match role {
            Role::Plain => Style::new(),
            Role::Good => colour(Color::Green),
            Role::Bad => colour(Color::Red).add_modifier(Modifier::BOLD),
            Role::Open => colour(Color::Yellow),
            Role::Quiet => Style::new().add_modifier(Modifier::DIM),
            Role::Strong => Style::new().add_modifier(Modifier::BOLD),
        }
    }
}

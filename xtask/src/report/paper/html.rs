//! Papers as a page of HTML; printed, each paper begins on a page of its own. The page loads
//! nothing.

use checks::Block;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Sheet, letter, points};
use crate::report::lang::Lang;

const STYLE: &str = include_str!("style.css");

/// The whole page.
pub(crate) fn html(sheet: &Sheet<'_>) -> String {
    let (words, lang) = (sheet.words(), sheet.lang);
    let title = (lang.words().lab)(sheet.number) + " " + sheet.lab;
    html! {
        (DOCTYPE)
        html lang=(lang.words().trace.code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                @for (number, (seed, paper)) in sheet.papers.iter().enumerate() {
                    article {
                        h1 { (lang.pick(&paper.title)) }
                        p.top {
                            @if sheet.with_key {
                                span { ((words.paper)(number + 1)) }
                                span { (words.name) }
                            }
                            span.worth { ((words.of_points)(points(paper))) }
                        }
                        (blocks(&paper.given, lang))
                        @for (at, part) in paper.parts.iter().enumerate() {
                            div.part {
                                p {
                                    b { "(" (letter(at)) ") " }
                                    (unbroken(lang.pick(&part.question)))
                                    " " span.worth { ((words.points)(part.points)) }
                                }
                                @if sheet.solved {
                                    div.answer {
                                        p { b { (words.answer) } }
                                        (blocks(&part.answer, lang))
                                    }
                                }
                            }
                        }
                        footer { code { (sheet.again(*seed)) } }
                    }
                }
                @if sheet.with_key { (key(sheet)) }
            }
        }
    }
    .into_string()
}

fn blocks(blocks: &[Block], lang: Lang) -> Markup {
    html! {
        @for block in blocks {
            @match block {
                Block::Paragraph(text) => p { (unbroken(lang.pick(text))) },
                Block::Table { head, rows } => table {
                    thead { tr { @for cell in head { th { (lang.pick(cell)) } } } }
                    tbody {
                        @for row in rows { tr { @for cell in row { td { (lang.pick(cell)) } } } }
                    }
                }
            }
        }
    }
}

fn key(sheet: &Sheet<'_>) -> Markup {
    let (words, parts) = (sheet.words(), sheet.parts());
    html! {
        article {
            h1 { (words.key) }
            table {
                thead {
                    tr {
                        th { (words.number) } th { (words.seed) }
                        @for part in 0..parts { th { "(" (letter(part)) ")" } }
                    }
                }
                tbody {
                    @for (number, (seed, paper)) in sheet.papers.iter().enumerate() {
                        tr {
                            td { (number + 1) } td { (seed) }
                            @for at in 0..parts {
                                td {
                                    @if let Some(part) = paper.parts.get(at) {
                                        (unbroken(sheet.lang.pick(&part.key)))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Numbers in brackets stay on one line: `(1 3 3)` is one vector.
fn unbroken(text: &str) -> String {
    let mut pieces = text.split('(');
    let before = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(before, |line, piece| {
        let (inside, after) = piece.split_at(piece.find(')').unwrap_or(0));
        let numbers = inside.chars().all(|c| c.is_ascii_digit() || c == ' ');
        let inside = if numbers {
            inside.replace(' ', "\u{a0}")
        } else {
            inside.to_owned()
        };
        line + "(" + &inside + after
    })
}

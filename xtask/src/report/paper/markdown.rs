//! Papers as Markdown.

use checks::Block;

use super::{Sheet, letter, points};
use crate::report::lang::Lang;

/// The whole document.
pub(crate) fn markdown(sheet: &Sheet<'_>) -> String {
    let (words, lang) = (sheet.words(), sheet.lang);
    let mut text = String::new();
    for (number, (seed, paper)) in sheet.papers.iter().enumerate() {
        if number > 0 {
            text += "\n---\n\n";
        }
        let title = lang.pick(&paper.title);
        text += &format!("# {title}\n\n");
        if sheet.with_key {
            text += &format!("{}\n\n", (words.paper)(number + 1));
            text += &format!("{}\n\n", words.name);
        }
        text += &format!("{}\n\n", (words.of_points)(points(paper)));
        blocks(&paper.given, lang, &mut text);
        for (at, part) in paper.parts.iter().enumerate() {
            let (letter, asked) = (letter(at), lang.pick(&part.question));
            let worth = (words.points)(part.points);
            text += &format!("**({letter})** {asked} *{worth}*\n\n");
            if sheet.solved {
                text += &format!("**{}**\n\n", words.answer);
                blocks(&part.answer, lang, &mut text);
            }
        }
        text += &format!("`{}`\n", sheet.again(*seed));
    }
    if sheet.with_key {
        key(sheet, &mut text);
    }
    text
}

fn blocks(blocks: &[Block], lang: Lang, text: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => *text += &format!("{}\n", lang.pick(paragraph)),
            Block::Table { head, rows } => {
                let line = |cells: &[checks::Text]| {
                    let cells = cells.iter().map(|cell| lang.pick(cell).replace('|', "\\|"));
                    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
                };
                *text += &line(head);
                *text += &format!("|{}\n", "---|".repeat(head.len()));
                for row in rows {
                    *text += &line(row);
                }
            }
        }
        text.push('\n');
    }
}

fn key(sheet: &Sheet<'_>, text: &mut String) {
    let (words, parts) = (sheet.words(), sheet.parts());
    *text += &format!(
        "\n---\n\n# {}\n\n| {} | {} |",
        words.key, words.number, words.seed
    );
    for part in 0..parts {
        *text += &format!(" ({}) |", letter(part));
    }
    *text += &format!("\n|{}\n", "---|".repeat(parts + 2));
    for (number, (seed, paper)) in sheet.papers.iter().enumerate() {
        *text += &format!("| {} | {seed} |", number + 1);
        for at in 0..parts {
            let key = paper
                .parts
                .get(at)
                .map_or("", |part| sheet.lang.pick(&part.key));
            *text += &format!(" {} |", key.replace('|', "\\|"));
        }
        text.push('\n');
    }
}

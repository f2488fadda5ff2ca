//! Exam papers, as Markdown and as a page of HTML to print. What is asked comes from a lab, in all
//! languages.

mod html;
mod markdown;

pub(crate) use html::html;
pub(crate) use markdown::markdown;

use checks::Paper;

use super::{lang::Lang, words};

/// What is to be printed.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    pub(crate) lab: &'a str,
    pub(crate) number: u32,
    /// The papers, each with the seed that it is made from.
    pub(crate) papers: Vec<(u64, Paper)>,
    /// With the worked answers.
    pub(crate) solved: bool,
    /// With a table of all short answers at the end.
    pub(crate) with_key: bool,
    pub(crate) lang: Lang,
}

impl Sheet<'_> {
    fn words(&self) -> &'static words::Papers {
        &self.lang.words().papers
    }

    /// How to get the same paper once more.
    fn again(&self, seed: u64) -> String {
        format!("cargo xtask drill {} --seed {seed}", self.number)
    }

    /// The columns of the key: of the paper that has most parts.
    fn parts(&self) -> usize {
        let parts = self.papers.iter().map(|(_, paper)| paper.parts.len());
        parts.max().unwrap_or_default()
    }
}

/// The points of all parts.
fn points(paper: &Paper) -> u32 {
    paper.parts.iter().map(|part| part.points).sum()
}

/// `a`, `b`, …
fn letter(part: usize) -> String {
    u8::try_from(part)
        .ok()
        .and_then(|part| b'a'.checked_add(part))
        .filter(u8::is_ascii_lowercase)
        .map_or_else(
            || (part + 1).to_string(),
            |letter| char::from(letter).to_string(),
        )
}

#[cfg(test)]
mod tests;

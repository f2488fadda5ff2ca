//! Questions on paper, as an exam asks them: what a lab makes up, in a form that can be printed in
//! any format and language. Printing is not done here.
//!
//! A lab that has such questions names a function behind its checks:
//!
//! ```text
//! checks::main![textbook, safety => paper];
//!
//! fn paper(random: &mut Random) -> Paper { … }
//! ```
//!
//! The same random numbers must give the same paper: `cargo xtask drill` prints it today, and its
//! answers next week.

use serde::{Deserialize, Serialize};

use crate::{Random, Text};

/// What a lab makes of random numbers.
pub type Drill = fn(&mut Random) -> Paper;

/// One question, with all its parts and their answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// A line.
    pub title: Text,
    /// What is given.
    pub given: Vec<Block>,
    /// What is asked, one after the other.
    pub parts: Vec<Part>,
}

/// One thing that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What it is worth.
    pub points: u32,
    /// The question.
    pub question: Text,
    /// The worked answer.
    pub answer: Vec<Block>,
    /// The answer in a few words, for who marks many papers.
    pub key: Text,
}

/// A piece of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// Some sentences.
    Paragraph(Text),
    /// A table. All rows have as many cells as the head.
    Table {
        /// What the columns are.
        head: Vec<Text>,
        /// The cells.
        rows: Vec<Vec<Text>>,
    },
}

/// The papers of these seeds.
pub(crate) fn papers(drill: Drill, seeds: &[u64]) -> Vec<Paper> {
    let of = |seed: &u64| drill(&mut Random::new(*seed));
    seeds.iter().map(of).collect()
}

//! `cargo xtask drill 22`: an exam question on paper, its worked answer, or papers for a whole
//! class.

use std::{
    fs,
    io::{self, Write},
};

use super::{AtHand, Exit};
use crate::{
    cli::{self, PaperKind},
    grader::{
        drill,
        error::{Error, Mistake},
        lab::Lab,
    },
    report::paper::{self, Sheet},
};

pub(super) fn run(at_hand: &AtHand, options: &cli::Drill) -> anyhow::Result<Exit> {
    let lab = Lab::open(&at_hand.repository, &options.lab)?;
    let papers = u64::from(options.sheet.unwrap_or(1));
    let seeds: Vec<u64> = (0..papers)
        .map(|number| options.seed.wrapping_add(number))
        .collect();
    let papers = drill::papers(&at_hand.repository, &lab, &seeds, &at_hand.interrupt)?;
    let sheet = Sheet {
        lab: &lab.manifest.name,
        number: lab.manifest.number,
        papers: seeds.into_iter().zip(papers).collect(),
        solved: options.solve,
        with_key: options.sheet.is_some(),
        lang: at_hand.lang,
    };
    let text = match options.format.kind {
        PaperKind::Markdown => paper::markdown(&sheet),
        PaperKind::Html => paper::html(&sheet),
    };
    match &options.format.file {
        None => io::stdout().lock().write_all(text.as_bytes())?,
        Some(file) => fs::write(file, text).map_err(|source| {
            let path = file.display().to_string();
            Error::from(Mistake::Unwritable { path, source })
        })?,
    }
    Ok(Exit::Good)
}

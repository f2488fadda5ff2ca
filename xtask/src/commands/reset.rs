//! `cargo xtask reset 12`: the starter back, the student's files kept aside.

use std::io::{self, Write};

use super::{AtHand, Exit};
use crate::{
    cli,
    grader::{lab::Lab, starter},
};

pub(super) fn run(at_hand: &AtHand, options: &cli::Reset) -> anyhow::Result<Exit> {
    let lab = Lab::open(&at_hand.repository, &options.lab)?;
    let reset = starter::reset(&at_hand.repository, &lab, &at_hand.interrupt)?;
    let mut out = io::stdout().lock();
    let folder = lab.folder.shown();
    if reset.replaced.is_empty() {
        writeln!(
            out,
            "{folder} holds the starter already; nothing was changed"
        )?;
        return Ok(Exit::Good);
    }
    for file in &reset.replaced {
        writeln!(out, "{folder}/{file} is the starter's again")?;
    }
    if let Some(kept) = &reset.kept {
        writeln!(out, "Yours   {}", at_hand.repository.relative(kept))?;
    }
    writeln!(out, "Next    cargo xtask lab {}", lab.manifest.number)?;
    Ok(Exit::Good)
}

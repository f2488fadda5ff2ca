//! `cargo xtask list`: the labs, their points, and the best scores.

use std::io::{self, Write};

use super::{AtHand, Exit};
use crate::grader::{lab::Lab, progress::Progress};

pub(super) fn run(at_hand: &AtHand) -> anyhow::Result<Exit> {
    let progress = Progress::load(&at_hand.repository)?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "lab              hours  checks   best  what it is about"
    )?;
    for folder in at_hand
        .repository
        .labs()
        .map_err(crate::grader::error::Error::from)?
    {
        let lab = Lab::of(folder)?;
        let best = match progress.best(&lab.folder.folder) {
            Some(best) => format!("{best}"),
            None => "-".to_owned(),
        };
        writeln!(
            out,
            "{:02} {:12}  {:5}  {:6}  {best:>5}  {}",
            lab.manifest.number,
            lab.manifest.name,
            lab.manifest.hours,
            lab.manifest.checks.len(),
            at_hand.lang.pick(&lab.manifest.title),
        )?;
    }
    writeln!(
        out,
        "\nEach lab has 100 points.  Next  cargo xtask lab NUMBER"
    )?;
    Ok(Exit::Good)
}

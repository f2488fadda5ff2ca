//! `cargo xtask` alone: where you stand, and the next step.

use std::io::{self, Write};

use super::{AtHand, Exit};
use crate::grader::{error::Error, lab::Lab, progress::Progress};

pub(super) fn run(at_hand: &AtHand) -> anyhow::Result<Exit> {
    let progress = Progress::load(&at_hand.repository)?;
    let labs = at_hand
        .repository
        .labs()
        .map_err(Error::from)?
        .into_iter()
        .map(Lab::of)
        .collect::<Result<Vec<_>, _>>()?;
    let best = |lab: &Lab| progress.best(&lab.folder.folder);
    let done = labs.iter().filter(|lab| best(lab) == Some(100)).count();
    let points: u32 = labs.iter().filter_map(best).sum();

    let mut out = io::stdout().lock();
    writeln!(
        out,
        "Interlock   {done} of {} labs done, {points} points",
        labs.len()
    )?;
    for lab in labs.iter().filter(|lab| best(lab).is_some()) {
        let best = best(lab).unwrap_or(0);
        let (number, name) = (lab.manifest.number, &lab.manifest.name);
        writeln!(out, "Lab {number:02}  {name:12}  {best:3} of 100")?;
    }
    let begun = labs
        .iter()
        .find(|lab| best(lab).is_some_and(|best| best < 100));
    let fresh = labs.iter().find(|lab| best(lab).is_none());
    match begun.or(fresh) {
        Some(lab) => {
            let (number, folder) = (lab.manifest.number, lab.folder.shown());
            let title = at_hand.lang.pick(&lab.manifest.title);
            let hours = lab.manifest.hours;
            writeln!(out, "\nNext    lab {number}, {title} (about {hours} h)")?;
            writeln!(
                out,
                "        read {folder}/README.md, then: cargo xtask lab {number}"
            )?;
        }
        None => writeln!(out, "\nEvery lab is done.")?,
    }
    writeln!(
        out,
        "        cargo xtask list      all labs        cargo xtask --help  all commands"
    )?;
    Ok(Exit::Good)
}

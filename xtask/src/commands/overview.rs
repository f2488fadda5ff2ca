//! `cargo xtask` alone: where you stand, and the next step.

use super::{AtHand, Exit};
use crate::{
    grader::{error::Error, lab::Lab, progress::Progress},
    report::{
        list,
        page::{Role, Span},
        width::{cells, pad},
    },
};

pub(super) fn run(at_hand: &AtHand) -> anyhow::Result<Exit> {
    let progress = Progress::load(&at_hand.repository)?;
    let folders = at_hand.repository.labs().map_err(Error::from)?;
    let labs = folders
        .into_iter()
        .map(Lab::of)
        .collect::<Result<Vec<_>, _>>()?;
    let best = |lab: &Lab| progress.best(&lab.folder.folder);
    let done = labs.iter().filter(|lab| best(lab) == Some(100)).count();
    let points: u32 = labs.iter().filter_map(best).sum();

    let words = at_hand.words();
    let told = &words.commands;
    let mut page = at_hand.page();
    page.label(Role::Strong, told.course_label);
    page.text(Role::Plain, &(told.standing)(done, labs.len(), points));
    let begun: Vec<(&Lab, u32)> = labs
        .iter()
        .filter_map(|lab| Some((lab, best(lab)?)))
        .collect();
    let title = |lab: &'_ Lab| at_hand.lang.pick(&lab.manifest.title).to_owned();
    let width = begun.iter().map(|(lab, _)| cells(&title(lab)));
    let width = width.max().unwrap_or_default() + 3;
    for (lab, best) in &begun {
        page.label(Role::Plain, &(words.lab)(lab.manifest.number));
        let best = (told.of_hundred)(*best);
        page.line(vec![
            Span::plain(&pad(&title(lab), width)),
            Span::plain(&best),
        ]);
    }

    let unfinished = begun.iter().find(|(_, best)| *best < 100);
    let unfinished = unfinished.map(|(lab, _)| *lab);
    let fresh = || labs.iter().find(|lab| best(lab).is_none());
    let mut steps = Vec::new();
    page.blank();
    page.label(Role::Strong, words.next);
    match unfinished.or_else(fresh) {
        Some(lab) => {
            let number = lab.manifest.number;
            let handout = (words.handout)(&format!("{}/README.md", lab.folder.shown()));
            let next = (told.next_lab)(&title(lab), lab.manifest.hours, &handout);
            page.text(Role::Plain, &next);
            let command = format!("cargo xtask lab {number}");
            steps.push((command, told.grade.to_owned()));
            let command = format!("cargo xtask hint {number}");
            steps.push((command, told.stuck.to_owned()));
        }
        None => page.text(Role::Plain, told.all_done),
    }
    steps.push(("cargo xtask list".to_owned(), told.all_labs.to_owned()));
    steps.push((
        "cargo xtask --help".to_owned(),
        told.all_commands.to_owned(),
    ));
    list(&steps, &mut page);
    at_hand.show(&page)?;
    Ok(Exit::Good)
}

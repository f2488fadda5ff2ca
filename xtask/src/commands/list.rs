//! `cargo xtask list`: the labs, their points, and the best scores.

use super::{AtHand, Exit};
use crate::{
    grader::{error::Error, lab::Lab, progress::Progress},
    report::{
        list,
        page::{Role, Span},
        width::{cells, pad, pad_left},
    },
};

/// Between two columns.
const GAP: usize = 3;

pub(super) fn run(at_hand: &AtHand) -> anyhow::Result<Exit> {
    let progress = Progress::load(&at_hand.repository)?;
    let folders = at_hand.repository.labs().map_err(Error::from)?;
    let labs = folders
        .into_iter()
        .map(Lab::of)
        .collect::<Result<Vec<_>, _>>()?;
    let words = at_hand.words();
    let [lab_head, head @ ..] = words.commands.list_head;
    let rows: Vec<[String; 5]> = labs
        .iter()
        .map(|lab| {
            let best = progress.best(&lab.folder.folder);
            [
                lab.manifest.name.clone(),
                lab.manifest.hours.to_string(),
                lab.manifest.checks.len().to_string(),
                best.map_or_else(|| "-".to_owned(), words.commands.of_hundred),
                at_hand.lang.pick(&lab.manifest.title).to_owned(),
            ]
        })
        .collect();
    let head = head.map(str::to_owned);
    let width = |column: usize| {
        let all = rows.iter().chain([&head]);
        all.map(|row| cells(&row[column])).max().unwrap_or_default()
    };
    let line = |row: &[String; 5]| {
        let [name, hours, checks, best, title] = row;
        let gap = " ".repeat(GAP);
        [
            pad(name, width(0)),
            pad_left(hours, width(1)),
            pad_left(checks, width(2)),
            pad_left(best, width(3)),
            title.clone(),
        ]
        .join(&gap)
    };

    let mut page = at_hand.page();
    page.label(Role::Quiet, lab_head);
    page.line(vec![Span::new(Role::Quiet, &line(&head))]);
    for (lab, row) in labs.iter().zip(&rows) {
        page.label(Role::Strong, &(words.lab)(lab.manifest.number));
        page.line(vec![Span::plain(&line(row))]);
    }
    if let Some(lab) = labs.first() {
        let command = format!("cargo xtask lab {}", lab.manifest.number);
        page.blank();
        page.label(Role::Strong, words.next);
        let purpose = words.commands.read_and_grade.to_owned();
        list(&[(command, purpose)], &mut page);
    }
    at_hand.show(&page)?;
    Ok(Exit::Good)
}

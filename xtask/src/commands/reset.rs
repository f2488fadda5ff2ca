//! `cargo xtask reset 12`: the starter back, the student's files kept aside.

use super::{AtHand, Exit};
use crate::{
    cli,
    grader::{lab::Lab, starter},
    report::{list, page::Role},
};

pub(super) fn run(at_hand: &AtHand, options: &cli::Reset) -> anyhow::Result<Exit> {
    let lab = Lab::open(&at_hand.repository, &options.lab)?;
    let reset = starter::reset(&at_hand.repository, &lab, &at_hand.interrupt)?;
    let words = at_hand.words();
    let folder = lab.folder.shown();
    let mut page = at_hand.page();
    page.label(Role::Strong, words.commands.reset_label);
    if reset.replaced.is_empty() {
        let already = (words.commands.starter_already)(&folder);
        page.text(Role::Plain, &already);
    }
    for file in &reset.replaced {
        let path = format!("{folder}/{file}");
        page.text(Role::Plain, &(words.commands.starter_again)(&path));
    }
    if let Some(kept) = &reset.kept {
        let path = at_hand.repository.relative(kept);
        page.label(Role::Strong, words.commands.kept_label);
        page.text(Role::Plain, &(words.commands.kept)(&path));
    }
    page.blank();
    page.label(Role::Strong, words.next);
    let command = format!("cargo xtask lab {}", lab.manifest.number);
    list(&[(command, words.again.to_owned())], &mut page);
    at_hand.show(&page)?;
    Ok(Exit::Good)
}

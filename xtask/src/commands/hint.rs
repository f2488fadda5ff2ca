//! `cargo xtask hint 12 [CHECK]`: the next layer of a hint, from the idea to the shape. Which layers
//! have been shown is remembered in `.interlock/hints.json`.

use std::{collections::BTreeMap, fs, io, path::Path};

use anyhow::Context;

use super::{AtHand, Exit};
use crate::{
    cli,
    grader::{error::Error, grading::unknown_check, lab::Lab, manifest::Check},
    report::{
        list,
        page::{Page, Role},
    },
};

/// How many layers were shown, by lab and check.
type Shown = BTreeMap<String, BTreeMap<String, usize>>;

pub(super) fn run(at_hand: &AtHand, options: &cli::Hint) -> anyhow::Result<Exit> {
    let lab = Lab::open(&at_hand.repository, &options.lab)?;
    let path = at_hand.repository.memory().join("hints.json");
    let mut all = load(&path)?;
    let shown = all.entry(lab.folder.folder.clone()).or_default();
    let check = choose(&lab, options.check.as_deref(), shown)?;
    let before = shown.get(&check.name).copied().unwrap_or(0);
    let layer = (before + 1).min(check.hints.len());
    let page = page(at_hand, &lab, check, layer);
    shown.insert(check.name.clone(), layer);
    save(&path, &all)?;
    at_hand.show(&page)?;
    Ok(Exit::Good)
}

/// All layers shown so far, the newest last.
fn page(at_hand: &AtHand, lab: &Lab, check: &Check, layer: usize) -> Page {
    let words = at_hand.words();
    let told = &words.commands;
    let (number, name, of) = (lab.manifest.number, &check.name, check.hints.len());
    let mut page = at_hand.page();
    page.label(Role::Strong, &(words.lab)(number));
    let title = match at_hand.lang.pick(&check.title) {
        title if title == name => name.clone(),
        title => format!("{title} ({name})"),
    };
    if of == 0 {
        page.text(Role::Plain, &title);
        page.text(Role::Plain, told.no_hints);
    } else {
        page.ends(&title, &(told.hints_shown)(layer, of));
    }
    for (index, hint) in check.hints.iter().take(layer).enumerate() {
        page.label(Role::Strong, &(told.hint_label)(index + 1));
        page.text(Role::Plain, at_hand.lang.pick(hint));
    }
    let mut steps = Vec::new();
    if layer < of {
        let next = format!("cargo xtask hint {number} {name}");
        steps.push((next, told.next_hint.to_owned()));
    }
    let again = format!("cargo xtask lab {number} --check {name}");
    steps.push((again, told.only_this_check.to_owned()));
    page.blank();
    page.label(Role::Strong, words.next);
    list(&steps, &mut page);
    page
}

/// The check that was named, or else the first with a layer left.
fn choose<'a>(
    lab: &'a Lab,
    wanted: Option<&str>,
    shown: &BTreeMap<String, usize>,
) -> Result<&'a Check, Error> {
    let all = &lab.manifest.checks;
    match wanted {
        Some(name) => lab
            .manifest
            .check(name)
            .ok_or_else(|| unknown_check(lab, name)),
        None => {
            let left = |check: &&Check| shown.get(&check.name).unwrap_or(&0) < &check.hints.len();
            // A manifest without checks is not in order, so there is a first one.
            let first = all.first().ok_or_else(|| unknown_check(lab, ""));
            all.iter().find(left).map_or(first, Ok)
        }
    }
}

fn load(path: &Path) -> anyhow::Result<Shown> {
    match fs::read_to_string(path) {
        // What was shown is no secret: if the file is broken, the hints begin anew.
        Ok(text) => Ok(serde_json::from_str(&text).unwrap_or_default()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Shown::new()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

fn save(path: &Path, shown: &Shown) -> anyhow::Result<()> {
    let what = || format!("{} cannot be written", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(what)?;
    }
    fs::write(path, serde_json::to_string_pretty(shown)?).with_context(what)
}

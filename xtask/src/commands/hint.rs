//! `cargo xtask hint 12 [CHECK]`: the next layer of a hint, from the idea to the shape. Which layers
//! have been shown is remembered in `.interlock/hints.json`.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::Path,
};

use anyhow::Context;

use super::{AtHand, Exit};
use crate::{
    cli,
    grader::{error::Error, lab::Lab, manifest::Check},
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
    let mut out = io::stdout().lock();
    let title = at_hand.lang.pick(&check.title);
    writeln!(out, "Lab {}  {title} ({})", lab.manifest.number, check.name)?;
    for (index, hint) in check.hints.iter().take(layer).enumerate() {
        let of = check.hints.len();
        writeln!(
            out,
            "Hint {} of {of}  {}",
            index + 1,
            at_hand.lang.pick(hint)
        )?;
    }
    match layer < check.hints.len() {
        true => writeln!(
            out,
            "Next  cargo xtask hint {} {}",
            lab.manifest.number, check.name
        )?,
        false => writeln!(out, "Next  cargo xtask lab {}", lab.manifest.number)?,
    }
    shown.insert(check.name.clone(), layer);
    save(&path, &all)?;
    Ok(Exit::Good)
}

/// The check that was named, or else the first with a layer left.
fn choose<'a>(
    lab: &'a Lab,
    wanted: Option<&str>,
    shown: &BTreeMap<String, usize>,
) -> Result<&'a Check, Error> {
    let all = &lab.manifest.checks;
    let names = || {
        all.iter()
            .map(|check| &*check.name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match wanted {
        Some(name) => lab.manifest.check(name).ok_or_else(|| {
            Error::Request(format!(
                "this lab has no check `{name}`. It has {}",
                names()
            ))
        }),
        None => {
            let left = |check: &&Check| shown.get(&check.name).unwrap_or(&0) < &check.hints.len();
            all.iter()
                .find(left)
                .or(all.first())
                .ok_or_else(|| Error::Request("this lab has no checks, and so no hints".to_owned()))
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

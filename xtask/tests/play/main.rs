//! `cargo xtask play` on the real lab 19, whose known-wrong lock looks first and locks later: line by
//! line, and in a terminal that tmux makes.

mod lines;
mod tmux;

use std::{
    fs,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A lock that is broken by preempting each thread between its look and its store.
const WRONG: &str = "wrong/load-then-store";
const PROGRAM: &str = "exclusion_ttas";

fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// All games share one stage.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The processes that execute the lab's programs for the model, of this checkout.
fn models() -> Vec<String> {
    let entries = fs::read_dir("/proc").expect("/proc can be read");
    let links = entries
        .flatten()
        .filter_map(|entry| fs::read_link(entry.path().join("exe")).ok());
    let paths = links.map(|path| path.to_string_lossy().into_owned());
    let root = root().to_string_lossy().into_owned();
    paths
        .filter(|path| path.starts_with(&root) && path.contains("lab19-model"))
        .collect()
}

/// The games of this repository that are being played.
fn games() -> Vec<String> {
    let entries = fs::read_dir("/proc").expect("/proc can be read");
    let processes = entries.flatten().filter(|entry| {
        fs::read_link(entry.path().join("exe"))
            .is_ok_and(|path| path == Path::new(env!("CARGO_BIN_EXE_xtask")))
    });
    let commands =
        processes.filter_map(|entry| fs::read_to_string(entry.path().join("cmdline")).ok());
    commands
        .filter(|command| command.split('\0').any(|word| word == "play"))
        .collect()
}

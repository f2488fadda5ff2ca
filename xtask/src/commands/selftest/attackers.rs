//! The program of the attacks, built anew whenever its source has changed: a stale one would attack
//! as it did yesterday.

use std::{fs, path::PathBuf};

use crate::grader::{
    cargo::{Call, Outcome},
    error::Error,
    interrupt::Interrupt,
    repository::Repository,
};

/// The package, and its program.
const NAME: &str = "hostile";

/// Builds it.
///
/// # Errors
///
/// Fails if it does not compile, and at Ctrl-C.
pub(super) fn build(repository: &Repository, interrupt: &Interrupt) -> Result<PathBuf, Error> {
    let arguments = ["build", "--package", NAME, "--bin", NAME];
    let log = repository.workshop().join("log").join("hostile.log");
    let call = Call {
        workspace: repository.root(),
        target: repository.target(),
        arguments: arguments.iter().map(Into::into).collect(),
        log: log.clone(),
        from_scratch: false,
        enclosure: None,
    };
    let manifest = repository.root().join("xtask/hostile/Cargo.toml");
    match call.run(&manifest, interrupt)? {
        Outcome::Built {
            mut executables, ..
        } => executables
            .remove(NAME)
            .ok_or_else(|| Error::Broken("cargo built no attacks".to_owned())),
        Outcome::Refused { messages } => {
            let errors = messages.len();
            let messages: Vec<String> = messages.into_iter().map(|it| it.rendered).collect();
            let what = || format!("{} cannot be written", log.display());
            if let Some(folder) = log.parent() {
                fs::create_dir_all(folder).map_err(Error::io(what()))?;
            }
            fs::write(&log, messages.join("\n")).map_err(Error::io(what()))?;
            let reason = format!("the attacks do not compile: {errors} errors");
            Err(Error::Cargo { reason, log })
        }
        Outcome::Stopped(_) => Err(Error::Broken(
            "the compiler of the attacks was ended".to_owned(),
        )),
    }
}

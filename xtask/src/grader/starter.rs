//! The starter of a lab, taken from git, and the student's files, kept aside before it replaces
//! them.
//!
//! A student's own commits must not be taken for the starter. Students commit the files that they
//! hand in; the course's people also commit the rest of the lab. So the starter is what the newest
//! commit holds that touched a file of the lab which nobody hands in.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    error::{Error, Mistake},
    interrupt::Interrupt,
    lab::Lab,
    process::{self, End},
    repository::Repository,
};

/// What a reset did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reset {
    /// The files that were replaced.
    pub(crate) replaced: Vec<String>,
    /// Where they are now, if anything was replaced.
    pub(crate) kept: Option<PathBuf>,
    /// Whether the manifest of the lab's package was brought back too.
    pub(crate) package: bool,
}

/// Puts the starter back. The student's files are copied aside first: nothing is ever lost.
///
/// # Errors
///
/// Fails if git does not know the starter, or a file cannot be read or written.
pub(crate) fn reset(
    repository: &Repository,
    lab: &Lab,
    interrupt: &Interrupt,
) -> Result<Reset, Error> {
    let git = Git {
        root: repository.root(),
        interrupt,
    };
    let commit = git.starter_commit(lab)?;
    let folder = lab.folder.shown();
    let mut restored = lab.manifest.submit.clone();
    // Not handed in, but easily broken, and then nothing works any more.
    restored.push("Cargo.toml".to_owned());
    let mut changes = Vec::new();
    for file in restored {
        let starter = git.run(&["show", &format!("{commit}:{folder}/{file}")])?;
        let path = lab.folder.path.join(&file);
        if fs::read(&path).ok().as_deref() != Some(&*starter) {
            changes.push((file, path, starter));
        }
    }
    let kept = keep_aside(repository, lab, &changes)?;
    for (file, path, starter) in &changes {
        let what = format!("{folder}/{file} cannot be written");
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(Error::io(what.clone()))?;
        }
        fs::write(path, starter).map_err(Error::io(what))?;
    }
    let replaced: Vec<String> = changes.into_iter().map(|(file, ..)| file).collect();
    let package = replaced.iter().any(|file| file == "Cargo.toml");
    Ok(Reset {
        replaced,
        kept,
        package,
    })
}

/// Copies what is about to be replaced to `.interlock/kept/12-mmap/1`, the next free number.
fn keep_aside(
    repository: &Repository,
    lab: &Lab,
    changes: &[(String, PathBuf, Vec<u8>)],
) -> Result<Option<PathBuf>, Error> {
    let present: Vec<&(String, PathBuf, Vec<u8>)> = changes
        .iter()
        .filter(|(_, path, _)| path.exists())
        .collect();
    if present.is_empty() {
        return Ok(None);
    }
    let shelf = repository.memory().join("kept").join(&lab.folder.folder);
    fs::create_dir_all(&shelf).map_err(Error::io(format!("{} cannot be made", shelf.display())))?;
    let mut number = 1;
    let place = loop {
        let place = shelf.join(number.to_string());
        // To make the folder is to claim the number.
        match fs::create_dir(&place) {
            Ok(()) => break place,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => {
                return Err(Error::io(format!("{} cannot be made", place.display()))(
                    error,
                ));
            }
        }
    };
    for (file, path, _) in present {
        let to = place.join(file);
        let what = format!("{} cannot be kept aside", path.display());
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(Error::io(what.clone()))?;
        }
        fs::copy(path, &to).map_err(Error::io(what))?;
    }
    Ok(Some(place))
}

struct Git<'a> {
    root: &'a Path,
    interrupt: &'a Interrupt,
}

impl Git<'_> {
    fn starter_commit(&self, lab: &Lab) -> Result<String, Error> {
        let folder = lab.folder.shown();
        let mut arguments = vec![
            "log".to_owned(),
            "--max-count=1".to_owned(),
            "--format=%H".to_owned(),
            "--".to_owned(),
            folder.clone(),
            format!(":(exclude){folder}/Cargo.toml"),
        ];
        arguments.extend(
            lab.manifest
                .submit
                .iter()
                .map(|file| format!(":(exclude){folder}/{file}")),
        );
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let commit = self.run(&arguments)?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        if commit.is_empty() {
            return Err(Error::from(Mistake::NoStarter {
                reason: format!("it knows no commit with {folder} in it"),
            }));
        }
        Ok(commit)
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        let mut command = process::command("git");
        command
            .current_dir(self.root)
            .arg("--no-pager")
            .args(arguments);
        let finished = process::run(command, None, None, self.interrupt)
            .map_err(Error::io("git, which keeps the starter, cannot be started"))?;
        match finished.end {
            End::Exited(status) if status.success() => Ok(finished.stdout),
            End::Interrupted => Err(Error::Interrupted),
            End::Exited(_) | End::Overran => {
                let words = String::from_utf8_lossy(&finished.stderr);
                let reason = words.trim().lines().next().unwrap_or("without a word");
                Err(Error::from(Mistake::NoStarter {
                    reason: reason.to_owned(),
                }))
            }
        }
    }
}

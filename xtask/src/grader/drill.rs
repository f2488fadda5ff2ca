//! Questions on paper: a lab's checks make them up. What they are about is the lab's business, how
//! they look is the report's.

use checks::Paper;

use super::{
    build,
    error::{Error, Mistake},
    interrupt::Interrupt,
    lab::Lab,
    process::{self, End},
    repository::Repository,
};

/// The papers of these seeds, one each.
///
/// # Errors
///
/// Fails if the lab has no such questions, if its checks cannot be built, and at Ctrl-C.
pub(crate) fn papers(
    repository: &Repository,
    lab: &Lab,
    seeds: &[u64],
    interrupt: &Interrupt,
) -> Result<Vec<Paper>, Error> {
    let checks = build::checks(repository, lab, interrupt)?;
    let mut command = process::command(&checks.program);
    command.arg("--drill");
    command.args(seeds.iter().map(u64::to_string));
    let finished = process::run(command, None, None, interrupt)
        .map_err(Error::io("the checks cannot be started"))?;
    let silent = |why: &str| Error::Broken(format!("the checks make up no questions: {why}"));
    match finished.end {
        End::Exited(status) if status.success() => {}
        End::Exited(_) => return Err(silent(&String::from_utf8_lossy(&finished.stderr))),
        End::Interrupted | End::Overran => return Err(Error::Interrupted),
    }
    let papers: Option<Vec<Paper>> =
        serde_json::from_slice(&finished.stdout).map_err(|error| silent(&error.to_string()))?;
    papers.ok_or_else(|| {
        let lab = lab.folder.folder.clone();
        Mistake::NoDrill { lab }.into()
    })
}

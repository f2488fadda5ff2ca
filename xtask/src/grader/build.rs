//! Builds the programs of a grading: the driver that holds the submitted code, beside it the programs
//! for the model if the lab has some, and the checks, which hold none of it. Runs neither, but for asking the checks their names.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use arena::{Level, Limits};
use checks::{Text, text};

use super::{
    cargo::{self, Call, Enclosure, Message, Outcome, Stopped},
    error::Error,
    interrupt::Interrupt,
    lab::Lab,
    process::{self, End},
    repository::Repository,
    stage::Stage,
    submission::Submission,
    toolchain::Toolchain,
};

/// The target of the checks in every lab's package.
const CHECKS: &str = "checks";

/// A check binary that does not tell its names in this time will not tell them at all.
const LIST_DEADLINE: Duration = Duration::from_secs(60);

/// How the build of a submission ended.
#[derive(Debug)]
pub(crate) enum Built {
    Driver(Driver),
    DoesNotCompile {
        messages: Vec<String>,
        errors: usize,
        note: Option<Text>,
    },
    /// The compiler ran into a limit.
    Stopped(Stopped),
}

/// A driver, and the files that it was built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Driver {
    pub(crate) program: PathBuf,
    /// The programs for the model, if the lab has some.
    pub(crate) model: Option<PathBuf>,
    /// The folder below which the submitted files lie as they were compiled.
    pub(crate) source: PathBuf,
}

/// The checks of a lab, and whether anything had to be compiled for them.
#[derive(Debug)]
pub(crate) struct Checks {
    pub(crate) program: PathBuf,
    pub(crate) fresh: bool,
}

/// Builds the driver: the working copy in place, so that messages carry the student's own paths and
/// the student's next `cargo build` finds the work done; anything else in the stage of `worker`, and
/// in a box of this level with these limits.
///
/// # Errors
///
/// Fails if cargo fails for any reason but the submitted code.
pub(crate) fn driver(
    repository: &Repository,
    lab: &Lab,
    submission: &Submission,
    worker: usize,
    level: Level,
    limits: Limits,
    interrupt: &Interrupt,
) -> Result<Built, Error> {
    if submission.in_place {
        let place = Place {
            workspace: repository.root(),
            target: repository.target(),
            lab: &lab.folder.path,
            is_staged: false,
            enclosure: None,
        };
        return place.build(repository, lab, submission, interrupt);
    }
    let stage = Stage::for_submission(repository, lab, &submission.files, worker)?;
    if stage.is_new {
        cargo::fetch(&stage.workspace, &stage.lab.join("Cargo.toml"), interrupt).map_err(
            |error| {
                stage.is_new_again();
                own_package(lab)(error)
            },
        )?;
    }
    if stage.is_cold {
        warm(repository, lab, &stage, interrupt)?;
    }
    let enclosure = match level {
        Level::None => None,
        Level::Namespaces | Level::Landlock => Some(Enclosure {
            level,
            limits,
            toolchain: Toolchain::find(interrupt)?,
            sees: configuration(repository),
        }),
    };
    let place = Place {
        workspace: &stage.workspace,
        target: &stage.target,
        lab: &stage.lab,
        is_staged: true,
        enclosure,
    };
    place.build(repository, lab, submission, interrupt)
}

/// Compiles what a lab is built with: it is ours, so it needs no box, and the time that it takes is not
/// the submission's.
fn warm(
    repository: &Repository,
    lab: &Lab,
    stage: &Stage,
    interrupt: &Interrupt,
) -> Result<(), Error> {
    if stage.house.is_empty() {
        return Ok(());
    }
    let packages = stage.house.iter().flat_map(|name| ["--package", name]);
    let arguments = ["build"].into_iter().chain(packages);
    let call = Call {
        workspace: &stage.workspace,
        target: &stage.target,
        arguments: arguments.map(Into::into).collect(),
        log: log(repository, lab, "house"),
        from_scratch: true,
        enclosure: None,
    };
    match call.run(&stage.lab.join("Cargo.toml"), interrupt) {
        Ok(Outcome::Built { .. }) => Ok(()),
        Ok(Outcome::Refused { .. } | Outcome::Stopped(_)) => Err(Error::Broken(
            "the packages that the lab is built with do not compile".to_owned(),
        )),
        Err(error) => {
            stage.is_new_again();
            Err(own_package(lab)(error))
        }
    }
}

/// Where cargo looks for configuration on its way up from the stage.
fn configuration(repository: &Repository) -> Vec<PathBuf> {
    let folders = repository.root().ancestors();
    let all = folders.map(|folder| folder.join(".cargo"));
    all.flat_map(|folder| ["config.toml", "config"].map(|name| folder.join(name)))
        .filter(|path| path.is_file())
        .collect()
}

/// Where a driver is built.
struct Place<'a> {
    workspace: &'a Path,
    target: &'a Path,
    lab: &'a Path,
    is_staged: bool,
    enclosure: Option<Enclosure>,
}

impl Place<'_> {
    fn build(
        self,
        repository: &Repository,
        lab: &Lab,
        submission: &Submission,
        interrupt: &Interrupt,
    ) -> Result<Built, Error> {
        let (package, name) = (lab.folder.package(), lab.folder.driver());
        let mut arguments = vec!["build", "--package", &package, "--bin", &name];
        let model = lab.folder.model();
        let has_model = lab.folder.has_model();
        if has_model {
            // Both are compiled to their ends, whichever fails first: the messages are the same each
            // time.
            arguments.extend(["--bin", &model, "--keep-going"]);
        }
        let call = Call {
            workspace: self.workspace,
            target: self.target,
            arguments: arguments.iter().map(Into::into).collect(),
            log: log(repository, lab, "build"),
            from_scratch: self.is_staged,
            enclosure: self.enclosure,
        };
        match call.run(&self.lab.join("Cargo.toml"), interrupt) {
            Ok(Outcome::Built {
                mut executables, ..
            }) => {
                let mut built = |name: &str| {
                    let program = executables.remove(name);
                    program.ok_or_else(|| Error::Broken(format!("cargo built no program {name}")))
                };
                Ok(Built::Driver(Driver {
                    program: built(&name)?,
                    model: has_model.then(|| built(&model)).transpose()?,
                    source: self.lab.to_path_buf(),
                }))
            }
            Ok(Outcome::Refused { messages }) => {
                let (messages, only_there) = told_once(&messages, &model);
                let messages: Vec<String> = messages
                    .iter()
                    .map(|message| own_paths(message, lab, submission))
                    .collect();
                Ok(Built::DoesNotCompile {
                    errors: messages.len(),
                    messages,
                    note: only_there.then(only_under_the_model),
                })
            }
            Ok(Outcome::Stopped(stopped)) => Ok(Built::Stopped(stopped)),
            Err(error) => Err(own_package(lab)(error)),
        }
    }
}

/// What is wrong with the student's files is wrong in both programs, and told once. Says also
/// whether something is wrong under the model and nowhere else.
fn told_once<'a>(messages: &'a [Message], model: &str) -> (Vec<&'a str>, bool) {
    let of_model = |message: &&Message| message.target == model;
    let mut told: Vec<&str> = Vec::new();
    let mut note = |message: &'a Message| {
        let is_new = !told.contains(&message.rendered.as_str());
        if is_new {
            told.push(&message.rendered);
        }
        is_new
    };
    for message in messages.iter().filter(|message| !of_model(message)) {
        note(message);
    }
    let mut only_there = false;
    for message in messages.iter().filter(of_model) {
        only_there |= note(message);
    }
    (told, only_there)
}

fn only_under_the_model() -> Text {
    text!(
        "In this lab `std` is a model of it, which has only what the handout lists: what it does not have, it could not judge.";
        "本实验中的 `std` 是它的模型，只有讲义列出的那些内容：模型里没有的，也就无法评判。"
    )
}

/// The manifest at fault is the lab's, and not its copy in the stage.
fn own_package(lab: &Lab) -> impl Fn(Error) -> Error + '_ {
    move |error| match error {
        Error::BrokenPackage { reason, .. } => {
            let path = format!("{}/Cargo.toml", lab.folder.shown());
            Error::BrokenPackage { path, reason }
        }
        other => other,
    }
}

/// The compiler names files as the stage has them; their author knows them by other names.
fn own_paths(message: &str, lab: &Lab, submission: &Submission) -> String {
    submission
        .files
        .iter()
        .fold(message.to_owned(), |message, file| {
            message.replace(
                &format!("{}/{}", lab.folder.shown(), file.path),
                &file.shown,
            )
        })
}

/// Builds the checks of a lab, unless they are built already.
///
/// # Errors
///
/// Fails if they do not compile: no student is to blame for that.
pub(crate) fn checks(
    repository: &Repository,
    lab: &Lab,
    interrupt: &Interrupt,
) -> Result<Checks, Error> {
    let stage = Stage::for_checks(repository, lab)?;
    let log = log(repository, lab, "checks");
    let package = lab.folder.package();
    let arguments = ["test", "--no-run", "--package", &package, "--test", CHECKS];
    let call = Call {
        workspace: &stage.workspace,
        target: &stage.target,
        arguments: arguments.iter().map(Into::into).collect(),
        log: log.clone(),
        from_scratch: false,
        enclosure: None,
    };
    match call.run(&stage.lab.join("Cargo.toml"), interrupt)? {
        Outcome::Built {
            mut executables,
            fresh,
        } => {
            let program = executables
                .remove(CHECKS)
                .ok_or_else(|| Error::Broken("cargo built no checks".to_owned()))?;
            Ok(Checks { program, fresh })
        }
        Outcome::Refused { messages } => {
            let errors = messages.len();
            let messages: Vec<&str> = messages.iter().map(|it| it.rendered.as_str()).collect();
            let what = || format!("{} cannot be written", log.display());
            if let Some(folder) = log.parent() {
                fs::create_dir_all(folder).map_err(Error::io(what()))?;
            }
            fs::write(&log, messages.join("\n")).map_err(Error::io(what()))?;
            let reason = format!("the checks of this lab do not compile: {errors} errors");
            Err(Error::Cargo { reason, log })
        }
        Outcome::Stopped(_) => Err(Error::Broken(
            "the compiler of the checks was ended".to_owned(),
        )),
    }
}

/// Asks the check binary for its names and compares them with the manifest's.
///
/// # Errors
///
/// Fails if the binary does not answer, or if the names differ.
pub(crate) fn names_match(lab: &Lab, checks: &Checks, interrupt: &Interrupt) -> Result<(), Error> {
    let mut command = process::command(&checks.program);
    command.args(["--list", "--format", "terse"]);
    let deadline = Some(Instant::now() + LIST_DEADLINE);
    let finished = process::run(command, None, deadline, interrupt)
        .map_err(Error::io("the checks cannot be started"))?;
    match finished.end {
        End::Exited(status) if status.success() => {}
        End::Interrupted => return Err(Error::Interrupted),
        End::Exited(_) | End::Overran => {
            let stderr = String::from_utf8_lossy(&finished.stderr).into_owned();
            return Err(Error::Broken(format!(
                "the checks do not tell their names: {stderr}"
            )));
        }
    }
    let listed: Vec<String> = String::from_utf8_lossy(&finished.stdout)
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .map(str::to_owned)
        .collect();
    let (source, shown) = lab.checks_source()?;
    Ok(lab.manifest.agree_with(&listed, &source, &shown)?)
}

/// Where the words of a failed program are kept.
pub(super) fn log(repository: &Repository, lab: &Lab, name: &str) -> PathBuf {
    logs(repository, lab).join(format!("{name}.log"))
}

/// Where the words of failed checks are kept.
pub(super) fn logs(repository: &Repository, lab: &Lab) -> PathBuf {
    repository.workshop().join("log").join(&lab.folder.folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(target: &str, rendered: &str) -> Message {
        Message {
            target: target.to_owned(),
            rendered: rendered.to_owned(),
        }
    }

    #[test]
    fn what_is_wrong_in_both_programs_is_told_once() {
        let messages = [
            message("lab19-model", "mismatched"),
            message("lab19-driver", "mismatched"),
            message("lab19-driver", "mismatched"),
        ];
        assert_eq!(
            told_once(&messages, "lab19-model"),
            (vec!["mismatched"], false)
        );
    }

    #[test]
    fn what_only_the_model_lacks_comes_last_and_is_noticed() {
        let messages = [
            message("lab19-model", "unresolved"),
            message("lab19-driver", "mismatched"),
        ];
        assert_eq!(
            told_once(&messages, "lab19-model"),
            (vec!["mismatched", "unresolved"], true)
        );
    }
}

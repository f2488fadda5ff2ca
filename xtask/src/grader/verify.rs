//! Grades the graders: the starter, the reference, and every known-wrong and known-right answer of a
//! lab must get the verdicts that they are kept for. Tells what it found; prints nothing.

mod answers;
mod building;
mod load;
mod outcome;
mod running;

use arena::Isolation;

use super::{
    build, error::Error, grading::unknown_check, interrupt::Interrupt, lab::Lab, markdown,
    patch::Patch, repository::Repository, submission::Submission,
};
use answers::Answers;
pub(crate) use outcome::{
    AnswerOutcome, CheckOutcome, Spread, Summary, Unexpected, Verified, word,
};

/// How thoroughly to verify.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// Run all checks on wrong answers too, not only those that they must fail.
    pub(crate) all: bool,
    /// How often the deciding checks are run on each answer.
    pub(crate) repeat: u32,
    /// How many busy loops run beside them.
    pub(crate) load: usize,
    /// How many checks run at a time.
    pub(crate) jobs: usize,
    /// How many answers are built at a time.
    pub(crate) builders: usize,
    pub(crate) isolation: Isolation,
    pub(crate) seed: u64,
    /// Only answers whose name holds this.
    pub(crate) only: Option<String>,
    /// Only these checks; none means all.
    pub(crate) checks: Vec<String>,
}

/// How far a verification has come.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    Began {
        lab: &'a Lab,
    },
    Building {
        answers: usize,
    },
    BuiltOne {
        answer: &'a str,
    },
    Running {
        runs: usize,
    },
    RanOne {
        answer: &'a str,
        check: &'a str,
    },
    /// A verdict that the answer should not get; told at once, since the rest may take hours.
    Surprise {
        answer: &'a str,
        round: u32,
        unexpected: Unexpected,
    },
    /// Every answer has been met once more: what is known stays known if the rest is never run.
    RoundDone(Round),
}

/// What one repetition of all runs came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Round {
    /// Counted from 1.
    pub(crate) number: u32,
    pub(crate) of: u32,
    pub(crate) runs: usize,
    pub(crate) unexpected: usize,
}

/// Verifies one lab.
///
/// # Errors
///
/// Fails if the manifest is not in order, if a check is not the lab's, if the grader fails, and at Ctrl-C. Whatever an answer
/// gets that it should not is in the result.
pub(crate) fn verify(
    repository: &Repository,
    lab: &Lab,
    options: &Options,
    interrupt: &Interrupt,
    on: &mut dyn FnMut(Step<'_>),
) -> Result<Verified, Error> {
    for name in &options.checks {
        lab.manifest
            .check(name)
            .ok_or_else(|| unknown_check(lab, name))?;
    }
    on(Step::Began { lab });
    let checks = build::checks(repository, lab, interrupt)?;
    build::names_match(lab, &checks, interrupt)?;
    let (mut answers, mut problems) = answers::collect(repository, lab)?;
    if let Some(only) = &options.only {
        answers.retain(|answer| answer.name.contains(only.as_str()));
    } else {
        problems.extend(answers::unnamed_checks(lab, &answers));
        problems.extend(papers(repository, lab)?);
    }
    answers.retain(|answer| {
        running::deciding(lab, &answer.expect, options)
            .next()
            .is_some()
    });
    on(Step::Building {
        answers: answers.len(),
    });
    let built = building::build(repository, lab, answers, options, interrupt, on)?;
    let outcomes = running::run(
        repository,
        lab,
        &checks.program,
        built,
        options,
        interrupt,
        on,
    )?;
    Ok(Verified::new(lab, outcomes, problems))
}

/// What is wrong with the lab's texts: a handout that is missing, a path that leads nowhere.
fn papers(repository: &Repository, lab: &Lab) -> Result<Vec<String>, Error> {
    let mut problems = Vec::new();
    for name in ["README.md", "README.zh-CN.md"] {
        if !lab.folder.path.join(name).is_file() {
            problems.push(format!("{}/{name} is missing", lab.folder.shown()));
        }
    }
    let files = markdown::below(&lab.folder.path);
    problems.extend(dead_paths(repository, &files)?);
    Ok(problems)
}

/// The paths in Markdown files that lead nowhere, a line each.
///
/// # Errors
///
/// Fails if a file cannot be read.
pub(crate) fn dead_paths(
    repository: &Repository,
    files: &[std::path::PathBuf],
) -> Result<Vec<String>, Error> {
    let mut problems = Vec::new();
    for file in files {
        let missing = markdown::missing_paths(repository.root(), file)
            .map_err(Error::io(format!("{} cannot be read", file.display())))?;
        problems.extend(missing.into_iter().map(|missing| {
            format!(
                "{}:{}: there is no {}",
                missing.file, missing.line, missing.path
            )
        }));
    }
    Ok(problems)
}

/// What became of a patch when its reference had changed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rebased {
    AsItWas,
    Rewritten,
    DoesNotFit(String),
}

/// Carries the wrong answers of a lab over to the reference as it is now, where they still fit.
///
/// # Errors
///
/// Fails if a patch cannot be read, or not written.
pub(crate) fn rebase(repository: &Repository, lab: &Lab) -> Result<Vec<(String, Rebased)>, Error> {
    let reference = Submission::reference(repository, lab)?;
    let mut told = Vec::new();
    for path in Answers::patches(lab)? {
        let shown = repository.relative(&path);
        let patch = Patch::read(&path, &shown)?;
        let rebased = match patch.rebased(&reference.files) {
            Err(error) => Rebased::DoesNotFit(error.to_string()),
            Ok(text) if text == patch.text() => Rebased::AsItWas,
            Ok(text) => {
                std::fs::write(&path, text)
                    .map_err(Error::io(format!("{shown} cannot be written")))?;
                Rebased::Rewritten
            }
        };
        told.push((shown, rebased));
    }
    Ok(told)
}

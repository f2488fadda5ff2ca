//! The known answers of a lab, and what each must get. Builds nothing.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::super::{
    error::{Error, story},
    lab::Lab,
    patch::Patch,
    repository::Repository,
    submission::Submission,
    submission::SubmissionError,
};

/// A known answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// `starter`, `reference`, `wrong/lost-update`, `right/cas-loop`.
    pub(super) name: String,
    pub(super) expect: Expect,
    /// The files, or why they cannot be had.
    pub(super) submission: Result<Submission, String>,
}

/// What an answer must get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expect {
    LessThanFull,
    Full,
    /// It must fail each of these checks.
    Fails(Vec<String>),
}

/// All known answers, and what is wrong with the way they are kept.
pub(super) fn collect(
    repository: &Repository,
    lab: &Lab,
) -> Result<(Vec<Answer>, Vec<String>), Error> {
    let why = |error: SubmissionError| story(&error);
    // Built in a stage like all others: what the student's target folder holds stays as it is.
    let starter = Submission::working_copy(lab).map(|submission| Submission {
        in_place: false,
        ..submission
    });
    let mut answers = vec![
        Answer {
            name: "starter".to_owned(),
            expect: Expect::LessThanFull,
            submission: starter.map_err(why),
        },
        Answer {
            name: "reference".to_owned(),
            expect: Expect::Full,
            submission: Submission::reference(repository, lab).map_err(why),
        },
    ];
    let mut problems = Vec::new();
    for path in Answers::patches(lab)? {
        let name = format!("wrong/{}", stem(&path));
        match Patch::read(&path, &repository.relative(&path)) {
            Err(error) => problems.push(story(&error)),
            Ok(patch) => {
                problems.extend(
                    patch
                        .fails
                        .iter()
                        .filter(|check| lab.manifest.check(check).is_none())
                        .map(|check| {
                            format!("{}: there is no check `{check}` to fail", patch.shown)
                        }),
                );
                answers.push(Answer {
                    name,
                    submission: Submission::patched(repository, lab, &patch).map_err(why),
                    expect: Expect::Fails(patch.fails),
                });
            }
        }
    }
    for path in Answers::designs(lab)? {
        answers.push(Answer {
            name: format!("right/{}", stem(&path)),
            expect: Expect::Full,
            submission: Submission::right(repository, lab, &path).map_err(why),
        });
    }
    Ok((answers, problems))
}

/// The checks that no wrong answer is kept for.
pub(super) fn unnamed_checks(lab: &Lab, answers: &[Answer]) -> Vec<String> {
    let named = |check: &str| {
        answers.iter().any(|answer| match &answer.expect {
            Expect::Fails(names) => names.iter().any(|name| name == check),
            Expect::LessThanFull | Expect::Full => false,
        })
    };
    let unnamed = lab
        .manifest
        .checks
        .iter()
        .filter(|check| !named(&check.name));
    unnamed
        .map(|check| {
            let (path, line, name) = (&lab.manifest.path, check.line, &check.name);
            format!("{path}:{line}: no wrong answer is kept that must fail `{name}`")
        })
        .collect()
}

/// Where known answers lie.
pub(super) struct Answers;

impl Answers {
    /// The patches of the wrong ones.
    pub(super) fn patches(lab: &Lab) -> Result<Vec<PathBuf>, Error> {
        let mut paths = entries(&lab.folder.path.join("wrong"))?;
        paths.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == "patch")
        });
        Ok(paths)
    }

    /// The folders of the right ones.
    fn designs(lab: &Lab) -> Result<Vec<PathBuf>, Error> {
        let mut paths = entries(&lab.folder.path.join("right"))?;
        paths.retain(|path| path.is_dir());
        Ok(paths)
    }
}

/// What a folder holds, by name; nothing if there is no such folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = || -> io::Result<Vec<PathBuf>> {
        let mut paths = fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<Vec<PathBuf>>>()?;
        paths.sort();
        Ok(paths)
    };
    match read() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(Error::io(format!("{} cannot be read", folder.display()))),
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::super::rules::Rules;
    use super::*;

    /// A rule that refuses one of these refuses honest work.
    #[test]
    fn no_known_answer_of_any_lab_breaks_a_rule() {
        let repository = Repository::find().unwrap();
        let mut looked_at = 0;
        for folder in repository.labs().unwrap() {
            let lab = Lab::of(folder).unwrap();
            let rules = Rules::of(&lab, &lab.dependencies().unwrap());
            for answer in collect(&repository, &lab).unwrap().0 {
                let files = answer.submission.unwrap().files;
                let (lab, name) = (&lab.folder.folder, &answer.name);
                assert_eq!(rules.findings(&files), [], "{lab}: {name}");
                looked_at += files.len();
            }
        }
        // Lab 12 alone has three files in each of some forty answers.
        assert!(looked_at > 100, "only {looked_at} files");
    }
}

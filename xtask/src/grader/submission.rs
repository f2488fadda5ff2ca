//! What is graded: the files that a lab's manifest lists, taken from wherever they are handed in.
//! No other file is ever looked at, and nothing is built here.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    events::Origin,
    lab::Lab,
    patch::{Patch, PatchError},
    repository::Repository,
};

/// No student writes so much in one file.
const LARGEST: u64 = 1 << 20;

/// Which submission somebody wants graded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The student's files in the lab's folder.
    WorkingCopy,
    /// The topic crate, which keeps its lab's files at the same paths.
    Reference,
    /// A folder, one of the files to hand in, or a patch against the reference.
    Path(PathBuf),
    /// A known answer of the lab, by its name: `wrong/relaxed-unlock`.
    Known(String),
}

/// A submission, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Submission {
    pub(crate) origin: Origin,
    /// True if it is the lab's folder itself, and may be built in place.
    pub(crate) in_place: bool,
    /// In the order of the manifest.
    pub(crate) files: Vec<Submitted>,
}

/// One submitted file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Submitted {
    /// As the manifest lists it: `src/map.rs`.
    pub(crate) path: String,
    /// As its author would name it: `labs/12-mmap/src/map.rs`.
    pub(crate) shown: String,
    pub(crate) text: String,
}

/// What is wrong with a submission before a compiler has seen it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubmissionError {
    #[error(
        "there is no {}. --submission takes a folder with the files of the lab, or one of them",
        path.display()
    )]
    NoSuchPath { path: PathBuf },
    #[error("{file} is missing in {folder}. This lab takes {}", wanted.join(", "))]
    Missing {
        file: String,
        folder: String,
        wanted: Vec<String>,
    },
    #[error("{path} cannot be read")]
    Unreadable { path: String, source: io::Error },
    #[error("{path} is not a file")]
    NotAFile { path: String },
    #[error("{path} leads out of the submitted folder: hand in the file itself, not a link")]
    LeadsOut { path: String },
    #[error("{path} is not text in UTF-8: save it as UTF-8, and try again")]
    NotUtf8 { path: String },
    #[error("{path} is larger than 1 MiB: it is not the file that was asked for")]
    TooLarge { path: String },
    #[error(
        "{path} is not one of the files of this lab ({}). Name it like one of them, \
         or hand in a folder", wanted.join(", ")
    )]
    NotHandedIn { path: String, wanted: Vec<String> },
    #[error("this lab has no answer `{name}`. It has {}", known.join(", "))]
    NoSuchAnswer { name: String, known: Vec<String> },
    #[error(transparent)]
    Patch(#[from] PatchError),
}

impl Submission {
    /// Reads the submission.
    ///
    /// # Errors
    ///
    /// Fails if a file of it is missing, or cannot be read as text.
    pub(crate) fn read(
        repository: &Repository,
        lab: &Lab,
        wanted: &Wanted,
    ) -> Result<Self, SubmissionError> {
        match wanted {
            Wanted::WorkingCopy => Self::working_copy(lab),
            Wanted::Reference => Self::reference(repository, lab),
            Wanted::Path(path) => Self::from_path(repository, lab, path),
            Wanted::Known(name) => Self::known(repository, lab, name),
        }
    }

    /// A known answer: a patch among the wrong ones, or a folder among the right ones.
    fn known(repository: &Repository, lab: &Lab, name: &str) -> Result<Self, SubmissionError> {
        let known = known_answers(lab);
        if !known.iter().any(|it| it == name) {
            return Err(SubmissionError::NoSuchAnswer {
                name: name.to_owned(),
                known,
            });
        }
        let path = lab.folder.path.join(name);
        if path.is_dir() {
            return Self::right(repository, lab, &path);
        }
        let path = path.with_added_extension("patch");
        let patch = Patch::read(&path, &repository.relative(&path))?;
        Self::patched(repository, lab, &patch)
    }

    /// The student's own files.
    ///
    /// # Errors
    ///
    /// As [`Submission::read`].
    pub(crate) fn working_copy(lab: &Lab) -> Result<Self, SubmissionError> {
        let shown = lab.folder.shown();
        let files = folder(lab, &lab.folder.path, &shown, None)?;
        Ok(Self {
            origin: Origin::WorkingCopy { folder: shown },
            in_place: true,
            files,
        })
    }

    /// The reference.
    ///
    /// # Errors
    ///
    /// As [`Submission::read`].
    pub(crate) fn reference(repository: &Repository, lab: &Lab) -> Result<Self, SubmissionError> {
        let path = lab.reference(repository);
        let shown = repository.relative(&path);
        let files = folder(lab, &path, &shown, None)?;
        Ok(Self {
            origin: Origin::Reference { folder: shown },
            in_place: false,
            files,
        })
    }

    /// A known-right answer: a folder with every file in which it differs from the reference.
    ///
    /// # Errors
    ///
    /// As [`Submission::read`].
    pub(crate) fn right(
        repository: &Repository,
        lab: &Lab,
        path: &Path,
    ) -> Result<Self, SubmissionError> {
        let shown = repository.relative(path);
        let rest = Self::reference(repository, lab)?;
        let files = folder(lab, path, &shown, Some(&rest))?;
        Ok(Self {
            origin: Origin::Folder { path: shown },
            in_place: false,
            files,
        })
    }

    /// A known-wrong answer: the reference, changed by a patch.
    ///
    /// # Errors
    ///
    /// As [`Submission::read`], and if the patch does not fit the reference.
    pub(crate) fn patched(
        repository: &Repository,
        lab: &Lab,
        patch: &Patch,
    ) -> Result<Self, SubmissionError> {
        let mut submission = Self::reference(repository, lab)?;
        submission.origin = Origin::Patch {
            path: patch.shown.clone(),
        };
        patch.apply(&mut submission.files)?;
        Ok(submission)
    }

    fn from_path(repository: &Repository, lab: &Lab, path: &Path) -> Result<Self, SubmissionError> {
        let shown = path.display().to_string();
        let shown = shown.trim_end_matches('/').to_owned();
        if same_place(path, &lab.folder.path) {
            return Self::working_copy(lab);
        }
        if path.is_dir() {
            let files = folder(lab, path, &shown, None)?;
            return Ok(Self {
                origin: Origin::Folder { path: shown },
                in_place: false,
                files,
            });
        }
        if !path.exists() {
            return Err(SubmissionError::NoSuchPath {
                path: path.to_path_buf(),
            });
        }
        if path
            .extension()
            .is_some_and(|extension| extension == "patch")
        {
            let patch = Patch::read(path, &shown)?;
            return Self::patched(repository, lab, &patch);
        }
        Self::single_file(lab, path, &shown)
    }

    /// One file of several: the rest comes from the student's working copy, where its author has
    /// it too.
    fn single_file(lab: &Lab, path: &Path, shown: &str) -> Result<Self, SubmissionError> {
        let wanted = &lab.manifest.submit;
        let named: Vec<usize> = wanted
            .iter()
            .enumerate()
            .filter(|(_, listed)| Path::new(listed).file_name() == path.file_name())
            .map(|(index, _)| index)
            .collect();
        let &[index] = &*named else {
            return Err(SubmissionError::NotHandedIn {
                path: shown.to_owned(),
                wanted: wanted.clone(),
            });
        };
        let text = read_text(path, shown)?;
        let mut submission = Self::working_copy(lab)?;
        submission.files[index] = Submitted {
            path: wanted[index].clone(),
            shown: shown.to_owned(),
            text,
        };
        submission.in_place = false;
        submission.origin = Origin::SingleFile {
            path: shown.to_owned(),
            others: lab.folder.shown(),
        };
        Ok(submission)
    }
}

/// The names of a lab's known answers; one whose folder cannot be read has none.
fn known_answers(lab: &Lab) -> Vec<String> {
    let mut names = Vec::new();
    for kind in ["wrong", "right"] {
        let entries = fs::read_dir(lab.folder.path.join(kind))
            .into_iter()
            .flatten();
        for path in entries.flatten().map(|entry| entry.path()) {
            let is_patch = path.extension().is_some_and(|it| it == "patch");
            let is_answer = if kind == "wrong" {
                is_patch
            } else {
                path.is_dir()
            };
            let stem = if is_patch {
                path.file_stem()
            } else {
                path.file_name()
            };
            let name = stem
                .filter(|_| is_answer)
                .map(|stem| stem.to_string_lossy());
            names.extend(name.map(|name| format!("{kind}/{name}")));
        }
    }
    names.sort();
    names
}

/// Reads the listed files below a folder; what is not there is taken from `rest`.
fn folder(
    lab: &Lab,
    folder: &Path,
    shown: &str,
    rest: Option<&Submission>,
) -> Result<Vec<Submitted>, SubmissionError> {
    let unreadable = |source| SubmissionError::Unreadable {
        path: shown.to_owned(),
        source,
    };
    let real_folder = fs::canonicalize(folder).map_err(unreadable)?;
    let wanted = &lab.manifest.submit;
    let mut files = Vec::new();
    for (index, listed) in wanted.iter().enumerate() {
        let path = folder.join(listed);
        let shown_file = format!("{shown}/{listed}");
        if !path.exists() {
            if let Some(rest) = rest {
                files.push(rest.files[index].clone());
                continue;
            }
            return Err(SubmissionError::Missing {
                file: listed.clone(),
                folder: shown.to_owned(),
                wanted: wanted.clone(),
            });
        }
        if fs::canonicalize(&path).is_ok_and(|real| !real.starts_with(&real_folder)) {
            return Err(SubmissionError::LeadsOut { path: shown_file });
        }
        let text = read_text(&path, &shown_file)?;
        files.push(Submitted {
            path: listed.clone(),
            shown: shown_file,
            text,
        });
    }
    Ok(files)
}

/// Reads a file that somebody else wrote.
pub(super) fn read_text(path: &Path, shown: &str) -> Result<String, SubmissionError> {
    let path_shown = || shown.to_owned();
    let unreadable = |source| SubmissionError::Unreadable {
        path: path_shown(),
        source,
    };
    // A named pipe would keep us waiting for ever, so look before opening.
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(SubmissionError::NotAFile { path: path_shown() });
    }
    if metadata.len() > LARGEST {
        return Err(SubmissionError::TooLarge { path: path_shown() });
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|_| SubmissionError::NotUtf8 { path: path_shown() })
}

fn same_place(a: &Path, b: &Path) -> bool {
    match (fs::canonicalize(a), fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

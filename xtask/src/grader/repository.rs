//! Where things are: the repository, its labs, and the folders that grading writes to. Reads no
//! manifest: a lab is found by the name of its folder alone.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// How alike two names must be (Jaro-Winkler, 0 to 1) for one to be offered instead of the other.
const ALIKE: f64 = 0.7;

/// Where a lab that is judged by the model keeps its programs.
pub(crate) const MODEL: &str = "src/model.rs";

/// The checkout that this program works on.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    root: PathBuf,
    target: PathBuf,
}

/// A lab, as its folder tells: `labs/12-mmap`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LabFolder {
    pub(crate) number: u32,
    pub(crate) name: String,
    /// `12-mmap`
    pub(crate) folder: String,
    pub(crate) path: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum RepositoryError {
    #[error(
        "{} is not a checkout of the course: it has no folder `labs`. \
         Start `cargo xtask` inside the checkout", root.display()
    )]
    NotTheCourse { root: PathBuf },
    #[error("{} cannot be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error(
        "there is no lab `{wanted}`.{} `cargo xtask list` shows all labs",
        offer(nearest)
    )]
    UnknownLab {
        wanted: String,
        nearest: Vec<String>,
    },
}

impl Repository {
    /// Finds the checkout: the one that `cargo run` was started for, or else the one that this
    /// program was compiled in.
    ///
    /// # Errors
    ///
    /// Fails if there is no folder `labs` there.
    pub(crate) fn find() -> Result<Self, RepositoryError> {
        let compiled = Path::new(env!("CARGO_MANIFEST_DIR"));
        let started = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let of = |package: &Path| package.parent().unwrap_or(package).to_path_buf();
        let root = started
            .map(|package| of(&package))
            .filter(|root| root.join("labs").is_dir())
            .unwrap_or_else(|| of(compiled));
        if !root.join("labs").is_dir() {
            return Err(RepositoryError::NotTheCourse { root });
        }
        // Cargo names real paths; ours must be equal to them.
        let root = fs::canonicalize(&root)
            .map_err(|source| RepositoryError::Unreadable { path: root, source })?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            // Relative to the working folder, as cargo reads it.
            Some(target) => std::path::absolute(&target).unwrap_or_else(|_| target.into()),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's target folder of the workspace.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Where grading builds; it may be deleted at any time.
    pub(crate) fn workshop(&self) -> PathBuf {
        self.target.join("interlock")
    }

    /// What is remembered between runs and must not be lost: best scores, files kept aside.
    pub(crate) fn memory(&self) -> PathBuf {
        self.root.join(".interlock")
    }

    /// The path as a user of the checkout would write it.
    pub(crate) fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }

    /// Every lab, by number.
    ///
    /// # Errors
    ///
    /// Fails if the folder `labs` cannot be read.
    pub(crate) fn labs(&self) -> Result<Vec<LabFolder>, RepositoryError> {
        let path = self.root.join("labs");
        let unreadable = |source| RepositoryError::Unreadable {
            path: path.clone(),
            source,
        };
        let mut labs = Vec::new();
        for entry in fs::read_dir(&path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let folder = entry.file_name().to_string_lossy().into_owned();
            let Some((number, name)) = folder.split_once('-') else {
                continue;
            };
            let Ok(number) = number.parse() else { continue };
            if entry.path().join("lab.toml").is_file() {
                let name = name.to_owned();
                labs.push(LabFolder {
                    number,
                    name,
                    folder,
                    path: entry.path(),
                });
            }
        }
        labs.sort_by_key(|lab| lab.number);
        Ok(labs)
    }

    /// A lab by number, name, folder name or path: `12`, `mmap`, `12-mmap`, `labs/12-mmap`.
    ///
    /// # Errors
    ///
    /// Fails with the nearest names if there is no such lab.
    pub(crate) fn lab(&self, wanted: &str) -> Result<LabFolder, RepositoryError> {
        let labs = self.labs()?;
        let plain = wanted.trim_end_matches('/').trim_start_matches("./");
        let plain = plain.strip_prefix("labs/").unwrap_or(plain).to_lowercase();
        labs.iter()
            .find(|lab| lab.is_called(&plain))
            .cloned()
            .ok_or_else(|| RepositoryError::UnknownLab {
                wanted: wanted.to_owned(),
                nearest: nearest(&plain, &labs),
            })
    }
}

impl LabFolder {
    fn is_called(&self, wanted: &str) -> bool {
        wanted.parse() == Ok(self.number) || wanted == self.name || wanted == self.folder
    }

    /// As a user of the checkout would write it: `labs/12-mmap`.
    pub(crate) fn shown(&self) -> String {
        format!("labs/{}", self.folder)
    }

    /// The package of the lab.
    pub(crate) fn package(&self) -> String {
        format!("lab{:02}-{}", self.number, self.name)
    }

    /// The binary that holds the student's code with the model in the place of `std`.
    pub(crate) fn model(&self) -> String {
        format!("lab{:02}-model", self.number)
    }

    /// Whether the lab has one.
    pub(crate) fn has_model(&self) -> bool {
        self.path.join(MODEL).is_file()
    }

    /// The binary that holds the student's code.
    pub(crate) fn driver(&self) -> String {
        format!("lab{:02}-driver", self.number)
    }
}

/// The labs whose name or folder is most like what was asked for, best first.
fn nearest(wanted: &str, labs: &[LabFolder]) -> Vec<String> {
    let mut alike: Vec<(f64, &LabFolder)> = labs
        .iter()
        .map(|lab| {
            let by_name = strsim::jaro_winkler(wanted, &lab.name);
            (by_name.max(strsim::jaro_winkler(wanted, &lab.folder)), lab)
        })
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    alike
        .into_iter()
        .take(3)
        .map(|(_, lab)| format!("{} {}", lab.number, lab.name))
        .collect()
}

/// " Did you mean …?", or nothing.
fn offer(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        names => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!(" Did you mean {}?", names.join(" or "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository() -> (tempfile::TempDir, Repository) {
        let root = tempfile::tempdir().unwrap();
        for folder in ["12-mmap", "10-socket", "14-sysv-shm", "13-posix-shm"] {
            let lab = root.path().join("labs").join(folder);
            fs::create_dir_all(&lab).unwrap();
            fs::write(lab.join("lab.toml"), "").unwrap();
        }
        fs::create_dir_all(root.path().join("labs/notes")).unwrap();
        let repository = Repository {
            root: root.path().to_path_buf(),
            target: root.path().join("target"),
        };
        (root, repository)
    }

    #[test]
    fn labs_come_by_number_and_other_folders_are_none() {
        let (_root, repository) = repository();
        let numbers: Vec<u32> = repository
            .labs()
            .unwrap()
            .iter()
            .map(|lab| lab.number)
            .collect();
        assert_eq!(numbers, [10, 12, 13, 14]);
    }

    #[test]
    fn number_name_and_folder_mean_the_same_lab() {
        let (_root, repository) = repository();
        for wanted in ["12", "mmap", "12-mmap", "labs/12-mmap/", "MMAP"] {
            assert_eq!(repository.lab(wanted).unwrap().number, 12, "{wanted}");
        }
    }

    #[test]
    fn an_unknown_name_brings_the_nearest() {
        let (_root, repository) = repository();
        let message = repository.lab("mmpa").unwrap_err().to_string();
        assert!(message.contains("Did you mean `12 mmap`?"), "{message}");
        let message = repository.lab("posix-sem").unwrap_err().to_string();
        assert!(message.contains("13 posix-shm"), "{message}");
        let message = repository.lab("99").unwrap_err().to_string();
        assert!(!message.contains("Did you mean"), "{message}");
    }
}

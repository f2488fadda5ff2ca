//! A lab as the grader works with it: its folder, its manifest, and the identity of its checks.
//! Builds and runs nothing.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::{
    error::{Error, Mistake},
    events::{CheckSummary, LabSummary},
    manifest::{Check, Manifest, ManifestError, Problem},
    repository::{LabFolder, Repository},
};

/// A lab, with its manifest read and found to be in order.
#[derive(Debug, Clone)]
pub(crate) struct Lab {
    pub(crate) folder: LabFolder,
    pub(crate) manifest: Manifest,
}

impl Lab {
    /// Finds a lab by number or name, and reads its manifest.
    ///
    /// # Errors
    ///
    /// Fails if there is no such lab, or if its manifest is not in order.
    pub(crate) fn open(repository: &Repository, wanted: &str) -> Result<Self, Error> {
        Self::of(repository.lab(wanted)?)
    }

    /// The lab in a folder.
    ///
    /// # Errors
    ///
    /// Fails if its manifest is not in order, or does not fit the folder's name.
    pub(crate) fn of(folder: LabFolder) -> Result<Self, Error> {
        let shown = format!("{}/lab.toml", folder.shown());
        let manifest = Manifest::load(&folder.path.join("lab.toml"), &shown)?;
        if (manifest.number, &manifest.name) != (folder.number, &folder.name) {
            return Err(Error::from(Mistake::OtherFolder {
                manifest: shown,
                says: format!("{:02}-{}", manifest.number, manifest.name),
                folder: folder.folder,
            }));
        }
        let asks = |check: &&Check| !check.programs.is_empty();
        if let Some(check) = manifest
            .checks
            .iter()
            .find(asks)
            .filter(|_| !folder.has_model())
        {
            return Err(Error::from(ManifestError {
                problems: vec![Problem {
                    file: shown,
                    line: check.line,
                    what: format!(
                        "`{}` lists programs for the model, and there is no src/model.rs",
                        check.name
                    ),
                }],
            }));
        }
        Ok(Self { folder, manifest })
    }

    /// The text of the checks, and its path for messages.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be read.
    pub(crate) fn checks_source(&self) -> Result<(String, String), Error> {
        let shown = format!("{}/tests/checks.rs", self.folder.shown());
        let text = fs::read_to_string(self.folder.path.join("tests/checks.rs"))
            .map_err(Error::io(format!("{shown} cannot be read")))?;
        Ok((text, shown))
    }

    /// The folder of the reference.
    pub(crate) fn reference(&self, repository: &Repository) -> PathBuf {
        repository.root().join("crates").join(&self.folder.name)
    }

    /// What a report must know before anything has been run.
    ///
    /// # Errors
    ///
    /// Fails if the files that make up the checks cannot be read.
    pub(crate) fn summary(
        &self,
        repository: &Repository,
        checks: &[String],
    ) -> Result<LabSummary, Error> {
        let asked = self
            .manifest
            .checks
            .iter()
            .filter(|check| checks.contains(&check.name));
        Ok(LabSummary {
            number: self.manifest.number,
            name: self.manifest.name.clone(),
            title: self.manifest.title.clone(),
            hours: self.manifest.hours,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            checks_hash: self.checks_hash(repository)?,
            handout: format!("{}/README.md", self.folder.shown()),
            checks: asked
                .map(|check| CheckSummary {
                    name: check.name.clone(),
                    title: check.title.clone(),
                    kind: check.kind.name().to_owned(),
                    points: check.points,
                    requires: check.requires.clone(),
                    hints: check.hints.len(),
                })
                .collect(),
        })
    }

    /// SHA-256 of the manifest and of everything that the checks are built from: with the same
    /// hash, the same checks.
    fn checks_hash(&self, repository: &Repository) -> Result<String, Error> {
        let root = repository.root();
        let mut files = vec![self.folder.path.join("lab.toml"), root.join("Cargo.lock")];
        for folder in ["checks", "arena", "driver", "story"] {
            files.extend(files_below(&root.join("xtask").join(folder)));
        }
        if self.folder.has_model() {
            files.extend(files_below(&root.join("xtask/modelled")));
            files.extend(files_below(&root.join("crates/interleave/src")));
        }
        files.extend(files_below(&self.folder.path.join("tests")));
        let sources = files_below(&self.folder.path.join("src"));
        let handed_in = self.handed_in();
        files.extend(sources.into_iter().filter(|path| !handed_in.contains(path)));
        files.sort();
        let mut hash = Sha256::new();
        for path in files {
            let shown = repository.relative(&path);
            let content = fs::read(&path).map_err(Error::io(format!("{shown} cannot be read")))?;
            // Lengths keep the end of one file apart from the beginning of the next.
            hash.update(format!("{shown}\0{}\0", content.len()));
            hash.update(content);
        }
        Ok(hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            write!(hex, "{byte:02x}").ok();
            hex
        }))
    }

    /// Every crate that the lab's package depends on, whether a submission may use it or not.
    ///
    /// # Errors
    ///
    /// Fails if the package's manifest cannot be read.
    pub(crate) fn dependencies(&self) -> Result<Vec<String>, Error> {
        let path = format!("{}/Cargo.toml", self.folder.shown());
        let text = fs::read_to_string(self.folder.path.join("Cargo.toml"))
            .map_err(Error::io(format!("{path} cannot be read")))?;
        let package: toml::Table =
            text.parse()
                .map_err(|error: toml::de::Error| Error::BrokenPackage {
                    path,
                    reason: indented(&error.to_string()),
                })?;
        let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
        let tables = tables
            .iter()
            .filter_map(|name| package.get(*name)?.as_table());
        Ok(tables.flat_map(|table| table.keys().cloned()).collect())
    }

    /// The submitted files of the working copy.
    pub(crate) fn handed_in(&self) -> Vec<PathBuf> {
        self.manifest
            .submit
            .iter()
            .map(|path| self.folder.path.join(path))
            .collect()
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    WalkDir::new(folder)
        .into_iter()
        .filter_entry(|entry| entry.file_name() != "target")
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

fn indented(words: &str) -> String {
    let lines: Vec<String> = words
        .trim_end()
        .lines()
        .map(|line| format!("    {line}"))
        .collect();
    lines.join("\n")
}

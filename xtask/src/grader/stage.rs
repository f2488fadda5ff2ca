//! A generated workspace of one member, in which a submission (or the checks) is built without
//! touching the student's folder, and without anything of the student's but the listed files.
//! Starts no cargo.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use toml_edit::{DocumentMut, Item, Table, value};
use walkdir::WalkDir;

use super::{claim, error::Error, lab::Lab, repository::Repository, submission::Submitted};

/// Folders of a lab that hold answers, not the lab.
const ANSWERS: [&str; 3] = ["wrong", "right", "target"];

/// The lock file as we put it there, in a stage that has all its packages.
const OURS: &str = "Cargo.lock.ours";

/// A stage, set up.
#[derive(Debug)]
pub(crate) struct Stage {
    /// The folder of the workspace.
    pub(crate) workspace: PathBuf,
    /// The lab's folder in it.
    pub(crate) lab: PathBuf,
    /// The target folder, kept warm.
    pub(crate) target: PathBuf,
    /// Whether its packages may still have to be downloaded.
    pub(crate) is_new: bool,
    /// The packages of the house that it is built with.
    pub(crate) house: Vec<String>,
    /// Whether they may still have to be compiled.
    pub(crate) is_cold: bool,
    /// Keeps other graders out while the checks are built.
    _claim: Option<File>,
}

impl Stage {
    /// Sets up a stage for a submission; whatever stood there before is gone, but for what was
    /// compiled.
    ///
    /// # Errors
    ///
    /// Fails if a file cannot be read or written, or if the workspace's manifest is not as expected.
    pub(crate) fn for_submission(
        repository: &Repository,
        lab: &Lab,
        files: &[Submitted],
        worker: usize,
    ) -> Result<Self, Error> {
        let workspace = claim::for_worker(&repository.workshop().join("stage"), worker)?;
        let target = workspace.join("target");
        let mut stage = Self::begin(repository, lab, workspace, target, None, None)?;
        // What is not there cannot be included.
        stage.copy_lab(lab, |path| path.starts_with("src"))?;
        let package = stage.write_package(lab, without_tests)?;
        for (name, folder) in house_packages(repository.root(), &package)? {
            stage.copy_package(repository.root(), &folder)?;
            stage.house.push(name);
        }
        stage.is_cold |= stage.is_new;
        stage.forget_the_last(lab)?;
        // Always written, with the present time: with an old one, cargo would take the previous
        // student's program for up to date.
        for file in files {
            write(&stage.lab.join(&file.path), &file.text)?;
        }
        Ok(stage)
    }

    /// To be called if its packages could not be downloaded: the next who stages tries again.
    pub(crate) fn is_new_again(&self) {
        // If it cannot be removed, the build says that packages are missing.
        fs::remove_file(self.workspace.join(OURS)).ok();
    }

    /// Sets up a stage for the checks of a lab: its package without the program that holds the
    /// student's code, so that code which does not compile cannot stop them.
    ///
    /// The registry's crates are the same as the workspace's, so they are taken from its target
    /// folder instead of being built twice.
    ///
    /// # Errors
    ///
    /// As [`Stage::for_submission`].
    pub(crate) fn for_checks(repository: &Repository, lab: &Lab) -> Result<Self, Error> {
        let workspace = repository
            .workshop()
            .join("checks")
            .join(&lab.folder.folder);
        let target = repository.target().to_path_buf();
        let claim = claim::shared(&workspace)?;
        let mut stage = Self::begin(
            repository,
            lab,
            workspace,
            target,
            Some(repository.root()),
            Some(claim),
        )?;
        stage.copy_lab(lab, |path| path.starts_with("tests"))?;
        stage.write_package(lab, |package| {
            package.remove("bin");
        })?;
        Ok(stage)
    }

    fn begin(
        repository: &Repository,
        lab: &Lab,
        workspace: PathBuf,
        target: PathBuf,
        house: Option<&Path>,
        claim: Option<File>,
    ) -> Result<Self, Error> {
        let folder = workspace.join("labs").join(&lab.folder.folder);
        let mut stage = Self {
            lab: folder,
            workspace,
            target,
            is_new: false,
            house: Vec::new(),
            is_cold: false,
            _claim: claim,
        };
        fs::create_dir_all(&stage.workspace).map_err(Error::io("the stage cannot be made"))?;
        let read = |name: &str| {
            let path = repository.root().join(name);
            fs::read_to_string(&path)
                .map_err(Error::io(format!("{} cannot be read", path.display())))
        };
        let member = format!("labs/{}", lab.folder.folder);
        let root = workspace_manifest(&read("Cargo.toml")?, house, &member)?;
        write_if_changed(&stage.workspace.join("Cargo.toml"), &root)?;
        // Cargo drops from the lock file what a stage has no use for, and keeps the versions of the
        // rest. So ours is put there anew only when it has changed.
        if write_if_changed(&stage.workspace.join(OURS), &read("Cargo.lock")?)? {
            write(&stage.workspace.join("Cargo.lock"), &read("Cargo.lock")?)?;
            stage.is_new = true;
        }
        Ok(stage)
    }

    /// Makes the lab's folder hold exactly the chosen files of the lab.
    fn copy_lab(&self, lab: &Lab, chosen: impl Fn(&Path) -> bool) -> Result<(), Error> {
        let labs = self.workspace.join("labs");
        let source = &lab.folder.path;
        let answers = |name: &std::ffi::OsStr| ANSWERS.iter().any(|answer| name == *answer);
        let mut wanted = vec![self.lab.join("Cargo.toml")];
        let entries = WalkDir::new(source)
            .into_iter()
            .filter_entry(|entry| entry.depth() != 1 || !answers(entry.file_name()));
        for entry in entries {
            let entry = entry.map_err(|error| Error::Io {
                what: format!("{} cannot be read", lab.folder.shown()),
                source: error.into(),
            })?;
            let relative = entry.path().strip_prefix(source).unwrap_or(entry.path());
            let inside = relative.starts_with("src") || relative.starts_with("tests");
            if !entry.file_type().is_file() || !inside || !chosen(relative) {
                continue;
            }
            let submitted = lab
                .manifest
                .submit
                .iter()
                .any(|path| Path::new(path) == relative);
            let to = self.lab.join(relative);
            if !submitted {
                let content = fs::read_to_string(entry.path()).map_err(Error::io(format!(
                    "{} cannot be read",
                    entry.path().display()
                )))?;
                write_if_changed(&to, &content)?;
            }
            wanted.push(to);
        }
        for entry in WalkDir::new(&labs).into_iter().flatten() {
            let stale = entry.file_type().is_file() && !wanted.iter().any(|w| w == entry.path());
            if stale {
                fs::remove_file(entry.path()).map_err(Error::io(format!(
                    "{} cannot be removed",
                    entry.path().display()
                )))?;
            }
        }
        Ok(())
    }

    /// Removes what was compiled of the submission before: the compiler of the next one could include
    /// it, and somebody else's answer is nobody's business. What the packages left stays warm.
    fn forget_the_last(&self, lab: &Lab) -> Result<(), Error> {
        let folder = &lab.folder;
        let names: Vec<String> = [folder.driver(), folder.model(), folder.package()]
            .into_iter()
            .flat_map(|name| [name.replace('-', "_"), name])
            .collect();
        let target = self.target.join("debug");
        for folder in ["", "deps", "incremental", ".fingerprint"] {
            let Ok(entries) = fs::read_dir(target.join(folder)) else {
                // Nothing was compiled yet.
                continue;
            };
            for entry in entries.flatten() {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                let is_its = names.iter().any(|own| {
                    name.strip_prefix(own.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
                });
                if !is_its {
                    continue;
                }
                let path = entry.path();
                let removed = match path.is_dir() {
                    true => fs::remove_dir_all(&path),
                    false => fs::remove_file(&path),
                };
                removed.map_err(Error::io(format!("{} cannot be removed", path.display())))?;
            }
        }
        Ok(())
    }

    /// Copies a package of the house to the same place in the stage, so that a build sees nothing
    /// of the house but what it needs.
    fn copy_package(&mut self, root: &Path, folder: &Path) -> Result<(), Error> {
        let mut package = manifest(&root.join(folder).join("Cargo.toml"))?;
        without_tests(package.as_table_mut());
        let to = self.workspace.join(folder);
        self.is_new |= write_if_changed(&to.join("Cargo.toml"), &package.to_string())?;
        for entry in WalkDir::new(root.join(folder).join("src")) {
            let entry = entry.map_err(|error| Error::Io {
                what: format!("{} cannot be read", folder.display()),
                source: error.into(),
            })?;
            if entry.file_type().is_file() {
                let path = entry.path();
                let what = format!("{} cannot be read", path.display());
                let text = fs::read_to_string(path).map_err(Error::io(what))?;
                let relative = path.strip_prefix(root).unwrap_or(path);
                self.is_cold |= write_if_changed(&self.workspace.join(relative), &text)?;
            }
        }
        Ok(())
    }

    fn write_package(
        &mut self,
        lab: &Lab,
        change: impl FnOnce(&mut Table),
    ) -> Result<DocumentMut, Error> {
        let shown = format!("{}/Cargo.toml", lab.folder.shown());
        let text = fs::read_to_string(lab.folder.path.join("Cargo.toml"))
            .map_err(Error::io(format!("{shown} cannot be read")))?;
        let mut package = text
            .parse::<DocumentMut>()
            .map_err(|error| Error::BrokenPackage {
                path: shown,
                reason: error.to_string(),
            })?;
        change(package.as_table_mut());
        let path = self.lab.join("Cargo.toml");
        self.is_new |= write_if_changed(&path, &package.to_string())?;
        Ok(package)
    }
}

/// The root manifest of a stage, from that of the workspace: one member, the same package values,
/// dependencies and profiles; the house's packages below `house`, or else below the stage itself.
fn workspace_manifest(text: &str, house: Option<&Path>, member: &str) -> Result<String, Error> {
    let wrong = |what: &str| Error::Broken(format!("Cargo.toml of the workspace: {what}"));
    let top: DocumentMut = text.parse().map_err(|_| wrong("it cannot be read"))?;
    let from = top
        .get("workspace")
        .and_then(Item::as_table)
        .ok_or_else(|| wrong("no workspace"))?;
    let mut workspace = Table::new();
    for key in ["resolver", "package", "dependencies", "lints"] {
        if let Some(item) = from.get(key) {
            workspace.insert(key, item.clone());
        }
    }
    workspace.insert("members", value(toml_edit::Array::from_iter([member])));
    let dependencies = workspace
        .get_mut("dependencies")
        .and_then(Item::as_table_like_mut);
    for (_, dependency) in dependencies.into_iter().flat_map(|table| table.iter_mut()) {
        let path = dependency
            .as_table_like_mut()
            .and_then(|table| table.get_mut("path"));
        if let Some(house) = house
            && let Some(path) = path
            && let Some(relative) = path.as_str()
        {
            let absolute = house.join(relative);
            let absolute = absolute
                .to_str()
                .ok_or_else(|| wrong("its path is not UTF-8"))?;
            *path = value(absolute);
        }
    }
    let mut stage = DocumentMut::new();
    stage.insert("workspace", Item::Table(workspace));
    if let Some(profiles) = top.get("profile") {
        stage.insert("profile", profiles.clone());
    }
    Ok(stage.to_string())
}

/// The house's packages that a package is built with, and theirs: names, and folders relative to the
/// root.
fn house_packages(root: &Path, package: &DocumentMut) -> Result<Vec<(String, PathBuf)>, Error> {
    let top = manifest(&root.join("Cargo.toml"))?;
    let shared = top["workspace"]["dependencies"].as_table_like();
    let house = |name: &str| -> Option<PathBuf> {
        let path = shared?.get(name)?.as_table_like()?.get("path")?.as_str()?;
        Some(path.into())
    };
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    let mut next = vec![package.clone()];
    while let Some(package) = next.pop() {
        let names = package.get("dependencies").and_then(Item::as_table_like);
        for (name, _) in names.into_iter().flat_map(|table| table.iter()) {
            let is_new = |folder: &PathBuf| found.iter().all(|(_, other)| other != folder);
            if let Some(folder) = house(name).filter(is_new) {
                next.push(manifest(&root.join(&folder).join("Cargo.toml"))?);
                found.push((name.to_owned(), folder));
            }
        }
    }
    Ok(found)
}

fn manifest(path: &Path) -> Result<DocumentMut, Error> {
    let what = || format!("{} cannot be read", path.display());
    let text = fs::read_to_string(path).map_err(Error::io(what()))?;
    text.parse().map_err(|_| Error::Broken(what()))
}

/// Takes out of a package's manifest what only its own tests need.
fn without_tests(package: &mut Table) {
    for key in ["test", "bench", "example", "dev-dependencies"] {
        package.remove(key);
    }
}

/// Tells whether it wrote.
fn write_if_changed(path: &Path, text: &str) -> Result<bool, Error> {
    match fs::read_to_string(path) {
        Ok(present) if present == text => Ok(false),
        _ => write(path, text).map(|()| true),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let written = || -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)
    };
    written().map_err(Error::io(format!("{} cannot be written", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOP: &str = r#"[workspace]
resolver = "3"
members = ["labs/12-mmap", "xtask"]
default-members = ["xtask"]
[workspace.package]
edition = "2024"
[workspace.dependencies]
driver = { path = "xtask/driver" }
libc = "0.2"
[profile.dev]
debug = "line-tables-only"
"#;

    #[test]
    fn a_stage_has_one_member_and_absolute_paths() {
        let text = workspace_manifest(TOP, Some(Path::new("/course")), "labs/12-mmap").unwrap();
        let stage: DocumentMut = text.parse().unwrap();
        let workspace = &stage["workspace"];
        assert_eq!(workspace["members"].as_array().unwrap().len(), 1);
        assert!(workspace.get("default-members").is_none());
        assert_eq!(
            workspace["dependencies"]["driver"]["path"].as_str(),
            Some("/course/xtask/driver")
        );
        let own = workspace_manifest(TOP, None, "labs/12-mmap").unwrap();
        assert!(own.contains("path = \"xtask/driver\""), "{own}");
        assert_eq!(workspace["dependencies"]["libc"].as_str(), Some("0.2"));
        assert_eq!(workspace["package"]["edition"].as_str(), Some("2024"));
        assert_eq!(
            stage["profile"]["dev"]["debug"].as_str(),
            Some("line-tables-only")
        );
    }
}

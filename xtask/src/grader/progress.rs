//! The best score so far of each lab, kept in `.interlock/progress.json`. Only full gradings of the
//! student's own working copy are remembered.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{error::Error, repository::Repository};

/// The file, read.
#[derive(Debug)]
pub(crate) struct Progress {
    path: PathBuf,
    /// By folder: `12-mmap`.
    best: BTreeMap<String, u32>,
}

impl Progress {
    /// Reads what is remembered; a file that cannot be understood is put aside, not lost.
    ///
    /// # Errors
    ///
    /// Fails if the file is there and cannot be read.
    pub(crate) fn load(repository: &Repository) -> Result<Self, Error> {
        let path = repository.memory().join("progress.json");
        Self::read(path.clone()).map_err(Error::io(format!("{} cannot be read", path.display())))
    }

    fn read(path: PathBuf) -> io::Result<Self> {
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => "{}".to_owned(),
            Err(error) => return Err(error),
        };
        let best = match serde_json::from_str(&text) {
            Ok(best) => best,
            Err(_) => {
                fs::rename(&path, path.with_extension("json.broken"))?;
                BTreeMap::new()
            }
        };
        Ok(Self { path, best })
    }

    pub(crate) fn best(&self, lab: &str) -> Option<u32> {
        self.best.get(lab).copied()
    }

    /// Remembers a score if it is the best, and tells the best.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written; then the old one is still there, whole.
    pub(crate) fn record(&mut self, lab: &str, earned: u32) -> Result<u32, Error> {
        let before = self.best(lab);
        let best = before.unwrap_or(0).max(earned);
        if before != Some(best) {
            self.best.insert(lab.to_owned(), best);
            let what = format!("{} cannot be written", self.path.display());
            self.write().map_err(Error::io(what))?;
        }
        Ok(best)
    }

    /// Under another name first: a reader sees the old file or the new one, never half of one.
    fn write(&self) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, &self.best)?;
        file.write_all(b"\n")?;
        file.persist(&self.path)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_is_kept_and_a_worse_score_does_not_lower_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".interlock/progress.json");
        let mut progress = Progress::read(path.clone()).unwrap();
        assert_eq!(progress.record("12-mmap", 75).unwrap(), 75);
        assert_eq!(progress.record("12-mmap", 40).unwrap(), 75);
        assert_eq!(Progress::read(path).unwrap().best("12-mmap"), Some(75));
    }

    #[test]
    fn a_broken_file_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("progress.json");
        fs::write(&path, "{ 12").unwrap();
        assert_eq!(Progress::read(path).unwrap().best("12-mmap"), None);
        let kept = fs::read_to_string(folder.path().join("progress.json.broken")).unwrap();
        assert_eq!(kept, "{ 12");
    }
}

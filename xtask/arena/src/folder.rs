//! The private folder on this side, and how it is removed, whatever processes have left in it: folders that are
//! closed even to their owner, and folders in folders, deeper than a path may be long and than descriptors
//! or a stack would last. No link is followed. It does not end who is still at work in it.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// Dropped, it is removed as any other folder. That will do until something of a submission has run.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    /// A new one, among the machine's temporary files.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(temporary()?))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Removes it and all that is in it. Nobody may be at work in it any more.
    ///
    /// # Errors
    /// If something in it belongs to somebody else, or the file system fails.
    pub(crate) fn remove(self) -> io::Result<()> {
        remove(self.0.keep())
    }
}

fn temporary() -> io::Result<TempDir> {
    tempfile::Builder::new().prefix("interlock-").tempdir()
}

/// Instead of going down, takes each folder out of the one that it is in: so all paths stay short, and
/// one folder is open at a time.
fn remove(folder: PathBuf) -> io::Result<()> {
    let aside = temporary()?;
    let mut taken_out = 0_u64;
    let mut next = vec![folder];
    while let Some(here) = next.pop() {
        open_up(&here)?;
        for entry in fs::read_dir(&here)? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                fs::remove_file(entry.path())?;
                continue;
            }
            // Who moves a folder changes it: its `..` is another one then.
            open_up(&entry.path())?;
            let to = aside.path().join(taken_out.to_string());
            taken_out += 1;
            fs::rename(entry.path(), &to)?;
            next.push(to);
        }
        fs::remove_dir(here)?;
    }
    aside.close()
}

/// Lets its owner look into a folder and change it.
fn open_up(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(0o700))
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::symlink, thread};

    use caps::{CapSet, Capability};

    use super::*;

    fn removed(fill: impl FnOnce(&Path)) {
        let folder = Folder::new().unwrap();
        let path = folder.path().to_owned();
        fill(&path);
        folder.remove().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn a_closed_folder_goes() {
        // Root may look into everything, unless it gives that right up: here for one thread.
        let without_rights = || {
            for right in [
                Capability::CAP_DAC_OVERRIDE,
                Capability::CAP_DAC_READ_SEARCH,
            ] {
                caps::drop(None, CapSet::Effective, right).unwrap();
            }
            removed(|path| {
                let closed = path.join("closed/within");
                fs::create_dir_all(&closed).unwrap();
                fs::write(closed.join("file"), "").unwrap();
                for folder in [closed.as_path(), &path.join("closed"), path] {
                    fs::set_permissions(folder, Permissions::from_mode(0o000)).unwrap();
                }
                fs::read_dir(path).unwrap_err();
            });
        };
        thread::spawn(without_rights).join().unwrap();
    }

    #[test]
    fn a_link_goes_and_not_what_it_leads_to() {
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("file"), "").unwrap();
        removed(|path| {
            symlink(elsewhere.path(), path.join("link")).unwrap();
            symlink("/nowhere", path.join("dead")).unwrap();
        });
        assert!(elsewhere.path().join("file").exists());
    }
}

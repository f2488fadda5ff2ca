//! Folders that one grader at a time may write: several may run in one repository, a `watch` beside
//! a `verify`, and none may replace what another is building or running. A claim is a lock on a
//! file beside the folder, so it ends with the process, however that ends. Removes nothing.

use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use parking_lot::Mutex;

use super::error::Error;

/// How far apart the folders are that a worker tries, one after the other.
const STRIDE: usize = 16;

/// The folder of each worker of this process, and its lock, kept until the process ends.
static WORKERS: Mutex<BTreeMap<(PathBuf, usize), (PathBuf, File)>> = Mutex::new(BTreeMap::new());

/// A folder of this process alone, below `folder`; the same for the same worker every time.
///
/// # Errors
///
/// Fails if the lock file cannot be made.
pub(crate) fn for_worker(folder: &Path, worker: usize) -> Result<PathBuf, Error> {
    let mut workers = WORKERS.lock();
    let key = (folder.to_path_buf(), worker);
    if let Some((claimed, _)) = workers.get(&key) {
        return Ok(claimed.clone());
    }
    let mut number = worker;
    loop {
        let claimed = folder.join(number.to_string());
        let lock = lock_file(&claimed)?;
        match lock.try_lock() {
            Ok(()) => {
                workers.insert(key, (claimed.clone(), lock));
                return Ok(claimed);
            }
            Err(TryLockError::WouldBlock) => number += STRIDE,
            Err(TryLockError::Error(error)) => {
                return Err(Error::io(format!("{} cannot be locked", claimed.display()))(error));
            }
        }
    }
}

/// A folder that all graders share, as long as what is returned lives; waits until it is free.
///
/// # Errors
///
/// Fails if the lock file cannot be made.
pub(crate) fn shared(folder: &Path) -> Result<File, Error> {
    let lock = lock_file(folder)?;
    lock.lock()
        .map_err(Error::io(format!("{} cannot be locked", folder.display())))?;
    Ok(lock)
}

fn lock_file(folder: &Path) -> Result<File, Error> {
    let path = folder.with_extension("lock");
    let made = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| File::create(&path));
    made.map_err(Error::io(format!("{} cannot be made", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_keeps_its_folder_and_shares_it_with_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = for_worker(folder.path(), 0).expect("a claim");
        assert_eq!(for_worker(folder.path(), 0).expect("the same claim"), first);
        assert_ne!(for_worker(folder.path(), 1).expect("another claim"), first);
        // Another process holds the first choice of worker 2.
        let other = lock_file(&folder.path().join("2")).expect("a lock file");
        other.lock().expect("a lock");
        let third = for_worker(folder.path(), 2).expect("a claim");
        assert_eq!(third, folder.path().join((2 + STRIDE).to_string()));
    }
}

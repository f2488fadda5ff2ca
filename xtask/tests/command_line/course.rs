//! A copy of the miniature course that a test may change, and commands in it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;
use tempfile::TempDir;

/// A copy of the course; gone with the value.
pub(crate) struct Course {
    root: TempDir,
}

impl Course {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/course");
        copy(&original, root.path());
        Self { root }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.path().join(relative)
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).expect("a file of the course")
    }

    pub(crate) fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        let folder = path.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("a folder of the course");
        fs::write(path, text).expect("a file of the course");
    }

    /// Replaces a part of a file; it must be there.
    pub(crate) fn edit(&self, relative: &str, old: &str, new: &str) {
        let text = self.read(relative);
        assert!(text.contains(old), "{relative} does not hold {old:?}");
        self.write(relative, &text.replacen(old, new, 1));
    }

    /// A folder with right files to hand in, outside of the lab.
    pub(crate) fn submission(&self) -> PathBuf {
        for file in ["src/sum.rs", "src/largest.rs"] {
            self.write(
                &format!("handed-in/{file}"),
                &self.read(&format!("crates/pair/{file}")),
            );
        }
        self.path("handed-in")
    }

    /// `cargo xtask …` in this course.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(arguments)
            .current_dir(self.root.path())
            .env("CARGO_MANIFEST_DIR", self.path("xtask"))
            .env("CARGO_TARGET_DIR", self.path("target"))
            .env("LC_ALL", "C")
            .env("NO_COLOR", "1");
        command
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        Command::new("git")
            .args([
                "-c",
                "user.name=Somebody",
                "-c",
                "user.email=somebody@example.org",
            ])
            .args(arguments)
            .current_dir(self.root.path())
            .assert()
            .success();
    }

    pub(crate) fn commit_all(&self) {
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "--message", "Some work"]);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let entry = entry.expect("an entry can be read");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a file can be copied");
        }
    }
}

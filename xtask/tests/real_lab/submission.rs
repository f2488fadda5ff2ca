//! A submission: the reference with something of its own put into it. Grading one also looks for
//! what has been left behind.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use assert_cmd::Command;
use nix::sys::prctl;
use serde_json::Value;
use tempfile::TempDir;

/// `exit(0)` by a name that stands nowhere in the file, so that no reader of tokens can see it.
pub(crate) const HIDDEN_EXIT: &str = r#"
    let name = ["ex", "it\0"].concat();
    // SAFETY: the name ends with a NUL, and what it names is declared so.
    unsafe {
        let found = libc::dlsym(std::ptr::null_mut(), name.as_ptr().cast());
        let leave: extern "C" fn(i32) -> ! = std::mem::transmute(found);
        leave(0);
    }"#;

/// Places of the reference at which a submission can do something of its own first.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// `Counter::open`
    Open,
    /// `Counter::add`
    Add,
    /// `Map::range`, which the counter uses too
    Range,
    /// `Map::anon_bsd`
    Anonymous,
    /// The program `bump`
    Bump,
}

impl Place {
    /// The file, and the line after which something is put in.
    fn beginning(self) -> (&'static str, &'static str) {
        match self {
            Self::Open => (
                "counter.rs",
                "    pub fn open(path: &Path) -> io::Result<Counter> {\n",
            ),
            Self::Add => (
                "counter.rs",
                "    pub fn add(&self, n: u64) -> io::Result<u64> {\n",
            ),
            Self::Range => (
                "map.rs",
                "    pub fn range(f: &File, offset: u64, len: usize, mode: Mode) -> Result<Map, MapError> {\n",
            ),
            Self::Anonymous => (
                "map.rs",
                "    pub fn anon_bsd(len: usize) -> Result<Map, MapError> {\n",
            ),
            Self::Bump => (
                "bump.rs",
                "pub fn main(args: Vec<OsString>) -> ExitCode {\n",
            ),
        }
    }
}

/// A folder to hand in, and the folder for everything temporary while it is graded. No two of them
/// exist at the same time.
pub(crate) struct Submission {
    folder: TempDir,
    temporary: TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Submission {
    /// The reference as it is.
    pub(crate) fn reference() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        // A test that has failed leaves nothing that the next one could stumble over.
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever is left without a parent becomes a child of this process, and shows.
        prctl::set_child_subreaper(true).expect("a subreaper");
        let submission = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            temporary: tempfile::tempdir().expect("a temporary folder"),
            _alone: alone,
        };
        for file in ["map.rs", "counter.rs", "bump.rs"] {
            submission.write(file, &Self::text_of(file));
        }
        submission
    }

    /// The reference, which first does something else at each of the places.
    pub(crate) fn that(does: &[(Place, &str)]) -> Self {
        let submission = Self::reference();
        for (place, what) in does {
            let (file, beginning) = place.beginning();
            let text = fs::read_to_string(submission.path(file)).expect("a file of the submission");
            assert!(text.contains(beginning), "{file} has no {beginning}");
            let changed = format!("{beginning}{what}\n");
            submission.write(file, &text.replacen(beginning, &changed, 1));
        }
        submission
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("src")).expect("a folder of the submission");
        fs::write(path, text).expect("a file of the submission");
    }

    /// Puts something before all that a file holds.
    pub(crate) fn prefix(&self, file: &str, text: &str) {
        let held = fs::read_to_string(self.path(file)).expect("a file of the submission");
        self.write(file, &format!("{text}{held}"));
    }

    /// A file of the reference.
    pub(crate) fn text_of(file: &str) -> String {
        let text = fs::read_to_string(root().join("crates/mmap/src").join(file));
        text.expect("a file of the reference")
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join("src").join(file)
    }

    /// `cargo xtask lab 12` on this submission.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Command {
        let mut command = self.xtask_on(self.folder.path());
        command.args(["--jobs", "4"]).args(arguments);
        command
    }

    /// The same on something else.
    pub(crate) fn xtask_on(&self, submission: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(["lab", "12", "--submission"])
            .arg(submission)
            .current_dir(root())
            .env("TMPDIR", self.temporary.path())
            .env("LC_ALL", "C")
            .env("NO_COLOR", "1")
            .timeout(Duration::from_secs(300));
        command
    }

    /// Grades it with those checks (none: all of them).
    pub(crate) fn graded(&self, checks: &[&str]) -> Graded {
        let checks: Vec<&str> = checks.iter().flat_map(|check| ["--check", check]).collect();
        self.graded_with(&checks)
    }

    /// Grades it with further arguments.
    pub(crate) fn graded_with(&self, arguments: &[&str]) -> Graded {
        let mut command = self.xtask(arguments);
        self.result_of(&mut command)
    }

    /// Grades it with so many checks at a time.
    pub(crate) fn graded_at_a_time(&self, jobs: &str) -> Graded {
        let mut command = self.xtask_on(self.folder.path());
        self.result_of(command.args(["--jobs", jobs]))
    }

    fn result_of(&self, command: &mut Command) -> Graded {
        command.args(["--format", "json", "--seed", "4177"]);
        let output = command.output().expect("xtask starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let result: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("no result: {error}: {said}"));
        self.nothing_is_left();
        Graded {
            code: output.status.code(),
            result,
        }
    }

    /// No process and no temporary file of a grading is there any more.
    pub(crate) fn nothing_is_left(&self) {
        let files: Vec<PathBuf> = fs::read_dir(self.temporary.path())
            .expect("the temporary folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        assert!(files.is_empty(), "left behind: {files:?}");
        let processes = children();
        assert!(processes.is_empty(), "left running: {processes:?}");
    }
}

/// What a grading has come to.
#[derive(Debug)]
pub(crate) struct Graded {
    pub(crate) code: Option<i32>,
    pub(crate) result: Value,
}

impl Graded {
    /// The checks with these verdicts, each of which must have earned nothing unless it passed.
    pub(crate) fn verdicts(&self) -> BTreeMap<&str, &str> {
        let checks = self.result["checks"].as_array().expect("a list of checks");
        checks
            .iter()
            .map(|check| {
                let name = check["name"].as_str().expect("a name");
                let verdict = check["verdict"].as_str().expect("a verdict");
                if verdict != "passed" {
                    assert_eq!(check["earned"], 0, "{name} is {verdict}");
                }
                (name, verdict)
            })
            .collect()
    }

    /// Points were lost, and these checks got these verdicts.
    pub(crate) fn loses(&self, wanted: &[(&str, &str)]) {
        let verdicts = self.verdicts();
        for (check, verdict) in wanted {
            let (got, why) = (verdicts.get(check), self.headline(check));
            assert_eq!(got, Some(verdict), "{check}: {why}");
        }
        assert_eq!(self.code, Some(1), "{verdicts:?}");
    }

    /// The one-line reason of a check.
    pub(crate) fn headline(&self, check: &str) -> &str {
        let checks = self.result["checks"].as_array().expect("a list of checks");
        let found = checks.iter().find(|found| found["name"] == check);
        found
            .and_then(|check| check["headline"]["en"].as_str())
            .unwrap_or_default()
    }
}

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the folder above xtask/")
}

/// The children of this process, by what they were started as.
fn children() -> Vec<String> {
    let own = std::process::id().to_string();
    let entries = fs::read_dir("/proc").expect("/proc");
    entries
        .flatten()
        .filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok())
        .filter(|stat| {
            let fields = stat.rsplit_once(") ").map(|(_, fields)| fields);
            fields.and_then(|fields| fields.split(' ').nth(1)) == Some(&own)
        })
        .collect()
}

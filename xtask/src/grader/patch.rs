//! A known-wrong answer: a unified diff against the reference, below a few lines that say what is
//! wrong with it. Knows nothing of checks, and builds nothing.

use std::path::Path;

use diffy::{
    DiffOptions,
    patch_set::{FileOperation, ParseOptions, PatchKind, PatchSet},
};

use super::submission::{SubmissionError, Submitted, read_text};

/// A patch file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Patch {
    /// Its path as the user of the checkout would write it.
    pub(crate) shown: String,
    /// What is wrong with the answer, in a sentence.
    pub(crate) what: String,
    /// The checks that it must fail.
    pub(crate) fails: Vec<String>,
    /// Everything before the diff, as written.
    preamble: String,
    diff: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum PatchError {
    #[error("{path}: no line `{key}:` stands before the diff")]
    NoHeader { path: String, key: &'static str },
    #[error("{path}: there is no diff in it")]
    NoDiff { path: String },
    #[error("{path}: the diff cannot be read: {reason}")]
    Malformed { path: String, reason: String },
    #[error("{path}: it changes {file}, which nobody hands in ({})", wanted.join(", "))]
    OtherFile {
        path: String,
        file: String,
        wanted: Vec<String>,
    },
    #[error(
        "{path}: it no longer fits {file} ({reason}); `cargo xtask verify --rebase-patches` follows lines \
         that have moved, what else has changed is for your hand"
    )]
    DoesNotFit {
        path: String,
        file: String,
        reason: String,
    },
}

impl Patch {
    /// Reads a patch file.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be read, or lacks `what:`, `fails:` or the diff.
    pub(crate) fn read(path: &Path, shown: &str) -> Result<Self, SubmissionError> {
        let text = read_text(path, shown)?;
        Ok(Self::parse(&text, shown)?)
    }

    fn parse(text: &str, shown: &str) -> Result<Self, PatchError> {
        let path = || shown.to_owned();
        let begins_diff = |line: &str| line.starts_with("--- ") || line.starts_with("diff --git ");
        let start: usize = text
            .split_inclusive('\n')
            .take_while(|line| !begins_diff(line))
            .map(str::len)
            .sum();
        let (preamble, diff) = text.split_at(start);
        let header = |key: &'static str| {
            preamble
                .lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))
                .map(str::trim)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| PatchError::NoHeader { path: path(), key })
        };
        let what = header("what")?.to_owned();
        let fails = header("fails")?
            .split(',')
            .map(|name| name.trim().to_owned())
            .collect();
        if diff.is_empty() {
            return Err(PatchError::NoDiff { path: path() });
        }
        Ok(Self {
            shown: path(),
            what,
            fails,
            preamble: preamble.into(),
            diff: diff.into(),
        })
    }

    /// Changes the files as the diff says.
    ///
    /// # Errors
    ///
    /// Fails if the diff does not fit them.
    pub(crate) fn apply(&self, files: &mut [Submitted]) -> Result<(), PatchError> {
        let path = || self.shown.clone();
        let wanted: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
        for part in PatchSet::parse(&self.diff, ParseOptions::unidiff()) {
            let malformed = |reason| PatchError::Malformed {
                path: path(),
                reason,
            };
            let part = part.map_err(|error| malformed(error.to_string()))?;
            let name = match part.operation() {
                FileOperation::Modify { modified, .. } => modified.to_string(),
                other => return Err(malformed(format!("it does not change a file: {other:?}"))),
            };
            let file = files
                .iter_mut()
                .find(|file| names(&name, &file.path))
                .ok_or_else(|| PatchError::OtherFile {
                    path: path(),
                    file: name.clone(),
                    wanted: wanted.clone(),
                })?;
            let PatchKind::Text(diff) = part.patch() else {
                return Err(malformed("it is binary".into()));
            };
            file.text = diffy::apply(&file.text, diff).map_err(|error| PatchError::DoesNotFit {
                path: path(),
                file: file.shown.clone(),
                reason: error.to_string(),
            })?;
        }
        Ok(())
    }

    /// The patch file as it must read for the reference as it is now.
    ///
    /// # Errors
    ///
    /// Fails if the diff does not fit the reference any more.
    pub(crate) fn rebased(&self, reference: &[Submitted]) -> Result<String, PatchError> {
        let mut changed = reference.to_vec();
        self.apply(&mut changed)?;
        let mut text = self.preamble.clone();
        for (before, after) in std::iter::zip(reference, &changed) {
            if before.text != after.text {
                let diff = DiffOptions::new()
                    .set_original_filename(format!("a/{}", before.path))
                    .set_modified_filename(format!("b/{}", after.path))
                    .create_patch(&before.text, &after.text)
                    .to_string();
                text.push_str(&diff);
            }
        }
        Ok(text)
    }

    /// The whole file as it was read.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.preamble, self.diff)
    }
}

/// Whether a path in a diff (`b/src/map.rs`, `crates/mmap/src/map.rs`) means a listed file.
fn names(written: &str, listed: &str) -> bool {
    let rest = written.strip_suffix(listed);
    rest.is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG: &str = "\
what: adds without reading first
fails: exact_count, every_interleaving

--- a/src/counter.rs
+++ b/src/counter.rs
@@ -1,3 +1,3 @@
 one
-two
+three
 four
";

    fn reference(text: &str) -> Vec<Submitted> {
        vec![Submitted {
            path: "src/counter.rs".into(),
            shown: "crates/mmap/src/counter.rs".into(),
            text: text.into(),
        }]
    }

    #[test]
    fn headers_stand_before_the_diff() {
        let patch = Patch::parse(WRONG, "w.patch").unwrap();
        assert_eq!(patch.what, "adds without reading first");
        assert_eq!(patch.fails, ["exact_count", "every_interleaving"]);
        assert_eq!(patch.text(), WRONG);
    }

    #[test]
    fn a_missing_header_is_named() {
        let error = Patch::parse(&WRONG.replace("fails:", "fail:"), "w.patch").unwrap_err();
        assert!(error.to_string().contains("no line `fails:`"));
        let error = Patch::parse("what: x\nfails: y\n", "w.patch").unwrap_err();
        assert!(matches!(error, PatchError::NoDiff { .. }));
    }

    #[test]
    fn it_changes_the_file_that_it_names() {
        let mut files = reference("one\ntwo\nfour\n");
        Patch::parse(WRONG, "w.patch")
            .unwrap()
            .apply(&mut files)
            .unwrap();
        assert_eq!(files[0].text, "one\nthree\nfour\n");
    }

    #[test]
    fn a_patch_that_does_not_fit_says_so() {
        let mut files = reference("one\n2\nfour\n");
        let error = Patch::parse(WRONG, "w.patch")
            .unwrap()
            .apply(&mut files)
            .unwrap_err();
        assert!(matches!(error, PatchError::DoesNotFit { .. }), "{error}");
    }

    #[test]
    fn a_file_that_nobody_hands_in_is_refused() {
        let patch = Patch::parse(&WRONG.replace("counter", "driver"), "w.patch").unwrap();
        let error = patch.apply(&mut reference("one\ntwo\nfour\n")).unwrap_err();
        assert!(matches!(error, PatchError::OtherFile { .. }), "{error}");
    }

    #[test]
    fn rebasing_moves_the_hunk_and_keeps_the_headers() {
        let patch = Patch::parse(WRONG, "w.patch").unwrap();
        let moved = reference("new\nnew\nnew\nnew\none\ntwo\nfour\n");
        let text = patch.rebased(&moved).unwrap();
        assert!(
            text.starts_with("what: adds without reading first\nfails: "),
            "{text}"
        );
        assert!(text.contains("@@ -3,5 +3,5 @@"), "{text}");
        let mut again = moved.clone();
        Patch::parse(&text, "w.patch")
            .unwrap()
            .apply(&mut again)
            .unwrap();
        assert_eq!(again[0].text, "new\nnew\nnew\nnew\none\nthree\nfour\n");
    }
}

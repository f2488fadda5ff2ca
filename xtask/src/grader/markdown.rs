//! Paths named in Markdown: each must exist. Looked at are relative links, and `code` that begins
//! like a path of this repository; blocks of code are transcripts and are left out. Nothing else of
//! Markdown is understood here.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

/// Code that begins with one of these means a file of the repository.
const TOP: [&str; 4] = ["labs/", "crates/", "xtask/", "docs/"];

/// Code that begins with one of these, in a lab's handout, means a file of the lab.
const LAB: [&str; 4] = ["src/", "tests/", "wrong/", "right/"];

/// A path that is named and does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The Markdown file, relative to the repository.
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) path: String,
}

/// The repository's own Markdown: at the top, below `docs`, and in the topic crates.
pub(crate) fn of_the_repository(root: &Path) -> Vec<PathBuf> {
    let mut files = vec![root.join("README.md")];
    files.extend(below(&root.join("docs")));
    files.extend(below(&root.join("crates")));
    files.retain(|file| file.is_file());
    files
}

/// Every Markdown file below a folder.
pub(crate) fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = WalkDir::new(folder)
        .into_iter()
        .filter_entry(|entry| entry.file_name() != "target")
        .flatten()
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.sort();
    files
}

/// The paths that a file names and that do not exist.
///
/// # Errors
///
/// Fails if the file cannot be read.
pub(crate) fn missing_paths(root: &Path, file: &Path) -> io::Result<Vec<Missing>> {
    let text = fs::read_to_string(file)?;
    let folder = file.parent().unwrap_or(root);
    let shown = file
        .strip_prefix(root)
        .unwrap_or(file)
        .display()
        .to_string();
    let absent = |named: &Named<'_>| match named {
        Named::Link(path) => !folder.join(path).exists(),
        Named::Code(path) => !root.join(path).exists() && !folder.join(path).exists(),
    };
    let in_a_lab = shown.starts_with("labs/");
    let missing = named_paths(&text, in_a_lab)
        .into_iter()
        .filter(|(_, named)| absent(named));
    Ok(missing
        .map(|(line, named)| {
            let (Named::Link(path) | Named::Code(path)) = named;
            Missing {
                file: shown.clone(),
                line,
                path: path.to_owned(),
            }
        })
        .collect())
}

#[derive(Debug, PartialEq, Eq)]
enum Named<'a> {
    Link(&'a str),
    Code(&'a str),
}

fn named_paths(text: &str, in_a_lab: bool) -> Vec<(usize, Named<'_>)> {
    let mut named = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            named.extend(links(line).map(|path| (index + 1, Named::Link(path))));
            named.extend(code(line, in_a_lab).map(|path| (index + 1, Named::Code(path))));
        }
    }
    named
}

/// The targets of relative links, without `#…`.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', ' ']).next()?;
        let path = target.split('#').next()?;
        let elsewhere = target.contains("://") || target.starts_with("mailto:");
        (!elsewhere && !path.is_empty()).then_some(path)
    })
}

/// Code that is a path, without a line number.
fn code(line: &str, in_a_lab: bool) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter_map(move |code| {
        let path = code.split(':').next()?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        let of_the_lab = in_a_lab && LAB.iter().any(|folder| path.starts_with(folder));
        let begins = of_the_lab || TOP.iter().any(|top| path.starts_with(top));
        // `labs/NN-name` stands for any lab.
        let example = path.contains("NN");
        (begins && !example && path.chars().all(plain)).then_some(path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_code_are_paths_and_transcripts_are_not() {
        let text = "See [map](src/map.rs#L3) and [site](https://example.org/a/b).\n\
                    Edit `labs/12-mmap/src/map.rs:21`, use `a/b` and `src/*.rs`.\n\
                    ```console\n$ cat `labs/none` [x](y.md)\n```\n![picture](p.svg)\n";
        let named = named_paths(text, true);
        assert_eq!(
            named,
            [
                (1, Named::Link("src/map.rs")),
                (2, Named::Code("labs/12-mmap/src/map.rs")),
                (6, Named::Link("p.svg")),
            ]
        );
    }

    #[test]
    fn a_missing_path_is_told_with_its_line() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("README.md");
        fs::write(&file, "here: [x](README.md)\nnot: [y](none.md)\n").unwrap();
        let missing = missing_paths(root.path(), &file).unwrap();
        assert_eq!(
            missing,
            [Missing {
                file: "README.md".into(),
                line: 2,
                path: "none.md".into()
            }]
        );
    }
}

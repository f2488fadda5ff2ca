//! The code under test, as text: what a variable is called is not known otherwise.
//!
//! The files are looked for where the compiler found them, below the current folder or one above it.
//! Without them a counterexample names types and places instead.

use std::collections::HashMap;
use std::fs;
use std::panic::Location as Place;
use std::path::{Path, PathBuf};

/// The files that were looked for.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Those that need not be looked for, by their path or its end.
    given: Vec<(String, Vec<String>)>,
    found: HashMap<String, Option<Vec<String>>>,
}

impl Sources {
    /// These files need not be looked for.
    pub(super) fn new(given: &[(String, String)]) -> Self {
        let given = given.iter();
        Sources {
            given: given
                .map(|(file, text)| (file.clone(), lines(text)))
                .collect(),
            found: HashMap::new(),
        }
    }

    /// The variable that is made at a place: `locked: AtomicBool::new(..)`, `let flag = ..`.
    pub(super) fn made_at(&mut self, place: &'static Place<'static>) -> Option<String> {
        let before = self.before(place)?;
        let mut before = before.as_str();
        loop {
            before = before.trim_end();
            let shorter = before
                .strip_suffix(['(', '[', '&', '{', '|'])
                .or_else(|| before.strip_suffix("const"))
                .or_else(|| before.strip_suffix("move"))
                .or_else(|| before.strip_suffix("::new"))
                .or_else(|| before.strip_suffix("::from"));
            match shorter {
                Some(shorter) => before = shorter,
                None => {
                    let wrapper = ["Arc", "Rc", "Box", "Some", "CachePadded", "Pin", "vec!"];
                    match wrapper.iter().find_map(|name| before.strip_suffix(name)) {
                        Some(shorter) => before = without_path(shorter),
                        None => break,
                    }
                }
            }
        }
        if let Some(field) = before.strip_suffix(':') {
            return last_word(field);
        }
        let statement = before.strip_suffix('=')?;
        let keywords = ["let mut ", "let ", "static mut ", "static ", "const "];
        let start = keywords
            .iter()
            .find_map(|keyword| statement.rfind(keyword).map(|at| at + keyword.len()))?;
        first_word(&statement[start..])
    }

    /// The variable whose method is called at a place: `self.locked.swap(..)`.
    pub(super) fn used_at(&mut self, place: &'static Place<'static>) -> Option<String> {
        let mut before = self.before(place)?;
        if before.trim().is_empty() || before.trim() == "." {
            let line = place.line().checked_sub(1)?;
            before = self.line(place.file(), line)?.trim_end().to_owned() + ".";
        }
        let receiver = before.trim_end().strip_suffix('.')?.trim_end();
        let receiver = receiver.strip_suffix("()").unwrap_or(receiver);
        match receiver.strip_suffix(']') {
            None => last_word(receiver),
            Some(indexed) => {
                let open = indexed.rfind('[')?;
                Some(format!(
                    "{}{}",
                    last_word(&indexed[..open])?,
                    &receiver[open..]
                ))
            }
        }
    }

    /// What stands in a place's line before it.
    fn before(&mut self, place: &'static Place<'static>) -> Option<String> {
        let line = self.line(place.file(), place.line())?;
        let column = place.column() as usize;
        Some(line.chars().take(column.saturating_sub(1)).collect())
    }

    /// A line of a file.
    pub(super) fn line(&mut self, file: &str, number: u32) -> Option<&str> {
        let is_it = |given: &str| {
            let before = file.strip_suffix(given);
            before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        let index = (number as usize).checked_sub(1)?;
        let lines = match self.given.iter().find(|(given, _)| is_it(given)) {
            Some((_, lines)) => lines,
            None => {
                let found = self.found.entry(file.to_owned());
                found.or_insert_with(|| read(file)).as_ref()?
            }
        };
        lines.get(index).map(String::as_str)
    }
}

fn read(file: &str) -> Option<Vec<String>> {
    let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let mut folders = here.ancestors().map(Path::to_path_buf);
    let text = folders.find_map(|folder| fs::read_to_string(folder.join(file)).ok())?;
    Some(lines(&text))
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// Without the path of a type whose name stood behind it.
fn without_path(mut text: &str) -> &str {
    while let Some(path) = text.strip_suffix("::") {
        text = path.trim_end_matches(is_word);
    }
    text
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn last_word(text: &str) -> Option<String> {
    let text = text.trim_end();
    let start = text.rfind(|letter| !is_word(letter)).map_or(0, |at| at + 1);
    let word = text.get(start..)?;
    (!word.is_empty()).then(|| word.to_owned())
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text
        .trim_start()
        .chars()
        .take_while(|&letter| is_word(letter))
        .collect();
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::{Place, Sources};

    struct Made(&'static Place<'static>);

    impl Made {
        #[track_caller]
        fn new(_: u32) -> Self {
            Made(Place::caller())
        }

        #[track_caller]
        fn touch(&self) -> &'static Place<'static> {
            Place::caller()
        }
    }

    struct Owner {
        field: Made,
        list: [Made; 1],
    }

    #[test]
    fn a_variable_is_named_by_where_it_is_made() {
        let plain = Made::new(1);
        let shared = std::sync::Arc::new(Made::new(1));
        let owner = Owner {
            field: Made::new(1),
            list: [Made::new(1)],
        };
        let mut sources = Sources::default();
        let mut name = |made: &Made| sources.made_at(made.0);
        assert_eq!(name(&plain).as_deref(), Some("plain"));
        assert_eq!(name(&shared).as_deref(), Some("shared"));
        assert_eq!(name(&owner.field).as_deref(), Some("field"));
        assert_eq!(name(&owner.list[0]).as_deref(), Some("list"));
    }

    #[test]
    fn a_given_file_may_be_named_by_the_end_of_its_path() {
        let mut sources = Sources::new(&[("src/lock.rs".to_owned(), "one\ntwo".to_owned())]);
        assert_eq!(sources.line("labs/19/src/lock.rs", 2), Some("two"));
        assert_eq!(sources.line("src/lock.rs", 1), Some("one"));
        assert_eq!(sources.line("src/lock.rs", 3), None);
        assert_eq!(sources.line("other-src/lock.rs", 1), None);
    }

    #[test]
    fn a_variable_is_named_by_where_it_is_used() {
        let owner = Owner {
            field: Made::new(1),
            list: [Made::new(1)],
        };
        let mut sources = Sources::default();
        assert_eq!(
            sources.used_at(owner.field.touch()).as_deref(),
            Some("field")
        );
        let index = 0;
        assert_eq!(
            sources.used_at(owner.list[index].touch()).as_deref(),
            Some("list[index]")
        );
    }
}

//! The one line that a driver prints when the student's code panics, read back. Whoever forges one
//! gains nothing: it explains a verdict and decides none.

use checks::{Place, Text, text};

/// How such a line begins.
const MARK: &str = "interlock: panic at ";

/// How the message of `todo!()` begins.
const TODO: &str = "not yet implemented";

/// `interlock: panic at labs/12-mmap/src/map.rs:21: not yet implemented`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PanicLine {
    /// If it happened in a file that the student handed in.
    pub(crate) place: Option<Place>,
    pub(crate) message: String,
}

impl PanicLine {
    /// The last such line of an output; `submit` are the files that were handed in.
    pub(crate) fn last_in(printed: &str, submit: &[String]) -> Option<Self> {
        let line = printed
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix(MARK))?;
        let (at, message) = line.split_once(": ").unwrap_or((line, ""));
        let (file, number) = at.rsplit_once(':')?;
        let listed = submit.iter().find(|path| {
            file.strip_suffix(path.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        });
        let place = listed.and_then(|file| {
            Some(Place {
                file: file.clone(),
                line: number.parse().ok()?,
            })
        });
        Some(Self {
            place,
            message: message.to_owned(),
        })
    }

    /// Whether it says that something is not written yet.
    pub(crate) fn is_todo(&self) -> bool {
        self.message.starts_with(TODO)
    }

    pub(crate) fn headline(&self) -> Text {
        let message = &self.message;
        match &self.place {
            Some(_) if self.is_todo() => text!("not written yet"; "尚未编写"),
            Some(Place { file, line }) => {
                text!("{file}:{line} panicked: {message}"; "{file}:{line} 发生 panic：{message}")
            }
            None => text!("it panicked: {message}"; "它发生了 panic：{message}"),
        }
    }
}

/// An output without such lines: what they say is said in better words elsewhere.
pub(crate) fn without_panics(printed: &str) -> String {
    printed
        .split_inclusive('\n')
        .filter(|line| !line.starts_with(MARK))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_todo_of_the_student_is_placed() {
        let printed = "kind\ninterlock: panic at labs/12-mmap/src/map.rs:21: not yet implemented\n";
        let panic = PanicLine::last_in(printed, &["src/map.rs".to_owned()]).unwrap();
        assert!(panic.is_todo());
        assert_eq!(
            panic.place,
            Some(Place {
                file: "src/map.rs".into(),
                line: 21
            })
        );
        assert_eq!(without_panics(printed), "kind\n");
    }

    #[test]
    fn a_panic_elsewhere_has_no_place() {
        let printed = "interlock: panic at /rustc/x/library/core/src/map.rs.rs:3: index: 4\n";
        let panic = PanicLine::last_in(printed, &["src/map.rs".to_owned()]).unwrap();
        assert_eq!((panic.place, &*panic.message), (None, "index: 4"));
    }
}

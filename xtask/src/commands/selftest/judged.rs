//! What came of an attack, beside what was expected. Makes no attack.

use arena::Level;
use checks::Verdict;
use hostile::{Attack, End, Expected, Fate, Seen};

use crate::report::{page::Role, words::Hostile};

/// What came of an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// It was stopped, or came to whatever else was expected.
    Stopped,
    /// It was not stopped, and the table says so.
    Passed,
    /// It was not stopped, and should have been.
    Failed,
}

impl Judged {
    /// Of a program in a box.
    pub(super) fn of(attack: &Attack, level: Level, seen: &Seen) -> Self {
        let expected = match level {
            Level::Namespaces => attack.namespaces,
            Level::Landlock => attack.landlock,
            Level::None => attack.none,
        };
        match expected {
            _ if attack.sign.is_in(seen) => Self::Stopped,
            Expected::Stopped(_) => Self::Failed,
            // A box that broke is never what was expected.
            _ if matches!(seen.end, End::Broken(_)) && level != Level::None => Self::Failed,
            Expected::Passes(_) | Expected::Depends(_) => Self::Passed,
        }
    }

    /// Of a file that was handed in.
    pub(super) fn of_file(expected: &[Fate], because: Option<&str>, graded: &Graded) -> Self {
        let as_expected = graded.fate.is_some_and(|fate| expected.contains(&fate));
        // Another error than the one that was meant proves nothing.
        let for_that = graded.fate != Some(Fate::DoesNotCompile)
            || because.is_none_or(|because| graded.said.contains(because));
        if as_expected && for_that && graded.told.is_empty() {
            Self::Stopped
        } else {
            Self::Failed
        }
    }

    pub(super) fn told(self, words: &Hostile) -> &'static str {
        match self {
            Self::Stopped => words.stopped,
            Self::Passed => words.passed,
            Self::Failed => words.failed,
        }
    }

    pub(super) fn role(self) -> Role {
        match self {
            Self::Stopped => Role::Good,
            Self::Passed => Role::Quiet,
            Self::Failed => Role::Bad,
        }
    }
}

/// All that is known of a program's attack, for whoever has to find out why.
pub(super) fn story(seen: &Seen) -> String {
    let left = seen.left.join(", ");
    format!("{} {:?} {left}", seen.facts, seen.end)
}

/// What the grader made of a file that was handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Graded {
    /// None if it is no fate that an attack may have: passed, not graded, or a grader that failed.
    pub(super) fate: Option<Fate>,
    /// The verdict of the kind's check, if it came to that.
    pub(super) verdict: Option<Verdict>,
    /// The compiler's words.
    pub(super) said: String,
    /// In short, what the grader said of it.
    pub(super) ending: String,
    /// Hidden lines that it told the author.
    pub(super) told: Vec<String>,
}

#[cfg(test)]
mod tests {
    use hostile::Facts;

    use super::*;

    fn seen(end: End) -> Seen {
        Seen {
            facts: Facts::of("errno", "own_bound"),
            end,
            left: Vec::new(),
        }
    }

    fn attack(name: &str) -> &'static Attack {
        hostile::attack(name).unwrap()
    }

    #[test]
    fn an_attack_that_reaches_its_bound_was_not_stopped() {
        let fork = attack("fork-bomb");
        let seen = seen(End::Exited(0));
        for (level, judged) in [
            (Level::Namespaces, Judged::Failed),
            (Level::Landlock, Judged::Failed),
            (Level::None, Judged::Passed),
        ] {
            assert_eq!(Judged::of(fork, level, &seen), judged, "{level:?}");
        }
    }

    #[test]
    fn a_box_that_broke_is_never_expected() {
        let broken = seen(End::Broken("the helper has ended".to_owned()));
        let shm = attack("sysv-shm");
        assert_eq!(Judged::of(shm, Level::Landlock, &broken), Judged::Failed);
        assert_eq!(Judged::of(shm, Level::None, &broken), Judged::Passed);
    }

    fn graded(fate: Option<Fate>) -> Graded {
        Graded {
            fate,
            said: "error: couldn't read `/etc/shadow`".to_owned(),
            ..Graded::default()
        }
    }

    #[test]
    fn a_file_must_come_to_what_is_expected() {
        let expected = [Fate::DoesNotCompile, Fate::Stopped];
        let of = |fate| Judged::of_file(&expected, None, &graded(fate));
        assert_eq!(of(Some(Fate::Stopped)), Judged::Stopped);
        assert_eq!(of(Some(Fate::DoesNotCompile)), Judged::Stopped);
        assert_eq!(of(Some(Fate::Compiles)), Judged::Failed);
        assert_eq!(of(None), Judged::Failed);
    }

    #[test]
    fn another_error_than_the_one_that_was_meant_proves_nothing() {
        let graded = graded(Some(Fate::DoesNotCompile));
        let of = |because| Judged::of_file(&[Fate::DoesNotCompile], Some(because), &graded);
        assert_eq!(of("couldn't read"), Judged::Stopped);
        assert_eq!(of("recursion limit"), Judged::Failed);
    }

    #[test]
    fn whoever_is_told_something_hidden_was_not_stopped() {
        let mut graded = graded(Some(Fate::DoesNotCompile));
        graded.told.push("let seed = 7;".to_owned());
        let judged = Judged::of_file(&[Fate::DoesNotCompile], None, &graded);
        assert_eq!(judged, Judged::Failed);
    }
}

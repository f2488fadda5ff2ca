//! By what an attack is known to have been stopped. Silence is no such sign: a fact that was not
//! reported never counts in favour of a box.

use crate::Facts;

/// How the process of an attack ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// By itself, with this status.
    Exited(i32),
    /// By a signal: `SIGXCPU`.
    Signalled(String),
    /// It was killed when the time was over, or because nothing could wake it any more.
    Stopped,
    /// Whoever held it was ended: the box itself broke.
    Broken(String),
}

/// All that is known of an attack afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What it said itself, and what was found out from outside (keys that begin with `outside.`).
    pub facts: Facts,
    /// How it ended.
    pub end: End,
    /// What is on the machine now and was not there before.
    pub left: Vec<String>,
}

/// What a stopped attack looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Each of these tries was refused: the fact is an error's name, a signal's, or `none`.
    Refused(&'static [&'static str]),
    /// This fact has this value.
    Is(&'static str, &'static str),
    /// This fact is a number, and no greater than that.
    AtMost(&'static str, u64),
    /// It was ended from outside before it could report.
    Killed,
    /// Nothing of it is left on the machine.
    NothingLeft,
    /// All of these.
    All(&'static [Sign]),
    /// At least one of these.
    Any(&'static [Sign]),
}

impl Sign {
    /// Whether it is seen. A box that broke has stopped nothing.
    pub fn is_in(&self, seen: &Seen) -> bool {
        if matches!(seen.end, End::Broken(_)) {
            return false;
        }
        let fact = |key: &str| seen.facts.get(key);
        match *self {
            Self::Refused(keys) => keys.iter().all(|key| fact(key).is_some_and(is_refusal)),
            Self::Is(key, value) => fact(key) == Some(value),
            Self::AtMost(key, bound) => {
                let number = fact(key).and_then(|value| value.parse::<u64>().ok());
                number.is_some_and(|number| number <= bound)
            }
            Self::Killed => !matches!(seen.end, End::Exited(_)),
            Self::NothingLeft => seen.left.is_empty(),
            Self::All(signs) => signs.iter().all(|sign| sign.is_in(seen)),
            Self::Any(signs) => signs.iter().any(|sign| sign.is_in(seen)),
        }
    }
}

/// `EPERM`, `SIGSYS`, or `none` where there was nothing to try it on.
fn is_refusal(value: &str) -> bool {
    let upper = value
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    value == "none" || upper && (value.starts_with('E') || value.starts_with("SIG"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(facts: Facts) -> Seen {
        Seen {
            facts,
            end: End::Exited(0),
            left: Vec::new(),
        }
    }

    #[test]
    fn a_refusal_is_an_error_or_a_signal() {
        let sign = Sign::Refused(&["a", "b"]);
        assert!(sign.is_in(&seen(Facts::of("a", "EPERM").and("b", "SIGSYS"))));
        assert!(sign.is_in(&seen(Facts::of("a", "EPERM").and("b", "none"))));
        assert!(!sign.is_in(&seen(Facts::of("a", "EPERM").and("b", "done"))));
        assert!(!sign.is_in(&seen(Facts::of("a", "EPERM").and("b", "reached"))));
    }

    #[test]
    fn what_was_not_reported_stops_nothing() {
        let silent = seen(Facts::new());
        for sign in [
            Sign::Refused(&["a"]),
            Sign::Is("a", "none"),
            Sign::AtMost("a", 7),
            Sign::Killed,
        ] {
            assert!(!sign.is_in(&silent), "{sign:?}");
        }
    }

    #[test]
    fn a_bound_is_kept_or_not() {
        let sign = Sign::AtMost("mib", 64);
        assert!(sign.is_in(&seen(Facts::of("mib", 64))));
        assert!(!sign.is_in(&seen(Facts::of("mib", 65))));
        assert!(!sign.is_in(&seen(Facts::of("mib", "many"))));
    }

    #[test]
    fn what_is_left_and_how_it_ended_count() {
        let mut seen = seen(Facts::new());
        assert!(Sign::NothingLeft.is_in(&seen));
        seen.left.push("/dev/shm/x".to_owned());
        assert!(!Sign::NothingLeft.is_in(&seen));
        seen.end = End::Signalled("SIGXCPU".to_owned());
        assert!(Sign::Killed.is_in(&seen));
    }

    #[test]
    fn a_box_that_broke_has_stopped_nothing() {
        let seen = Seen {
            end: End::Broken("the helper has ended".to_owned()),
            ..seen(Facts::of("a", "EPERM"))
        };
        for sign in [Sign::Refused(&["a"]), Sign::Killed, Sign::NothingLeft] {
            assert!(!sign.is_in(&seen), "{sign:?}");
        }
    }
}

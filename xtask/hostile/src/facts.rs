//! What an attack reports of itself: one line of keys and values.

use std::{collections::BTreeMap, fmt};

/// How the line begins, so that it is found among whatever else is printed.
const HEAD: &str = "facts:";

/// Keys and values, in the order of the keys.
///
/// ```
/// let facts = hostile::Facts::of("forked", 62).and("errno", "EAGAIN");
/// assert_eq!(facts.to_string(), "facts: errno=EAGAIN forked=62");
/// let printed = format!("noise\n{facts}\nmore noise");
/// assert_eq!(hostile::Facts::found_in(&printed), Some(facts));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts(BTreeMap<String, String>);

impl Facts {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A first one.
    pub fn of(key: &str, value: impl fmt::Display) -> Self {
        Self::new().and(key, value)
    }

    /// One more.
    #[must_use]
    pub fn and(mut self, key: &str, value: impl fmt::Display) -> Self {
        self.note(key, value);
        self
    }

    /// One more. A value is never empty and holds no space: what is nothing is `none`.
    pub fn note(&mut self, key: &str, value: impl fmt::Display) {
        let words = value.to_string();
        let joined = words.split_whitespace().collect::<Vec<_>>().join("_");
        let value = if joined.is_empty() {
            "none".to_owned()
        } else {
            joined
        };
        self.0.insert(key.to_owned(), value);
    }

    /// What is said of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The last report in what a program has printed.
    pub fn found_in(printed: &str) -> Option<Self> {
        let line = printed.lines().rev().find_map(|line| {
            let (_, facts) = line.split_once(HEAD)?;
            Some(facts)
        })?;
        let pair = |pair: &str| {
            let (key, value) = pair.split_once('=')?;
            Some((key.to_owned(), value.to_owned()))
        };
        Some(Self(line.split_whitespace().filter_map(pair).collect()))
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        self.0
            .iter()
            .try_for_each(|(key, value)| write!(f, " {key}={value}"))
    }
}

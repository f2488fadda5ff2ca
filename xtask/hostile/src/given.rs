//! What an attack is told: where there is something to attack. The runner plants all of it; an
//! attack that is told nothing tries the usual places.
//!
//! | key | what it is |
//! |---|---|
//! | `hidden` | a file that must not be read; may be given several times |
//! | `outside` | a folder that must not be written in; may be given several times |
//! | `victim` | the id of a process outside that may be killed |
//! | `machine` | what `/proc/self/ns/pid` is outside: `pid:[4026531836]` |
//! | `secret` | a word that is in the environment of processes outside |
//! | `tcp`, `udp` | ports of 127.0.0.1 that somebody outside listens at |
//! | `abstract`, `socket` | a Unix socket outside: an abstract name, a path |
//! | `allowed` | a descriptor beside 0, 1 and 2 that is meant to be open; may be given several times |
//! | `cap` | a bound in place of the attack's own, if it is smaller |

use std::{collections::BTreeMap, str::FromStr};

/// The arguments after the name.
#[derive(Debug, Default)]
pub(crate) struct Given(BTreeMap<String, Vec<String>>);

impl Given {
    /// Reads `key=value` pairs; what is no pair is nothing.
    pub(crate) fn new(arguments: impl Iterator<Item = String>) -> Self {
        let mut given = Self::default();
        for argument in arguments {
            if let Some((key, value)) = argument.split_once('=') {
                let values = given.0.entry(key.to_owned()).or_default();
                values.push(value.to_owned());
            }
        }
        given
    }

    /// Everything that was given as `key`.
    pub(crate) fn all(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// The first that was given as `key`, if it can be read as one.
    pub(crate) fn one<T: FromStr>(&self, key: &str) -> Option<T> {
        self.all(key).first()?.parse().ok()
    }

    /// The attack's own bound, or a smaller one that was given.
    pub(crate) fn cap(&self, own: usize) -> usize {
        self.one("cap").map_or(own, |cap: usize| cap.min(own))
    }
}

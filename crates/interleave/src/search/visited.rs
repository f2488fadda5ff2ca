//! States that were seen before.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A fingerprint is a hash already.
#[derive(Debug, Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// The fingerprints of states, and with how much budget each was left.
#[derive(Debug, Default)]
pub(crate) struct Visited(HashMap<u64, u8, BuildHasherDefault<Identity>>);

impl Visited {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Enters a state. False if it was entered before with at least as much budget: all that can
    /// follow has been, or will be, seen from there.
    pub(crate) fn enter(&mut self, fingerprint: u64, budget: u8) -> bool {
        match self.0.get_mut(&fingerprint) {
            None => {
                self.0.insert(fingerprint, budget);
                true
            }
            Some(before) if *before < budget => {
                *before = budget;
                true
            }
            Some(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Visited;

    #[test]
    fn a_state_is_entered_again_only_with_more_budget() {
        let mut visited = Visited::default();
        assert!(visited.enter(7, 1));
        assert!(!visited.enter(7, 1));
        assert!(!visited.enter(7, 0));
        assert!(visited.enter(7, 2));
        assert!(!visited.enter(7, 1));
        assert!(visited.enter(8, 0));
        assert_eq!(visited.len(), 2);
    }
}

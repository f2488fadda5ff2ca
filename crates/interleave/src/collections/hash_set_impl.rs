//! A hash set whose hasher is not random.

use std::collections::HashSet as Real;
use std::collections::hash_set::{IntoIter, Iter};
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::ops::{Deref, DerefMut};

use crate::hash::RandomState;

/// Shadow of [`std::collections::HashSet`].
#[derive(Clone)]
pub struct HashSet<T, S = RandomState>(Real<T, S>);

impl<T> HashSet<T> {
    /// An empty set.
    pub fn new() -> Self {
        HashSet(Real::with_hasher(RandomState::new()))
    }

    /// An empty set with room.
    pub fn with_capacity(capacity: usize) -> Self {
        HashSet(Real::with_capacity_and_hasher(capacity, RandomState::new()))
    }
}

impl<T, S> HashSet<T, S> {
    /// An empty set.
    pub const fn with_hasher(hasher: S) -> Self {
        HashSet(Real::with_hasher(hasher))
    }
}

impl<T, S> Deref for HashSet<T, S> {
    type Target = Real<T, S>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T, S> DerefMut for HashSet<T, S> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<T, S: Default> Default for HashSet<T, S> {
    fn default() -> Self {
        HashSet(Real::with_hasher(S::default()))
    }
}

impl<T: Eq + Hash, S: BuildHasher + Default> FromIterator<T> for HashSet<T, S> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        HashSet(Real::from_iter(items))
    }
}

impl<T: Eq + Hash, const N: usize> From<[T; N]> for HashSet<T> {
    fn from(items: [T; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Eq + Hash, S: BuildHasher> Extend<T> for HashSet<T, S> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.0.extend(items);
    }
}

impl<T, S> IntoIterator for HashSet<T, S> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, S> IntoIterator for &'a HashSet<T, S> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Eq + Hash, S: BuildHasher> PartialEq for HashSet<T, S> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: Eq + Hash, S: BuildHasher> Eq for HashSet<T, S> {}

impl<T: fmt::Debug, S> fmt::Debug for HashSet<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

//! A list whose elements keep their memory when it is emptied.
//!
//! An execution of the code under test takes microseconds and needs a few dozen small lists. To ask
//! the allocator for them each time would cost more than all the rest.

use std::ops::{Index, IndexMut};

/// An element that can be made as new without giving its memory back.
pub(crate) trait Renew: Default {
    /// Makes it as new.
    fn renew(&mut self);
}

/// A list that is emptied often.
#[derive(Debug)]
pub(crate) struct Reused<T> {
    all: Vec<T>,
    length: usize,
}

impl<T> Default for Reused<T> {
    fn default() -> Self {
        Reused {
            all: Vec::new(),
            length: 0,
        }
    }
}

impl<T: Renew> Reused<T> {
    /// Forgets all elements, and keeps their memory for later ones.
    pub(crate) fn clear(&mut self) {
        self.length = 0;
    }

    /// Adds an element, as new, and gives its index.
    pub(crate) fn add(&mut self) -> usize {
        match self.all.get_mut(self.length) {
            Some(old) => old.renew(),
            None => self.all.push(T::default()),
        }
        self.length += 1;
        self.length - 1
    }
}

impl<T> Reused<T> {
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.all[..self.length].iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.all[..self.length].iter_mut()
    }
}

impl<T> Index<usize> for Reused<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.all[..self.length][index]
    }
}

impl<T> IndexMut<usize> for Reused<T> {
    fn index_mut(&mut self, index: usize) -> &mut T {
        &mut self.all[..self.length][index]
    }
}

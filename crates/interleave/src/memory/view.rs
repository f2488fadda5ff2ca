//! What a thread knows: for each location the newest message that it must not fall behind, and for
//! each thread how much of that one's past happens before its own present.

use crate::MAX_THREADS;

/// So many locations need no memory of their own; most programs under test have fewer.
const FEW: usize = 12;

/// A thread's knowledge, or what a message carries of its writer's.
///
/// Views only grow. To read a message with acquire is to [join](View::join) its view into one's own;
/// that is all there is to *synchronises with*.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    few: [u32; FEW],
    more: Vec<u32>,
    clocks: [u32; MAX_THREADS],
}

impl View {
    /// The oldest message of a location that may still be read.
    pub(crate) fn oldest(&self, location: usize) -> u32 {
        match self.few.get(location) {
            Some(&message) => message,
            None => self.more.get(location - FEW).copied().unwrap_or(0),
        }
    }

    /// Knows a message from now on: older ones are past.
    pub(crate) fn raise(&mut self, location: usize, message: u32) {
        let known = match self.few.get_mut(location) {
            Some(known) => known,
            None => {
                let index = location - FEW;
                if self.more.len() <= index {
                    self.more.resize(index + 1, 0);
                }
                &mut self.more[index]
            }
        };
        *known = message.max(*known);
    }

    /// Knows what another view knows, too.
    pub(crate) fn join(&mut self, other: &View) {
        self.join_messages(other);
        for (known, time) in self.clocks.iter_mut().zip(other.clocks) {
            *known = time.max(*known);
        }
    }

    /// Does not fall behind what another view knows, but nothing of its past happens before: what a
    /// sequentially consistent fence does.
    pub(crate) fn join_messages(&mut self, other: &View) {
        for (known, message) in self.few.iter_mut().zip(other.few) {
            *known = message.max(*known);
        }
        if self.more.len() < other.more.len() {
            self.more.resize(other.more.len(), 0);
        }
        for (known, &message) in self.more.iter_mut().zip(&other.more) {
            *known = message.max(*known);
        }
    }

    /// Becomes a copy, and keeps its memory.
    pub(crate) fn copy_from(&mut self, other: &View) {
        self.few = other.few;
        self.more.clone_from(&other.more);
        self.clocks = other.clocks;
    }

    /// Knows nothing any more, and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.few = [0; FEW];
        self.more.clear();
        self.clocks = [0; MAX_THREADS];
    }

    /// How much of a thread's past is known.
    pub(crate) fn clock(&self, thread: usize) -> u32 {
        self.clocks[thread]
    }

    /// A thread's own time goes on.
    pub(crate) fn tick(&mut self, thread: usize) -> u32 {
        self.clocks[thread] += 1;
        self.clocks[thread]
    }

    /// The locations of which more is known than the beginning.
    pub(crate) fn known(&self) -> impl Iterator<Item = (usize, u32)> {
        self.few
            .iter()
            .chain(&self.more)
            .copied()
            .enumerate()
            .filter(|&(_, message)| message > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, View};

    #[test]
    fn a_join_knows_what_either_knew() {
        let (mut one, mut other) = (View::default(), View::default());
        one.raise(0, 3);
        one.raise(FEW + 2, 1);
        other.raise(0, 2);
        other.raise(1, 5);
        other.tick(4);
        one.join(&other);
        assert_eq!(
            one.known().collect::<Vec<_>>(),
            [(0, 3), (1, 5), (FEW + 2, 1)]
        );
        assert_eq!(one.clock(4), 1);
    }

    #[test]
    fn a_view_never_falls_behind() {
        let mut view = View::default();
        view.raise(FEW, 7);
        view.raise(FEW, 4);
        assert_eq!(view.oldest(FEW), 7);
        assert_eq!(view.oldest(FEW + 9), 0);
    }

    #[test]
    fn a_cleared_view_knows_nothing() {
        let mut view = View::default();
        view.raise(2, 2);
        view.raise(FEW + 1, 2);
        view.tick(0);
        view.clear();
        assert_eq!(view.known().count(), 0);
        assert_eq!(view.clock(0), 0);
    }
}

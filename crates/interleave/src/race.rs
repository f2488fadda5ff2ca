//! Races: two accesses to plain data, one of them a write, neither of which happens before the other.
//!
//! For each tracked piece of data the last write and the reads since are remembered, each with its
//! thread and that thread's own time. An access is ordered after another if its thread knows that
//! time: vector clocks, as `FastTrack` keeps them. It is not necessary that the two accesses collide in
//! the execution that is looked at; it is enough that nothing prevents it.

use std::panic::Location as Place;

use crate::memory::Mind;
use crate::mixing::mix;
use crate::reused::Renew;

/// One access.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) thread: usize,
    pub(crate) time: u32,
    pub(crate) place: &'static Place<'static>,
    pub(crate) writes: bool,
}

impl Access {
    /// An access that takes place now.
    pub(crate) fn now(
        thread: usize,
        mind: &Mind,
        place: &'static Place<'static>,
        writes: bool,
    ) -> Self {
        Access {
            thread,
            time: mind.view.clock(thread),
            place,
            writes,
        }
    }

    fn happens_before(&self, mind: &Mind) -> bool {
        self.time <= mind.view.clock(self.thread)
    }
}

/// A piece of tracked data.
#[derive(Debug, Default)]
pub(crate) struct Data {
    pub(crate) address: usize,
    write: Option<Access>,
    reads: Vec<Access>,
    /// Stands for the writes, in their order.
    hash: u64,
    pub(crate) key: u64,
    pub(crate) created: Option<&'static Place<'static>>,
    /// Accesses that have begun and not ended: they last as long as a closure does.
    open: Vec<Access>,
}

impl Renew for Data {
    fn renew(&mut self) {
        self.forget();
        self.hash = 0;
        self.open.clear();
    }
}

impl Data {
    /// Notes an access, and gives it with an earlier one that it races with.
    pub(crate) fn access(
        &mut self,
        thread: usize,
        mind: &mut Mind,
        place: &'static Place<'static>,
        writes: bool,
    ) -> Option<[Access; 2]> {
        let access = Access {
            thread,
            time: mind.view.tick(thread),
            place,
            writes,
        };
        let concurrent = |other: &Access| !other.happens_before(mind);
        let race = self
            .write
            .filter(concurrent)
            .or_else(|| {
                let mut reads = self.reads.iter().filter(|_| writes);
                reads.find(|read| concurrent(read)).copied()
            })
            .or_else(|| {
                let mut open = self.open.iter().filter(|other| other.thread != thread);
                open.find(|other| writes || other.writes).copied()
            });
        mind.note(mix(self.hash, self.key));
        if writes {
            self.write = Some(access);
            self.reads.clear();
            self.hash = mix(self.hash, mind.hash);
        } else {
            self.reads.retain(|read| read.thread != thread);
            self.reads.push(access);
        }
        race.map(|before| [access, before])
    }

    /// The access that was just noted lasts until [`Data::end`].
    pub(crate) fn begin(&mut self, thread: usize, place: &'static Place<'static>, writes: bool) {
        self.open.push(Access {
            thread,
            time: 0,
            place,
            writes,
        });
    }

    /// The newest access of this thread that had begun has ended.
    pub(crate) fn end(&mut self, thread: usize) {
        if let Some(index) = self.open.iter().rposition(|open| open.thread == thread) {
            self.open.remove(index);
        }
    }

    /// Whoever comes next is ordered after all that were here.
    pub(crate) fn forget(&mut self) {
        self.write = None;
        self.reads.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{Data, Place};
    use crate::memory::Mind;

    fn here() -> &'static Place<'static> {
        Place::caller()
    }

    #[test]
    fn reads_do_not_race_and_a_write_races_with_what_it_does_not_know() {
        let mut data = Data::default();
        let mut minds: [Mind; 3] = Default::default();
        assert!(data.access(0, &mut minds[0], here(), false).is_none());
        assert!(data.access(1, &mut minds[1], here(), false).is_none());
        let [now, before] = data.access(1, &mut minds[1], here(), true).expect("a race");
        assert_eq!((now.thread, now.writes), (1, true));
        assert_eq!((before.thread, before.writes), (0, false));
        assert!(data.access(2, &mut minds[2], here(), false).is_some());
    }

    #[test]
    fn who_knows_the_earlier_access_does_not_race_with_it() {
        let mut data = Data::default();
        let mut minds: [Mind; 2] = Default::default();
        data.access(0, &mut minds[0], here(), true);
        let view = minds[0].view.clone();
        minds[1].view.join(&view);
        assert!(data.access(1, &mut minds[1], here(), true).is_none());
        // But it did not know what comes afterwards.
        assert!(data.access(0, &mut minds[0], here(), false).is_some());
    }

    #[test]
    fn an_access_that_lasts_collides_with_others_whatever_is_known() {
        let mut data = Data::default();
        let mut minds: [Mind; 2] = Default::default();
        data.access(0, &mut minds[0], here(), true);
        data.begin(0, here(), true);
        let view = minds[0].view.clone();
        minds[1].view.join(&view);
        assert!(data.access(1, &mut minds[1], here(), false).is_some());
        data.end(0);
        assert!(data.access(1, &mut minds[1], here(), false).is_none());
    }
}

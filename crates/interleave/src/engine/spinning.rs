//! Loops that wait.
//!
//! A spinner sleeps until something changes that it has looked at, and then reads the newest value. If
//! nobody is left who could change it, it gets its turns (`schedule.rs`), since its loop may be bounded.
//! And it may be *impatient*: turn on alone while others could run, for as long as a bounded loop could
//! last.

use std::panic::Location as Place;

use super::{End, Engine};
use crate::search::path::Question;
use crate::threads::{State, Watch};
use crate::trace::event::What;

/// So many turns may a spinner take alone, when the search wants it to be impatient.
const IMPATIENT_TURNS: u32 = 1000;
/// After so many vain attempts at a place it is not tried there again.
const ATTEMPTS: u8 = 3;

impl Engine {
    pub(super) fn spin(&mut self, place: &'static Place<'static>) {
        if self.is_over() {
            return;
        }
        self.count_step(place);
        self.path.step();
        let me = self.me();
        if me.impatient > 0 {
            me.impatient -= 1;
            for repeat in &mut me.repeats {
                repeat.times = 0;
            }
            if me.impatient == 0 {
                let meanwhile = me.counts - me.counts_before;
                let began = me.impatient_at.unwrap_or(place);
                self.waiting = Some(self.waiting.unwrap_or_default().max(meanwhile));
                self.give_up_hope(began);
                self.finish(End::Pruned);
            }
            return;
        }
        self.tell(place, |_| What::Spins);
        let me = self.me();
        me.state = if me.watches.is_empty() {
            State::Ready
        } else {
            State::Spinning
        };
        self.note(5, 0);
        if self.prune(2) {
            return;
        }
        if self.wants_to_be_impatient(place) {
            let me = self.me();
            me.impatient = IMPATIENT_TURNS;
            me.impatient_at = Some(place);
            me.counts_before = me.counts;
            me.state = State::Ready;
            self.note(5, 1);
        } else if !self.is_over() {
            self.elect(1);
        }
    }

    /// Whether the spinner turns on alone, until it gives up spinning. That is how an adaptive lock
    /// comes to sleep although the owner could leave at any time.
    fn wants_to_be_impatient(&mut self, place: &'static Place<'static>) -> bool {
        let waits_in_vain = self.me().state == State::Spinning && !self.is_ready(self.current);
        let others = self.round_robin().any(|other| self.is_ready(other));
        if !waits_in_vain || !others || self.idle > 0 {
            return false;
        }
        let hopeless = self.vain_attempts(place) >= ATTEMPTS;
        let hash = self.me().mind.hash;
        match self
            .path
            .choose_uncounted(Question::Impatient, hash, hopeless)
        {
            Ok(pick) => {
                if pick == 1 && self.limits.tracing {
                    self.departures.push((Question::Impatient, self.current));
                }
                pick == 1
            }
            Err(halt) => {
                self.halt(halt, Question::Impatient, 2);
                false
            }
        }
    }

    fn vain_attempts(&self, place: &'static Place<'static>) -> u8 {
        let mut known = self.hopeless.iter();
        known
            .find(|(other, _)| std::ptr::eq(*other, place))
            .map_or(0, |&(_, times)| times)
    }

    fn give_up_hope(&mut self, place: &'static Place<'static>) {
        match self
            .hopeless
            .iter_mut()
            .find(|(other, _)| std::ptr::eq(*other, place))
        {
            Some((_, times)) => *times = times.saturating_add(1),
            None => self.hopeless.push((place, 1)),
        }
    }

    /// Back from a spin: what the thread looked at before, it sees as it is now.
    pub(super) fn stop_spinning(&mut self) {
        if self.is_over() || self.me().impatient > 0 {
            return;
        }
        let waited = self.me().state == State::Spinning;
        let mut watches = std::mem::take(&mut self.me().watches);
        for watch in watches.drain(..) {
            if let Watch::Location { index, .. } = watch
                && waited
            {
                let location = &self.memory.locations[index];
                let (newest, hash) = (location.newest(), location.hash);
                let mind = &mut self.threads[self.current].mind;
                mind.view.raise(index, newest);
                mind.note(hash);
            }
        }
        let me = self.me();
        me.watches = watches;
        me.repeats.clear();
        me.state = State::Ready;
    }
}

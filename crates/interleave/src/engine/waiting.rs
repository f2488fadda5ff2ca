//! Operations that wait without a lock: the futex, parking, joining, sleeping.

use std::panic::Location as Place;
use std::time::Duration;

use super::atomics::{Atom, Class};
use super::{Engine, block, leave_if_over, point, schedule, with};
use crate::heap::EngineSide;
use crate::memory::location::Type;
use crate::mixing::mix;
use crate::search::path::Question;
use crate::threads::{State, Wait, Watch};
use crate::trace::event::What;

/// How a futex wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    ByAnother,
    Changed,
    TimedOut,
    Interrupted,
}

pub(super) const WORD: Class = Class {
    name: "AtomicU32",
    shown: Type::Unsigned,
    mask: u32::MAX as u64,
};

/// Virtual time, this much later.
pub(crate) fn deadline(after: Option<Duration>) -> Option<u64> {
    let after = u64::try_from(after?.as_nanos()).unwrap_or(u64::MAX);
    let _side = EngineSide::enter();
    Some(with(|engine| engine.clock.saturating_add(after)))
}

/// Sleeps if the word is as expected. The kernel compares under a lock of its own, so it never
/// compares with an old value.
pub(crate) fn futex_wait(
    word: &Atom,
    expected: u32,
    timeout: Option<Duration>,
    place: &'static Place<'static>,
) -> Woken {
    let until = deadline(timeout);
    let _side = EngineSide::enter();
    point(place);
    let slept = with(|engine| {
        engine.me().counts.futex_calls += 1;
        let location = word.locate(engine, WORD);
        let found = engine.memory.locations[location].value();
        let hash = engine.memory.locations[location].hash;
        let changes = engine.memory.locations[location].changes();
        engine.me().watch(Watch::Location {
            index: location,
            changes,
        });
        engine.note(14, hash);
        if found != u64::from(expected) {
            engine.tell(place, |_| What::FutexChanged {
                location,
                expected,
                found,
            });
            return Err(Woken::Changed);
        }
        engine.progress();
        let interrupted = engine.choose(Question::Spurious, 2, 1) == 1;
        if engine.is_asked() {
            return Err(Woken::Interrupted);
        }
        if interrupted {
            engine.note(15, 0);
            engine.tell(place, |_| What::FutexInterrupted { location });
            return Err(Woken::Interrupted);
        }
        engine.tell(place, |_| What::FutexSleeps { location, expected });
        let thread = engine.current;
        let hash = engine.me().mind.hash;
        let asleep = &mut engine.memory.locations[location];
        asleep.sleepers.push_back(thread);
        asleep.sleepers_hash = mix(asleep.sleepers_hash, hash);
        engine.set_timer(until);
        Ok(location)
    });
    leave_if_over();
    match slept {
        Err(at_once) => at_once,
        Ok(location) => {
            block(Wait::Futex(location));
            let timed_out = with(|engine| engine.woke_up(place));
            leave_if_over();
            if timed_out {
                Woken::TimedOut
            } else {
                Woken::ByAnother
            }
        }
    }
}

/// Wakes those who sleep on the word, first come, first; says how many.
pub(crate) fn futex_wake(word: &Atom, count: usize, place: &'static Place<'static>) -> usize {
    let _side = EngineSide::enter();
    point(place);
    let woken = with(|engine| {
        engine.me().counts.futex_calls += 1;
        let location = word.locate(engine, WORD);
        let woken = engine.wake_sleepers(location, count);
        let count = woken.len();
        engine.tell(place, |_| What::FutexWakes { location, woken });
        count
    });
    leave_if_over();
    woken
}

/// Waits for a token, or for nothing at all.
pub(crate) fn park(timeout: Option<Duration>, place: &'static Place<'static>) {
    let until = deadline(timeout);
    let _side = EngineSide::enter();
    point(place);
    let at_once = with(|engine| {
        engine.progress();
        if engine.take_token() {
            engine.tell(place, |_| What::ParkReturns { spurious: false });
            return true;
        }
        let for_no_reason = engine.choose(Question::Spurious, 2, 1) == 1;
        if engine.is_asked() {
            return true;
        }
        if for_no_reason {
            engine.note(22, 0);
            engine.tell(place, |_| What::ParkReturns { spurious: true });
            return true;
        }
        engine.tell(place, |_| What::Parks);
        engine.set_timer(until);
        false
    });
    leave_if_over();
    if at_once {
        return;
    }
    block(Wait::Park);
    with(|engine| {
        engine.take_token();
        engine.woke_up(place);
    });
    leave_if_over();
}

/// Gives a thread its token.
pub(crate) fn unpark(thread: usize, place: &'static Place<'static>) {
    let _side = EngineSide::enter();
    point(place);
    with(|engine| {
        engine.note(20, thread as u64);
        let (view, hash) = (engine.me().mind.view.clone(), engine.me().mind.hash);
        if let Some(parked) = engine.threads.iter_mut().nth(thread) {
            match &mut parked.token {
                Some(token) => token.join(&view),
                none => *none = Some(view),
            }
            parked.token_hash = mix(parked.token_hash, hash);
        }
        engine.progress();
        engine.tell(place, |_| What::Unparks { thread });
    });
    leave_if_over();
}

/// Waits for a thread's end.
pub(crate) fn join(thread: usize, observed: bool, place: &'static Place<'static>) {
    let _side = EngineSide::enter();
    schedule::quiet_point(place);
    while !with(|engine| engine.has_finished(thread)) {
        block(Wait::Join(thread));
        leave_if_over();
    }
    with(|engine| {
        let (view, hash) = {
            let ended = &mut engine.threads[thread];
            (ended.mind.view.clone(), ended.mind.hash)
        };
        if observed && let Some(index) = engine.threads[thread].panicked.take() {
            engine.uncaught[index].observed = true;
        }
        engine.me().mind.view.join(&view);
        engine.note(10, hash);
    });
    leave_if_over();
}

/// Whether a thread has finished; a spinner may wait for it.
pub(crate) fn is_finished(thread: usize, place: &'static Place<'static>) -> bool {
    let _side = EngineSide::enter();
    point(place);
    let finished = with(|engine| {
        let finished = engine.has_finished(thread);
        engine.note(25, u64::from(finished));
        if finished {
            let hash = engine.threads[thread].mind.hash;
            engine.note(26, hash);
        } else {
            engine.me().watch(Watch::Finish(thread));
        }
        finished
    });
    leave_if_over();
    finished
}

/// Lets virtual time pass.
pub(crate) fn sleep(time: Duration, place: &'static Place<'static>) {
    let until = deadline(Some(time));
    let _side = EngineSide::enter();
    schedule::quiet_point(place);
    with(|engine| {
        engine.tell(place, |_| What::Sleeps(time));
        engine.progress();
        engine.set_timer(until);
    });
    block(Wait::Sleep);
    with(|engine| engine.woke_up(place));
    leave_if_over();
}

/// Virtual time, now. It may have gone on by an hour.
pub(crate) fn now(place: &'static Place<'static>) -> u64 {
    let _side = EngineSide::enter();
    schedule::quiet_point(place);
    let now = with(|engine| {
        engine.me().watch(Watch::Clock);
        let jumps = engine.choose(Question::Clock, 2, 1) == 1;
        if engine.is_asked() {
            return 0;
        }
        if jumps {
            engine.clock += 3_600_000_000_000;
            engine.tell(place, |_| What::ClockJumps);
        }
        let clock = engine.clock;
        engine.note(40, clock);
        clock
    });
    leave_if_over();
    now
}

impl Engine {
    /// The next wait ends at this time at the latest.
    pub(super) fn set_timer(&mut self, until: Option<u64>) {
        let me = self.me();
        me.timed_out = false;
        me.timer = until;
        self.note(4, until.unwrap_or(0));
    }

    /// Back from a wait: whether its time was over.
    pub(super) fn woke_up(&mut self, place: &'static Place<'static>) -> bool {
        let timed_out = std::mem::take(&mut self.me().timed_out);
        self.note(16, u64::from(timed_out));
        if timed_out {
            self.tell(place, |_| What::TimesOut);
        }
        timed_out
    }

    fn take_token(&mut self) -> bool {
        let me = self.me();
        let hash = std::mem::take(&mut me.token_hash);
        let token = me.token.take();
        if let Some(view) = &token {
            me.mind.view.join(view);
        }
        me.mind.note(mix(21, hash));
        token.is_some()
    }

    fn has_finished(&self, thread: usize) -> bool {
        self.threads[thread].state == State::Finished
    }

    /// Wakes some of those who sleep on a word, first come, first.
    pub(super) fn wake_sleepers(&mut self, location: usize, count: usize) -> Vec<usize> {
        let asleep = &mut self.memory.locations[location];
        let count = count.min(asleep.sleepers.len());
        let woken: Vec<usize> = asleep.sleepers.drain(..count).collect();
        let before = asleep.sleepers_hash;
        self.note(17, before);
        let hash = self.me().mind.hash;
        if count > 0 {
            self.memory.locations[location].sleepers_hash = mix(before, hash);
            self.progress();
        }
        for &thread in &woken {
            self.wake(thread, hash);
        }
        woken
    }
}

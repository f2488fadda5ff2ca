//! Who runs: before an operation, when a thread blocks, when it spins.
//!
//! A quiet machine would let a thread run until it blocks, and then the next one, round robin. Each
//! other decision is a *deviation*, and an execution may have only so many of them (the budget): most
//! bugs need very few, and a counterexample with few is one that people can read.

use std::panic::Location as Place;

use super::asked::Offers;
use super::{About, End, Engine, with};
use crate::fiber::{self, Context};
use crate::model::kind::Kind;
use crate::search::path::Question;
use crate::threads::{State, Wait, Watch};

/// The place in front of an operation that others can notice. When it returns, the operation may
/// take its effect.
pub(crate) fn point(place: &'static Place<'static>) {
    stand_before(place, true);
}

/// The place behind an operation that others can notice, if the search looks at those, too.
pub(crate) fn after(place: &'static Place<'static>) {
    if with(|engine| engine.limits.after_points) {
        point(place);
    }
    hand_over();
}

/// As [`point`], for an operation that nobody else can notice: no other thread is preferred.
pub(crate) fn quiet_point(place: &'static Place<'static>) {
    stand_before(place, false);
}

fn stand_before(place: &'static Place<'static>, noticeable: bool) {
    let is_mortal = with(|engine| {
        let is_mortal = engine.me().mortal;
        engine.before_operation(place, noticeable);
        is_mortal
    });
    hand_over();
    // It has its turn, perhaps again: others may have done much since its last operation.
    if is_mortal {
        with(|engine| engine.perhaps_die(place));
        hand_over();
    }
}

/// Waits; when it returns, the waiting may be over, or not.
pub(crate) fn block(wait: Wait) {
    with(|engine| engine.block(wait));
    hand_over();
    with(Engine::unblock);
}

/// The running thread spins, or lets others go first.
pub(crate) fn spin(place: &'static Place<'static>) {
    with(|engine| engine.spin(place));
    hand_over();
    with(Engine::stop_spinning);
}

/// Leaves the fiber for good if the execution is over.
pub(crate) fn leave_if_over() {
    hand_over();
}

/// Leaves the fiber for good. The execution is over, or the thread is at its end and another one is
/// elected.
pub(super) fn leave() -> ! {
    loop {
        hand_over();
    }
}

/// Goes on with whoever is elected.
fn hand_over() {
    if let Some((save, target)) = with(Engine::pending_switch) {
        switch(save, target);
    }
}

#[expect(unsafe_code, reason = "leaves one fiber for another")]
pub(super) fn switch(save: *mut Context, target: Context) {
    debug_assert!(
        !crate::heap::is_student(),
        "fibers are left on the engine's side"
    );
    // SAFETY: contexts are prepared when a thread is created and saved whenever it is left; the
    // stacks are mapped for the life of the process, and only an execution's end forgets them, which
    // forgets the contexts with them. `save` points into the engine, which outlives its fibers.
    unsafe { fiber::switch(save, target) }
}

impl Engine {
    /// What [`switch`] needs to go on with whoever is elected, or with the host if all is over.
    fn pending_switch(&mut self) -> Option<(*mut Context, Context)> {
        let from = self.running;
        if self.is_over() {
            return Some((&raw mut self.contexts[from], self.host));
        }
        if from == self.current {
            return None;
        }
        self.running = self.current;
        crate::heap::run_as(self.current);
        Some((&raw mut self.contexts[from], self.contexts[self.current]))
    }

    fn before_operation(&mut self, place: &'static Place<'static>, noticeable: bool) {
        if self.is_over() {
            return;
        }
        if noticeable && self.me().impatient > 0 {
            // What does not belong to the loop ends it.
            let me = self.me();
            if !me
                .repeats
                .iter()
                .any(|repeat| std::ptr::eq(repeat.place, place))
            {
                me.impatient = 0;
            }
        }
        self.count_step(place);
        self.path.step();
        if self.prune(0) {
            return;
        }
        self.note(2, 0);
        if noticeable && self.may_preempt() {
            self.preempt();
        }
    }

    pub(super) fn count_step(&mut self, place: &'static Place<'static>) {
        self.me().place = Some(place);
        if !self.turns_idly() {
            self.steps += 1;
            if self.steps > self.limits.steps {
                self.fail(Kind::NoEnd, About::Steps(self.limits.steps));
            }
        }
    }

    fn may_preempt(&self) -> bool {
        !self.turns_idly() && self.threads.len() > 1
    }

    /// Another thread may go first, or have its timer go off.
    fn preempt(&mut self) {
        if self.path.budget() == 0 && self.path.is_limited() {
            // Nobody can pay, and that is known.
            return;
        }
        let mut candidates = [0; crate::MAX_THREADS];
        let mut count = 0;
        for thread in self.round_robin() {
            if self.is_ready(thread) || self.threads[thread].timer.is_some() {
                candidates[count] = thread;
                count += 1;
            }
        }
        let pick = self.choose(Question::Preempt, count + 1, 1);
        if self.is_asked() {
            let others = candidates[..count].iter().copied();
            let all = [self.current].into_iter().chain(others).collect();
            self.offer(Offers::Threads(all));
        }
        if pick > 0 && !self.is_over() {
            let next = candidates[pick - 1];
            if !self.is_ready(next) {
                self.fire(next);
            }
            self.current = next;
        }
    }

    /// The other threads, from the next one on.
    pub(super) fn round_robin(&self) -> impl Iterator<Item = usize> + use<> {
        let (current, count) = (self.current, self.threads.len());
        (1..count).map(move |offset| (current + offset) % count)
    }

    /// Whether a thread can go on.
    pub(crate) fn is_ready(&self, thread: usize) -> bool {
        let thread = &self.threads[thread];
        match thread.state {
            State::Ready => true,
            State::Finished => false,
            State::Spinning => thread.watches.iter().any(|&watch| self.has_changed(watch)),
            State::Blocked(wait) => match wait {
                Wait::Write(object) => self.objects[object].is_free_for_writer(),
                Wait::Read(object) => self.objects[object].writer.is_none(),
                Wait::Join(other) => self.threads[other].state == State::Finished,
                Wait::Park => thread.token.is_some(),
                Wait::Queue(_) | Wait::Futex(_) | Wait::Sleep => false,
            },
        }
    }

    fn has_changed(&self, watch: Watch) -> bool {
        match watch {
            Watch::Location { index, changes } => self.memory.locations[index].changes() != changes,
            Watch::Object { index, changes } => self.objects[index].changes != changes,
            Watch::Finish(thread) => self.threads[thread].state == State::Finished,
            Watch::Clock => false,
        }
    }

    fn block(&mut self, wait: Wait) {
        if self.is_over() {
            return;
        }
        self.me().state = State::Blocked(wait);
        self.note(3, 0);
        self.path.step();
        if !self.prune(1) {
            self.elect(self.limits.block_cost);
        }
    }

    fn unblock(&mut self) {
        if self.is_over() {
            return;
        }
        let me = self.me();
        me.state = State::Ready;
        me.timer = None;
    }

    /// The running thread cannot go on, or offers to wait: chooses who does.
    pub(super) fn elect(&mut self, cost: u8) {
        let mut candidates = [0; crate::MAX_THREADS];
        let mut count = 0;
        for thread in self.round_robin().chain([self.current]) {
            if self.is_ready(thread) {
                candidates[count] = thread;
                count += 1;
            }
        }
        if count == 0 {
            return self.nobody_is_ready();
        }
        let pick = self.choose(Question::Next, count, cost);
        if self.is_over() {
            self.offer(Offers::Threads(candidates[..count].to_vec()));
            return;
        }
        let mut timers = [0; crate::MAX_THREADS];
        let mut timer_count = 0;
        for thread in 0..self.threads.len() {
            if self.threads[thread].timer.is_some() && !self.is_ready(thread) {
                timers[timer_count] = thread;
                timer_count += 1;
            }
        }
        let timer = if pick == 0 {
            self.choose(Question::Timer, timer_count + 1, 1)
        } else {
            0
        };
        if self.is_over() {
            self.offer(Offers::Timers(timers[..timer_count].to_vec()));
            return;
        }
        self.current = if timer > 0 {
            self.fire(timers[timer - 1]);
            timers[timer - 1]
        } else {
            candidates[pick]
        };
    }

    /// Time passes, or spinners turn; if there is neither a timer nor a spinner, it is the end.
    fn nobody_is_ready(&mut self) {
        let with_timer = |&thread: &usize| self.threads[thread].timer.is_some();
        let timed = (0..self.threads.len()).filter(with_timer);
        if let Some(thread) = timed.min_by_key(|&thread| self.threads[thread].timer) {
            self.fire(thread);
            self.current = thread;
            return;
        }
        let spinners = || {
            let all = self.round_robin().chain([self.current]);
            all.filter(|&thread| self.threads[thread].state == State::Spinning)
        };
        let looks_at_the_clock =
            |&thread: &usize| self.threads[thread].watches.contains(&Watch::Clock);
        let by_clock = spinners().find(looks_at_the_clock);
        let any = spinners().next();
        if let Some(thread) = by_clock {
            self.clock += self.clock.max(1_000_000);
            self.idle = 0;
            self.current = thread;
        } else if let Some(thread) = any {
            self.idle += 1;
            if self.idle < self.limits.idle_turns {
                self.current = thread;
            } else {
                self.stuck();
            }
        } else {
            self.stuck();
        }
    }

    /// The end: all have finished, or none of the others ever will.
    fn stuck(&mut self) {
        self.confirm_suspicion(None);
        let unfinished =
            (0..self.threads.len()).filter(|&thread| self.threads[thread].state != State::Finished);
        let spinner = unfinished
            .clone()
            .find(|&thread| self.threads[thread].state == State::Spinning);
        // Whoever joins is only waiting for those who are stuck.
        let joins =
            |thread: &usize| matches!(self.threads[*thread].state, State::Blocked(Wait::Join(_)));
        let first = unfinished.min_by_key(joins);
        if let Some(thread) = spinner {
            let place = self.threads[thread].place;
            self.current = thread;
            self.fail(Kind::SpinsForEver, About::Place(place));
        } else if let Some(thread) = first {
            let place = self.threads[thread].place;
            self.current = thread;
            self.fail(Kind::Deadlock, About::Place(place));
        } else {
            self.finish(End::Finished);
        }
    }

    /// A thread's timer goes off.
    fn fire(&mut self, thread: usize) {
        if let Some(time) = self.threads[thread].timer.take() {
            self.clock = self.clock.max(time);
        }
        self.idle = 0;
        self.threads[thread].timed_out = true;
        match self.threads[thread].state {
            State::Blocked(Wait::Queue(object)) => self.objects[object].leave_queue(thread),
            State::Blocked(Wait::Futex(location)) => {
                let location = &mut self.memory.locations[location];
                location.sleepers.retain(|&other| other != thread);
                location.sleepers_hash =
                    crate::mixing::mix(location.sleepers_hash, 77 + thread as u64);
            }
            _ => {}
        }
        self.threads[thread].state = State::Ready;
    }
}

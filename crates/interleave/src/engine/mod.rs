//! One execution of the code under test: its threads, its memory, and the choices made in it.
//!
//! An operation of the code under test has three parts. [`point`] is the place in front of it where
//! another thread may be preferred: the search chooses, and the fiber is left if somebody else goes
//! first. Then the effect takes place, in [`with`], in one go. And if the operation has to wait,
//! [`block`] leaves the fiber until somebody makes waiting pointless.

pub(crate) mod asked;
pub(crate) mod atomics;
mod current;
mod execute;
mod failure;
pub(crate) mod gate;
pub(crate) mod locks;
mod races;
mod record;
pub(crate) mod robust;
mod schedule;
mod spinning;
pub(crate) mod waiting;

use std::panic::Location as Place;

use asked::Asked;

use crate::MAX_THREADS;
use crate::fiber::Context;
use crate::memory::{Memory, Mind};
use crate::mixing::{mix, mix_all};
use crate::model::kind::Kind;
use crate::objects::{self, Object, Sort};
use crate::race::Data;
use crate::reused::Reused;
use crate::search::path::{Halt, Path, Question};
use crate::search::visited::Visited;
use crate::threads::{Counts, State, Thread};
use crate::trace::event::Event;

pub(crate) use current::{allocates, is_checking, out_of_memory, shared_block_freed, with};
pub(crate) use execute::{caught, end_of_panic, install_hook, launch, panics, run};
pub(crate) use failure::{About, Failure, Subject};
use races::Suspicion;
pub(crate) use schedule::{after, block, leave_if_over, point, spin};

/// How an execution ended.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// All threads have finished.
    Finished,
    /// What would follow has been seen already.
    Pruned,
    Failed(Failure),
    NotDeterministic(String),
    /// More threads or memory than there are here.
    TooLarge(String),
    /// Somebody is to choose what comes next.
    Asked,
}

/// A panic that nothing has caught in its thread.
#[derive(Clone, Debug)]
pub(crate) struct Uncaught {
    thread: usize,
    panic: LastPanic,
    /// `join` has handed it over to somebody.
    pub(crate) observed: bool,
}

/// What the panic hook heard of a thread.
#[derive(Clone, Debug, Default)]
struct LastPanic {
    message: String,
    place: Option<(String, u32)>,
    trace_length: usize,
}

/// What does not change from one execution of a search to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) steps: u32,
    /// Turns that nothing comes of, before a spin is called endless.
    pub(crate) idle_turns: u32,
    /// Whether states are compared with those seen before.
    pub(crate) reduce: bool,
    /// Whether events are kept.
    pub(crate) tracing: bool,
    /// What it costs to let another thread than the next run on when the running one blocks.
    pub(crate) block_cost: u8,
    /// Whether others may go first after an operation, too: between its end and the dropping of an
    /// `Arc`, which nobody sees.
    pub(crate) after_points: bool,
}

/// An execution, and what it needs of the search.
#[derive(Debug)]
pub(crate) struct Engine {
    /// Never the same twice: what an object's identity belongs to.
    pub(crate) epoch: u32,
    pub(crate) limits: Limits,
    pub(crate) path: Path,
    pub(crate) visited: Visited,
    pub(crate) threads: Reused<Thread>,
    pub(crate) memory: Memory,
    pub(crate) objects: Reused<Object>,
    pub(crate) data: Reused<Data>,
    /// Who is to run.
    pub(crate) current: usize,
    /// Whose fiber is being executed.
    running: usize,
    contexts: [Context; MAX_THREADS],
    host: Context,
    /// Virtual nanoseconds since the execution began.
    pub(crate) clock: u64,
    pub(crate) steps: u32,
    /// Turns of spinners since anything changed.
    pub(crate) idle: u32,
    /// Places where a spinner went on alone, in vain, and how often.
    hopeless: Vec<(*const Place<'static>, u8)>,
    /// The most that a waiting thread did in as many turns as an impatient one may take.
    pub(crate) waiting: Option<Counts>,
    pub(crate) end: Option<End>,
    pub(crate) uncaught: Vec<Uncaught>,
    last_panics: [Option<LastPanic>; MAX_THREADS],
    program: Option<*const dyn Fn()>,
    suspicion: Option<Suspicion>,
    /// A race was taken for the right of a sole owner of an `Arc`.
    pub(crate) in_doubt: bool,
    pub(crate) trace: Vec<Event>,
    /// Choices since the last event that a quiet machine would not have made, and whose.
    departures: Vec<(Question, usize)>,
    /// Who has woken whom since the last event.
    woken: Vec<(usize, usize)>,
    /// What is to be chosen, if the execution has stopped for that.
    pub(crate) asked: Option<Asked>,
}

impl Engine {
    pub(crate) fn new(limits: Limits) -> Self {
        Engine {
            epoch: 0,
            limits,
            path: Path::default(),
            visited: Visited::default(),
            threads: Reused::default(),
            memory: Memory::default(),
            objects: Reused::default(),
            data: Reused::default(),
            current: 0,
            running: 0,
            contexts: [0; MAX_THREADS],
            host: 0,
            clock: 0,
            steps: 0,
            idle: 0,
            hopeless: Vec::new(),
            waiting: None,
            end: None,
            uncaught: Vec::new(),
            last_panics: [const { None }; MAX_THREADS],
            program: None,
            suspicion: None,
            in_doubt: false,
            trace: Vec::new(),
            departures: Vec::new(),
            woken: Vec::new(),
            asked: None,
        }
    }

    /// The thread whose operation this is.
    pub(crate) fn me(&mut self) -> &mut Thread {
        &mut self.threads[self.current]
    }

    /// Its memory side, beside the memory.
    pub(crate) fn mind_and_memory(&mut self) -> (&mut Mind, &mut Memory) {
        (&mut self.threads[self.current].mind, &mut self.memory)
    }

    /// Its memory side, beside an object.
    pub(crate) fn mind_and_object(&mut self, object: usize) -> (&mut Mind, &mut Object) {
        (
            &mut self.threads[self.current].mind,
            &mut self.objects[object],
        )
    }

    /// Notes an observation of the running thread.
    pub(crate) fn note(&mut self, what: u64, more: u64) {
        self.me().mind.note(mix(what, more));
    }

    /// Asks the search. What is asked while a spinner turns idly is not worth a branch.
    pub(crate) fn choose(&mut self, question: Question, options: usize, cost: u8) -> usize {
        if self.turns_idly() {
            return 0;
        }
        let hash = self.threads[self.current].mind.hash;
        match self.path.choose(question, options, cost, hash) {
            Ok(pick) => {
                if pick > 0 && self.limits.tracing {
                    self.departures.push((question, self.current));
                }
                pick
            }
            Err(halt) => {
                self.halt(halt, question, options);
                0
            }
        }
    }

    /// There is no pick: the execution is over.
    #[cold]
    fn halt(&mut self, halt: Halt, question: Question, options: usize) {
        match halt {
            Halt::LedElsewhere => self.led_elsewhere(),
            Halt::Asked => self.ask(question, options),
        }
    }

    fn led_elsewhere(&mut self) {
        let place = self.me().place;
        let message = match place {
            Some(place) => format!("the same choices led elsewhere, near {place}"),
            None => "the same choices led elsewhere".to_owned(),
        };
        self.finish(End::NotDeterministic(message));
    }

    /// The execution is over.
    pub(crate) fn finish(&mut self, end: End) {
        if self.end.is_none() {
            self.end = Some(end);
        }
    }

    /// The execution is over, and the code under test is wrong. If a thread has panicked before,
    /// that is the cause of all that follows.
    pub(crate) fn fail(&mut self, kind: Kind, about: About) {
        let failure = Failure {
            kind,
            thread: self.current,
            about,
            subject: None,
        };
        self.finish(End::Failed(failure));
    }

    pub(crate) fn is_over(&self) -> bool {
        self.end.is_some()
    }

    /// Whether the running thread is a spinner that goes on although nothing has changed.
    fn turns_idly(&self) -> bool {
        self.idle > 0 || self.threads[self.current].impatient > 0
    }

    /// Something has changed that somebody may wait for.
    pub(crate) fn progress(&mut self) {
        self.idle = 0;
        let me = self.me();
        me.repeats.clear();
        me.impatient = 0;
    }

    /// A new object.
    pub(crate) fn create_object(
        &mut self,
        sort: Sort,
        key: u64,
        created: Option<&'static Place<'static>>,
    ) -> usize {
        let index = self.objects.add();
        let object = &mut self.objects[index];
        object.sort = sort;
        object.key = key;
        object.created = created;
        index
    }

    /// Stands for the state of the execution. It is equal for executions that differ only in the
    /// order of independent steps.
    fn fingerprint(&self) -> u64 {
        let threads = self.threads.iter().enumerate().map(|(index, thread)| {
            let state = match thread.state {
                State::Ready => 0,
                State::Spinning => 1,
                State::Blocked(_) => 2,
                State::Finished => 3,
            };
            let hash = mix(thread.mind.hash, 4 * index as u64 + state);
            match thread.token_hash {
                0 => hash,
                token => mix(hash, token),
            }
        });
        threads
            .fold(self.clock, u64::wrapping_add)
            .wrapping_add(self.memory.fingerprint())
            .wrapping_add(objects::fingerprint(&self.objects))
    }

    /// Whether all that can follow was, or will be, seen elsewhere; then the execution is over.
    fn prune(&mut self, salt: u64) -> bool {
        let somebody_unwinds = || self.threads.iter().any(|thread| thread.unwinding > 0);
        if !self.limits.reduce || self.turns_idly() || self.path.is_known() || somebody_unwinds() {
            return false;
        }
        let state = mix_all([self.fingerprint(), self.current as u64, salt]);
        if self.visited.enter(state, self.path.budget()) {
            return false;
        }
        self.finish(End::Pruned);
        true
    }
}

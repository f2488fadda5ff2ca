//! From the beginning of an execution to its end; and panics.
#![expect(
    unsafe_code,
    reason = "the program is called from a fiber's first function"
)]

use std::any::Any;
use std::panic::{self, AssertUnwindSafe, Location as Place, PanicHookInfo};
use std::sync::Once;

use super::{About, End, Engine, Failure, LastPanic, Uncaught, current, schedule, with};
use crate::MAX_THREADS;
use crate::fiber;
use crate::heap::{self, EngineSide};
use crate::identity;
use crate::memory::view::View;
use crate::model::kind::Kind;
use crate::threads::State;
use crate::trace::event::What;

/// Executes the program once, with the choices of the engine's path.
pub(crate) fn run(engine: &mut Engine, budget: u8, program: &(dyn Fn() + 'static)) -> End {
    engine.begin(budget);
    engine.program = Some(program);
    heap::rewind();
    heap::run_as(0);
    engine.create_thread(None, None);
    let (save, target) = (&raw mut engine.host, engine.contexts[0]);
    current::install(engine, || schedule::switch(save, target));
    engine.conclude()
}

/// Creates a thread of the code under test; says which.
pub(crate) fn launch(
    body: Box<dyn FnOnce()>,
    name: Option<String>,
    place: &'static Place<'static>,
) -> usize {
    let _side = EngineSide::enter();
    schedule::quiet_point(place);
    let thread = with(|engine| engine.create_thread(Some(body), name));
    schedule::leave_if_over();
    thread
}

/// What a fiber executes first and last.
extern "C" fn first() -> ! {
    let (body, program) = with(|engine| (engine.me().body.take(), engine.program));
    heap::enter_student();
    let result = panic::catch_unwind(AssertUnwindSafe(|| match (body, program) {
        (Some(body), _) => body(),
        (None, Some(program)) => {
            // SAFETY: `run` holds a reference to the program until all fibers are left.
            unsafe { (*program)() }
        }
        (None, None) => {}
    }));
    let result =
        result.and_then(|()| panic::catch_unwind(AssertUnwindSafe(crate::thread::destroy_locals)));
    heap::leave_student();
    match result {
        Ok(()) => with(Engine::thread_ends),
        Err(payload) => {
            caught(&*payload);
            forget(payload);
            with(Engine::thread_ends);
        }
    }
    schedule::leave()
}

/// What lies on a model heap is forgotten with it; and its destructors are code under test.
#[expect(clippy::mem_forget, reason = "see above")]
fn forget<T>(on_a_model_heap: T) {
    std::mem::forget(on_a_model_heap);
}

/// A panic has reached the end of its thread.
pub(crate) fn caught(payload: &(dyn Any + Send)) {
    let _side = EngineSide::enter();
    with(|engine| {
        let thread = engine.current;
        if engine.last_panics[thread].is_none() && engine.threads[thread].unwinding == 0 {
            // The hook has not heard of it as the code under test's: it is ours.
            let why = text(payload).unwrap_or("without a message");
            engine.finish(End::TooLarge(format!(
                "the checker itself has panicked: {why}"
            )));
            return;
        }
        let panic = engine.last_panics[thread]
            .take()
            .unwrap_or_else(|| LastPanic {
                message: text(payload)
                    .unwrap_or("a panic without a message")
                    .to_owned(),
                place: None,
                trace_length: engine.trace.len(),
            });
        engine.threads[thread].unwinding = 0;
        engine.threads[thread].panicked = Some(engine.uncaught.len());
        engine.uncaught.push(Uncaught {
            thread,
            panic,
            observed: false,
        });
    });
}

/// Something has caught a panic of the running thread.
pub(crate) fn end_of_panic() {
    let _side = EngineSide::enter();
    with(|engine| {
        let me = engine.me();
        me.unwinding = me.unwinding.saturating_sub(1);
        let thread = engine.current;
        engine.last_panics[thread] = None;
    });
}

/// A panic goes on, or begins, in the running thread, and the hook does not hear of it.
pub(crate) fn panics() {
    let _side = EngineSide::enter();
    with(|engine| engine.me().unwinding += 1);
}

/// The message of a panic.
fn text(payload: &(dyn Any + Send)) -> Option<&str> {
    match payload.downcast_ref::<&str>() {
        Some(text) => Some(text),
        None => payload.downcast_ref::<String>().map(String::as_str),
    }
}

/// Panics of the code under test are kept for the report; those of others are none of our business.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if heap::is_student() {
                let _side = EngineSide::enter();
                with(|engine| engine.hears_of(info));
            } else {
                others(info);
            }
        }));
    });
}

impl Engine {
    /// Forgets the last execution.
    fn begin(&mut self, budget: u8) {
        self.epoch = identity::next_epoch();
        self.path.rewind(budget);
        self.threads.clear();
        self.memory.clear();
        self.objects.clear();
        self.data.clear();
        self.current = 0;
        self.running = 0;
        self.clock = 0;
        self.steps = 0;
        self.idle = 0;
        self.end = None;
        self.uncaught.clear();
        self.last_panics = [const { None }; MAX_THREADS];
        self.suspicion = None;
        self.trace.clear();
        self.departures.clear();
        self.woken.clear();
        self.asked = None;
    }

    fn create_thread(&mut self, body: Option<Box<dyn FnOnce()>>, name: Option<String>) -> usize {
        if self.threads.len() == MAX_THREADS {
            self.finish(End::TooLarge(format!(
                "the program has more than {MAX_THREADS} threads in one execution"
            )));
            forget(body);
            return 0;
        }
        let thread = self.threads.add();
        if thread > 0 {
            self.note(8, thread as u64);
            let parent = &self.threads[self.current].mind;
            let (hash, mut view) = (parent.hash, View::default());
            view.copy_from(&parent.view);
            let mind = &mut self.threads[thread].mind;
            mind.view = view;
            mind.hash = hash;
            mind.note(9);
        }
        self.threads[thread].body = body;
        self.threads[thread].name = name;
        // SAFETY: the region is mapped before any execution, and a thread that is created now has
        // not used its stack yet; a fiber of an earlier execution is not gone on with.
        self.contexts[thread] = unsafe { fiber::prepare(heap::stack_top(thread), first) };
        thread
    }

    fn thread_ends(&mut self) {
        let thread = self.current;
        self.confirm_suspicion(Some(thread));
        if self.is_over() {
            return;
        }
        self.look_after_words();
        self.me().state = State::Finished;
        self.note(7, 0);
        self.progress();
        if thread == 0 && !self.uncaught.is_empty() && self.threads[0].panicked.is_some() {
            // Nobody is left who could catch it; `conclude` finds the first panic.
            self.finish(End::Finished);
        }
        self.path.step();
        if !self.is_over() && !self.prune(3) {
            self.elect(self.limits.block_cost);
        }
    }

    fn hears_of(&mut self, info: &PanicHookInfo<'_>) {
        let message = info
            .payload_as_str()
            .unwrap_or("a panic without a message")
            .to_owned();
        let place = info
            .location()
            .map(|place| (place.file().to_owned(), place.line()));
        let thread = self.current;
        self.me().unwinding += 1;
        if self.limits.tracing {
            let at = self.me().place.unwrap_or(Place::caller());
            let what = What::Panics {
                message: message.clone(),
                place: place.clone(),
            };
            self.record(at, what);
        }
        self.last_panics[thread] = Some(LastPanic {
            message,
            place,
            trace_length: self.trace.len(),
        });
    }

    /// How the execution ended. A panic that nobody has caught is what is wrong, whatever came of it.
    fn conclude(&mut self) -> End {
        let end = self.end.take().unwrap_or(End::Finished);
        if !matches!(end, End::Finished | End::Failed(_)) {
            return end;
        }
        if self.path.is_known() {
            return End::NotDeterministic("the same choices led to an earlier end".to_owned());
        }
        if let End::Failed(failure) = &end
            && matches!(failure.kind, Kind::Race | Kind::UseAfterFree)
        {
            // Whoever would have caught a panic later: this has happened.
            return end;
        }
        let uncaught = self.uncaught.iter().find(|panic| !panic.observed);
        match uncaught {
            Some(Uncaught { thread, panic, .. }) => End::Failed(Failure {
                kind: Kind::Panic,
                thread: *thread,
                about: About::Panic {
                    message: panic.message.clone(),
                    place: panic.place.clone(),
                    trace_length: panic.trace_length,
                },
                subject: None,
            }),
            None => end,
        }
    }
}

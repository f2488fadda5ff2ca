//! Operations on locks, and on the queues of sleepers that objects have.

use std::panic::Location as Place;

use super::asked::Offers;
use super::{About, Engine, after, block, leave_if_over, point, with};
use crate::heap::EngineSide;
use crate::identity::{Found, Identity};
use crate::model::kind::Kind;
use crate::objects::{Object, Sort};
use crate::search::path::Question;
use crate::threads::{State, Wait, Watch};
use crate::trace::event::What;

/// How somebody is in a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// An object of the code under test: what `Mutex`, `RwLock`, `Condvar`, … are made of.
#[derive(Debug)]
pub(crate) struct Handle {
    identity: Identity,
    sort: Sort,
}

impl Handle {
    #[track_caller]
    pub(crate) const fn new(sort: Sort) -> Self {
        Handle {
            identity: Identity::new(),
            sort,
        }
    }

    /// Its object in this execution.
    pub(super) fn locate(&self, engine: &mut Engine) -> usize {
        match self.identity.find(engine) {
            Found::Registered(index) if index < engine.objects.len() => return index,
            Found::Freed => {
                let place = engine.me().place;
                engine.fail(Kind::UseAfterFree, About::Place(place));
            }
            _ => {}
        }
        let created = self.identity.created();
        let index = engine.create_object(self.sort, self.identity.key(), created);
        self.identity.register(engine, index);
        index
    }

    /// Whether this execution has not used it yet.
    pub(crate) fn is_new(&self) -> bool {
        let _side = EngineSide::enter();
        with(|engine| !matches!(self.identity.find(engine), Found::Registered(_)))
    }

    /// Registers it, if it is new.
    pub(crate) fn touch(&self) {
        let _side = EngineSide::enter();
        with(|engine| self.locate(engine));
    }

    /// Enters the lock, and waits as long as that takes. True if it is poisoned.
    pub(crate) fn lock(&self, access: Access, place: &'static Place<'static>) -> bool {
        let _side = EngineSide::enter();
        point(place);
        self.enter(access, place)
    }

    /// Enters the lock, from a place where others could have gone first.
    fn enter(&self, access: Access, place: &'static Place<'static>) -> bool {
        let object = with(|engine| self.locate(engine));
        let mut waited = false;
        loop {
            leave_if_over();
            let entered = with(|engine| {
                let entered = engine.try_enter(object, access);
                if entered {
                    engine.tell(place, |_| What::Locked { object, access });
                } else if !waited {
                    engine.tell(place, |_| What::Waits { object, access });
                }
                entered
            });
            if entered {
                return with(|engine| engine.objects[object].poisoned);
            }
            waited = true;
            block(match access {
                Access::Read => Wait::Read(object),
                Access::Write => Wait::Write(object),
            });
        }
    }

    /// Enters the lock if that is possible at once: `Some(poisoned)`.
    pub(crate) fn try_lock(&self, access: Access, place: &'static Place<'static>) -> Option<bool> {
        let _side = EngineSide::enter();
        point(place);
        let entered = with(|engine| {
            let object = self.locate(engine);
            let entered = engine.try_enter(object, access);
            if !entered {
                engine.look_at(object, 32);
            }
            engine.tell(place, |_| {
                if entered {
                    What::Locked { object, access }
                } else {
                    What::TryFails { object, access }
                }
            });
            entered.then(|| engine.objects[object].poisoned)
        });
        leave_if_over();
        entered
    }

    /// Leaves the lock. If a panic began inside, it is poisoned.
    pub(crate) fn unlock(&self, access: Access, poison: bool, place: &'static Place<'static>) {
        let _side = EngineSide::enter();
        point(place);
        with(|engine| {
            let object = self.locate(engine);
            engine.leave_lock(object, access, poison);
            engine.tell(place, |_| What::Unlocked { object });
        });
        after(place);
    }

    /// From writing to reading, with nobody in between.
    pub(crate) fn downgrade(&self, place: &'static Place<'static>) {
        let _side = EngineSide::enter();
        point(place);
        with(|engine| {
            let object = self.locate(engine);
            engine.leave_lock(object, Access::Write, false);
            engine.try_enter(object, Access::Read);
            engine.tell(place, |_| What::Downgraded { object });
        });
        leave_if_over();
    }

    pub(crate) fn is_poisoned(&self) -> bool {
        let _side = EngineSide::enter();
        with(|engine| {
            let object = self.locate(engine);
            engine.look_at(object, 33);
            engine.objects[object].poisoned
        })
    }

    pub(crate) fn clear_poison(&self) {
        let _side = EngineSide::enter();
        with(|engine| {
            let object = self.locate(engine);
            let (mind, object) = engine.mind_and_object(object);
            object.event(mind, 34);
            object.poisoned = false;
        });
    }

    /// Leaves `lock`, sleeps in this object's queue, and enters `lock` again. Says whether the time
    /// was over, and whether the lock is poisoned.
    pub(crate) fn wait(
        &self,
        lock: &Handle,
        until: Option<u64>,
        place: &'static Place<'static>,
    ) -> (bool, bool) {
        let _side = EngineSide::enter();
        point(place);
        let (object, spurious) = with(|engine| {
            let (object, lock) = (self.locate(engine), lock.locate(engine));
            let spurious = engine.choose(Question::Spurious, 2, 1) == 1;
            if engine.is_asked() {
                return (object, spurious);
            }
            engine.leave_lock(lock, Access::Write, false);
            if !spurious {
                engine.fall_asleep(object, until);
            }
            engine.tell(place, |_| What::CondvarWait { object, spurious });
            (object, spurious)
        });
        leave_if_over();
        let timed_out = if spurious {
            with(|engine| engine.note(35, 2));
            point(place);
            false
        } else {
            block(Wait::Queue(object));
            with(|engine| engine.woke_up(place))
        };
        leave_if_over();
        (timed_out, lock.enter(Access::Write, place))
    }

    /// Wakes one or all of those in the queue.
    pub(crate) fn notify(&self, all: bool, place: &'static Place<'static>) {
        let _side = EngineSide::enter();
        point(place);
        with(|engine| {
            let object = self.locate(engine);
            let sleepers = engine.objects[object].queue.len();
            let woken = if all {
                engine.wake_queue(object, 0..sleepers)
            } else {
                let pick = if sleepers > 1 {
                    engine.choose(Question::Wake, sleepers, 1)
                } else {
                    0
                };
                if engine.is_asked() {
                    let asleep = engine.objects[object].queue.clone();
                    engine.offer(Offers::Threads(asleep));
                    return;
                }
                engine.wake_queue(object, pick..sleepers.min(pick + 1))
            };
            engine.tell(place, |_| What::Notify { object, all, woken });
        });
        leave_if_over();
    }
}

impl Engine {
    pub(super) fn rewatch_object(&mut self, object: usize) {
        let changes = self.objects[object].changes;
        self.me().watch(Watch::Object {
            index: object,
            changes,
        });
    }

    /// Looks at an object, and may wait for it to change.
    pub(super) fn look_at(&mut self, object: usize, what: u64) {
        let (mind, seen) = self.mind_and_object(object);
        seen.look(mind, what);
        self.rewatch_object(object);
    }

    fn try_enter(&mut self, object: usize, access: Access) -> bool {
        let thread = self.current;
        let (mind, lock) = self.mind_and_object(object);
        let is_free = match access {
            Access::Read => lock.writer.is_none(),
            Access::Write => lock.is_free_for_writer(),
        };
        if !is_free {
            return false;
        }
        mind.view.join(&lock.view);
        match access {
            Access::Read => lock.readers += 1,
            Access::Write => {
                mind.view.join(&lock.readers_view);
                lock.writer = Some(thread);
            }
        }
        lock.event(mind, 30 + u64::from(access == Access::Read));
        self.progress();
        self.rewatch_object(object);
        true
    }

    fn leave_lock(&mut self, object: usize, access: Access, poison: bool) {
        let (mind, lock) = self.mind_and_object(object);
        match access {
            Access::Read => {
                lock.readers = lock.readers.saturating_sub(1);
                lock.readers_view.join(&mind.view);
            }
            Access::Write => {
                lock.writer = None;
                lock.poisoned |= poison;
                lock.view.join(&mind.view);
                lock.readers_view.clear();
            }
        }
        lock.event(mind, 36 + u64::from(access == Access::Read));
        self.progress();
        self.rewatch_object(object);
    }

    /// Enters the queue of an object; the caller blocks next.
    pub(super) fn fall_asleep(&mut self, object: usize, until: Option<u64>) {
        self.progress();
        let thread = self.current;
        let (mind, asleep): (_, &mut Object) = self.mind_and_object(object);
        asleep.event(mind, 38);
        asleep.queue.push(thread);
        self.set_timer(until);
    }

    /// Wakes some of those in the queue of an object.
    pub(super) fn wake_queue(
        &mut self,
        object: usize,
        which: std::ops::Range<usize>,
    ) -> Vec<usize> {
        if which.is_empty() {
            self.look_at(object, 39);
            return Vec::new();
        }
        let (mind, asleep) = self.mind_and_object(object);
        asleep.event(mind, 40);
        let hash = mind.hash;
        let woken: Vec<usize> = asleep.queue.drain(which).collect();
        for &thread in &woken {
            self.wake(thread, hash);
        }
        self.progress();
        woken
    }

    /// A sleeping thread can go on. The kernel sees to it that it does not fall behind what its waker
    /// knows; but nothing happens before that the language knows of, so races stay races.
    pub(super) fn wake(&mut self, thread: usize, hash: u64) {
        let known = std::mem::take(&mut self.me().mind.view);
        self.threads[thread].mind.view.join_messages(&known);
        self.me().mind.view = known;
        let woken = &mut self.threads[thread];
        woken.state = State::Ready;
        woken.timer = None;
        woken.mind.note(hash);
        self.has_woken(thread);
    }
}

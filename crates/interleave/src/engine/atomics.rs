//! Operations on atomic variables, and fences.

use std::cell::Cell;
use std::panic::Location as Place;
use std::sync::atomic::Ordering;

use super::asked::Offers;
use super::{About, Engine, after, leave_if_over, point, schedule, spin, with};
use crate::heap::{self, EngineSide};
use crate::identity::{Found, Identity};
use crate::memory::location::Type;
use crate::model::kind::Kind;
use crate::search::path::Question;
use crate::threads::{Repeat, Watch};
use crate::trace::event::What;

/// After so many equal loads at one place, a thread is taken to spin.
const SPIN_AFTER: u32 = 4;

/// An initial value. A pointer stays one, so that a `static` can hold it.
#[derive(Clone, Copy)]
union Initial {
    number: u64,
    pointer: *mut (),
}

/// An atomic variable of at most 64 bits.
pub(crate) struct Atom {
    initial: Cell<Initial>,
    identity: Identity,
}

#[expect(unsafe_code, reason = "an initial value is a number or a pointer")]
mod initial {
    use super::{Atom, Cell, Identity, Initial};

    // SAFETY: the cell is used on the engine's side only, as those of `Identity`.
    unsafe impl Sync for Atom {}
    // SAFETY: the pointer is a value here; it is not followed.
    unsafe impl Send for Atom {}
    impl std::panic::RefUnwindSafe for Atom {}

    impl Default for Atom {
        #[track_caller]
        fn default() -> Self {
            Atom::new(0)
        }
    }

    impl Atom {
        #[track_caller]
        pub(crate) const fn new(number: u64) -> Self {
            Atom {
                initial: Cell::new(Initial { number }),
                identity: Identity::new(),
            }
        }

        #[track_caller]
        pub(crate) const fn with_pointer(pointer: *mut ()) -> Self {
            Atom {
                initial: Cell::new(Initial { pointer }),
                identity: Identity::new(),
            }
        }

        pub(super) fn initial(&self, is_pointer: bool) -> u64 {
            let initial = self.initial.get();
            if is_pointer {
                // SAFETY: all that is ever stored in an atomic pointer is a pointer, or bits of one.
                unsafe { initial.pointer }.expose_provenance() as u64
            } else {
                // SAFETY: all bits of a number are a number.
                unsafe { initial.number }
            }
        }

        /// The place of the value, for somebody who has it to themselves.
        pub(crate) fn exclusive(&mut self) -> *mut u64 {
            self.settle();
            self.initial.as_ptr().cast()
        }
    }
}

impl std::fmt::Debug for Atom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Atom")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// What an atomic type is called, and how its values are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Class {
    pub(crate) name: &'static str,
    pub(crate) shown: Type,
    /// The bits of a word that belong to the value; the others are zero in every message.
    pub(crate) mask: u64,
}

impl Atom {
    /// Its location in this execution.
    pub(super) fn locate(&self, engine: &mut Engine, class: Class) -> usize {
        match self.identity.find(engine) {
            Found::Registered(index) if index < engine.memory.locations.len() => index,
            Found::Freed => {
                let place = engine.me().place;
                engine.fail(Kind::UseAfterFree, About::Place(place));
                self.create(engine, class)
            }
            _ => self.create(engine, class),
        }
    }

    fn create(&self, engine: &mut Engine, class: Class) -> usize {
        let initial = self.initial(class.shown == Type::Pointer) & class.mask;
        let index = engine.memory.create(self.identity.key(), initial);
        let location = &mut engine.memory.locations[index];
        location.created = self.identity.created();
        location.shown = class.shown;
        location.type_name = class.name;
        self.identity.register(engine, index);
        index
    }

    /// Somebody has it to themselves: its history ends, and its newest value is its initial one.
    fn settle(&mut self) {
        if !super::is_checking() {
            return;
        }
        let _side = EngineSide::enter();
        let newest = with(|engine| match self.identity.find(engine) {
            Found::Registered(index) if index < engine.memory.locations.len() => {
                let location = &engine.memory.locations[index];
                let (value, hash) = (location.value(), location.hash);
                engine.note(45, hash);
                Some(value)
            }
            _ => None,
        });
        if let Some(number) = newest {
            self.initial.set(Initial { number });
            self.identity.forget();
        }
    }

    pub(crate) fn load(
        &self,
        class: Class,
        order: Ordering,
        place: &'static Place<'static>,
    ) -> u64 {
        let _side = EngineSide::enter();
        point(place);
        let (value, spins) = with(|engine| {
            let location = self.locate(engine, class);
            engine.touches(location, place);
            let oldest = engine.oldest(location, order);
            let newest = engine.memory.locations[location].newest();
            let back = engine.choose(Question::Message, (newest - oldest) as usize + 1, 1) as u32;
            if engine.is_asked() {
                engine.offer_messages(location, (oldest..=newest).rev());
                return (0, false);
            }
            let (mind, memory) = engine.mind_and_memory();
            let value = memory.read(mind, location, newest - back, order);
            engine.tell(place, |engine| What::Load {
                location,
                value,
                newest: (back > 0).then(|| engine.memory.locations[location].value()),
                order,
            });
            (value, engine.looked(location, newest - back, place))
        });
        leave_if_over();
        if spins {
            spin(place);
        }
        value
    }

    pub(crate) fn store(
        &self,
        class: Class,
        value: u64,
        order: Ordering,
        place: &'static Place<'static>,
    ) {
        let value = value & class.mask;
        let _side = EngineSide::enter();
        point(place);
        with(|engine| {
            let location = self.locate(engine, class);
            engine.touches(location, place);
            let old = engine.memory.locations[location].value();
            let (mind, memory) = engine.mind_and_memory();
            memory.store(mind, location, value, order);
            engine.wrote(location, old != value);
            engine.tell(place, |_| What::Store {
                location,
                old,
                new: value,
                order,
            });
        });
        after(place);
    }

    /// A read-modify-write.
    pub(crate) fn update(
        &self,
        class: Class,
        order: Ordering,
        place: &'static Place<'static>,
        name: &'static str,
        change: impl FnOnce(u64) -> u64,
    ) -> u64 {
        let _side = EngineSide::enter();
        point(place);
        let (old, spins) = with(|engine| {
            engine.me().counts.updates += 1;
            let location = self.locate(engine, class);
            engine.touches(location, place);
            let (mind, memory) = engine.mind_and_memory();
            let (old, new) = memory.update(mind, location, order, |old| change(old) & class.mask);
            engine.wrote(location, old != new);
            engine.tell(place, |_| What::Update {
                location,
                name,
                old,
                new,
                order,
            });
            let newest = engine.memory.locations[location].newest();
            (old, old == new && engine.looked(location, newest, place))
        });
        after(place);
        if spins {
            spin(place);
        }
        old
    }

    /// A compare-exchange. A failed one is a load: it may read an older message, as long as that one
    /// differs from what is expected.
    pub(crate) fn compare_exchange(
        &self,
        class: Class,
        [expected, new]: [u64; 2],
        [success, failure]: [Ordering; 2],
        weak: bool,
        place: &'static Place<'static>,
    ) -> Result<u64, u64> {
        let [expected, new] = [expected & class.mask, new & class.mask];
        let _side = EngineSide::enter();
        point(place);
        let (result, spins) = with(|engine| {
            engine.me().counts.updates += 1;
            let location = self.locate(engine, class);
            engine.touches(location, place);
            let fails = engine.fails_with(location, expected, failure, weak);
            if engine.is_asked() {
                return (Ok(expected), false);
            }
            match fails {
                None => {
                    let (mind, memory) = engine.mind_and_memory();
                    let (old, _) = memory.update(mind, location, success, |_| new);
                    engine.wrote(location, old != new);
                    engine.tell(place, |_| What::Update {
                        location,
                        name: "compare_exchange",
                        old,
                        new,
                        order: success,
                    });
                    (Ok(old), false)
                }
                Some(message) => {
                    let (mind, memory) = engine.mind_and_memory();
                    let found = memory.read(mind, location, message, failure);
                    engine.note(11, u64::from(found == expected));
                    engine.tell(place, |engine| {
                        let location_now = &engine.memory.locations[location];
                        What::Refused {
                            location,
                            expected,
                            found,
                            newest: (message != location_now.newest())
                                .then(|| location_now.value()),
                            order: failure,
                        }
                    });
                    (Err(found), engine.looked(location, message, place))
                }
            }
        });
        after(place);
        if spins {
            spin(place);
        }
        result
    }
}

impl Engine {
    /// The oldest message that the running thread may read. The last owner of an `Arc` reads the
    /// newest one.
    fn oldest(&mut self, location: usize, order: Ordering) -> u32 {
        let mind = &self.threads[self.current].mind;
        let oldest = self.memory.oldest(mind, location, order);
        let at = &self.memory.locations[location];
        if oldest < at.newest() {
            let block = heap::block_of(at.key as usize);
            if block.is_some_and(|block| block.is_dying_arc()) {
                self.knows_all();
                return self.memory.locations[location].newest();
            }
        }
        oldest
    }

    /// The message that a compare-exchange fails with, if it fails.
    fn fails_with(
        &mut self,
        location: usize,
        expected: u64,
        order: Ordering,
        weak: bool,
    ) -> Option<u32> {
        let oldest = self.oldest(location, order);
        let newest = self.memory.locations[location].newest();
        let differs = |engine: &Self, message: u32| {
            engine.memory.locations[location].messages[message as usize].value != expected
        };
        let stale = (oldest..newest)
            .filter(|&message| differs(self, message))
            .count();
        let succeeds = !differs(self, newest);
        let pick = self.choose(Question::Message, 1 + stale, 1);
        if self.is_asked() {
            let older = (oldest..newest).rev();
            let older: Vec<u32> = older.filter(|&message| differs(self, message)).collect();
            self.offer_messages(location, [newest].into_iter().chain(older));
            return None;
        }
        if pick > 0 {
            let mut stale = (oldest..newest)
                .rev()
                .filter(|&message| differs(self, message));
            return stale.nth(pick - 1);
        }
        let for_no_reason = succeeds && weak && self.choose(Question::Spurious, 2, 1) == 1;
        (!succeeds || for_no_reason).then_some(newest)
    }

    /// These messages may be read.
    #[cold]
    fn offer_messages(&mut self, location: usize, messages: impl Iterator<Item = u32>) {
        let all = &self.memory.locations[location].messages;
        let values = messages
            .map(|message| all[message as usize].value)
            .collect();
        self.offer(Offers::Values { location, values });
    }

    /// The running thread has read a message. Says whether it should be taken to spin.
    fn looked(&mut self, location: usize, message: u32, place: &'static Place<'static>) -> bool {
        let message = self.memory.locations[location].messages[message as usize];
        let me = self.me();
        me.watch(Watch::Location {
            index: location,
            changes: message.changes,
        });
        let here =
            |repeat: &&mut Repeat| std::ptr::eq(repeat.place, place) && repeat.location == location;
        let Some(repeat) = me.repeats.iter_mut().find(here) else {
            me.repeats.push(Repeat {
                place,
                location,
                value: message.value,
                times: 1,
            });
            return false;
        };
        if repeat.value == message.value {
            repeat.times += 1;
        } else {
            repeat.value = message.value;
            repeat.times = 1;
        }
        if repeat.times < SPIN_AFTER {
            return false;
        }
        repeat.times = 0;
        true
    }

    /// The running thread has written a location.
    fn wrote(&mut self, location: usize, changed: bool) {
        let changes = self.memory.locations[location].changes();
        self.me().rewatch(Watch::Location {
            index: location,
            changes,
        });
        if changed {
            self.progress();
        }
    }
}

/// A fence. Only a sequentially consistent one can be noticed by itself.
pub(crate) fn fence(order: Ordering, place: &'static Place<'static>) {
    let _side = EngineSide::enter();
    if order == Ordering::SeqCst {
        point(place);
    } else {
        schedule::quiet_point(place);
    }
    with(|engine| {
        let (mind, memory) = engine.mind_and_memory();
        memory.fence(mind, order);
        engine.tell(place, |_| What::Fence { order });
    });
    leave_if_over();
}

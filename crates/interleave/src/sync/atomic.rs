//! Shadow of `std::sync::atomic`: every load can read what weak memory allows.
#![expect(
    unsafe_code,
    reason = "`get_mut` gives a reference into the model's own word"
)]

use std::fmt;
use std::marker::PhantomData;
use std::panic::{Location as Place, RefUnwindSafe};
pub use std::sync::atomic::Ordering;

use crate::engine::atomics::{self, Atom, Class};
use crate::memory::location::Type;

/// Shadow of [`std::sync::atomic::fence`].
///
/// # Panics
///
/// If the ordering is `Relaxed`: there is no such fence.
#[track_caller]
pub fn fence(order: Ordering) {
    assert!(
        order != Ordering::Relaxed,
        "there is no such thing as a relaxed fence"
    );
    atomics::fence(order, Place::caller());
}

/// Shadow of [`std::sync::atomic::compiler_fence`]. The model has no compiler that reorders, and no
/// signal handlers.
pub fn compiler_fence(order: Ordering) {
    let _ = order;
}

/// Shadow of the deprecated `std::sync::atomic::spin_loop_hint`.
#[track_caller]
pub fn spin_loop_hint() {
    crate::hint::spin_loop();
}

fn load_order(order: Ordering) -> Ordering {
    assert!(
        !matches!(order, Ordering::Release | Ordering::AcqRel),
        "there is no such thing as a release load"
    );
    order
}

fn store_order(order: Ordering) -> Ordering {
    assert!(
        !matches!(order, Ordering::Acquire | Ordering::AcqRel),
        "there is no such thing as an acquire store"
    );
    order
}

/// What all atomic types have.
macro_rules! common {
    ($name:ident, $type:ty, [$($generic:ident)?], $class:expr, $to:expr, $from:expr) => {
        impl$(<$generic>)? $name$(<$generic>)? {
            const CLASS: Class = $class;

            /// Loads.
            ///
            /// # Panics
            ///
            /// If the ordering is one of stores.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $type {
                let order = load_order(order);
                $from(self.atom.load(Self::CLASS, order, Place::caller()))
            }

            /// Stores.
            ///
            /// # Panics
            ///
            /// If the ordering is one of loads.
            #[track_caller]
            pub fn store(&self, value: $type, order: Ordering) {
                let order = store_order(order);
                self.atom.store(Self::CLASS, $to(value), order, Place::caller());
            }

            /// Stores, and gives what was there.
            #[track_caller]
            pub fn swap(&self, value: $type, order: Ordering) -> $type {
                let value = $to(value);
                $from(self.atom.update(Self::CLASS, order, Place::caller(), "swap", |_| value))
            }

            /// Stores `new` if `current` is there.
            ///
            /// # Errors
            ///
            /// What is there instead.
            ///
            /// # Panics
            ///
            /// If the ordering of a failure is one of stores.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $type,
                new: $type,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$type, $type> {
                let orders = [success, load_order(failure)];
                let values = [$to(current), $to(new)];
                self.atom
                    .compare_exchange(Self::CLASS, values, orders, false, Place::caller())
                    .map($from)
                    .map_err($from)
            }

            /// As [`Self::compare_exchange`], and may fail for no reason.
            ///
            /// # Errors
            ///
            /// What is there.
            ///
            /// # Panics
            ///
            /// If the ordering of a failure is one of stores.
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $type,
                new: $type,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$type, $type> {
                let orders = [success, load_order(failure)];
                let values = [$to(current), $to(new)];
                self.atom
                    .compare_exchange(Self::CLASS, values, orders, true, Place::caller())
                    .map($from)
                    .map_err($from)
            }

            /// The deprecated `compare_and_swap`.
            #[track_caller]
            pub fn compare_and_swap(&self, current: $type, new: $type, order: Ordering) -> $type {
                let failure = match order {
                    Ordering::AcqRel => Ordering::Acquire,
                    Ordering::Release => Ordering::Relaxed,
                    other => other,
                };
                match self.compare_exchange(current, new, order, failure) {
                    Ok(old) | Err(old) => old,
                }
            }

            /// Changes the value by a function, as often as it takes.
            ///
            /// # Errors
            ///
            /// What is there, if the function does not want to change it.
            #[track_caller]
            pub fn fetch_update<F: FnMut($type) -> Option<$type>>(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut change: F,
            ) -> Result<$type, $type> {
                let mut old = self.load(fetch_order);
                while let Some(new) = change(old) {
                    match self.compare_exchange_weak(old, new, set_order, fetch_order) {
                        Ok(old) => return Ok(old),
                        Err(other) => old = other,
                    }
                }
                Err(old)
            }

            /// As [`Self::fetch_update`].
            ///
            /// # Errors
            ///
            /// What is there, if the function does not want to change it.
            #[track_caller]
            pub fn try_update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                change: impl FnMut($type) -> Option<$type>,
            ) -> Result<$type, $type> {
                self.fetch_update(set_order, fetch_order, change)
            }

            /// Changes the value by a function, and gives what was there.
            #[track_caller]
            pub fn update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut change: impl FnMut($type) -> $type,
            ) -> $type {
                match self.fetch_update(set_order, fetch_order, |old| Some(change(old))) {
                    Ok(old) | Err(old) => old,
                }
            }

            /// The value, for somebody who has it to themselves.
            pub fn get_mut(&mut self) -> &mut $type {
                // SAFETY: the word holds the newest value, little-endian, in its first bytes; it
                // came from this type; and the reference borrows the atomic mutably.
                unsafe { &mut *self.atom.exclusive().cast::<$type>() }
            }

            /// The value, and the atomic is no more.
            pub fn into_inner(mut self) -> $type {
                *self.get_mut()
            }
        }

        impl$(<$generic>)? fmt::Debug for $name$(<$generic>)? {
            #[track_caller]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.load(Ordering::Relaxed).fmt(f)
            }
        }

        impl$(<$generic>)? From<$type> for $name$(<$generic>)? {
            #[track_caller]
            fn from(value: $type) -> Self {
                Self::new(value)
            }
        }
    };
}

#[cfg(target_endian = "big")]
compile_error!("interleave keeps the values of atomics in 64-bit words, little-endian");

macro_rules! integers {
    ($($name:ident $type:ident $shown:expr,)*) => { $(
        #[doc = concat!("Shadow of [`std::sync::atomic::", stringify!($name), "`].")]
        #[derive(Default)]
        pub struct $name {
            pub(crate) atom: Atom,
        }

        common!(
            $name, $type, [],
            Class { name: stringify!($name), shown: $shown, mask: u64::MAX >> (64 - <$type>::BITS) },
            |value: $type| value as u64, |word: u64| word as $type
        );

        impl $name {
            /// A new atomic integer.
            #[track_caller]
            pub const fn new(value: $type) -> Self {
                Self { atom: Atom::new(value as u64) }
            }
        }

        integers! { @operations $name $type
            fetch_add "Adds, wrapping around" |old, value| old.wrapping_add(value);
            fetch_sub "Subtracts, wrapping around" |old, value| old.wrapping_sub(value);
            fetch_and "Bitwise and" |old, value| old & value;
            fetch_nand "Bitwise nand" |old, value| !(old & value);
            fetch_or "Bitwise or" |old, value| old | value;
            fetch_xor "Bitwise exclusive or" |old, value| old ^ value;
            fetch_max "The larger of both" |old, value| old.max(value);
            fetch_min "The smaller of both" |old, value| old.min(value);
        }
    )* };
    (@operations $name:ident $type:ident
        $($operation:ident $doc:literal |$old:ident, $value:ident| $new:expr;)*
    ) => {
        impl $name { $(
            #[doc = concat!($doc, ", and gives what was there.")]
            #[track_caller]
            pub fn $operation(&self, $value: $type, order: Ordering) -> $type {
                self.atom.update(
                    Self::CLASS, order, Place::caller(), stringify!($operation),
                    |word| { let $old = word as $type; ($new) as u64 },
                ) as $type
            }
        )* }
    };
}

integers! {
    AtomicU8 u8 Type::Unsigned,
    AtomicU16 u16 Type::Unsigned,
    AtomicU32 u32 Type::Unsigned,
    AtomicU64 u64 Type::Unsigned,
    AtomicUsize usize Type::Unsigned,
    AtomicI8 i8 Type::Signed(8),
    AtomicI16 i16 Type::Signed(16),
    AtomicI32 i32 Type::Signed(32),
    AtomicI64 i64 Type::Signed(64),
    AtomicIsize isize Type::Signed(64),
}

/// Shadow of [`std::sync::atomic::AtomicBool`].
#[derive(Default)]
pub struct AtomicBool {
    atom: Atom,
}

common!(
    AtomicBool,
    bool,
    [],
    Class {
        name: "AtomicBool",
        shown: Type::Bool,
        mask: 1
    },
    |value: bool| u64::from(value),
    |word: u64| word != 0
);

impl AtomicBool {
    /// A new atomic Boolean.
    #[track_caller]
    pub const fn new(value: bool) -> Self {
        Self {
            atom: Atom::new(value as u64),
        }
    }
}

macro_rules! logic {
    ($($operation:ident |$old:ident, $value:ident| $new:expr;)*) => {
        impl AtomicBool { $(
            /// Combines the value with another one, and gives what was there.
            #[track_caller]
            pub fn $operation(&self, $value: bool, order: Ordering) -> bool {
                self.atom.update(
                    Self::CLASS, order, Place::caller(), stringify!($operation),
                    |word| { let $old = word != 0; u64::from($new) },
                ) != 0
            }
        )* }
    };
}

logic! {
    fetch_and |old, value| old & value;
    fetch_nand |old, value| !(old & value);
    fetch_or |old, value| old | value;
    fetch_xor |old, value| old ^ value;
}

impl AtomicBool {
    /// Inverts the value, and gives what was there.
    #[track_caller]
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.atom
            .update(Self::CLASS, order, Place::caller(), "fetch_not", |word| {
                word ^ 1
            })
            != 0
    }
}

/// Shadow of [`std::sync::atomic::AtomicPtr`].
pub struct AtomicPtr<T> {
    atom: Atom,
    target: PhantomData<*mut T>,
}

// SAFETY: the pointer is a value here; who follows it answers for that.
unsafe impl<T> Send for AtomicPtr<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for AtomicPtr<T> {}
impl<T> RefUnwindSafe for AtomicPtr<T> {}

common!(
    AtomicPtr,
    *mut T,
    [T],
    Class {
        name: "AtomicPtr",
        shown: Type::Pointer,
        mask: u64::MAX
    },
    |pointer: *mut T| pointer.expose_provenance() as u64,
    |word: u64| std::ptr::with_exposed_provenance_mut(word as usize)
);

impl<T> AtomicPtr<T> {
    /// A new atomic pointer.
    #[track_caller]
    pub const fn new(pointer: *mut T) -> Self {
        Self {
            atom: Atom::with_pointer(pointer.cast()),
            target: PhantomData,
        }
    }
}

impl<T> Default for AtomicPtr<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(std::ptr::null_mut())
    }
}

impl<T> fmt::Pointer for AtomicPtr<T> {
    #[track_caller]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&self.load(Ordering::Relaxed), f)
    }
}

//! Macros of `std` that the model must have its own of.

use std::panic::Location as Place;

use crate::engine;
use crate::heap::EngineSide;
use crate::trace::event::What;

/// Shadow of `std::thread_local!`: the variables are new in every execution.
#[macro_export]
macro_rules! thread_local {
    () => {};
    (
        $(#[$attribute:meta])* $visible:vis static $name:ident: $type:ty
            = const $value:block $(; $($rest:tt)*)?
    ) => {
        $(#[$attribute])*
        $visible static $name: $crate::thread::LocalKey<$type> =
            $crate::thread::LocalKey::__new(|| const { $value });
        $($crate::thread_local!($($rest)*);)?
    };
    (
        $(#[$attribute:meta])* $visible:vis static $name:ident: $type:ty
            = $value:expr $(; $($rest:tt)*)?
    ) => {
        $(#[$attribute])*
        $visible static $name: $crate::thread::LocalKey<$type> =
            $crate::thread::LocalKey::__new(|| $value);
        $($crate::thread_local!($($rest)*);)?
    };
}

/// Shadow of `std::print!`: in a check, the text is part of a counterexample, and not written.
#[macro_export]
macro_rules! print {
    ($($arguments:tt)*) => {
        $crate::__print(&$crate::format!($($arguments)*), false)
    };
}

/// Shadow of `std::println!`: in a check, the text is part of a counterexample, and not written.
#[macro_export]
macro_rules! println {
    () => { $crate::__print("\n", false) };
    ($($arguments:tt)*) => {
        $crate::__print(&($crate::format!($($arguments)*) + "\n"), false)
    };
}

/// Shadow of `std::eprint!`: as [`print!`].
#[macro_export]
macro_rules! eprint {
    ($($arguments:tt)*) => {
        $crate::__print(&$crate::format!($($arguments)*), true)
    };
}

/// Shadow of `std::eprintln!`: as [`println!`].
#[macro_export]
macro_rules! eprintln {
    () => { $crate::__print("\n", true) };
    ($($arguments:tt)*) => {
        $crate::__print(&($crate::format!($($arguments)*) + "\n"), true)
    };
}

/// Shadow of `std::dbg!`: as [`eprintln!`].
#[macro_export]
macro_rules! dbg {
    () => {
        $crate::eprintln!("[{}:{}]", $crate::file!(), $crate::line!())
    };
    ($value:expr $(,)?) => {
        match $value {
            value => {
                $crate::eprintln!("{} = {:?}", $crate::stringify!($value), &value);
                value
            }
        }
    };
}

/// For the macros above. A hundred thousand executions would print a hundred thousand times, so the
/// text is kept for the one that is shown.
#[doc(hidden)]
#[track_caller]
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "outside of a check they print"
)]
pub fn __print(text: &str, is_error: bool) {
    let place = Place::caller();
    if engine::is_checking() {
        let _side = EngineSide::enter();
        engine::with(|engine| {
            engine.tell(place, |_| What::Prints(text.trim_end().to_owned()));
        });
    } else if is_error {
        std::eprint!("{text}");
    } else {
        std::print!("{text}");
    }
}

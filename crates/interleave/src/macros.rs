//! Macros of `std` that the model must have its own of.

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

/// Shadow of `std::print!`: the text is part of a counterexample, and is not written anywhere.
#[macro_export]
macro_rules! print {
    ($($arguments:tt)*) => {
        $crate::__prints($crate::format!($($arguments)*))
    };
}

/// Shadow of `std::println!`: the text is part of a counterexample, and is not written anywhere.
#[macro_export]
macro_rules! println {
    () => { $crate::__prints($crate::string::String::new()) };
    ($($arguments:tt)*) => {
        $crate::__prints($crate::format!($($arguments)*))
    };
}

/// Shadow of `std::eprint!`: as [`print!`].
#[macro_export]
macro_rules! eprint {
    ($($arguments:tt)*) => { $crate::print!($($arguments)*) };
}

/// Shadow of `std::eprintln!`: as [`println!`].
#[macro_export]
macro_rules! eprintln {
    ($($arguments:tt)*) => { $crate::println!($($arguments)*) };
}

/// Shadow of `std::dbg!`: as [`println!`].
#[macro_export]
macro_rules! dbg {
    () => { $crate::println!("{}:{}", $crate::file!(), $crate::line!()) };
    ($value:expr $(,)?) => {
        match $value {
            value => {
                $crate::println!("{} = {:?}", $crate::stringify!($value), &value);
                value
            }
        }
    };
}

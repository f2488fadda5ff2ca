//! interleave
#![expect(clippy::disallowed_methods, reason = "its own `sleep` has the name of the forbidden one")]

mod engine;
mod fiber;
mod heap;
mod identity;
mod macros;
mod memory;
mod mixing;
mod objects;
mod race;
mod reused;
mod search;
mod statics;
mod threads;
mod trace;

pub mod cell;
pub mod collections;
pub mod futex;
pub mod hash;
pub mod hint;
pub mod io;
pub mod model;
pub mod panic;
pub mod sync;
pub mod thread;
pub mod time;

/// So many threads can an execution have.
pub const MAX_THREADS: usize = 16;

pub use std::{
    any, array, ascii, borrow, boxed, char, clone, cmp, convert, default, error, f32, f64, ffi, fmt, future,
    i8, i16, i32, i64, i128, isize, iter, marker, mem, num, ops, option, pin, prelude, primitive, ptr, rc, result, slice,
    str, string, task, u8, u16, u32, u64, u128, usize, vec,
};
pub use std::{
    assert, assert_eq, assert_ne, cfg, column, compile_error, concat, debug_assert, debug_assert_eq,
    debug_assert_ne, env, file, format, format_args, line, matches, module_path, option_env,
    stringify, todo, unimplemented, unreachable, write, writeln,
};

/// For `println!` and its like.
#[doc(hidden)]
#[track_caller]
pub fn __prints(text: String) {
    let place = std::panic::Location::caller();
    {
        let _side = heap::EngineSide::enter();
        if engine::is_checking() {
            engine::with(|engine| {
                engine.tell(place, |_| trace::event::What::Prints(text.trim_end().to_owned()));
            });
        }
    }
    drop(text);
}

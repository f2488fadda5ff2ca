//! interleave
#![expect(
    clippy::legacy_numeric_constants,
    reason = "std has them, and code under test uses them"
)]

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

pub mod alloc;
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
pub(crate) const MAX_THREADS: usize = 16;

// What is listed has no threads, no memory that others see, and no way out of the model.
pub use std::{
    any, array, ascii, borrow, boxed, char, clone, cmp, convert, default, error, ffi, fmt, future,
    iter, marker, mem, num, ops, option, pin, prelude, primitive, ptr, rc, result, slice, str,
    string, task, vec,
};
pub use std::{
    assert, assert_eq, assert_ne, cfg, column, compile_error, concat, debug_assert,
    debug_assert_eq, debug_assert_ne, env, file, format, format_args, line, matches, module_path,
    option_env, stringify, todo, unimplemented, unreachable, write, writeln,
};
pub use std::{f32, f64, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize};

#[doc(hidden)]
pub use macros::__print;

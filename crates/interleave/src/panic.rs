//! Shadow of `std::panic`: each model thread has its own panics.

use std::any::Any;

pub use std::panic::{
    AssertUnwindSafe, Location, PanicHookInfo, RefUnwindSafe, UnwindSafe, panic_any,
};

use crate::engine;

/// Shadow of [`std::panic::catch_unwind`].
///
/// # Errors
///
/// What was panicked with.
pub fn catch_unwind<F: FnOnce() -> R + UnwindSafe, R>(body: F) -> std::thread::Result<R> {
    let result = std::panic::catch_unwind(body);
    if result.is_err() {
        engine::end_of_panic();
    }
    result
}

/// Shadow of [`std::panic::resume_unwind`].
///
/// # Panics
///
/// Always, with this payload.
pub fn resume_unwind(payload: Box<dyn Any + Send>) -> ! {
    engine::panics();
    std::panic::resume_unwind(payload)
}

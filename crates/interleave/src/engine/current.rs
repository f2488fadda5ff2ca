//! The engine of the check that is going on in this thread of the operating system.
#![expect(
    unsafe_code,
    reason = "the engine is shared by all fibers of its thread"
)]

use std::cell::Cell;
use std::ptr;

use super::{End, Engine};
use crate::heap::EngineSide;

thread_local! {
    static ENGINE: Cell<*mut Engine> = const { Cell::new(ptr::null_mut()) };
}

/// Uses the engine. The closure neither executes code under test nor leaves its fiber.
///
/// # Panics
///
/// If nothing is being checked in this thread of the operating system.
pub(crate) fn with<R>(use_it: impl FnOnce(&mut Engine) -> R) -> R {
    let engine = ENGINE.get();
    assert!(
        !engine.is_null(),
        "a primitive of interleave was used outside of a check: use it in the program that Model::check executes"
    );
    // SAFETY: the engine lives as long as the pointer is set (`install`), in this thread of the
    // operating system only, and a closure that neither leaves its fiber nor executes code under
    // test cannot come here again.
    use_it(unsafe { &mut *engine })
}

/// Whether something is being checked in this thread of the operating system.
pub(crate) fn is_checking() -> bool {
    !ENGINE.get().is_null()
}

/// Makes an engine the current one while something is done, and gives it back.
pub(super) fn install<R>(engine: &mut Engine, during: impl FnOnce() -> R) -> R {
    struct Uninstall;
    impl Drop for Uninstall {
        fn drop(&mut self) {
            ENGINE.set(ptr::null_mut());
        }
    }
    ENGINE.set(engine);
    let _uninstall = Uninstall;
    during()
}

/// The heap of the running thread is full: the execution is over.
pub(crate) fn out_of_memory() -> ! {
    let _side = EngineSide::enter();
    with(|engine| {
        engine.finish(End::TooLarge(
            "a thread allocates more than 15 MiB in one execution".to_owned(),
        ));
    });
    super::schedule::leave()
}

/// The running thread allocates: it does so at a time of its own, which is told.
pub(crate) fn allocates() -> u32 {
    with(|engine| {
        let thread = engine.current;
        engine.threads[thread].mind.view.tick(thread)
    })
}

/// The code under test has freed a block that begins with two zeros: an `Arc`, perhaps. All that the
/// threads did that have dropped theirs happened before.
pub(crate) fn shared_block_freed(block: usize, size: usize) {
    let _side = EngineSide::enter();
    with(|engine| {
        let suspicion = engine.suspicion.as_ref();
        if suspicion.is_some_and(|suspicion| suspicion.dying.contains(&block)) {
            engine.suspicion = None;
        }
        engine.knows_all();
        let inside = |address: usize| address.wrapping_sub(block) < size;
        for data in engine.data.iter_mut() {
            if inside(data.address) {
                data.forget();
            }
        }
    });
}

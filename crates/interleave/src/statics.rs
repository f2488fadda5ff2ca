//! What lies in `static` variables, or was captured from outside, is put back before each execution.
//!
//! A `static` survives an execution, and the next one must not find what this one left in it. So the
//! bytes of a payload are kept when it is first touched, and written back when it is first touched in
//! a later execution. They were made at compile time, so they own no memory; what the execution made
//! of them is forgotten with its heap.
#![expect(
    unsafe_code,
    reason = "payloads are restored byte by byte, whatever their type"
)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem::MaybeUninit;
use std::ptr;

use crate::heap;

type Bytes = Box<[MaybeUninit<u8>]>;

thread_local! {
    /// The bytes, by address. A check has its own thread of the operating system: they last as long.
    static KEPT: RefCell<BTreeMap<usize, Bytes>> = const { RefCell::new(BTreeMap::new()) };
}

/// The check is at its end: the next one finds what this one found.
pub(crate) fn put_back() {
    KEPT.with_borrow_mut(|kept| {
        for (payload, first) in std::mem::take(kept) {
            let bytes = ptr::with_exposed_provenance_mut(payload);
            // SAFETY: payloads outside of the model's memory are statics, or what the program has
            // captured, which is still there; no execution is going on that could refer to them.
            unsafe { first.as_ptr().copy_to_nonoverlapping(bytes, first.len()) };
        }
    });
}

/// A payload is touched for the first time in an execution.
///
/// # Safety
///
/// `length` bytes at `payload` belong to the caller, and nobody holds a reference into them.
pub(crate) unsafe fn restore(payload: *mut u8, length: usize) {
    if length == 0 || heap::contains(payload.addr()) {
        return;
    }
    // What is kept must not lie on a model heap.
    let _side = heap::EngineSide::enter();
    let bytes = payload.cast::<MaybeUninit<u8>>();
    KEPT.with_borrow_mut(|kept| {
        if let Some(first) = kept.get(&payload.addr()) {
            // SAFETY: the caller says that the bytes are its own, and it named as many then.
            unsafe { bytes.copy_from_nonoverlapping(first.as_ptr(), first.len().min(length)) };
        } else {
            // SAFETY: as above; bytes that are not initialised are copied as such.
            let now = unsafe { std::slice::from_raw_parts(bytes, length) };
            kept.insert(payload.expose_provenance(), now.into());
        }
    });
}

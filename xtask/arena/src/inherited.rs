//! What a program was given by whoever executed it: which signals were ignored. Rust's run-time
//! changes that before `main` (it ignores SIGPIPE), so it is looked at earlier, among the program's
//! initialisers. A lab's helper programs tell it, and go on with it.
#![expect(
    unsafe_code,
    reason = "sigaction(2), and a function that the loader calls"
)]

use std::{
    mem::MaybeUninit,
    ptr,
    sync::atomic::{AtomicBool, Ordering},
};

static SIGPIPE_IGNORED: AtomicBool = AtomicBool::new(false);

/// The loader calls what is listed here before the run-time's own start.
// SAFETY: the section holds pointers to functions of this kind; this one needs nothing that the
// run-time would have to prepare.
#[unsafe(link_section = ".init_array")]
#[used]
static LOOK: extern "C" fn() = look;

extern "C" fn look() {
    SIGPIPE_IGNORED.store(is_ignored(libc::SIGPIPE), Ordering::Relaxed);
}

fn is_ignored(signal: libc::c_int) -> bool {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: without a new action the call only writes the present one to where it is told.
    let asked = unsafe { libc::sigaction(signal, ptr::null(), action.as_mut_ptr()) };
    // SAFETY: all zeros are a valid value, in case nothing was written.
    let action = unsafe { action.assume_init() };
    asked == 0 && action.sa_sigaction == libc::SIG_IGN
}

/// Whether this program was executed with SIGPIPE ignored. Whoever is not told otherwise is ended by
/// a write that nobody will read; see signal(7), "exec".
pub fn sigpipe_was_ignored() -> bool {
    SIGPIPE_IGNORED.load(Ordering::Relaxed)
}

/// Undoes what Rust's run-time did: SIGPIPE is handled as this program was told to handle it.
///
/// # Errors
/// Never, on Linux.
pub fn restore_sigpipe() -> std::io::Result<()> {
    let handler = match sigpipe_was_ignored() {
        true => libc::SIG_IGN,
        false => libc::SIG_DFL,
    };
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: all zeros are a valid action: no flags, an empty mask.
    let action = unsafe { action.assume_init_mut() };
    action.sa_sigaction = handler;
    // SAFETY: the action outlives the call, which keeps no pointer, and it names no function.
    if unsafe { libc::sigaction(libc::SIGPIPE, action, ptr::null_mut()) } < 0 {
        return Err(std::io::Error::last_os_error());
    }
    Ok(())
}

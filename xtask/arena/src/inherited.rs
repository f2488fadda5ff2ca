//! What a program was given by whoever executed it: its descriptors, and whether SIGPIPE is ignored.
//! Rust's run-time changes both before `main` (it ignores SIGPIPE, and opens what is closed of the
//! standard descriptors), so they are looked at earlier, among the program's initialisers. A lab's
//! helper programs tell what was found.
#![expect(
    unsafe_code,
    reason = "sigaction(2), descriptors by number, and a function that the loader calls"
)]

use std::{
    mem::MaybeUninit,
    ptr,
    sync::atomic::{AtomicBool, Ordering},
};

/// As many descriptors as are looked at; nobody has higher numbers in a box.
const MOST: libc::c_int = 1024;

static SIGPIPE_IGNORED: AtomicBool = AtomicBool::new(false);
/// Whether 0, 1 and 2 were open.
static STANDARD: [AtomicBool; 3] = [const { AtomicBool::new(false) }; 3];

/// The loader calls what is listed here before the run-time's own start.
// SAFETY: the section holds pointers to functions of this kind; this one needs nothing that the
// run-time would have to prepare.
#[unsafe(link_section = ".init_array")]
#[used]
static LOOK: extern "C" fn() = look;

extern "C" fn look() {
    SIGPIPE_IGNORED.store(is_ignored(libc::SIGPIPE), Ordering::Relaxed);
    for (number, was_open) in (0..).zip(&STANDARD) {
        was_open.store(kind(number).is_some(), Ordering::Relaxed);
    }
}

/// What a descriptor is; `None` if it is not open.
fn kind(number: libc::c_int) -> Option<&'static str> {
    let mut found = MaybeUninit::<libc::stat>::zeroed();
    // SAFETY: fstat(2) takes any number, and writes to a place that is large enough.
    let asked = unsafe { libc::fstat(number, found.as_mut_ptr()) };
    // SAFETY: all zeros are a valid value, in case nothing was written.
    let found = unsafe { found.assume_init() };
    let kind = match found.st_mode & libc::S_IFMT {
        libc::S_IFIFO => "pipe",
        libc::S_IFREG => "file",
        libc::S_IFCHR => "device",
        libc::S_IFSOCK => "socket",
        _ => "other",
    };
    (asked == 0).then_some(kind)
}

/// The descriptors that this program was executed with, by number, and what each is: `pipe`, `file`,
/// `device`, `socket` or `other`. To be asked before anything else is opened.
pub fn inherited_descriptors() -> Vec<(i32, &'static str)> {
    let was_open = |number: i32| {
        let standard = usize::try_from(number).ok().and_then(|at| STANDARD.get(at));
        standard.is_none_or(|open| open.load(Ordering::Relaxed))
    };
    (0..MOST)
        .filter(|number| was_open(*number))
        .filter_map(|number| Some((number, kind(number)?)))
        .collect()
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

//! Children of an attack: to try something that changes the process which tries it, or that ends
//! it. No attack leaves a child behind unless that is the attack.
#![expect(unsafe_code, reason = "fork, and ending a child at once")]

use std::{
    fs::File,
    io::{Read, Write},
};

use nix::{
    errno::Errno,
    fcntl::OFlag,
    sys::wait::{WaitStatus, waitpid},
    unistd::{ForkResult, Pid, fork, pipe2},
};

use crate::outcome::name;

/// A child that does `work` and nothing else, or why there is none.
pub(crate) fn start(work: impl FnOnce()) -> Result<Pid, Errno> {
    // SAFETY: attacks that start children have one thread, so the child finds every lock free.
    match unsafe { fork() }? {
        ForkResult::Child => {
            work();
            end()
        }
        ForkResult::Parent { child } => Ok(child),
    }
}

/// Ends a child at once, without what the parent has registered for its end.
pub(crate) fn end() -> ! {
    // SAFETY: _exit(2) takes a number and does not come back.
    unsafe { libc::_exit(0) }
}

/// Waits for a child; the name of the signal that has ended it, if one has.
pub(crate) fn wait(child: Pid) -> Option<String> {
    loop {
        match waitpid(child, None) {
            Err(Errno::EINTR) => {}
            Ok(WaitStatus::Signaled(_, signal, _)) => return Some(signal.as_str().to_owned()),
            _ => return None,
        }
    }
}

/// What a child found out: the word it says, the signal that has ended it, or why it could not be
/// started.
pub(crate) fn says(work: impl FnOnce() -> String) -> String {
    let (from, to) = match pipe2(OFlag::O_CLOEXEC) {
        Ok((from, to)) => (from, File::from(to)),
        Err(error) => return name(error),
    };
    let child = start(|| {
        let word = work();
        // If it cannot be told, the parent says `silent`, which is no refusal.
        (&to).write_all(word.as_bytes()).ok();
    });
    drop(to);
    let child = match child {
        Ok(child) => child,
        Err(error) => return format!("fork_{}", name(error)),
    };
    let mut word = String::new();
    let heard = File::from(from).read_to_string(&mut word);
    let signal = wait(child);
    match (signal, heard) {
        (Some(signal), _) => signal,
        (None, Ok(1..)) => word,
        (None, _) => "silent".to_owned(),
    }
}

/// The parent, if this process can name it.
pub(crate) fn parent() -> Option<Pid> {
    let parent = Pid::parent();
    // 0 is what a parent outside the namespace is called; kill(2) takes it for the own group.
    (parent.as_raw() > 0).then_some(parent)
}

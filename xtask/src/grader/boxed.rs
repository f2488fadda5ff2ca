//! One program in a box of its own, from its start to its end: the compiler, or a demo.

use std::{thread, time::Duration};

use arena::{Arena, Ended, Program, Settings};
use crossbeam::channel::{self, RecvTimeoutError};
use probe::Timeline;

use super::{error::Error, interrupt::Interrupt};

/// How often to look whether the user has lost patience.
const GLANCE: Duration = Duration::from_millis(50);

/// Runs it, and tells how it ended, and the system calls that it was to be traced for. After the
/// deadline of the settings it is killed, and its end says so.
///
/// # Errors
///
/// Fails at Ctrl-C and if the arena does, by [`arena::Error::Cannot`] if this machine cannot.
pub(super) fn run(
    settings: Settings,
    program: Program,
    interrupt: &Interrupt,
) -> Result<(Ended, Timeline), Error> {
    let (sender, ended) = channel::bounded(1);
    // The arena's calls cannot be interrupted, so they get a thread that may be left behind: when
    // this process ends, the helper's socket closes, and the helper ends everything.
    thread::spawn(move || {
        // Nobody listens any more after Ctrl-C.
        sender.send(in_arena(&settings, &program)).ok();
    });
    loop {
        match ended.recv_timeout(GLANCE) {
            Ok(ended) => return Ok(ended?),
            Err(RecvTimeoutError::Timeout) if interrupt.is_raised() => {
                return Err(Error::Interrupted);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Error::Broken("the thread of a box has gone".to_owned()));
            }
        }
    }
}

fn in_arena(settings: &Settings, program: &Program) -> Result<(Ended, Timeline), arena::Error> {
    let mut arena = Arena::start(settings)?;
    let process = arena.spawn(program)?;
    let ended = arena.wait(process, Duration::MAX)?;
    let timeline = arena.timeline()?;
    arena.finish()?;
    Ok((ended, timeline))
}

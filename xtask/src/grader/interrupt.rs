//! Ctrl-C, and its relatives SIGTERM and SIGHUP: a descriptor that becomes readable and stays so,
//! for every wait of the grader to watch. It ends nothing itself: whoever started a process ends it.

use std::{
    io,
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Tells whether the user wants the grader to stop.
#[derive(Debug)]
pub(crate) struct Interrupt {
    raised: Arc<AtomicBool>,
    readable: UnixStream,
}

impl Interrupt {
    /// Takes over the three signals for the rest of the process.
    ///
    /// # Errors
    ///
    /// Fails if the handlers or the descriptor cannot be had.
    pub(crate) fn install() -> io::Result<Self> {
        let raised = Arc::new(AtomicBool::new(false));
        let (readable, writable) = UnixStream::pair()?;
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&raised))?;
            signal_hook::low_level::pipe::register(signal, writable.try_clone()?)?;
        }
        Ok(Self { raised, readable })
    }

    pub(crate) fn is_raised(&self) -> bool {
        self.raised.load(Ordering::Relaxed)
    }
}

impl AsFd for Interrupt {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.readable.as_fd()
    }
}

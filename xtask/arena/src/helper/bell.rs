//! Sleeping until a child changes: SIGCHLD as a descriptor that can be polled together with others.
//! What has changed is for the caller to find out.

use std::{
    io,
    os::fd::{AsFd, BorrowedFd},
    time::Duration,
};

use nix::{
    poll::{PollFd, PollFlags, ppoll},
    sys::{
        signal::{SigSet, Signal},
        signalfd::{SfdFlags, SignalFd},
        time::TimeSpec,
    },
};

/// Rings at every change of a child.
pub(crate) struct Bell(SignalFd);

impl Bell {
    /// Blocks SIGCHLD in this process for good.
    pub(crate) fn new() -> io::Result<Self> {
        let mut set = SigSet::empty();
        set.add(Signal::SIGCHLD);
        set.thread_block()?;
        Ok(Self(SignalFd::with_flags(
            &set,
            SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC,
        )?))
    }

    /// Waits until it rings, until one of `others` can be read or has closed, or for `time`.
    pub(crate) fn wait(&self, others: &[BorrowedFd<'_>], time: Duration) {
        let mut fds = vec![PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
        fds.extend(others.iter().map(|fd| PollFd::new(*fd, PollFlags::POLLIN)));
        // Waking up early, by a signal or an error, only means looking once more.
        ppoll(&mut fds, Some(TimeSpec::from_duration(time)), None).ok();
        while let Ok(Some(_)) = self.0.read_signal() {}
    }
}

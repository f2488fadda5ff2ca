//! Lines of standard input, as they are typed or come through a pipe. Ctrl-C ends the waiting for one.

use std::{io, os::fd::AsFd};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    unistd::read,
};

use crate::grader::{error::Error, interrupt::Interrupt};

/// Where a player's lines come from.
pub(crate) trait Input {
    /// The next line; `None` at the end.
    fn line(&mut self) -> Result<Option<String>, Error>;

    /// Whether what is typed shows by itself, as at a terminal.
    fn echoes(&self) -> bool;
}

/// Standard input.
pub(crate) struct Standard<'a> {
    interrupt: &'a Interrupt,
    is_terminal: bool,
    read: Vec<u8>,
    is_over: bool,
}

impl<'a> Standard<'a> {
    pub(crate) fn new(interrupt: &'a Interrupt, is_terminal: bool) -> Self {
        Self {
            interrupt,
            is_terminal,
            read: Vec::new(),
            is_over: false,
        }
    }

    /// Waits for more, and reads it. A handler of Ctrl-C does not end a read, so it is waited for
    /// beside the input.
    fn more(&mut self) -> Result<(), Error> {
        let stdin = io::stdin();
        let mut both = [
            PollFd::new(stdin.as_fd(), PollFlags::POLLIN),
            PollFd::new(self.interrupt.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut both, PollTimeout::NONE) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(Error::io("standard input cannot be read")(error.into())),
        }
        if self.interrupt.is_raised() {
            return Err(Error::Interrupted);
        }
        if both[0].any() == Some(true) {
            let mut piece = [0; 4096];
            // Not through the buffer of `Stdin`, whose content no poll knows of.
            let length = read(stdin.as_fd(), &mut piece)
                .map_err(|error| Error::io("standard input cannot be read")(error.into()))?;
            self.read.extend_from_slice(&piece[..length]);
            self.is_over = length == 0;
        }
        Ok(())
    }
}

impl Input for Standard<'_> {
    fn line(&mut self) -> Result<Option<String>, Error> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()));
            }
            if self.is_over {
                let rest = std::mem::take(&mut self.read);
                let rest = String::from_utf8_lossy(&rest).into_owned();
                return Ok((!rest.is_empty()).then_some(rest));
            }
            self.more()?;
        }
    }

    fn echoes(&self) -> bool {
        self.is_terminal
    }
}

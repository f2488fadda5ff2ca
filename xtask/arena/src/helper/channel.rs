//! The helper's end of a driver's channel: lines there and back. What they say is not read here.

use std::{
    io::{self, Read, Write},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
};

/// No honest answer is longer; whoever writes more is not answering.
const LONGEST: usize = 1 << 20;

/// A channel.
pub(crate) struct Channel {
    stream: UnixStream,
    read: Vec<u8>,
}

impl Channel {
    pub(crate) fn new(stream: UnixStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self {
            stream,
            read: Vec::new(),
        })
    }

    /// Writes a line. A driver that has gone, or that reads nothing any more, shows by its silence.
    pub(crate) fn tell(&mut self, line: &str) {
        self.stream.write_all(format!("{line}\n").as_bytes()).ok();
    }

    /// The next whole line, if it is there.
    pub(crate) fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let rest = self.read.split_off(end + 1);
                let mut line = std::mem::replace(&mut self.read, rest);
                line.pop();
                return Some(String::from_utf8_lossy(&line).into_owned());
            }
            let mut piece = [0; 4096];
            match self.stream.read(&mut piece) {
                Ok(length) if length > 0 && self.read.len() < LONGEST => {
                    self.read.extend_from_slice(&piece[..length]);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(_) | Err(_) => return None,
            }
        }
    }

    /// The descriptor to wait for.
    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

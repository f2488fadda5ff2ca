//! What a process prints: read so that it never waits for us, kept up to a limit.

use std::{
    fs::File,
    io::{self, Read},
    os::fd::{AsFd, BorrowedFd, OwnedFd},
};

use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// The reading ends of a process's standard output and standard error.
pub(crate) struct Capture {
    stdout: Option<File>,
    stderr: Option<File>,
    kept_stdout: Vec<u8>,
    kept_stderr: Vec<u8>,
    kept: Vec<u8>,
    limit: usize,
}

impl Capture {
    pub(crate) fn new(stdout: OwnedFd, stderr: OwnedFd, limit: usize) -> io::Result<Self> {
        for pipe in [&stdout, &stderr] {
            fcntl(pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        }
        Ok(Self {
            stdout: Some(File::from(stdout)),
            stderr: Some(File::from(stderr)),
            kept_stdout: Vec::new(),
            kept_stderr: Vec::new(),
            kept: Vec::new(),
            limit,
        })
    }

    /// A process whose output goes where another's goes.
    pub(crate) fn none() -> Self {
        Self {
            stdout: None,
            stderr: None,
            kept_stdout: Vec::new(),
            kept_stderr: Vec::new(),
            kept: Vec::new(),
            limit: 0,
        }
    }

    /// Reads what is there, and never waits; whether there was anything.
    pub(crate) fn drain(&mut self) -> bool {
        let mut any = false;
        let mut piece = [0; 16 << 10];
        for (pipe, is_stdout) in [(&mut self.stdout, true), (&mut self.stderr, false)] {
            // A flood is read for a while and then left for the next time: others want to be heard.
            for _ in 0..64 {
                let Some(file) = pipe else { break };
                match file.read(&mut piece) {
                    Ok(0) => *pipe = None,
                    Ok(length) => {
                        any = true;
                        let read = &piece[..length];
                        keep(&mut self.kept, read, self.limit);
                        let own = match is_stdout {
                            true => &mut self.kept_stdout,
                            false => &mut self.kept_stderr,
                        };
                        keep(own, read, self.limit);
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
        }
        any
    }

    /// The descriptors to wait for.
    pub(crate) fn descriptors(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.stdout.iter().chain(&self.stderr).map(AsFd::as_fd)
    }

    /// What was kept of the standard output, as it was.
    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.kept_stdout).into_owned()
    }

    /// What was kept of the standard error, as it was.
    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.kept_stderr).into_owned()
    }

    /// What was kept of both, control characters made visible.
    pub(crate) fn printed(&self) -> String {
        let mut visible = String::new();
        for character in String::from_utf8_lossy(&self.kept).chars() {
            match character {
                '\n' | '\t' => visible.push(character),
                other if other.is_control() => visible.extend(other.escape_default()),
                other => visible.push(other),
            }
        }
        visible
    }
}

fn keep(kept: &mut Vec<u8>, read: &[u8], limit: usize) {
    let room = limit.saturating_sub(kept.len()).min(read.len());
    kept.extend_from_slice(&read[..room]);
}

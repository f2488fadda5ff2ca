//! The student's line of an instruction, from the debugging information of the program. Lines of the
//! standard library and of packages are passed over; which of the rest belong to a submission is
//! for the client to say.

use std::{
    fs::{self, File},
    os::fd::AsRawFd,
    path::PathBuf,
};

use addr2line::Loader;
use nix::unistd::Pid;
use probe::SourceLine;

/// The debugging information of the program that a process runs.
pub(crate) struct Lines {
    loader: Loader,
    /// Where the program begins in the address space.
    base: u64,
}

impl Lines {
    /// `None` if the program has no debugging information that can be read.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(dead_code, reason = "nothing is stepped there")
    )]
    pub(crate) fn of(pid: Pid) -> Option<Self> {
        let program: PathBuf = fs::read_link(format!("/proc/{pid}/exe")).ok()?;
        let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
        let first = maps
            .lines()
            .find(|line| line.ends_with(&*program.to_string_lossy()))?;
        let base = u64::from_str_radix(first.split('-').next()?, 16).ok()?;
        Some(Self {
            // Not by its path, which may lead nowhere for this process.
            loader: Loader::new(format!("/proc/{pid}/exe")).ok()?,
            base,
        })
    }

    /// Those of an open file, whose instructions are counted from where the program begins.
    pub(crate) fn in_file(program: &File) -> Option<Self> {
        let path = format!("/proc/self/fd/{}", program.as_raw_fd());
        let loader = Loader::new(path).ok()?;
        Some(Self { loader, base: 0 })
    }

    /// The line of an instruction, if it is in the program and not in a library. An instruction of
    /// the standard library that was inlined counts for the line that called.
    pub(crate) fn at(&self, rip: u64) -> Option<SourceLine> {
        let mut frames = self.loader.find_frames(rip.checked_sub(self.base)?).ok()?;
        // From the innermost function to the one into which all others were inlined.
        while let Some(frame) = frames.next().ok()? {
            let location = frame
                .location
                .and_then(|location| location.file.zip(location.line));
            if let Some((file, line)) = location
                && line > 0
                && !is_foreign(file)
            {
                return Some(SourceLine {
                    file: file.to_owned(),
                    line,
                });
            }
        }
        None
    }

    /// The name of the function that an instruction belongs to, as the linker knows it.
    pub(crate) fn function(&self, rip: u64) -> Option<&str> {
        self.loader.find_symbol(rip.checked_sub(self.base)?)
    }

    /// The last of these instructions that has a line.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(dead_code, reason = "nothing is stepped there")
    )]
    pub(crate) fn last(&self, rips: impl DoubleEndedIterator<Item = u64>) -> Option<SourceLine> {
        rips.rev().find_map(|rip| self.at(rip))
    }
}

/// Whether a file is the standard library's, a package's, or the driver's.
fn is_foreign(file: &str) -> bool {
    file.starts_with("/rustc/")
        || file.contains("/registry/src/")
        || file.contains("/lib/rustlib/")
        || file.contains("xtask/driver/src/")
        || file.ends_with("/driver.rs")
}

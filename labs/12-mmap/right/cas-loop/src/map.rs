//! `Map` on top of nix, whose wrappers know about `MAP_FAILED`.

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::os::fd::AsFd;
use std::ptr::NonNull;

use nix::errno::Errno;
use nix::sys::mman::{MapFlags, MsFlags, ProtFlags, mmap, mmap_anonymous, msync, munmap};
use nix::unistd::{SysconfVar, sysconf};

/// Why a mapping could not be made.
#[derive(Debug)]
pub enum MapError {
    /// The length is 0.
    Empty,
    /// The range ends behind the file.
    PastEof {
        /// Where the range would end.
        end: u64,
        /// The size of the file.
        file: u64,
    },
    /// Shared writing needs a writable file.
    ReadOnlyFile,
    /// Any other error.
    Io(io::Error),
}

impl From<Errno> for MapError {
    fn from(errno: Errno) -> Self {
        Self::Io(errno.into())
    }
}

/// What a mapping of a file allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Read the file.
    SharedRead,
    /// Read and write the file.
    SharedWrite,
    /// Write to copies.
    PrivateWrite,
}

/// Mapped memory.
#[derive(Debug)]
pub struct Map {
    base: NonNull<c_void>,
    delta: usize,
    len: usize,
    writable: bool,
}

// SAFETY: a mapping belongs to the process.
unsafe impl Send for Map {}

impl Map {
    /// Maps `len` bytes of `f` from byte `offset`.
    pub fn range(f: &File, offset: u64, len: usize, mode: Mode) -> Result<Map, MapError> {
        if len == 0 {
            return Err(MapError::Empty);
        }
        let file = f.metadata().map_err(MapError::Io)?.len();
        match offset.checked_add(len as u64) {
            Some(end) if end <= file => {}
            Some(end) => return Err(MapError::PastEof { end, file }),
            None => {
                return Err(MapError::PastEof {
                    end: u64::MAX,
                    file,
                });
            }
        }
        let delta = (offset % page_size() as u64) as usize;
        let (prot, flags) = match mode {
            Mode::SharedRead => (ProtFlags::PROT_READ, MapFlags::MAP_SHARED),
            Mode::SharedWrite => (
                ProtFlags::PROT_READ | ProtFlags::PROT_WRITE,
                MapFlags::MAP_SHARED,
            ),
            Mode::PrivateWrite => (
                ProtFlags::PROT_READ | ProtFlags::PROT_WRITE,
                MapFlags::MAP_PRIVATE,
            ),
        };
        let start = (offset - delta as u64) as libc::off_t;
        // SAFETY: the kernel chooses unused addresses.
        let mapped = unsafe { mmap(None, nonzero(delta + len)?, prot, flags, f.as_fd(), start) };
        match (mapped, mode) {
            (Ok(base), _) => Ok(Map {
                base,
                delta,
                len,
                writable: mode != Mode::SharedRead,
            }),
            (Err(Errno::EACCES), Mode::SharedWrite) => Err(MapError::ReadOnlyFile),
            (Err(errno), _) => Err(errno.into()),
        }
    }

    /// Fresh zeros by `MAP_ANONYMOUS`.
    pub fn anon_bsd(len: usize) -> Result<Map, MapError> {
        let prot = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: the kernel chooses unused addresses.
        let base = unsafe { mmap_anonymous(None, nonzero(len)?, prot, MapFlags::MAP_SHARED)? };
        Ok(Map {
            base,
            delta: 0,
            len,
            writable: true,
        })
    }

    /// Fresh zeros by `/dev/zero`.
    pub fn anon_svr4(len: usize) -> Result<Map, MapError> {
        let zero = File::options().read(true).write(true).open("/dev/zero");
        let zero = zero.map_err(MapError::Io)?;
        let prot = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: the kernel chooses unused addresses.
        let base = unsafe { mmap(None, nonzero(len)?, prot, MapFlags::MAP_SHARED, &zero, 0)? };
        Ok(Map {
            base,
            delta: 0,
            len,
            writable: true,
        })
    }

    /// Copies bytes out of the range.
    ///
    /// # Panics
    ///
    /// When they are not all inside.
    pub fn read(&self, at: usize, buf: &mut [u8]) {
        assert!(at <= self.len && buf.len() <= self.len - at, "out of range");
        for (i, byte) in buf.iter_mut().enumerate() {
            // SAFETY: inside the range.
            *byte = unsafe { self.as_ptr().wrapping_add(at + i).read_volatile() };
        }
    }

    /// Copies bytes into the range.
    ///
    /// # Panics
    ///
    /// When they are not all inside, or the mapping is read-only.
    pub fn write(&self, at: usize, data: &[u8]) {
        assert!(self.writable, "read-only");
        assert!(
            at <= self.len && data.len() <= self.len - at,
            "out of range"
        );
        for (i, byte) in data.iter().enumerate() {
            // SAFETY: inside the range, which is writable.
            unsafe { self.as_ptr().wrapping_add(at + i).write_volatile(*byte) };
        }
    }

    /// Writes everything back, more than was asked for, and waits.
    pub fn sync(&self, at: usize, len: usize) -> io::Result<()> {
        assert!(at <= self.len && len <= self.len - at, "out of range");
        // SAFETY: our own mapping from its first page on.
        unsafe { msync(self.base, self.delta + self.len, MsFlags::MS_SYNC)? };
        Ok(())
    }

    /// Bytes asked for.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The first byte of the range.
    pub fn as_ptr(&self) -> *mut u8 {
        self.base.as_ptr().cast::<u8>().wrapping_add(self.delta)
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: our own mapping, whose last user is gone.
        let _ = unsafe { munmap(self.base, self.delta + self.len) };
    }
}

fn nonzero(len: usize) -> Result<NonZeroUsize, MapError> {
    NonZeroUsize::new(len).ok_or(MapError::Empty)
}

fn page_size() -> usize {
    sysconf(SysconfVar::PAGE_SIZE)
        .ok()
        .flatten()
        .unwrap_or(4096) as usize
}

//! `Map`: a range of bytes, of a file or of nothing, as memory; it is unmapped when dropped.
//!
//! It does not make concurrent access exact: see `counter` for that.

#![expect(
    unsafe_code,
    reason = "mmap hands out raw memory; this file is the wall around it"
)]

use std::fs::{File, OpenOptions};
use std::os::fd::{AsRawFd, RawFd};
use std::{error, fmt, io, ptr};

/// Why a mapping could not be made.
#[derive(Debug)]
pub enum MapError {
    /// The length is 0, and there is no such thing as an empty mapping.
    Empty,
    /// The range ends behind the file's last byte; touching it would be SIGBUS later.
    PastEof {
        /// Where the range would end, `u64::MAX` if that does not fit.
        end: u64,
        /// The size of the file.
        file: u64,
    },
    /// Shared writing needs a file that is open for reading and writing.
    ReadOnlyFile,
    /// Any other error of the system.
    Io(io::Error),
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "a mapping cannot be empty"),
            Self::PastEof { end, file } => {
                write!(f, "the range ends at byte {end}, the file at byte {file}")
            }
            Self::ReadOnlyFile => write!(f, "the file is not open for reading and writing"),
            Self::Io(_) => write!(f, "the system refused the mapping"),
        }
    }
}

impl error::Error for MapError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for MapError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// For callers that only speak `io::Result`: an error of the system keeps its number.
impl From<MapError> for io::Error {
    fn from(error: MapError) -> Self {
        match error {
            MapError::Io(error) => error,
            other => Self::other(other),
        }
    }
}

/// What a mapping of a file allows, and who sees its writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Read the file; writes by others are seen.
    SharedRead,
    /// Read and write the file itself.
    SharedWrite,
    /// Write to copies of the touched pages, which nobody else sees. A read-only file is enough.
    PrivateWrite,
}

impl Mode {
    /// The arguments `prot` and `flags` of `mmap`.
    fn prot_and_flags(self) -> (i32, i32) {
        match self {
            Self::SharedRead => (libc::PROT_READ, libc::MAP_SHARED),
            Self::SharedWrite => (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED),
            Self::PrivateWrite => (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE),
        }
    }
}

/// Mapped memory, unmapped on drop. A child made by `fork` inherits it.
#[derive(Debug)]
pub struct Map {
    /// What `mmap` returned, and what `munmap` wants back.
    base: *mut u8,
    /// Bytes asked of `mmap`: `delta + len`.
    mapped: usize,
    /// From the start of the page to the byte that the caller asked for.
    delta: usize,
    /// Bytes that the caller asked for.
    len: usize,
    /// Whether a write is allowed; the hardware would answer one with SIGSEGV.
    writable: bool,
}

// SAFETY: a mapping belongs to the process, not to the thread that made it, and one owner may unmap
// it anywhere. `Map` is not `Sync` on purpose: `read` and `write` are plain copies through `&self`,
// and two threads that ran them at once would race.
unsafe impl Send for Map {}

#[allow(
    clippy::len_without_is_empty,
    reason = "a Map is never empty: length 0 is MapError::Empty"
)]
impl Map {
    /// Maps `len` bytes of a regular file from byte `offset`, whatever the offset.
    ///
    /// `mmap` takes whole pages only, so the mapping starts at the page in which `offset` lies. The
    /// file may be closed afterwards: the mapping holds its own reference. If the file is cut short
    /// later, a touch behind its new end is SIGBUS; nothing can prevent that.
    ///
    /// See [mmap(2)](https://man7.org/linux/man-pages/man2/mmap.2.html). It does not block and is
    /// not interrupted by signals.
    ///
    /// # Errors
    ///
    /// [`MapError::Empty`] for length 0, [`MapError::PastEof`] for bytes that the file does not
    /// have, [`MapError::ReadOnlyFile`] (EACCES) for a shared write on a file not opened for both
    /// reading and writing. Else [`MapError::Io`]: EACCES (not open for reading), EAGAIN (locked
    /// memory), ENFILE, ENODEV (a file that cannot be mapped), ENOMEM, EPERM (a sealed memfd).
    pub fn range(f: &File, offset: u64, len: usize, mode: Mode) -> Result<Map, MapError> {
        if len == 0 {
            return Err(MapError::Empty);
        }
        let file = f.metadata()?.len();
        let end = offset.saturating_add(len as u64);
        // A file is never as long as `u64::MAX`, so a sum that was cut there is past its end, too.
        if end > file {
            return Err(MapError::PastEof { end, file });
        }
        let delta = (offset % page_size()? as u64) as usize;
        let (prot, flags) = mode.prot_and_flags();
        let mapped = delta + len;
        match map_pages(mapped, prot, flags, f.as_raw_fd(), offset - delta as u64) {
            Ok(base) => Ok(Map {
                base,
                mapped,
                delta,
                len,
                writable: mode != Mode::SharedRead,
            }),
            Err(error)
                if mode == Mode::SharedWrite && error.raw_os_error() == Some(libc::EACCES) =>
            {
                Err(MapError::ReadOnlyFile)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Fresh zeros, shared with the children that are forked later: the way of BSD,
    /// `MAP_ANONYMOUS`.
    ///
    /// See [mmap(2)](https://man7.org/linux/man-pages/man2/mmap.2.html).
    ///
    /// # Errors
    ///
    /// [`MapError::Empty`] for length 0, else [`MapError::Io`]: EAGAIN, ENOMEM.
    pub fn anon_bsd(len: usize) -> Result<Map, MapError> {
        // Linux ignores the descriptor, others insist on -1.
        Self::anonymous(len, libc::MAP_SHARED | libc::MAP_ANONYMOUS, -1)
    }

    /// The same in the way of System V release 4: a shared mapping of `/dev/zero`.
    ///
    /// Each such mapping is an object of its own, although all of them map the same path.
    /// See [zero(4)](https://man7.org/linux/man-pages/man4/zero.4.html).
    ///
    /// # Errors
    ///
    /// As [`Map::anon_bsd`]; also [`MapError::Io`] with the errors of `open`: EMFILE, ENFILE,
    /// ENOENT.
    pub fn anon_svr4(len: usize) -> Result<Map, MapError> {
        let zero = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/zero")?;
        Self::anonymous(len, libc::MAP_SHARED, zero.as_raw_fd())
    }

    fn anonymous(len: usize, flags: i32, fd: RawFd) -> Result<Map, MapError> {
        if len == 0 {
            return Err(MapError::Empty);
        }
        let base = map_pages(len, libc::PROT_READ | libc::PROT_WRITE, flags, fd, 0)?;
        Ok(Map {
            base,
            mapped: len,
            delta: 0,
            len,
            writable: true,
        })
    }

    /// Copies `buf.len()` bytes from byte `at` of the range.
    ///
    /// Each byte is read afresh (volatile), as another process may have changed it. The copy is not
    /// one step: it may see half of another's write.
    ///
    /// # Panics
    ///
    /// When the bytes are not all inside the range.
    pub fn read(&self, at: usize, buf: &mut [u8]) {
        self.check(at, buf.len());
        for (i, byte) in buf.iter_mut().enumerate() {
            let from = self.as_ptr().wrapping_add(at + i);
            // SAFETY: `check` has put `at + i` inside the mapping, which is readable in every mode.
            *byte = unsafe { from.read_volatile() };
        }
    }

    /// Copies `data` to byte `at` of the range, byte by byte (volatile).
    ///
    /// # Panics
    ///
    /// When the bytes are not all inside the range, or the mode is [`Mode::SharedRead`].
    pub fn write(&self, at: usize, data: &[u8]) {
        assert!(self.writable, "the mapping is read-only");
        self.check(at, data.len());
        for (i, byte) in data.iter().enumerate() {
            let to = self.as_ptr().wrapping_add(at + i);
            // SAFETY: `check` has put `at + i` inside the mapping, and it is writable.
            unsafe { to.write_volatile(*byte) };
        }
    }

    /// Returns when the bytes `at..at + len` are on the disk, together with the rest of their
    /// pages.
    ///
    /// Processes that map or read the file see every write at once; this is for power cuts only. It
    /// blocks for as long as the disk takes. See
    /// [msync(2)](https://man7.org/linux/man-pages/man2/msync.2.html). `MS_ASYNC` would do nothing
    /// on Linux.
    ///
    /// # Errors
    ///
    /// EIO and ENOSPC from the disk, EBUSY for locked pages, ENOMEM if the pages are no longer
    /// mapped.
    ///
    /// # Panics
    ///
    /// When the bytes are not all inside the range.
    pub fn sync(&self, at: usize, len: usize) -> io::Result<()> {
        self.check(at, len);
        // `msync` wants the address of a page; its length may be any.
        let from = self.delta + at;
        let into_page = from % page_size()?;
        let page = self.base.wrapping_add(from - into_page);
        // SAFETY: the pages lie in our own mapping, and msync changes no byte.
        let result = unsafe { libc::msync(page.cast(), into_page + len, libc::MS_SYNC) };
        if result == 0 {
            Ok(())
        } else {
            Err(io::Error::last_os_error())
        }
    }

    /// How many bytes the caller asked for; never 0.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The first byte of the range. It is valid for [`Map::len`] bytes and as long as the `Map`
    /// lives.
    pub fn as_ptr(&self) -> *mut u8 {
        self.base.wrapping_add(self.delta)
    }

    fn check(&self, at: usize, len: usize) {
        let inside = at.checked_add(len).is_some_and(|end| end <= self.len);
        assert!(
            inside,
            "{len} bytes at {at} are not inside a mapping of {} bytes",
            self.len
        );
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: exactly what `mmap` returned, and nobody can use the addresses after the `Map`.
        let result = unsafe { libc::munmap(self.base.cast(), self.mapped) };
        debug_assert_eq!(result, 0, "munmap: {}", io::Error::last_os_error());
    }
}

/// `mmap` at an address of the kernel's choice, with its error as a `Result`.
fn map_pages(len: usize, prot: i32, flags: i32, fd: RawFd, offset: u64) -> io::Result<*mut u8> {
    let offset = libc::off_t::try_from(offset).map_err(io::Error::other)?;
    // SAFETY: without MAP_FIXED the kernel takes addresses that nobody uses.
    let base = unsafe { libc::mmap(ptr::null_mut(), len, prot, flags, fd, offset) };
    // Failure is -1: NULL would be a valid address for the kernel.
    if base == libc::MAP_FAILED {
        Err(io::Error::last_os_error())
    } else {
        Ok(base.cast())
    }
}

/// The unit of memory: 4 KiB on most machines, up to 64 KiB on others, so it has to be asked for.
fn page_size() -> io::Result<usize> {
    // SAFETY: sysconf only returns a number.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).map_err(|_| io::Error::last_os_error())
}

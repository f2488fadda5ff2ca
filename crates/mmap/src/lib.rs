//! Memory mapping: a file, or nothing at all, becomes part of a process's memory.
//!
//! `mmap` asks the kernel to answer a range of addresses with the pages of a file. Reading such an
//! address reads the file; nothing is copied until a page is touched. Two questions give four kinds
//! of mapping: is there a *file* behind it or is it *anonymous*, and are writes *shared* with
//! everybody who maps the same pages or are they *private* to the process? Shared pages are the
//! fastest way to pass data between processes, because the kernel has nothing left to do, and for
//! the same reason nobody takes turns any more: `+= 1` on a shared number loses updates unless it
//! is one indivisible step.
//!
//! ```
//! use mmap::{Map, Mode};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let file = tempfile::tempfile()?;
//! file.set_len(5)?; // first the size, then the mapping
//! let map = Map::range(&file, 0, 5, Mode::SharedWrite)?;
//! drop(file); // the mapping keeps the file alive
//! map.write(0, b"hello");
//! let mut word = [0; 4];
//! map.read(1, &mut word);
//! assert_eq!(&word, b"ello");
//! # Ok(()) }
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p mmap --example four_kinds
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `mmap` | makes a range of addresses stand for pages of a file, or for fresh zeros | [mmap(2)](https://man7.org/linux/man-pages/man2/mmap.2.html) |
//! | `munmap` | gives the addresses back; a later touch is SIGSEGV | [munmap(2)](https://man7.org/linux/man-pages/man2/munmap.2.html) |
//! | `msync` | waits until changed pages have reached the disk | [msync(2)](https://man7.org/linux/man-pages/man2/msync.2.html) |
//! | `ftruncate` | gives the file its size *before* it is mapped | [ftruncate(2)](https://man7.org/linux/man-pages/man2/ftruncate.2.html) |
//! | `sysconf` | tells the page size, the unit of all of the above | [sysconf(3)](https://man7.org/linux/man-pages/man3/sysconf.3.html) |
//! | `mincore` | tells which pages are in memory (examples) | [mincore(2)](https://man7.org/linux/man-pages/man2/mincore.2.html) |
//! | `open` of `/dev/zero` | the System V way to anonymous memory | [zero(4)](https://man7.org/linux/man-pages/man4/zero.4.html) |
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | SIGBUS at the first touch | the file is shorter than the mapping: it was not sized first, or somebody cut it since | 12, `sigbus` |
//! | SIGSEGV at the first touch | the failed call's result was compared with NULL; it is `MAP_FAILED`, -1 | 12, `traps` |
//! | EINVAL | length 0, or an offset that is not a multiple of the page size | 12 |
//! | EACCES | a shared writable mapping of a file that is not open for reading and writing | 12 |
//! | a total that is too small | two processes ran load, add, store at the same time | 12, `race` |
//! | a lock that two processes hold at once, or that never wakes | it was made for the threads of one process, or it belongs to a descriptor that both inherited | 12 |
//! | a second process hangs in `flock`, though the first has closed the file | the mapping keeps the open file description, and with it the lock: unlock explicitly | 12 |
//! | the child's write never reaches the parent | `MAP_PRIVATE`: its page was copied at the first write | 12, `four_kinds` |
//! | two maps of `/dev/zero` that do not see each other | each is an object of its own, shared only by `fork` | 12, `bsd_and_svr4` |
//! | the change is gone after a power cut | it was in the page cache; only `msync(MS_SYNC)` or `fsync` waits for the disk | 12, `msync` |
//!
//! # Read in this order
//!
//! 1. [`map`]: [`Map`], the four kinds, errors with names.
//! 2. [`counter`]: [`Counter`], one number that unrelated processes add to, exactly.
//! 3. [`bump`]: the program `bump FILE N`, a counter put to work.
//! 4. The examples. The kinds: `four_kinds`, `one_byte`, `anon_shared`, `bsd_and_svr4`, `device`.
//!    What goes wrong: `sigbus`, `race`, `traps`. Pages: `addr_hint`, `partial_munmap`,
//!    `demand_paging`. The disk: `msync`, `write_back`. And `disadvantages`.
//!
//! # What this does not do
//!
//! It does not grow a mapping (`mremap`), lock pages into memory (`mlock`), use huge pages, or
//! protect against a file that somebody cuts short while it is mapped. It does not survive a crash:
//! a counter that must be right after a power cut needs a journal. Memory without a path in the
//! file system is lab 13 (`shm_open`) and lab 14 (`shmget`).

pub mod map;

pub mod counter;

pub mod bump;

pub use counter::Counter;
pub use map::{Map, MapError, Mode};

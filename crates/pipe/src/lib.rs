//! Anonymous pipes: bytes from one process to another, one way, in order.
//!
//! `pipe` gives two descriptors: what is written into one is read from the other, first in, first out.
//! In between the kernel keeps up to 64 KiB; a writer sleeps while it is full, a reader while it is
//! empty. There is no name: whoever is to use a pipe inherits a descriptor by `fork`, or is sent one.
//! A pipeline of a shell is just that: a pipe between each two neighbours, `fork`, `dup2` onto standard
//! input and output, `exec`, and `wait`. What is hard about it is who must *close* what, since a reader
//! sees the end of its input only when the last copy of the other end has gone.
//!
//! ```
//! use pipe::{Exit, Stage, capture};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let stage = |words: &[&str]| Stage { argv: words.iter().map(Into::into).collect() };
//! let captured = capture(&[stage(&["tr", "a-z", "A-Z"]), stage(&["wc", "-c"])], b"hello")?;
//! assert_eq!(captured.stdout.trim_ascii(), b"5");
//! assert_eq!(captured.statuses, [Exit::Code(0); 2]);
//! # Ok(()) }
//! ```
//!
//! # Try it
//!
//! ```text
//! cargo run -p pipe --example atomicity
//! ```
//!
//! # System calls
//!
//! | call | what it does here | manual |
//! |---|---|---|
//! | `pipe2` | makes the two ends; `O_CLOEXEC` closes them when a program is executed | [pipe(2)](https://man7.org/linux/man-pages/man2/pipe.2.html) |
//! | `fork` | makes the process of a stage, with copies of all descriptors | [fork(2)](https://man7.org/linux/man-pages/man2/fork.2.html) |
//! | `dup2` | puts an end in the place of standard input or output; the copy stays open at the exec | [dup(2)](https://man7.org/linux/man-pages/man2/dup.2.html) |
//! | `execvp` | executes the stage's program, looked up in `PATH` | [exec(3)](https://man7.org/linux/man-pages/man3/exec.3.html) |
//! | `sigaction` | gives SIGPIPE back its default | [sigaction(2)](https://man7.org/linux/man-pages/man2/sigaction.2.html) |
//! | `poll` | tells which end is ready, so that neither side waits for the other | [poll(2)](https://man7.org/linux/man-pages/man2/poll.2.html) |
//! | `waitpid` | takes note of how a stage has ended, and lets it go | [waitpid(2)](https://man7.org/linux/man-pages/man2/waitpid.2.html) |
//! | `_exit` | ends a child whose exec has failed | [_exit(2)](https://man7.org/linux/man-pages/man2/_exit.2.html) |
//!
//! # What can go wrong
//!
//! | you see | because | lab |
//! |---|---|---|
//! | a stage never ends, asleep in `read` | somebody still has a copy of the other end: the parent, or another stage | 04, `eof` |
//! | everything stops with more than 64 KiB | everybody writes and nobody reads | 04, `blocking` |
//! | `yes` goes on for ever, or prints "Broken pipe" | SIGPIPE is ignored in it, as it was in its parent | 04, `sigpipe` |
//! | EPIPE from your own write | a stage has read all that it wanted; that is no error | 04 |
//! | zombies | nobody waited for the other stages | 04 |
//! | output appears twice | a child whose exec failed left by `exit`, which writes buffers out | 04 |
//! | a missing program looks like exit status 127 | nobody told the parent why the exec failed | 04 |
//! | standard input is closed in a stage | the pipe's end had the number 0 already, and `dup2(0, 0)` does nothing | 04 |
//! | records of several writers are mixed | they are longer than `PIPE_BUF` | 04, `atomicity` |
//!
//! # Read in this order
//!
//! 1. [`pipeline`]: [`Pipeline`], processes and the pipes between them.
//! 2. [`mod@capture`]: [`capture()`], bytes in and bytes out without a deadlock.
//! 3. [`plumb`]: the program `plumb`, a shell's `|`.
//! 4. The examples. What a pipe is: `parent_child`, `who_can`, `byte_stream`. When it sleeps and ends:
//!    `blocking`, `eof`, `sigpipe`. How much, and what stays together: `capacity`, `atomicity`.
//!
//! # What this does not do
//!
//! It makes no job of a pipeline (process groups, terminals: a shell does that), redirects nothing else,
//! and gives up what a stage writes to standard error to whoever has that already. A pipe with a name is
//! lab 05, one for both directions a pair of sockets (lab 10). For bytes between processes that want no
//! copying, there is shared memory (lab 12).

pub mod pipeline;

pub mod capture;

pub mod plumb;

pub use capture::{Captured, capture};
pub use pipeline::{Exit, PipeError, Pipeline, Stage, pipe};

//! Writing when nobody can read any more: a signal, or an error for those who ignore the signal.
//!
//! ```text
//! cargo run -p pipe --example sigpipe
//! ```
//!
//! By default SIGPIPE ends the writer, which is why `yes | head -n 1` ends. Rust's run-time ignores it,
//! so that a program of ours gets EPIPE; and what is ignored stays ignored in the programs that it
//! executes, unless somebody puts it right in between.

#![expect(
    unsafe_code,
    reason = "the disposition of a signal belongs to the whole process"
)]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::io::{self, Write};

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::sys::wait::waitpid;
use pipe::{Stage, capture};

#[path = "common/fork.rs"]
mod fork;

fn main() -> Result<(), Box<dyn Error>> {
    let (reads, mut writes) = io::pipe()?;
    drop(reads);
    println!(
        "ignored, as Rust does:   {:?}",
        writes.write(b"x").map_err(|error| error.kind())
    );

    let child = fork::start(|| {
        dispose(SigHandler::SigDfl).ok();
        { &writes }.write_all(b"x").ok();
    })?;
    println!("by default:              {:?}", waitpid(child, None)?);

    // The shell's `trap` would tell. A program cannot ask its parent, but it can try.
    let script = "while echo y; do :; done 2> /dev/null; exit 1";
    let stages = [script, "read line"].map(|script| Stage {
        argv: ["sh", "-c", script].map(Into::into).to_vec(),
    });
    println!(
        "a stage of ours:         {:?}",
        capture(&stages, b"")?.statuses[0]
    );
    Ok(())
}

fn dispose(handler: SigHandler) -> nix::Result<SigAction> {
    let action = SigAction::new(handler, SaFlags::empty(), SigSet::empty());
    // SAFETY: neither of the two dispositions that are used here runs any code of ours.
    unsafe { sigaction(Signal::SIGPIPE, &action) }
}

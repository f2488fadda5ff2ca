//! Who can use an anonymous pipe: not only a parent and its child.
//!
//! ```text
//! cargo run -p pipe --example who_can
//! ```
//!
//! A pipe has no name, so nobody can open it; but whoever *has* a descriptor of it can use it. One gets
//! it by inheritance (children, grandchildren, and so two brothers), or is sent it over a Unix socket
//! (`SCM_RIGHTS`), whoever one's parent is.

#![expect(
    unsafe_code,
    reason = "a descriptor that was received is a number, which somebody must own"
)]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, PipeReader, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

use nix::cmsg_space;
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, recvmsg, sendmsg};
use nix::sys::wait::waitpid;

#[path = "common/fork.rs"]
mod fork;

fn main() -> Result<(), Box<dyn Error>> {
    let (reads, writes) = io::pipe()?;
    let child = fork::start(|| {
        { &writes }.write_all(b"from a child").ok();
    })?;
    told(reads, writes)?;
    waitpid(child, None)?;

    let (reads, writes) = io::pipe()?;
    let child = fork::start(|| {
        let grandchild = fork::start(|| {
            { &writes }.write_all(b"from a grandchild").ok();
        });
        grandchild
            .and_then(|grandchild| waitpid(grandchild, None))
            .ok();
    })?;
    told(reads, writes)?;
    waitpid(child, None)?;

    // This child is forked before there is a pipe: it cannot inherit it.
    let (ours, theirs) = UnixStream::pair()?;
    let child = fork::start(|| {
        if let Ok(mut sent) = receive(&theirs) {
            sent.write_all(b"from whoever was sent it").ok();
        }
    })?;
    let (reads, writes) = io::pipe()?;
    let parts = [IoSlice::new(b".")];
    let numbers = [writes.as_raw_fd()];
    let rights = [ControlMessage::ScmRights(&numbers)];
    sendmsg::<()>(ours.as_raw_fd(), &parts, &rights, MsgFlags::empty(), None)?;
    told(reads, writes)?;
    waitpid(child, None)?;
    Ok(())
}

/// Closes our copy of the end for writing, and prints what comes until the last one closes.
fn told(mut reads: PipeReader, writes: io::PipeWriter) -> io::Result<()> {
    drop(writes);
    let mut words = String::new();
    reads.read_to_string(&mut words)?;
    println!("{words}");
    Ok(())
}

/// The descriptor that comes with a byte on the socket: see unix(7).
fn receive(from: &UnixStream) -> io::Result<File> {
    let mut byte = [0];
    let mut parts = [IoSliceMut::new(&mut byte)];
    let mut space = cmsg_space!([i32; 1]);
    let message = recvmsg::<()>(
        from.as_raw_fd(),
        &mut parts,
        Some(&mut space),
        MsgFlags::empty(),
    )?;
    for part in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(numbers) = part
            && let [number] = numbers[..]
        {
            // SAFETY: the kernel has made it for us just now, so we are its only owner.
            return Ok(unsafe { OwnedFd::from_raw_fd(number) }.into());
        }
    }
    Err(io::Error::other("no descriptor came"))
}

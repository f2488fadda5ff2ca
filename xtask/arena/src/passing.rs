//! Handing an open descriptor from the helper to its client, as the companion of one byte
//! (`SCM_RIGHTS`, unix(7)).
#![expect(
    unsafe_code,
    reason = "a received descriptor is a number that has to be owned"
)]

use std::{
    io::{self, IoSlice, IoSliceMut},
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd, RawFd},
        unix::net::UnixStream,
    },
};

use nix::{
    cmsg_space,
    sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, recvmsg, sendmsg},
};

/// Gives a descriptor to the other end.
pub(crate) fn give(to: &UnixStream, descriptor: &OwnedFd) -> io::Result<()> {
    let bytes = [IoSlice::new(b"d")];
    let given = [descriptor.as_raw_fd()];
    let message = [ControlMessage::ScmRights(&given)];
    sendmsg::<()>(to.as_raw_fd(), &bytes, &message, MsgFlags::empty(), None)?;
    Ok(())
}

/// Takes the descriptor that the other end has given.
pub(crate) fn take(from: &UnixStream) -> io::Result<OwnedFd> {
    let mut byte = [0];
    let mut bytes = [IoSliceMut::new(&mut byte)];
    let mut space = cmsg_space!([RawFd; 1]);
    let flags = MsgFlags::MSG_CMSG_CLOEXEC;
    let message = recvmsg::<()>(from.as_raw_fd(), &mut bytes, Some(&mut space), flags)?;
    for part in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(given) = part
            && let [descriptor] = given[..]
        {
            // SAFETY: the kernel has made this descriptor for us just now, so we are its only owner.
            return Ok(unsafe { OwnedFd::from_raw_fd(descriptor) });
        }
    }
    Err(io::Error::other("no descriptor came"))
}

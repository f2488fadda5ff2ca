//! The system call itself, and what its errors mean. It knows nothing of locks.

#![expect(unsafe_code, reason = "futex is a system call without a wrapper")]

use std::ptr;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Somebody woke it. Rarely nobody did: the kernel may wake for no reason.
    Woken,
    /// The word was not as expected: it did not sleep (EAGAIN).
    Changed,
    /// The time was over (ETIMEDOUT).
    TimedOut,
    /// A signal was handled (EINTR).
    Interrupted,
}

/// Who can sleep on a word.
#[derive(Clone, Copy)]
pub(crate) enum Scope {
    /// The threads of this process.
    Private,
    /// Those of every process that has mapped the memory.
    Shared,
}

impl Scope {
    fn flag(self) -> i32 {
        match self {
            Scope::Private => libc::FUTEX_PRIVATE_FLAG,
            Scope::Shared => 0,
        }
    }
}

/// `FUTEX_WAIT`; the time counts from now, by the monotonic clock.
pub(crate) fn wait(
    scope: Scope,
    word: &AtomicU32,
    expected: u32,
    timeout: Option<Duration>,
) -> Wait {
    let time = timeout.map(|time| libc::timespec {
        tv_sec: libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_nsec: time.subsec_nanos().into(),
    });
    let time = time.as_ref().map_or(ptr::null(), ptr::from_ref);
    let operation = libc::FUTEX_WAIT | scope.flag();
    // SAFETY: the word is a valid, aligned u32 for as long as the call takes, and `time` is null or
    // points at a valid timespec. The kernel only reads both.
    let result =
        unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, expected, time) };
    if result == 0 {
        return Wait::Woken;
    }
    match std::io::Error::last_os_error().raw_os_error() {
        Some(libc::ETIMEDOUT) => Wait::TimedOut,
        Some(libc::EINTR) => Wait::Interrupted,
        // EAGAIN. EFAULT and EINVAL cannot be: the word is valid and aligned, and the time is, too.
        _ => Wait::Changed,
    }
}

/// `FUTEX_WAKE`; says how many were woken.
pub(crate) fn wake(scope: Scope, word: &AtomicU32, count: usize) -> usize {
    let operation = libc::FUTEX_WAKE | scope.flag();
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    // SAFETY: the kernel uses the address to find sleepers, and does not touch what is there.
    let woken = unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, count) };
    usize::try_from(woken).unwrap_or(0)
}

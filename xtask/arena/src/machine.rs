//! What a machine can do, where only a call or a trial tells: files that promise something may be
//! wrong in a container. It changes nothing and leaves nothing behind.
#![expect(
    unsafe_code,
    reason = "landlock_create_ruleset(2) has no wrapper in libc"
)]

use std::{io, ptr};

use crate::{Arena, Error, Program, Settings};

/// Asks for the version instead of a rule set: see `landlock_create_ruleset(2)`.
const VERSION: libc::c_uint = 1;

/// The version of Landlock's interface that the kernel offers, from 1.
///
/// # Errors
/// `ENOSYS` if the kernel was built without Landlock, or a filter hides it; `EOPNOTSUPP` if it was
/// switched off when the machine was started.
pub fn landlock_abi() -> io::Result<u32> {
    let (no_attributes, no_size): (*const libc::c_void, usize) = (ptr::null(), 0);
    // SAFETY: with this flag the call reads no memory of ours: it wants a null pointer and size 0.
    let version = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            no_attributes,
            no_size,
            VERSION,
        )
    };
    u32::try_from(version).map_err(|_| io::Error::last_os_error())
}

/// Tries what every stepped check begins with: starts a program in the strongest box, under the
/// tracer and at addresses that are the same every time, and stops it at its first instruction. It
/// is never let go on.
///
/// # Errors
/// Why it cannot be done, in English, as a check would say it.
pub fn try_stepping() -> Result<(), String> {
    let trial = || {
        // This program will do: there is nothing to find or to install.
        let own = std::env::current_exe()?;
        let mut arena = Arena::start(&Settings::default().seeing(&own))?;
        arena.spawn(&Program::new(own).stepped())?;
        arena.finish().map(drop)
    };
    trial().map_err(|error| match error {
        Error::Cannot(reason) => reason,
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn landlock_has_a_version_or_a_reason() {
        match landlock_abi() {
            Ok(version) => assert!(version >= 1),
            Err(error) => {
                let known = [libc::ENOSYS, libc::EOPNOTSUPP].map(Some);
                assert!(known.contains(&error.raw_os_error()), "{error}");
            }
        }
    }
}

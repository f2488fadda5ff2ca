//! The programs of the suite on real threads, with the real std.
//!
//! What the checker calls right must be right: it compiles as ordinary std code, and does its work on the machine at hand,
//! many times. That proves little about orderings (x86 forgives most), but it proves that the programs are what they say,
//! and that the checker's std is a part of the real one. Wrong versions are compiled and not started: their
//! behaviour is undefined.

#![expect(
    clippy::disallowed_methods,
    reason = "a program that polls sleeps in between"
)]
#![expect(clippy::panic, reason = "a program panics on purpose")]
#![expect(
    unsafe_code,
    reason = "the payload is shared without synchronisation, and the futex is a system call"
)]

use libtest_mimic::{Arguments, Trial};

#[expect(dead_code, reason = "what the checker must say is of no use here")]
mod programs;

/// What std does not have: a payload that anyone may touch, and the futex.
mod world {
    use std::cell::UnsafeCell;

    /// A plain value that threads share. Here nothing watches over it.
    #[derive(Debug)]
    pub(crate) struct Tracked<T>(UnsafeCell<T>);

    // SAFETY: it is not: whoever shares it must synchronise. That is what the programs are about.
    unsafe impl<T: Send> Sync for Tracked<T> {}

    impl<T> Tracked<T> {
        /// A payload of this value.
        pub(crate) const fn new(value: T) -> Self {
            Tracked(UnsafeCell::new(value))
        }

        /// Its value.
        pub(crate) fn get(&self) -> T
        where
            T: Copy,
        {
            // SAFETY: a right program does not write at the same time, and only right ones are started.
            unsafe { *self.0.get() }
        }

        /// Replaces its value.
        pub(crate) fn set(&self, value: T) {
            // SAFETY: a right program does not touch it at the same time, and only right ones are started.
            unsafe { *self.0.get() = value }
        }
    }

    /// On real threads nobody dies.
    pub(crate) fn may_die() {}

    /// futex(2), for threads of one process.
    pub(crate) mod futex {
        use std::ptr;
        use std::sync::atomic::AtomicU32;

        /// Sleeps while the word has this value; may return for no reason.
        pub(crate) fn wait(word: &AtomicU32, expected: u32) {
            let forever = ptr::null::<libc::timespec>();
            let call = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
            // SAFETY: the word lives as long as the reference, and no time-out is given.
            unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), call, expected, forever) };
        }

        /// Wakes up to so many of those who sleep.
        pub(crate) fn wake(word: &AtomicU32, most: u32) -> usize {
            let most = most.min(i32::MAX as u32);
            let call = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;
            // SAFETY: the word lives as long as the reference; nothing is written.
            let woken = unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), call, most) };
            woken.try_into().unwrap_or(0)
        }

        /// A number that no other thread has, and not 0.
        pub(crate) fn thread_id() -> u32 {
            // SAFETY: it has no arguments and cannot fail.
            let id = unsafe { libc::gettid() };
            id.unsigned_abs()
        }

        /// The kernel's help for words whose owner may die. Here nobody does, and it is not called in.
        pub(crate) mod robust {
            use std::sync::atomic::AtomicU32;

            pub(crate) const WAITERS: u32 = 0x8000_0000;
            pub(crate) const OWNER_DIED: u32 = 0x4000_0000;
            pub(crate) const OWNER: u32 = 0x3FFF_FFFF;

            pub(crate) fn add(_word: &AtomicU32) {}
            pub(crate) fn remove(_word: &AtomicU32) {}
            pub(crate) fn set_pending(_word: Option<&AtomicU32>) {}
        }
    }
}

/// How often each right program is started.
const TIMES: usize = 50;

fn main() {
    let mut arguments = Arguments::from_args();
    // Programs count on having the machine to themselves, and there are two processors.
    arguments.test_threads = Some(1);
    let right = programs::classics::all()
        .into_iter()
        .filter(|program| program.expected == programs::program::Expected::Passes)
        .map(|program| {
            Trial::test(format!("classics::{}", program.path()), move || {
                (0..TIMES).for_each(|_| (program.run)());
                Ok(())
            })
        });
    let litmus = programs::litmus::rows::all().map(|row| {
        Trial::test(format!("litmus::{}: {}", row.family, row.name), move || {
            let test = programs::litmus::notation::Test::parse(row.text);
            let allowed: Vec<&str> = row.allowed.split_whitespace().collect();
            for _ in 0..TIMES {
                let seen = test.show(&programs::litmus::machine::execute(&test));
                if !allowed.contains(&seen.as_str()) {
                    return Err(format!("{seen} is not among {allowed:?}").into());
                }
            }
            Ok(())
        })
    });
    libtest_mimic::run(&arguments, right.chain(litmus).collect()).exit();
}

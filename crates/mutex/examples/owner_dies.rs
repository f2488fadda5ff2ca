//! A process is killed with a lock in its hands, in the middle of a transfer.
//!
//! ```text
//! cargo run -p mutex --example owner_dies
//! ```
//!
//! One process takes 30 from an account, and is killed before it has put them on the other one. Another
//! process waits for the lock meanwhile. The kernel sees whose the lock was, marks the word and wakes who
//! sleeps on it; that one is told, and repairs what was left half done. With any other lock of this
//! crate it would sleep for ever.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]
#![expect(unsafe_code, reason = "processes share memory by mmap and fork")]

use std::io;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

use mutex::robust::{Before, Robust};
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork, pause};

/// What all of them see. Zeroes are a free lock and two empty accounts.
#[derive(Default)]
#[repr(C)]
struct Bank {
    lock: Robust,
    accounts: [AtomicU32; 2],
    /// Somebody is in the middle of a transfer.
    inside: AtomicU32,
}

const ALL: u32 = 100;

impl Bank {
    fn balance(&self) -> String {
        let [one, other] = self.accounts.each_ref().map(|account| account.load(SeqCst));
        format!("{one} + {other}")
    }

    /// Whatever is not on the first account belongs on the second one.
    fn repair(&self) {
        self.accounts[1].store(ALL - self.accounts[0].load(SeqCst), SeqCst);
    }
}

#[path = "../../futex/examples/common/asleep.rs"]
#[allow(dead_code, reason = "not all of it is used here")]
mod asleep;

fn main() -> io::Result<()> {
    let size = NonZeroUsize::MIN.saturating_add(size_of::<Bank>() - 1);
    let readable = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: new memory, wherever the kernel likes.
    let memory = unsafe { mmap_anonymous(None, size, readable, MapFlags::MAP_SHARED) }?;
    // SAFETY: the memory is aligned to a page, large enough, zeroes are a bank, and it stays mapped.
    let bank: &'static Bank = unsafe { memory.cast().as_ref() };

    println!("before: {:?}", bank.lock.lock());
    bank.accounts[0].store(ALL, SeqCst);
    bank.lock.unlock();

    let victim = child(|| {
        _ = bank.lock.lock();
        bank.accounts[0].fetch_sub(30, SeqCst);
        bank.inside.store(1, SeqCst);
        while bank.inside.load(SeqCst) == 1 {
            pause();
        }
        false
    })?;
    while bank.inside.load(SeqCst) == 0 {
        thread::yield_now();
    }
    let next = child(|| match bank.lock.lock() {
        Before::Left => false,
        Before::Died => {
            bank.repair();
            bank.lock.unlock();
            true
        }
    })?;
    asleep::until_in_futex(next)?;
    println!("in the middle, and another one sleeps: {}", bank.balance());
    kill(victim, Signal::SIGKILL)?;
    let killed = WaitStatus::Signaled(victim, Signal::SIGKILL, false);
    println!("killed: {}", waitpid(victim, None)? == killed);
    let told = matches!(waitpid(next, None)?, WaitStatus::Exited(_, 0));
    println!("the next one was told: {told}");
    println!("repaired: {}", bank.balance());
    println!("after that: {:?}", bank.lock.lock());
    bank.lock.unlock();
    Ok(())
}

/// A child that ends with 0 if `work` says so.
fn child(work: impl FnOnce() -> bool) -> nix::Result<Pid> {
    // SAFETY: this process has one thread, so a child may do anything.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            let code = i32::from(!work());
            // SAFETY: it ends the process, and runs nothing of the parent's.
            unsafe { libc::_exit(code) }
        }
    }
}

//! Words whose owner may die: the kernel looks after them.
//!
//! A lock is free when its owner says so, and the dead say nothing. So each thread keeps a list of the
//! words that it owns, and has told the kernel once where the list begins. Who owns a word writes
//! [`thread_id`] into its low bits, and whoever sleeps on it adds [`WAITERS`]. When a thread dies, in
//! whatever way, the kernel walks along its list: each word that still holds its number gets
//! [`OWNER_DIED`] instead, and one sleeper is woken if there were any.
//!
//! Taking a word and listing it are two steps, and between any two steps a process can be killed.
//! Therefore the word that is being worked on is announced as *pending*: the kernel looks at it, too.
//! Announce, take, list, announce no more; and at the end announce, take off the list, free, wake,
//! announce no more. This module keeps the list; it is no lock, and knows nothing of waiting.
//!
//! The list lies in memory that processes share, but only its owner and the kernel follow its links: to
//! anybody else they are addresses of another process.
//!
//! All who use a word must be in one PID namespace, or a number means somebody else. The kernel gives up
//! after 2 048 words of a list. A child that was made without the C library's `fork` (by `clone`, say)
//! takes itself for its parent: it must not use this module. Nor may a signal handler, which would take
//! back what the thread it interrupts has announced.
//!
//! Sources: [get_robust_list(2)](https://man7.org/linux/man-pages/man2/get_robust_list.2.html), and
//! *A description of what robust futexes are* in the kernel's documentation.

#![expect(unsafe_code, reason = "the kernel is given addresses, and so are we")]

use std::cell::Cell;
use std::mem::{offset_of, size_of};
use std::ops::Deref;
use std::ptr;
use std::sync::Once;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicPtr, AtomicU32, compiler_fence};

/// Set by those who sleep: the kernel must wake one.
pub const WAITERS: u32 = libc::FUTEX_WAITERS;
/// Set by the kernel: the owner is dead.
pub const OWNER_DIED: u32 = libc::FUTEX_OWNER_DIED;
/// The bits that hold the owner's number.
pub const OWNER: u32 = libc::FUTEX_TID_MASK;

/// A word that can be listed, with its link in the list. Zeroes are a word that holds 0.
///
/// It must stay where it is, and stay mapped, as long as it is listed or pending.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Word {
    link: Link,
    word: AtomicU32,
}

impl Word {
    /// A word that holds 0, on no list.
    pub const fn new() -> Self {
        Word {
            link: Link(AtomicPtr::new(ptr::null_mut())),
            word: AtomicU32::new(0),
        }
    }
}

impl Deref for Word {
    type Target = AtomicU32;

    fn deref(&self) -> &AtomicU32 {
        &self.word
    }
}

/// `struct robust_list`: where the next one is; the last one leads back to the head.
#[derive(Debug, Default)]
#[repr(transparent)]
struct Link(AtomicPtr<Link>);

impl Link {
    fn address(&self) -> *mut Link {
        ptr::from_ref(self).cast_mut()
    }
}

/// `struct robust_list_head`: a thread's list, as the kernel reads it.
#[repr(C)]
struct Head {
    first: Link,
    /// From a link to its word, in bytes.
    offset: libc::c_long,
    pending: AtomicPtr<Link>,
    /// The kernel's number of this thread. 0: the kernel does not know the list yet.
    owner: Cell<u32>,
}

/// What the kernel expects to be the size of the head.
const HEAD: usize = offset_of!(Head, owner);

thread_local! {
    // Without a destructor: the list must be there when the thread ends.
    static MINE: Head = const {
        Head {
            first: Link(AtomicPtr::new(ptr::null_mut())),
            offset: (offset_of!(Word, word) - offset_of!(Word, link)) as libc::c_long,
            pending: AtomicPtr::new(ptr::null_mut()),
            owner: Cell::new(0),
        }
    };
}

/// Runs with the calling thread's list. A kill may come between any two instructions, so none of
/// those before may move behind it, nor those behind before: the processor keeps to that for its own
/// thread, and the compiler has to be told.
#[inline(always)]
fn with<R>(change: impl FnOnce(&Head) -> R) -> R {
    MINE.with(|head| {
        if head.owner.get() == 0 {
            head.register();
        }
        compiler_fence(SeqCst);
        let done = change(head);
        compiler_fence(SeqCst);
        done
    })
}

impl Head {
    #[cold]
    fn register(&self) {
        static CHILDREN: Once = Once::new();
        CHILDREN.call_once(|| {
            // SAFETY: the handler may run in a child of any thread: it only writes to that thread's
            // own memory.
            let failed = unsafe { libc::pthread_atfork(None, None, Some(forget)) };
            assert!(failed == 0, "no memory for a handler of children");
        });
        // A child inherits neither the list nor the locks.
        self.first.0.store(self.first.address(), Relaxed);
        self.pending.store(ptr::null_mut(), Relaxed);
        // SAFETY: the head stays where it is until the thread is gone, and has the kernel's layout.
        let told = unsafe { libc::syscall(libc::SYS_set_robust_list, ptr::from_ref(self), HEAD) };
        assert!(told == 0, "the kernel does not keep robust lists");
        // SAFETY: it only returns a number.
        let number = unsafe { libc::gettid() };
        self.owner.set(number.unsigned_abs());
    }
}

/// A child is another thread, and the kernel knows of no list of it.
extern "C" fn forget() {
    MINE.with(|head| head.owner.set(0));
}

/// The calling thread's number, as the kernel looks for it in a word: never 0, and at most [`OWNER`].
#[inline]
pub fn thread_id() -> u32 {
    with(|head| head.owner.get())
}

/// Puts a word that the calling thread owns on its list.
///
/// # Safety
///
/// The word is on no list of a living thread, and stays where it is until it has been removed.
#[inline]
pub unsafe fn add(word: &Word) {
    with(|head| {
        word.link.0.store(head.first.0.load(Relaxed), Relaxed);
        // Whoever follows the list finds it with its own link in order, or not at all.
        compiler_fence(SeqCst);
        head.first.0.store(word.link.address(), Relaxed);
    });
}

/// Takes a word off the calling thread's list, if it is there. Cheap if it was the last one that was added.
#[inline]
pub fn remove(word: &Word) {
    with(|head| {
        let mut at = &head.first;
        loop {
            let next = at.0.load(Relaxed);
            if next == word.link.address() {
                return at.0.store(word.link.0.load(Relaxed), Relaxed);
            }
            if next == head.first.address() {
                return;
            }
            // SAFETY: only this thread changes its list, so `next` is the link of a word that was added
            // and not removed: by the contract of `add` it is on no other list, and stays where it is.
            at = unsafe { &*next };
        }
    });
}

/// The word that the calling thread is about to take or to leave, or none.
///
/// # Safety
///
/// The word stays where it is until another one is pending, or none: when the thread dies, the kernel looks
/// at what is there, and may write.
#[inline]
pub unsafe fn set_pending(word: Option<&Word>) {
    let link = word.map_or(ptr::null_mut(), |word| word.link.address());
    with(|head| head.pending.store(link, Relaxed));
}

// The kernel reads three words, the last of them being what is pending.
const _: () = assert!(HEAD == 3 * size_of::<usize>());

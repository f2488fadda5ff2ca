//! Where the code under test lives: for each model thread a stack and a heap, at addresses that are
//! the same in every execution, on every run.
//!
//! ```text
//!   region of thread i
//!   | guard page | stack, grows down        | heap, grows up                                   |
//!   BASE + i * REGION                       + STACK                             + REGION
//! ```
//!
//! A search executes the code under test many times, abandons most executions half-way, and compares
//! their states. So the heap of a thread is a *bump* heap: an allocation takes the next bytes, nothing
//! is reused within an execution, and the next execution starts from the beginning. Addresses depend
//! on a thread's own past only, and a program that sorts its locks by address is deterministic. Memory
//! that is given back is filled with a pattern: an atomic in it is recognised as freed.
//!
//! The allocator belongs to the whole program. It serves the code under test from its thread's heap,
//! and everybody else, the engine of this crate included, from the system's.
#![expect(unsafe_code, reason = "an allocator, and the memory it gives away")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io;
use std::ptr;

use crate::MAX_THREADS;
use crate::engine;

const BASE: usize = 0x10_0000_0000;
const REGION: usize = 16 << 20;
const STACK: usize = 1 << 20;
const GUARD: usize = 64 << 10;

/// What freed memory is filled with.
pub(crate) const FREED: u8 = 0xDD;

/// Before each block: where the block before it has its header, and what is known of the block.
const HEADER: usize = 16;
/// In the second word of a header: 32 bits of size, then 31 bits of time, then whether it is free.
const SIZE: usize = 0xFFFF_FFFF;
const TIME: u32 = 32;
const GIVEN_BACK: usize = 1 << 63;

thread_local! {
    /// Whether the code under test is being executed, not the engine.
    static STUDENT: Cell<bool> = const { Cell::new(false) };
    /// The model thread that is being executed.
    static RUNNING: Cell<usize> = const { Cell::new(0) };
    static HEAPS: [Bump; MAX_THREADS] = const { [const { Bump::new() }; MAX_THREADS] };
}

/// The heap of one model thread.
struct Bump {
    /// The first free byte.
    next: Cell<usize>,
    /// The header of the newest block, or 0.
    newest: Cell<usize>,
}

impl Bump {
    const fn new() -> Self {
        Bump {
            next: Cell::new(0),
            newest: Cell::new(0),
        }
    }

    /// The blocks that have not been given back, the newest first.
    fn blocks(&self, thread: usize) -> impl Iterator<Item = Block> {
        let mut header = self.newest.get();
        std::iter::from_fn(move || {
            while header != 0 {
                let at = ptr::with_exposed_provenance::<[usize; 2]>(header);
                // SAFETY: a header of a block of this heap; they form a list back to the first.
                let [previous, known] = unsafe { at.read() };
                let start = header + HEADER;
                header = previous;
                if known & GIVEN_BACK == 0 {
                    return Some(Block {
                        start,
                        size: known & SIZE,
                        thread,
                        time: (known >> TIME) as u32 & 0x7FFF_FFFF,
                    });
                }
            }
            None
        })
    }
}

/// Serves the code under test from its thread's own heap, and all others from the system's.
struct ModelHeap;

#[global_allocator]
static HEAP: ModelHeap = ModelHeap;

// SAFETY: blocks of the code under test come from a region that is mapped before any of it is
// executed; they are aligned, do not overlap, and lie in the region of their thread. Others are the
// system's, and go back to it.
unsafe impl GlobalAlloc for ModelHeap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if STUDENT.get() {
            bump(layout)
        } else {
            // SAFETY: as for the caller.
            unsafe { System.alloc(layout) }
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if contains(block.addr()) {
            if STUDENT.get() {
                give_back(block, layout.size());
            }
        } else if !STUDENT.get() {
            // SAFETY: as for the caller; a block outside of the regions is the system's.
            unsafe { System.dealloc(block, layout) }
        }
        // What was there before the execution must be there for the next one: it is not freed.
    }
}

/// Takes the next bytes of the running thread's heap.
fn bump(layout: Layout) -> *mut u8 {
    let thread = RUNNING.get();
    let block = HEAPS.with(|heaps| {
        let heap = &heaps[thread];
        let start = heap.next.get() + HEADER;
        let block = start.next_multiple_of(layout.align().max(HEADER));
        let end = block.checked_add(layout.size())?;
        if end > BASE + (thread + 1) * REGION {
            return None;
        }
        let header = ptr::with_exposed_provenance_mut::<[usize; 2]>(block - HEADER);
        let time = (engine::allocates() as usize & 0x7FFF_FFFF) << TIME;
        // SAFETY: the header lies in the thread's region, before the block and behind all others.
        unsafe { header.write([heap.newest.get(), layout.size() | time]) };
        heap.newest.set(block - HEADER);
        heap.next.set(end);
        Some(block)
    });
    match block {
        Some(block) => ptr::with_exposed_provenance_mut(block),
        None => engine::out_of_memory(),
    }
}

/// Marks a block as free, and fills it with the pattern.
fn give_back(block: *mut u8, size: usize) {
    let header = ptr::with_exposed_provenance_mut::<[usize; 2]>(block.addr() - HEADER);
    // SAFETY: the block is one of ours, so its header lies before it.
    let [previous, length] = unsafe { header.read() };
    // SAFETY: as above.
    unsafe { header.write([previous, length | GIVEN_BACK]) };
    if size >= 16 && first_words(block.addr()) == [0, 0] {
        engine::shared_block_freed(block.addr(), size);
    }
    // SAFETY: the block is `size` bytes long, and its owner has just given it up.
    unsafe { block.write_bytes(FREED, size) };
}

fn first_words(block: usize) -> [usize; 2] {
    let words = ptr::with_exposed_provenance::<[usize; 2]>(block);
    // SAFETY: the caller names a block of the heap of at least 16 bytes; they may be of any type,
    // but all bytes of the region are initialised (the kernel's zeros, or what was written since).
    unsafe { words.read_volatile() }
}

/// A block that has not been given back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    pub(crate) start: usize,
    size: usize,
    /// Whose heap it is on: who allocated it.
    pub(crate) thread: usize,
    /// That thread's own time when it did.
    pub(crate) time: u32,
}

impl Block {
    /// Whether it may be an `Arc` with one owner, who may have it to themselves, and an address lies
    /// in its content.
    pub(crate) fn is_sole_arc_around(&self, address: usize) -> bool {
        address >= self.start + 16 && self.size > 16 && first_words(self.start) == [1, 1]
    }

    /// Whether it may be an `Arc` on its way to its end: it begins with a strong count of zero and a
    /// weak count that is not.
    pub(crate) fn is_dying_arc(&self) -> bool {
        self.size >= 16 && matches!(first_words(self.start), [0, 1..=64])
    }
}

/// The block that holds an address.
pub(crate) fn block_of(address: usize) -> Option<Block> {
    if !contains(address) {
        return None;
    }
    let thread = (address - BASE) / REGION;
    let inside = |block: &Block| address.wrapping_sub(block.start) < block.size;
    HEAPS.with(|heaps| heaps[thread].blocks(thread).find(inside))
}

/// The blocks that may be an `Arc` on its way to its end.
pub(crate) fn dying_arcs() -> Vec<usize> {
    HEAPS.with(|heaps| {
        let heaps = heaps.iter().enumerate();
        heaps
            .flat_map(|(thread, heap)| heap.blocks(thread))
            .filter(Block::is_dying_arc)
            .map(|block| block.start)
            .collect()
    })
}

/// Whether an address lies on a model thread's stack or heap.
pub(crate) fn contains(address: usize) -> bool {
    address.wrapping_sub(BASE) < MAX_THREADS * REGION
}

/// The upper end of a model thread's stack.
pub(crate) fn stack_top(thread: usize) -> usize {
    BASE + thread * REGION + STACK
}

/// From now on, allocations are those of this model thread.
pub(crate) fn run_as(thread: usize) {
    RUNNING.set(thread);
}

/// All heaps are as new.
pub(crate) fn rewind() {
    HEAPS.with(|heaps| {
        for (thread, heap) in heaps.iter().enumerate() {
            heap.next.set(stack_top(thread));
            heap.newest.set(0);
        }
    });
}

/// For as long as this lives, the engine is being executed, not the code under test.
#[derive(Debug)]
pub(crate) struct EngineSide(bool);

impl EngineSide {
    pub(crate) fn enter() -> Self {
        EngineSide(STUDENT.replace(false))
    }
}

impl Drop for EngineSide {
    fn drop(&mut self) {
        STUDENT.set(self.0);
    }
}

/// The code under test is executed from here on.
pub(crate) fn enter_student() {
    STUDENT.set(true);
}

/// The code under test is at its end.
pub(crate) fn leave_student() {
    STUDENT.set(false);
}

/// Whether the code under test is being executed.
pub(crate) fn is_student() -> bool {
    STUDENT.get()
}

/// Maps the regions, once per process.
///
/// # Errors
///
/// What mmap(2) and mprotect(2) say; `EEXIST` if something else is at these addresses.
pub(crate) fn map() -> io::Result<()> {
    let start = ptr::with_exposed_provenance_mut(BASE);
    // SAFETY: a new mapping at an address where nothing is: MAP_FIXED_NOREPLACE refuses otherwise.
    let mapped = unsafe {
        libc::mmap(
            start,
            MAX_THREADS * REGION,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE
                | libc::MAP_ANONYMOUS
                | libc::MAP_NORESERVE
                | libc::MAP_FIXED_NOREPLACE,
            -1,
            0,
        )
    };
    if mapped == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    mapped.expose_provenance();
    for thread in 0..MAX_THREADS {
        let guard = ptr::with_exposed_provenance_mut(BASE + thread * REGION);
        // SAFETY: the lowest bytes of a region that was just mapped, which nobody uses.
        if unsafe { libc::mprotect(guard, GUARD, libc::PROT_NONE) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

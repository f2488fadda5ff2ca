//! Fibers: a stack each, and the dozen instructions that leave one for another.
//!
//! A fiber is a thread that nobody interrupts: it runs until it calls [`switch`]. All model threads
//! are fibers of one thread of the operating system, so a change of thread costs nanoseconds, and
//! who runs is decided by the search alone. What a fiber needs to go on later is its stack pointer:
//! the registers that a called function must preserve are pushed on its stack first.
//!
//! What this does not do: unwind. A fiber that is not needed any more is forgotten where it stands.
#![expect(
    unsafe_code,
    reason = "a change of stack is a few machine instructions"
)]

/// Where a fiber goes on: its stack pointer, with its registers on top of the stack.
pub(crate) type Context = usize;

/// What a new fiber executes. It must not return.
pub(crate) type Entry = extern "C" fn() -> !;

/// Saves the running fiber in `save` and goes on with `target`, which is returned to by a later
/// switch in the other direction.
///
/// # Safety
///
/// `target` comes from [`prepare`] or was saved by a switch, and its stack is still as it was left;
/// `save` can be written.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn switch(save: *mut Context, target: Context) {
    core::arch::naked_asm!(
        "push rbp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "mov [rdi], rsp",
        "mov rsp, rsi",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
    )
}

/// Where the first switch to a fiber arrives: `rbx` holds the entry.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
unsafe extern "C" fn start() {
    core::arch::naked_asm!("xor ebp, ebp", "call rbx", "ud2")
}

/// The words below the top of a new stack, from the lowest: r15, r14, r13, r12, rbx, rbp, then
/// where `ret` goes, and zeros where a debugger looks for a caller. They are two, since a stack
/// pointer is a multiple of 16 before a call.
#[cfg(target_arch = "x86_64")]
fn first_frame(entry: Entry) -> [usize; 9] {
    [
        0,
        0,
        0,
        0,
        entry as usize,
        0,
        start as *const () as usize,
        0,
        0,
    ]
}

/// As above, for AArch64: x19 to x30 and d8 to d15 belong to the caller.
///
/// # Safety
///
/// As above.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn switch(save: *mut Context, target: Context) {
    core::arch::naked_asm!(
        "sub sp, sp, #160",
        "stp x19, x20, [sp, #0]",
        "stp x21, x22, [sp, #16]",
        "stp x23, x24, [sp, #32]",
        "stp x25, x26, [sp, #48]",
        "stp x27, x28, [sp, #64]",
        "stp x29, x30, [sp, #80]",
        "stp d8, d9, [sp, #96]",
        "stp d10, d11, [sp, #112]",
        "stp d12, d13, [sp, #128]",
        "stp d14, d15, [sp, #144]",
        "mov x9, sp",
        "str x9, [x0]",
        "mov sp, x1",
        "ldp x19, x20, [sp, #0]",
        "ldp x21, x22, [sp, #16]",
        "ldp x23, x24, [sp, #32]",
        "ldp x25, x26, [sp, #48]",
        "ldp x27, x28, [sp, #64]",
        "ldp x29, x30, [sp, #80]",
        "ldp d8, d9, [sp, #96]",
        "ldp d10, d11, [sp, #112]",
        "ldp d12, d13, [sp, #128]",
        "ldp d14, d15, [sp, #144]",
        "add sp, sp, #160",
        "ret",
    )
}

/// As above: `x19` holds the entry.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
unsafe extern "C" fn start() {
    core::arch::naked_asm!("mov x29, xzr", "mov x30, xzr", "blr x19", "brk #1")
}

/// x19 is the first word, x30, where `ret` goes, the twelfth.
#[cfg(target_arch = "aarch64")]
fn first_frame(entry: Entry) -> [usize; 20] {
    let mut frame = [0; 20];
    frame[0] = entry as usize;
    frame[11] = start as *const () as usize;
    frame
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("interleave changes stacks by hand, and knows how on x86-64 and AArch64 only");

/// Writes the first frame of a fiber below `top`, which is a multiple of 16, and says where it starts.
///
/// # Safety
///
/// The 256 bytes below `top` can be written, and nobody uses that stack.
pub(crate) unsafe fn prepare(top: usize, entry: Entry) -> Context {
    let frame = first_frame(entry);
    let context = top - size_of_val(&frame);
    // SAFETY: the frame is less than 256 bytes, which the caller says can be written; `top` is
    // a multiple of 16, so the words are aligned.
    unsafe { std::ptr::with_exposed_provenance_mut::<[usize; _]>(context).write(frame) };
    context
}

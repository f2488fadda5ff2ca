//! Which instructions can another process notice? System calls, and those whose operand lies in a
//! page that is mapped shared. The list of mappings is read again after each system call, because
//! only a system call can change it.

use std::{collections::HashMap, fs, io::IoSliceMut, ops::Range};

use iced_x86::{
    Code, Decoder, DecoderOptions, FastFormatter, Instruction, InstructionInfoFactory, Mnemonic,
    OpAccess, Register, UsedMemory,
};
use nix::{
    libc::user_regs_struct as Registers,
    sys::uio::{RemoteIoVec, process_vm_readv},
    unistd::Pid,
};

use crate::protocol::Spot;

/// The longest x86 instruction.
const LONGEST: usize = 15;

/// What the next instruction of a process is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// It is a system call.
    pub(super) is_call: bool,
    /// What it touches in shared mappings.
    pub(super) operands: Vec<Operand>,
    /// `None`: it could not be decoded, so it is taken for one that others notice.
    instruction: Option<Instruction>,
}

impl Look {
    /// Whether others can notice it.
    pub(super) fn is_shared(&self) -> bool {
        self.is_call || self.instruction.is_none() || !self.operands.is_empty()
    }

    /// The instruction as an assembler would read it: `lock xadd [rcx],rax`.
    pub(super) fn words(&self) -> Option<String> {
        let mut words = String::new();
        FastFormatter::new().format(self.instruction.as_ref()?, &mut words);
        Some(words)
    }
}

/// A memory operand in a shared mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operand {
    pub(super) address: u64,
    /// In bytes, at most 8 of which are looked at.
    pub(super) size: usize,
    pub(super) spot: Spot,
    pub(super) reads: bool,
    pub(super) writes: bool,
}

/// A shared mapping as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) addresses: Range<u64>,
    /// What it allows, as mprotect(2) takes it.
    pub(super) protection: i32,
}

/// The shared mappings of a process, and what they allow.
pub(super) fn shared_regions(pid: Pid) -> Vec<Region> {
    shared_mappings(pid)
        .into_iter()
        .map(|mapping| Region {
            addresses: mapping.addresses,
            protection: mapping.protection,
        })
        .collect()
}

struct Mapping {
    protection: i32,
    addresses: Range<u64>,
    offset: u64,
    object: u64,
}

/// The shared mappings of one process, and the instructions it has come by.
pub(super) struct Shared {
    mappings: Option<Vec<Mapping>>,
    code: HashMap<u64, Instruction>,
    factory: InstructionInfoFactory,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            mappings: None,
            code: HashMap::new(),
            factory: InstructionInfoFactory::new(),
        }
    }

    /// What a stopped process is about to do.
    pub(super) fn look(&mut self, pid: Pid, registers: &Registers) -> Look {
        let Some(instruction) = self.instruction(pid, registers.rip) else {
            return Look::default();
        };
        if instruction.code() == Code::Syscall {
            self.mappings = None;
            return Look {
                is_call: true,
                instruction: Some(instruction),
                ..Look::default()
            };
        }
        let mappings = self.mappings.get_or_insert_with(|| shared_mappings(pid));
        let used = self.factory.info(&instruction).used_memory();
        let mut operands: Vec<Operand> = used
            .iter()
            .filter_map(|memory| operand(memory, registers, mappings))
            .collect();
        if instruction.mnemonic() == Mnemonic::Xchg {
            // How a sequentially consistent store is compiled: whether the old value matters to
            // the student cannot be seen here.
            operands
                .iter_mut()
                .for_each(|operand| operand.reads = false);
        }
        Look {
            operands,
            instruction: Some(instruction),
            ..Look::default()
        }
    }

    fn instruction(&mut self, pid: Pid, at: u64) -> Option<Instruction> {
        if let Some(known) = self.code.get(&at) {
            return Some(*known);
        }
        let mut bytes = [0; LONGEST];
        let remote = RemoteIoVec {
            base: usize::try_from(at).ok()?,
            len: LONGEST,
        };
        let length = process_vm_readv(pid, &mut [IoSliceMut::new(&mut bytes)], &[remote]).ok()?;
        let instruction = Decoder::with_ip(64, &bytes[..length], at, DecoderOptions::NONE).decode();
        if instruction.is_invalid() {
            return None;
        }
        self.code.insert(at, instruction);
        Some(instruction)
    }
}

fn operand(memory: &UsedMemory, registers: &Registers, mappings: &[Mapping]) -> Option<Operand> {
    let access = memory.access();
    if matches!(access, OpAccess::None | OpAccess::NoMemAccess) {
        return None;
    }
    let address = memory.virtual_address(0, |register, _, _| Some(value(register, registers)))?;
    let mapping = mappings
        .iter()
        .find(|mapping| mapping.addresses.contains(&address))?;
    let reads = !matches!(access, OpAccess::Write | OpAccess::CondWrite);
    let writes = !matches!(access, OpAccess::Read | OpAccess::CondRead);
    Some(Operand {
        address,
        size: memory.memory_size().size().clamp(1, 8),
        spot: Spot {
            object: mapping.object,
            offset: address - mapping.addresses.start + mapping.offset,
        },
        reads,
        writes,
    })
}

/// What a register of an address holds; segments other than FS and GS begin at 0.
fn value(register: Register, r: &Registers) -> u64 {
    match register.full_register() {
        Register::RAX => r.rax,
        Register::RBX => r.rbx,
        Register::RCX => r.rcx,
        Register::RDX => r.rdx,
        Register::RSI => r.rsi,
        Register::RDI => r.rdi,
        Register::RBP => r.rbp,
        Register::RSP => r.rsp,
        Register::R8 => r.r8,
        Register::R9 => r.r9,
        Register::R10 => r.r10,
        Register::R11 => r.r11,
        Register::R12 => r.r12,
        Register::R13 => r.r13,
        Register::R14 => r.r14,
        Register::R15 => r.r15,
        Register::RIP => r.rip,
        Register::FS => r.fs_base,
        Register::GS => r.gs_base,
        _ => 0,
    }
}

/// The lines of `/proc/PID/maps` whose permissions end in `s`.
fn shared_mappings(pid: Pid) -> Vec<Mapping> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    maps.lines().filter_map(mapping).collect()
}

fn mapping(line: &str) -> Option<Mapping> {
    let mut fields = line.split_whitespace();
    let (start, end) = fields.next()?.split_once('-')?;
    let hexadecimal = |digits| u64::from_str_radix(digits, 16).ok();
    let allows = fields.next()?;
    if !allows.ends_with('s') {
        return None;
    }
    let protection = [
        ('r', libc::PROT_READ),
        ('w', libc::PROT_WRITE),
        ('x', libc::PROT_EXEC),
    ];
    let protection = protection
        .iter()
        .filter(|(letter, _)| allows.contains(*letter))
        .map(|(_, bit)| bit)
        .sum();
    let offset = hexadecimal(fields.next()?)?;
    let object = fields.nth(1)?.parse().ok()?;
    Some(Mapping {
        protection,
        addresses: hexadecimal(start)?..hexadecimal(end)?,
        offset,
        object,
    })
}

/// The value of an operand as it is now.
pub(super) fn peek(pid: Pid, operand: &Operand) -> u64 {
    let mut bytes = [0; 8];
    let remote = RemoteIoVec {
        base: usize::try_from(operand.address).unwrap_or(0),
        len: operand.size,
    };
    // A place that cannot be read any more is shown as 0.
    process_vm_readv(
        pid,
        &mut [IoSliceMut::new(&mut bytes[..operand.size])],
        &[remote],
    )
    .ok();
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_shared_mappings_count() {
        let file = "7f0000000000-7f0000001000 rw-s 00002000 fe:00 1234   /tmp/a file";
        let mapping = mapping(file).expect("a shared mapping");
        assert_eq!(mapping.addresses, 0x7f00_0000_0000..0x7f00_0000_1000);
        assert_eq!((mapping.offset, mapping.object), (0x2000, 1234));
        let private = "7f0000000000-7f0000001000 rw-p 00000000 00:00 0";
        assert!(super::mapping(private).is_none());
    }
}

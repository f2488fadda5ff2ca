//! The way by which a stopped task came to where it stands: the instructions of its program that
//! are still to be returned to, the innermost first. To find them costs little and is done at once;
//! which lines they are is looked up when somebody wants to know.
//!
//! Neither the C library nor a student's program keeps frame pointers, and not every word on a stack
//! that looks like a return address is one. So the frames are found as an exception would find them,
//! by the tables that each object brings for that purpose (`.eh_frame`). These are read from the
//! task's own memory, where they are at every level of isolation and whatever its files are called
//! here.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::IoSliceMut,
    ops::Range,
    os::unix::fs::FileExt,
    sync::Arc,
};

use framehop::{
    CacheNative, ExplicitModuleSectionInfo, MayAllocateDuringUnwind, Module, UnwindRegsNative,
    Unwinder, UnwinderNative,
};
use nix::{
    sys::{
        ptrace::{self, Options},
        uio::{RemoteIoVec, process_vm_readv},
    },
    unistd::Pid,
};
use probe::SourceLine;

use super::{
    lines::Lines,
    sys::{Status, reap},
};

/// More frames than a student's line is ever away.
const DEEPEST: usize = 64;
/// So much of a stack is read at a time.
const PIECE: usize = 4096;

type Tables = Arc<[u8]>;

/// The stacks of all traced processes.
#[derive(Default)]
pub(crate) struct Stacks {
    spaces: HashMap<i32, Space>,
    /// Tables of objects that several processes map, by device and inode.
    known: HashMap<Id, Option<Object>>,
    cache: Option<CacheNative<MayAllocateDuringUnwind>>,
    programs: Vec<Program>,
}

/// The device and inode of a file.
type Id = (String, u64);

/// A program that was found running.
struct Program {
    id: Id,
    /// Open, since its path may lead nowhere for us, and its process may have gone.
    file: Option<File>,
    /// Read when the first line is asked for.
    lines: Option<Lines>,
    /// What was asked before.
    found: HashMap<u64, Option<SourceLine>>,
    stages: HashMap<u64, Stage>,
}

/// What a function on the stack tells of how far a program has come.
#[derive(Clone, Copy)]
enum Stage {
    /// It calls `main`.
    Main,
    /// It is what Rust does around that.
    AroundMain,
    Other,
}

/// How a task came to where it stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frames {
    /// Which program it is.
    program: usize,
    /// Instructions of the program, the innermost first, counted from where it begins.
    instructions: Vec<u64>,
}

/// The address space of a process.
struct Space {
    unwinder: UnwinderNative<Tables, MayAllocateDuringUnwind>,
    /// Where code can be.
    code: Vec<Range<u64>>,
    /// Where that of the program itself is, and which it is.
    program: (Range<u64>, usize),
}

/// What is to be known of a program or a library.
#[derive(Clone)]
struct Object {
    /// Where its first byte wants to be.
    base: u64,
    header: (Range<u64>, Tables),
    frames: (Range<u64>, Tables),
}

impl Stacks {
    /// Where a stopped task is in its own program.
    pub(crate) fn of(&mut self, task: Pid, process: i32) -> Frames {
        let Ok(registers) = ptrace::getregs(task) else {
            return Frames::default();
        };
        // A second time if the process has mapped a library since it was looked at.
        for _ in 0..2 {
            if !self.spaces.contains_key(&process) {
                let space = self.look_at(task);
                self.spaces.insert(process, space);
            }
            let cache = self.cache.get_or_insert_with(CacheNative::new);
            if let Some(space) = self.spaces.get(&process)
                && let Some(found) = space.walk(task, &registers, cache)
            {
                return found;
            }
            self.forget(process);
        }
        Frames::default()
    }

    /// Whether a task has come to the `main` of its program, and has not left it.
    ///
    /// Rust puts a function around `main`, and around what a thread does, that its own short
    /// backtraces end with: what it does before and after that is not the program's. A program of
    /// another language has come to `main` if there is more of it on the stack than the place where
    /// the loader has entered it.
    pub(crate) fn is_in_main(&mut self, frames: &Frames) -> bool {
        let Some(program) = self.programs.get_mut(frames.program) else {
            return false;
        };
        let mut is_rust = false;
        for instruction in &frames.instructions {
            match program.stage(*instruction) {
                Stage::Main => return true,
                Stage::AroundMain => is_rust = true,
                Stage::Other => {}
            }
        }
        !is_rust && frames.instructions.len() > 1
    }

    /// The line in which a task sleeps for good. It is stopped for that, and stays so if it was
    /// traced before.
    pub(crate) fn of_sleeper(&mut self, task: Pid, is_traced: bool) -> Option<SourceLine> {
        if !is_traced {
            // Where nothing may be traced, the name of the call has to do.
            ptrace::seize(task, Options::empty()).ok()?;
        }
        ptrace::interrupt(task).ok()?;
        let Some(Status::Stopped { .. }) = reap(task, true) else {
            return None;
        };
        let frames = self.of(task, task.as_raw());
        self.forget(task.as_raw());
        if !is_traced {
            // It sleeps on, and is killed by whoever asked.
            ptrace::detach(task, None).ok();
        }
        self.line(&frames)
    }

    /// The process executes another program, or has ended.
    pub(crate) fn forget(&mut self, process: i32) {
        self.spaces.remove(&process);
    }

    /// The student's line among these.
    pub(crate) fn line(&mut self, frames: &Frames) -> Option<SourceLine> {
        let program = self.programs.get_mut(frames.program)?;
        let mut lines = frames.instructions.iter().copied();
        lines.find_map(|instruction| program.line(instruction))
    }

    fn look_at(&mut self, task: Pid) -> Space {
        let maps = fs::read_to_string(format!("/proc/{task}/maps")).unwrap_or_default();
        let exe = format!("/proc/{task}/exe");
        let path_of_program = fs::read_link(&exe).unwrap_or_default();
        let mut space = Space {
            unwinder: UnwinderNative::new(),
            code: Vec::new(),
            program: (0..0, 0),
        };
        let Ok(memory) = File::open(format!("/proc/{task}/mem")) else {
            return space;
        };
        for (id, path, addresses) in objects(&maps) {
            space.code.push(addresses.clone());
            if path == path_of_program.to_string_lossy() {
                space.program = (addresses.clone(), self.program(&id, &exe));
            }
            let object = self
                .known
                .entry(id)
                .or_insert_with(|| Object::read(&memory, addresses.start));
            if let Some(object) = object {
                space.unwinder.add_module(object.module(addresses));
            }
        }
        space
    }

    fn program(&mut self, id: &Id, exe: &str) -> usize {
        let known = self.programs.iter().position(|program| program.id == *id);
        known.unwrap_or_else(|| {
            self.programs.push(Program {
                id: id.clone(),
                file: File::open(exe).ok(),
                lines: None,
                found: HashMap::new(),
                stages: HashMap::new(),
            });
            self.programs.len() - 1
        })
    }
}

impl Program {
    fn line(&mut self, instruction: u64) -> Option<SourceLine> {
        if let Some(known) = self.found.get(&instruction) {
            return known.clone();
        }
        let line = self.lines().and_then(|lines| lines.at(instruction));
        self.found.insert(instruction, line.clone());
        line
    }

    fn stage(&mut self, instruction: u64) -> Stage {
        if let Some(known) = self.stages.get(&instruction) {
            return *known;
        }
        let function = self.lines().and_then(|lines| lines.function(instruction));
        let stage = match function {
            Some(name) if name.contains("__rust_begin_short_backtrace") => Stage::Main,
            Some(name) if name.contains("lang_start") || name.contains("thread_start") => {
                Stage::AroundMain
            }
            _ => Stage::Other,
        };
        self.stages.insert(instruction, stage);
        stage
    }

    fn lines(&mut self) -> Option<&Lines> {
        if let Some(file) = self.file.take() {
            self.lines = Lines::in_file(&file);
        }
        self.lines.as_ref()
    }
}

impl Space {
    /// `None` if there is code on the way that nobody has looked at.
    fn walk(
        &self,
        task: Pid,
        registers: &libc::user_regs_struct,
        cache: &mut CacheNative<MayAllocateDuringUnwind>,
    ) -> Option<Frames> {
        let (ip, registers) = beginning(registers);
        let mut stack = Stack::of(task);
        let mut read = |address| stack.word(address).ok_or(());
        let mut frames = self.unwinder.iter_frames(ip, registers, cache, &mut read);
        let (whole, program) = self.program.clone();
        let mut instructions = Vec::new();
        for _ in 0..DEEPEST {
            // The end, or a frame that cannot be left: what was found until then is right.
            let Ok(Some(frame)) = frames.next() else {
                break;
            };
            let address = frame.address_for_lookup();
            if !self.code.iter().any(|code| code.contains(&address)) {
                return None;
            }
            if whole.contains(&address) {
                instructions.push(address - whole.start);
            }
        }
        Some(Frames {
            program,
            instructions,
        })
    }
}

/// The stack of a task, read piece by piece.
struct Stack {
    task: Pid,
    bytes: Vec<u8>,
    /// Where they are.
    at: u64,
}

impl Stack {
    fn of(task: Pid) -> Self {
        let bytes = Vec::new();
        Self { task, bytes, at: 0 }
    }

    fn word(&mut self, address: u64) -> Option<u64> {
        if !self.holds(address) {
            self.bytes = vec![0; PIECE];
            let base = usize::try_from(address).ok()?;
            let remote = RemoteIoVec { base, len: PIECE };
            let local = &mut [IoSliceMut::new(&mut self.bytes)];
            let length = process_vm_readv(self.task, local, &[remote]).unwrap_or(0);
            self.bytes.truncate(length);
            self.at = address;
        }
        let first = usize::try_from(address.checked_sub(self.at)?).ok()?;
        let bytes = self.bytes.get(first..first + size_of::<u64>())?;
        Some(u64::from_ne_bytes(bytes.try_into().ok()?))
    }

    fn holds(&self, address: u64) -> bool {
        let size = size_of::<u64>() as u64;
        address >= self.at && address + size <= self.at + self.bytes.len() as u64
    }
}

#[cfg(target_arch = "x86_64")]
fn beginning(r: &libc::user_regs_struct) -> (u64, UnwindRegsNative) {
    (r.rip, UnwindRegsNative::new(r.rip, r.rsp, r.rbp))
}

#[cfg(target_arch = "aarch64")]
fn beginning(r: &libc::user_regs_struct) -> (u64, UnwindRegsNative) {
    (r.pc, UnwindRegsNative::new(r.regs[30], r.sp, r.regs[29]))
}

/// What is mapped from files: device and inode, path, and from where to where.
fn objects(maps: &str) -> Vec<(Id, &str, Range<u64>)> {
    let mut all: Vec<(Id, &str, Range<u64>)> = Vec::new();
    for line in maps.lines() {
        let Some((addresses, id, path)) = mapped_file(line) else {
            continue;
        };
        match all.last_mut() {
            Some((last, _, whole)) if *last == id => whole.end = addresses.end,
            _ => all.push((id, path, addresses)),
        }
    }
    all
}

fn mapped_file(line: &str) -> Option<(Range<u64>, Id, &str)> {
    let mut rest = line;
    let mut field = || {
        let (field, behind) = rest.split_once(' ')?;
        rest = behind.trim_start();
        Some(field)
    };
    let (start, end) = field()?.split_once('-')?;
    let [_allows, _offset, device] = [field()?, field()?, field()?];
    let inode = field()?.parse().ok()?;
    let hexadecimal = |digits| u64::from_str_radix(digits, 16).ok();
    let addresses = hexadecimal(start)?..hexadecimal(end)?;
    (inode > 0).then_some((addresses, (device.to_owned(), inode), rest))
}

/// As elf(5) describes a program header of a 64-bit object.
struct Segment {
    kind: u32,
    address: u64,
    size: u64,
}

const LOADED: u32 = libc::PT_LOAD;
const FRAME_TABLES: u32 = libc::PT_GNU_EH_FRAME;
/// How `.eh_frame_hdr` says where `.eh_frame` is: four bytes, signed, from where they stand.
const RELATIVE: u8 = 0x1b;
/// Nobody's tables are larger.
const LARGEST: u64 = 64 << 20;

impl Object {
    /// Reads the tables of an object whose first byte is here.
    fn read(memory: &File, start: u64) -> Option<Self> {
        let segments = segments(memory, start)?;
        let first = segments.iter().find(|segment| segment.kind == LOADED)?;
        let base = first.address;
        let header = segments.iter().find(|it| it.kind == FRAME_TABLES)?;
        let header = header.address..header.address + header.size;
        let read = |range: &Range<u64>| {
            let length = range.end.checked_sub(range.start)?;
            let mut bytes = vec![0; usize::try_from(length.min(LARGEST)).ok()?];
            let at = start + range.start - base;
            memory.read_exact_at(&mut bytes, at).ok()?;
            Some(Tables::from(bytes))
        };
        let bytes = read(&header)?;
        if *bytes.get(1)? != RELATIVE {
            return None;
        }
        let distance = i32::from_ne_bytes(bytes.get(4..8)?.try_into().ok()?);
        let frames = (header.start + 4).checked_add_signed(i64::from(distance))?;
        // It has no length of its own here: it ends with its segment at the latest.
        let whole = segments.iter().find(|segment| {
            segment.kind == LOADED
                && (segment.address..segment.address + segment.size).contains(&frames)
        })?;
        let frames = frames..whole.address + whole.size;
        Some(Self {
            base,
            header: (header, bytes),
            frames: (frames.clone(), read(&frames)?),
        })
    }

    fn module(&self, addresses: Range<u64>) -> Module<Tables> {
        let at = addresses.start;
        let sections = ExplicitModuleSectionInfo {
            base_svma: self.base,
            eh_frame_hdr_svma: Some(self.header.0.clone()),
            eh_frame_hdr: Some(Arc::clone(&self.header.1)),
            eh_frame_svma: Some(self.frames.0.clone()),
            eh_frame: Some(Arc::clone(&self.frames.1)),
            ..Default::default()
        };
        Module::new(String::new(), addresses, at, sections)
    }
}

/// The program headers of a 64-bit object in memory.
fn segments(memory: &File, start: u64) -> Option<Vec<Segment>> {
    let mut head = [0; 64];
    memory.read_exact_at(&mut head, start).ok()?;
    if !head.starts_with(b"\x7fELF\x02") {
        return None;
    }
    let half = |at: usize| Some(u16::from_ne_bytes(head.get(at..at + 2)?.try_into().ok()?));
    let at = u64::from_ne_bytes(head[32..40].try_into().ok()?);
    let (size, count) = (half(54)?, half(56)?);
    let mut table = vec![0; usize::from(size) * usize::from(count)];
    memory.read_exact_at(&mut table, start + at).ok()?;
    let segment = |entry: &[u8]| {
        let long = |at: usize| {
            let bytes = entry.get(at..at + 8)?.try_into().ok()?;
            Some(u64::from_ne_bytes(bytes))
        };
        Some(Segment {
            kind: u32::from_ne_bytes(entry.get(..4)?.try_into().ok()?),
            address: long(16)?,
            size: long(40)?,
        })
    };
    table
        .chunks(usize::from(size).max(1))
        .map(segment)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::objects;

    #[test]
    fn the_pieces_of_a_file_are_one_object() {
        let maps = "\
555555554000-555555560000 r--p 00000000 fe:00 77   /box/a driver
555555560000-555555570000 r-xp 0000c000 fe:00 77   /box/a driver
7ffff7c00000-7ffff7c28000 r--p 00000000 fe:00 12   /lib/libc.so.6
7ffff7c28000-7ffff7db0000 r-xp 00028000 fe:00 12   /lib/libc.so.6
7ffff7fc0000-7ffff7fc2000 r-xp 00000000 00:00 0    [vdso]
";
        let all = objects(maps);
        let paths: Vec<&str> = all.iter().map(|(_, path, _)| *path).collect();
        assert_eq!(paths, ["/box/a driver", "/lib/libc.so.6"]);
        assert_eq!(all[0].2, 0x5555_5555_4000..0x5555_5557_0000);
    }
}

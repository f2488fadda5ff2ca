//! System calls that no lab needs and that reach past a box: answered with an error before the
//! kernel does anything (`seccomp(2)`). What an attack could use is refused by name; a list of what
//! is allowed would refuse the next release of the C library.

use std::{collections::BTreeMap, io};

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter,
};
use syscalls::Sysno;

use crate::isolation::Level;

/// Answered with EPERM.
const REFUSED: &[&str] = &[
    // Other processes.
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_getfd",
    "kcmp",
    // Other surroundings.
    "unshare",
    "setns",
    "chroot",
    "pivot_root",
    "mount",
    "umount2",
    "move_mount",
    "open_tree",
    "mount_setattr",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "open_by_handle_at",
    "name_to_handle_at",
    "swapon",
    "swapoff",
    "quotactl",
    "quotactl_fd",
    "acct",
    "sethostname",
    "setdomainname",
    // The kernel's larger doors.
    "bpf",
    "perf_event_open",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "reboot",
    "syslog",
    "iopl",
    "ioperm",
    "lookup_dcookie",
    "vhangup",
    "personality",
    "fanotify_init",
    // Memory that is in no file system and no process.
    "memfd_create",
    "memfd_secret",
    // A filter of its own could hide calls from the tracer.
    "seccomp",
    // Other clocks, and a place before others.
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "sched_setattr",
];

/// At level *landlock*, where the machine's own objects would be touched: what is made there has
/// names that others see, and outlives the box.
const SHARED_NAMES: &[&str] = &[
    "shmget",
    "shmat",
    "shmctl",
    "semget",
    "semop",
    "semtimedop",
    "semctl",
    "msgget",
    "msgsnd",
    "msgrcv",
    "msgctl",
    "mq_open",
    "mq_unlink",
];

/// Flags of clone(2) that make namespaces.
const NAMESPACES: [libc::c_int; 8] = [
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWCGROUP,
    // Not a namespace, but a child that its tracer does not see.
    libc::CLONE_UNTRACED,
];

/// Filters for one level.
pub(super) struct Filters(Vec<BpfProgram>);

impl Filters {
    /// Builds them; the error says why that cannot be done.
    pub(super) fn make(level: Level) -> Result<Self, String> {
        let told = |error: seccompiler::BackendError| format!("no system call filter: {error}");
        let mut refused: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
        let shared = SHARED_NAMES.iter().filter(|_| level == Level::Landlock);
        for name in REFUSED.iter().chain(shared) {
            // One that this architecture does not have cannot be made here.
            if let Some(call) = number(name) {
                refused.insert(call, Vec::new());
            }
        }
        let clone = NAMESPACES.map(|flag| {
            let flag = flag as u64;
            condition(
                0,
                SeccompCmpArgLen::Qword,
                SeccompCmpOp::MaskedEq(flag),
                flag,
            )
        });
        let ioctl = [libc::TIOCSTI, libc::TIOCLINUX]
            .map(|request| condition(1, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, request));
        let prctl = [condition(
            0,
            SeccompCmpArgLen::Dword,
            SeccompCmpOp::Eq,
            libc::PR_SET_SECCOMP as u64,
        )];
        // At level *landlock* there is the machine's own network, of which Landlock knows only TCP.
        let socket = match level {
            Level::Landlock => vec![condition(
                0,
                SeccompCmpArgLen::Dword,
                SeccompCmpOp::Ne,
                libc::AF_UNIX as u64,
            )],
            Level::Namespaces | Level::None => [libc::AF_PACKET, libc::AF_VSOCK, libc::AF_ALG]
                .map(|family| {
                    condition(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, family as u64)
                })
                .into_iter()
                // Of the kernel's own sockets only those that list addresses and interfaces.
                .chain([netlink()])
                .collect(),
        };
        for (name, rules) in [
            ("clone", Vec::from(clone)),
            ("ioctl", Vec::from(ioctl)),
            ("prctl", Vec::from(prctl)),
            ("socket", socket),
        ] {
            if let Some(call) = number(name) {
                let rules: Result<Vec<SeccompRule>, _> = rules.into_iter().collect();
                refused.insert(call, rules.map_err(told)?);
            }
        }
        // Its flags are in memory, where no filter can look; the C library then uses clone(2).
        let absent = number("clone3").map(|call| (call, Vec::new()));
        let refused = program(refused, libc::EPERM).map_err(told)?;
        let absent = program(absent.into_iter().collect(), libc::ENOSYS).map_err(told)?;
        Ok(Self(vec![other_numbers(), absent, refused]))
    }

    /// For this process and all that it becomes or starts.
    pub(super) fn apply(&self) -> io::Result<()> {
        for program in &self.0 {
            apply_filter(program).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

/// A socket for talking with the kernel, of any kind but routing's.
fn netlink() -> Result<SeccompRule, seccompiler::BackendError> {
    let (family, route) = (libc::AF_NETLINK as u64, libc::NETLINK_ROUTE as u64);
    let dword = SeccompCmpArgLen::Dword;
    SeccompRule::new(vec![
        SeccompCondition::new(0, dword.clone(), SeccompCmpOp::Eq, family)?,
        SeccompCondition::new(2, dword, SeccompCmpOp::Ne, route)?,
    ])
}

fn number(name: &str) -> Option<i64> {
    name.parse::<Sysno>().ok().map(|call| i64::from(call.id()))
}

fn condition(
    argument: u8,
    length: SeccompCmpArgLen,
    operator: SeccompCmpOp,
    value: u64,
) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(
        argument, length, operator, value,
    )?])
}

fn program(
    rules: BTreeMap<i64, Vec<SeccompRule>>,
    error: libc::c_int,
) -> Result<BpfProgram, seccompiler::BackendError> {
    let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(error.unsigned_abs()),
        architecture,
    )?
    .try_into()
}

/// Calls of the x32 kind have other numbers for the same things (bit 30), which none of the rules
/// above would match: they are answered with ENOSYS. A tracer cancels a call by giving it the number
/// −1, which must pass.
fn other_numbers() -> BpfProgram {
    const X32: u32 = 0x4000_0000;
    const NEGATIVE: u32 = 0x8000_0000;
    let instruction = |code, jt, jf, k| seccompiler::sock_filter { code, jt, jf, k };
    let load = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    let jump_unless_less = (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16;
    let answer = (libc::BPF_RET | libc::BPF_K) as u16;
    vec![
        instruction(load, 0, 0, 0),
        instruction(jump_unless_less, 2, 0, NEGATIVE),
        instruction(jump_unless_less, 0, 1, X32),
        instruction(
            answer,
            0,
            0,
            libc::SECCOMP_RET_ERRNO | libc::ENOSYS.unsigned_abs(),
        ),
        instruction(answer, 0, 0, libc::SECCOMP_RET_ALLOW),
    ]
}

//! Numbers as the names that programs use for them.

/// Flags of an argument of a call, by name: `O_RDWR|O_CREAT`. Bits without a name stay a number.
pub fn flags(call: &str, argument: &str, bits: u64) -> String {
    let mut left = bits;
    let mut names: Vec<String> = Vec::new();
    for (mask, value, name) in table(call, argument) {
        let (mask, value) = (u64::from(*mask), u64::from(*value));
        let chosen = match mask == value {
            true => left & mask == mask,
            // One of several values of the same bits, which may be none of them.
            false => bits & mask == value,
        };
        if chosen {
            names.push((*name).to_owned());
            left &= !mask;
        }
    }
    if left != 0 || names.is_empty() {
        names.push(if left == 0 {
            "0".to_owned()
        } else {
            format!("{left:#x}")
        });
    }
    names.join("|")
}

/// Mask, value, name. Where mask and value differ, the value is one of several of these bits.
type Row = (u32, u32, &'static str);

const fn bit(value: i32, name: &'static str) -> Row {
    (value.cast_unsigned(), value.cast_unsigned(), name)
}

const ACCESS: u32 = libc::O_ACCMODE.cast_unsigned();

const OPEN: &[Row] = &[
    (ACCESS, libc::O_RDONLY.cast_unsigned(), "O_RDONLY"),
    (ACCESS, libc::O_WRONLY.cast_unsigned(), "O_WRONLY"),
    (ACCESS, libc::O_RDWR.cast_unsigned(), "O_RDWR"),
    bit(libc::O_CREAT, "O_CREAT"),
    bit(libc::O_EXCL, "O_EXCL"),
    bit(libc::O_NOCTTY, "O_NOCTTY"),
    bit(libc::O_TRUNC, "O_TRUNC"),
    bit(libc::O_APPEND, "O_APPEND"),
    bit(libc::O_NONBLOCK, "O_NONBLOCK"),
    bit(libc::O_SYNC, "O_SYNC"),
    bit(libc::O_DSYNC, "O_DSYNC"),
    bit(libc::O_DIRECTORY, "O_DIRECTORY"),
    bit(libc::O_NOFOLLOW, "O_NOFOLLOW"),
    bit(libc::O_CLOEXEC, "O_CLOEXEC"),
    bit(libc::O_PATH, "O_PATH"),
];

const PROTECTION: &[Row] = &[
    (7, 0, "PROT_NONE"),
    bit(libc::PROT_READ, "PROT_READ"),
    bit(libc::PROT_WRITE, "PROT_WRITE"),
    bit(libc::PROT_EXEC, "PROT_EXEC"),
];

/// The bits of mmap's flags that say what kind of mapping it is.
const KIND: u32 = libc::MAP_TYPE.cast_unsigned();

const MAP: &[Row] = &[
    (KIND, libc::MAP_SHARED.cast_unsigned(), "MAP_SHARED"),
    (KIND, libc::MAP_PRIVATE.cast_unsigned(), "MAP_PRIVATE"),
    (
        KIND,
        libc::MAP_SHARED_VALIDATE.cast_unsigned(),
        "MAP_SHARED_VALIDATE",
    ),
    bit(libc::MAP_FIXED, "MAP_FIXED"),
    bit(libc::MAP_ANONYMOUS, "MAP_ANONYMOUS"),
    bit(libc::MAP_NORESERVE, "MAP_NORESERVE"),
    bit(libc::MAP_POPULATE, "MAP_POPULATE"),
    bit(libc::MAP_STACK, "MAP_STACK"),
    bit(libc::MAP_FIXED_NOREPLACE, "MAP_FIXED_NOREPLACE"),
];

const SYNC: &[Row] = &[
    bit(libc::MS_ASYNC, "MS_ASYNC"),
    bit(libc::MS_INVALIDATE, "MS_INVALIDATE"),
    bit(libc::MS_SYNC, "MS_SYNC"),
];

const LOCK: &[Row] = &[
    bit(libc::LOCK_SH, "LOCK_SH"),
    bit(libc::LOCK_EX, "LOCK_EX"),
    bit(libc::LOCK_UN, "LOCK_UN"),
    bit(libc::LOCK_NB, "LOCK_NB"),
];

const WAIT: &[Row] = &[
    bit(libc::WNOHANG, "WNOHANG"),
    bit(libc::WUNTRACED, "WUNTRACED"),
    bit(libc::WCONTINUED, "WCONTINUED"),
    bit(libc::WEXITED, "WEXITED"),
    bit(libc::WNOWAIT, "WNOWAIT"),
];

const CREATE: &[Row] = &[
    bit(libc::IPC_CREAT, "IPC_CREAT"),
    bit(libc::IPC_EXCL, "IPC_EXCL"),
];

const CLONE: &[Row] = &[
    (0xff, libc::SIGCHLD.cast_unsigned(), "SIGCHLD"),
    bit(libc::CLONE_VM, "CLONE_VM"),
    bit(libc::CLONE_FS, "CLONE_FS"),
    bit(libc::CLONE_FILES, "CLONE_FILES"),
    bit(libc::CLONE_SIGHAND, "CLONE_SIGHAND"),
    bit(libc::CLONE_VFORK, "CLONE_VFORK"),
    bit(libc::CLONE_THREAD, "CLONE_THREAD"),
    bit(libc::CLONE_SYSVSEM, "CLONE_SYSVSEM"),
    bit(libc::CLONE_SETTLS, "CLONE_SETTLS"),
    bit(libc::CLONE_PARENT_SETTID, "CLONE_PARENT_SETTID"),
    bit(libc::CLONE_CHILD_CLEARTID, "CLONE_CHILD_CLEARTID"),
    bit(libc::CLONE_CHILD_SETTID, "CLONE_CHILD_SETTID"),
];

fn table(call: &str, argument: &str) -> &'static [Row] {
    match (call, argument) {
        ("open" | "openat" | "pipe2" | "dup3" | "mq_open", "flags") => OPEN,
        ("mmap" | "mprotect", "prot") => PROTECTION,
        ("mmap", "flags") => MAP,
        ("msync", "flags") => SYNC,
        ("flock", "operation") => LOCK,
        ("wait4" | "waitid", "options") => WAIT,
        ("semget" | "shmget" | "msgget", "flags") => CREATE,
        ("clone", "flags") => CLONE,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::flags;

    fn open(bits: i32) -> String {
        flags("openat", "flags", u64::from(bits.cast_unsigned()))
    }

    #[test]
    fn flags_are_named_as_in_a_program() {
        assert_eq!(open(libc::O_RDONLY), "O_RDONLY");
        assert_eq!(open(libc::O_RDWR | libc::O_CREAT), "O_RDWR|O_CREAT");
        assert_eq!(open(libc::O_WRONLY | 0x4000_0000), "O_WRONLY|0x40000000");
        let shared = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
        let shared = u64::from(shared.cast_unsigned());
        assert_eq!(flags("mmap", "flags", shared), "MAP_SHARED|MAP_ANONYMOUS");
        assert_eq!(flags("mmap", "prot", 0), "PROT_NONE");
        assert_eq!(flags("mmap", "prot", 3), "PROT_READ|PROT_WRITE");
        assert_eq!(flags("getpid", "nothing", 0), "0");
    }

    #[test]
    fn a_flag_that_holds_another_is_named_alone() {
        assert_eq!(open(libc::O_SYNC), "O_RDONLY|O_SYNC");
        assert_eq!(open(libc::O_DSYNC), "O_RDONLY|O_DSYNC");
    }
}

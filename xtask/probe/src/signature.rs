//! What the arguments of system calls mean, for those that labs look at. See the second section of
//! the manual.

/// What an argument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// A number.
    Number(&'static str),
    /// An address, or a pointer to something that is not looked at.
    Address(&'static str),
    /// A pointer to a path.
    Path(&'static str),
    /// A descriptor.
    Descriptor(&'static str),
    /// A descriptor of a folder, or `AT_FDCWD`.
    Folder(&'static str),
    /// Flags of this call.
    Flags(&'static str),
}

use Parameter::{Address, Descriptor, Flags, Folder, Number, Path};

impl Parameter {
    /// Its name in the manual.
    pub const fn name(self) -> &'static str {
        match self {
            Number(name) | Address(name) | Path(name) | Descriptor(name) | Folder(name)
            | Flags(name) => name,
        }
    }
}

/// The parameters of a call, by its name; none if its arguments are not looked at.
pub fn parameters(call: &str) -> &'static [Parameter] {
    match call {
        "open" => &[Path("pathname"), Flags("flags"), Number("mode")],
        "creat" => &[Path("pathname"), Number("mode")],
        "openat" => &[
            Folder("dirfd"),
            Path("pathname"),
            Flags("flags"),
            Number("mode"),
        ],
        "openat2" => &[
            Folder("dirfd"),
            Path("pathname"),
            Address("how"),
            Number("size"),
        ],
        "close" => &[Descriptor("fd")],
        "close_range" => &[Number("first"), Number("last"), Flags("flags")],
        "read" | "write" => &[Descriptor("fd"), Address("buf"), Number("count")],
        "pread64" | "pwrite64" => &[
            Descriptor("fd"),
            Address("buf"),
            Number("count"),
            Number("offset"),
        ],
        "readv" | "writev" => &[Descriptor("fd"), Address("iov"), Number("iovcnt")],
        "preadv" | "pwritev" | "preadv2" | "pwritev2" => &[
            Descriptor("fd"),
            Address("iov"),
            Number("iovcnt"),
            Number("offset"),
        ],
        "dup" => &[Descriptor("oldfd")],
        "dup2" => &[Descriptor("oldfd"), Number("newfd")],
        "dup3" => &[Descriptor("oldfd"), Number("newfd"), Flags("flags")],
        "fcntl" => &[Descriptor("fd"), Number("cmd"), Number("arg")],
        "flock" => &[Descriptor("fd"), Flags("operation")],
        "ioctl" => &[Descriptor("fd"), Number("request"), Address("arg")],
        "pipe" => &[Address("pipefd")],
        "pipe2" => &[Address("pipefd"), Flags("flags")],
        "mmap" => &[
            Address("addr"),
            Number("length"),
            Flags("prot"),
            Flags("flags"),
            Descriptor("fd"),
            Number("offset"),
        ],
        "munmap" => &[Address("addr"), Number("length")],
        "mremap" => &[
            Address("addr"),
            Number("old_size"),
            Number("new_size"),
            Number("flags"),
        ],
        "mprotect" => &[Address("addr"), Number("length"), Flags("prot")],
        "msync" => &[Address("addr"), Number("length"), Flags("flags")],
        "fsync" | "fdatasync" | "syncfs" => &[Descriptor("fd")],
        "ftruncate" => &[Descriptor("fd"), Number("length")],
        "truncate" => &[Path("path"), Number("length")],
        "fallocate" => &[
            Descriptor("fd"),
            Number("mode"),
            Number("offset"),
            Number("len"),
        ],
        "unlink" | "rmdir" => &[Path("pathname")],
        "unlinkat" => &[Folder("dirfd"), Path("pathname"), Number("flags")],
        "rename" => &[Path("oldpath"), Path("newpath")],
        "renameat" | "renameat2" => &[
            Folder("olddirfd"),
            Path("oldpath"),
            Folder("newdirfd"),
            Path("newpath"),
        ],
        "link" => &[Path("oldpath"), Path("newpath")],
        "mkdir" => &[Path("pathname"), Number("mode")],
        "mkdirat" => &[Folder("dirfd"), Path("pathname"), Number("mode")],
        "mknod" => &[Path("pathname"), Number("mode"), Number("dev")],
        "mknodat" => &[
            Folder("dirfd"),
            Path("pathname"),
            Number("mode"),
            Number("dev"),
        ],
        "chdir" => &[Path("path")],
        "fork" | "vfork" | "getpid" | "getppid" | "setsid" | "pause" | "sched_yield" => &[],
        "clone" => &[Flags("flags"), Address("stack")],
        "clone3" => &[Address("cl_args"), Number("size")],
        "execve" => &[Path("pathname"), Address("argv"), Address("envp")],
        "execveat" => &[
            Folder("dirfd"),
            Path("pathname"),
            Address("argv"),
            Address("envp"),
        ],
        "exit" | "exit_group" => &[Number("status")],
        "wait4" => &[
            Number("pid"),
            Address("wstatus"),
            Flags("options"),
            Address("rusage"),
        ],
        "waitid" => &[
            Number("idtype"),
            Number("id"),
            Address("infop"),
            Flags("options"),
        ],
        "kill" => &[Number("pid"), Number("sig")],
        "tgkill" => &[Number("tgid"), Number("tid"), Number("sig")],
        "futex" => &[
            Address("uaddr"),
            Number("futex_op"),
            Number("val"),
            Address("timeout"),
        ],
        "socket" => &[Number("domain"), Number("type"), Number("protocol")],
        "bind" | "connect" | "accept" => {
            &[Descriptor("sockfd"), Address("addr"), Number("addrlen")]
        }
        "listen" => &[Descriptor("sockfd"), Number("backlog")],
        "semget" => &[Number("key"), Number("nsems"), Flags("flags")],
        "semop" => &[Number("semid"), Address("sops"), Number("nsops")],
        "shmget" => &[Number("key"), Number("size"), Flags("flags")],
        "shmat" => &[Number("shmid"), Address("shmaddr"), Number("flags")],
        "mq_open" => &[
            Path("name"),
            Flags("flags"),
            Number("mode"),
            Address("attr"),
        ],
        "nanosleep" => &[Address("req"), Address("rem")],
        "clock_nanosleep" => &[
            Number("clockid"),
            Number("flags"),
            Address("req"),
            Address("rem"),
        ],
        _ => &[],
    }
}

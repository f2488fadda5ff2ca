//! Where the manual page of a system call is: the Linux man-pages project's own site.

/// The page's address.
pub(super) fn page_of(call: &str) -> String {
    // Some pages go by the function's name, not by the kernel's.
    let page = match call {
        "pread64" => "pread",
        "pwrite64" => "pwrite",
        "rt_sigsuspend" => "sigsuspend",
        "rt_sigtimedwait" => "sigtimedwait",
        "pselect6" => "pselect",
        other => other,
    };
    format!("https://man7.org/linux/man-pages/man2/{page}.2.html")
}

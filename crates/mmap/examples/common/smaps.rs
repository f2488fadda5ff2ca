//! What `/proc/PID/smaps` says about one mapping, for the examples. It knows no history, only the
//! present.

use std::{fs, io};

/// How many KiB of the mapping of `pid` that starts at `address` are changed, but not on the disk
/// yet.
pub(crate) fn dirty_kib(pid: impl std::fmt::Display, address: *const u8) -> io::Result<u64> {
    let smaps = fs::read_to_string(format!("/proc/{pid}/smaps"))?;
    let start = format!("{:x}-", address.addr());
    let ours = smaps
        .lines()
        .skip_while(|line| !line.starts_with(&start))
        .skip(1);
    // A mapping's last line is that of its VmFlags. Dirty pages are counted apart by how many map
    // them.
    let kib = ours
        .take_while(|line| !line.starts_with("VmFlags"))
        .filter(|line| line.starts_with("Shared_Dirty:") || line.starts_with("Private_Dirty:"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .sum();
    Ok(kib)
}

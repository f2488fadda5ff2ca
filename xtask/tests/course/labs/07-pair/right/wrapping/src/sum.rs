pub fn sum(a: u64, b: u64) -> u64 {
    a.wrapping_add(b)
}

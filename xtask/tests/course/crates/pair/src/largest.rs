pub fn largest(a: u64, b: u64) -> u64 {
    if a > b { a } else { b }
}

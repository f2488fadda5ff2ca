pub fn sum(a: u64, b: u64) -> u64 {
    let _ = (a, b);
    todo!()
}

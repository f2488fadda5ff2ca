//! Mixing of numbers into fingerprints.

/// Mixes two numbers into one of which each bit depends on all bits of both, and on their order.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ 0x9E37_79B9_7F4A_7C15) * u128::from(b ^ 0xD6E8_FEB8_6659_FD93);
    let folded = (product as u64) ^ ((product >> 64) as u64);
    // A factor of zero would forget the other one.
    (folded ^ a.rotate_left(29) ^ b.rotate_left(47)).wrapping_mul(0xA24B_AED4_963E_E407)
}

/// Mixes several numbers, in their order.
pub(crate) fn mix_all<const N: usize>(numbers: [u64; N]) -> u64 {
    numbers.into_iter().fold(0, mix)
}

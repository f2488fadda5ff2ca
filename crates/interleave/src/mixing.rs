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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{mix, mix_all};

    #[test]
    fn small_numbers_mix_into_different_ones_and_order_counts() {
        let all: HashSet<u64> = (0..300)
            .flat_map(|a| (0..300).map(move |b| mix(a, b)))
            .collect();
        assert_eq!(all.len(), 90_000);
        assert_ne!(mix_all([1, 2, 3]), mix_all([3, 2, 1]));
    }
}

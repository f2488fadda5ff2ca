//! Shadow of `std::hash`: the default hasher is the same in every execution.

pub use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash, Hasher};

/// Shadow of [`std::hash::RandomState`]. It is not random here.
#[derive(Clone, Debug, Default)]
pub struct RandomState(());

impl RandomState {
    /// A state like all others.
    pub fn new() -> Self {
        Self::default()
    }
}

impl BuildHasher for RandomState {
    type Hasher = DefaultHasher;

    fn build_hasher(&self) -> DefaultHasher {
        DefaultHasher::new()
    }
}

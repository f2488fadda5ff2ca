//! Shadow of `std::collections`: hash maps and sets have the same order in every execution.

mod hash_map_impl;
mod hash_set_impl;

pub use std::collections::{
    BTreeMap, BTreeSet, BinaryHeap, Bound, LinkedList, TryReserveError, VecDeque, binary_heap,
    btree_map, btree_set, linked_list, vec_deque,
};

pub use hash_map::HashMap;
pub use hash_set::HashSet;

/// Shadow of [`std::collections::hash_map`].
pub mod hash_map {
    pub use super::hash_map_impl::HashMap;
    pub use crate::hash::{DefaultHasher, RandomState};
    pub use std::collections::hash_map::{
        Drain, Entry, IntoIter, IntoKeys, IntoValues, Iter, IterMut, Keys, OccupiedEntry,
        VacantEntry, Values, ValuesMut,
    };
}

/// Shadow of [`std::collections::hash_set`].
pub mod hash_set {
    pub use super::hash_set_impl::HashSet;
    pub use std::collections::hash_set::{
        Difference, Drain, Intersection, IntoIter, Iter, SymmetricDifference, Union,
    };
}

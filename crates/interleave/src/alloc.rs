//! The part of `std::alloc` that leads to the model's heap.

pub use std::alloc::{
    Layout, LayoutError, alloc, alloc_zeroed, dealloc, handle_alloc_error, realloc,
};

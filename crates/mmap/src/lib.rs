//! Memory mapping.

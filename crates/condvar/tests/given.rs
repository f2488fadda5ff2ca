//! The mutex that lab 17 gives is this crate's.

#[test]
fn the_lab_gives_the_same_mutex() {
    let lab = include_str!("../../../labs/17-condvar/src/given.rs");
    assert_eq!(include_str!("../src/given.rs"), lab);
}

//! Shadow of `std::hint`.

use std::panic::Location as Place;

pub use std::hint::{assert_unchecked, black_box, cold_path, unreachable_unchecked};

use crate::engine;
use crate::heap::EngineSide;

/// Shadow of [`std::hint::spin_loop`]: others may go first, until something changes that the thread
/// has looked at.
#[track_caller]
pub fn spin_loop() {
    let place = Place::caller();
    let _side = EngineSide::enter();
    engine::with(|engine| engine.me().counts.spin_hints += 1);
    engine::spin(place);
}

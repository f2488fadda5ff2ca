//! What a submission could try, what it reports of it, and what has to be seen before it counts as
//! stopped.
//!
//! The program of this package makes one attack, named by its first argument, and prints one line
//! of [`Facts`]. This library is the other half: the [table](attacks) of all attacks, and the
//! [`Sign`] by which each of them is judged. `cargo xtask selftest hostile` starts the one and asks
//! the other.
//!
//! An attack keeps bounds of its own: so many processes, so many bytes, so many seconds. They are a
//! last resort, so that a box that fails does not cost the machine as well; whoever comes to them
//! was not stopped.
//!
//! What attacks the compiler or the verdict is no program but a file that is [handed in](HandedIn):
//! its first lines say what has to become of it.
//!
//! What this crate does not do: start anything but children of its own, or contain anything.

mod facts;
mod handed_in;
mod sign;
mod table;

pub use facts::Facts;
pub use handed_in::{Fate, HandedIn, Kind, LAB, Malformed};
pub use sign::{End, Seen, Sign};
pub use table::{Attack, Expected, FAMILIES, Family, attack, attacks, markdown};

//! The kit that the checks of a lab are written with. It asks, watches and judges; it links no
//! student code and shows nothing to anybody.

mod record;
mod text;

pub use record::{Interleaving, Place, Record, Row, Step, Verdict};
pub use text::Text;

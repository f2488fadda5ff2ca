//! What the model of a lab says, as data. The binary that holds the student's code and the model
//! writes it; checks judge by it, reports draw it, and `play` walks through it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`search`](Found) | what is asked of a search, and what it found |
//! | [`story`](Story) | one execution, moment by moment, and how memory looks after each |
//! | [`position`](Position) | an execution that has come to a choice: the board of a game |
//! | [`text`](Text) | a sentence in the languages of the course |
//!
//! What this crate does not do: execute anything, judge anything, or print.

mod memory;
mod position;
mod search;
mod story;
mod text;

pub use memory::{Memory, Message};
pub use position::{Ask, Choice, Choosable, Pick, Position, Script, Standing};
pub use search::{Counts, Found, Outcome, Search};
pub use story::{Moment, Place, Story, Thing, Thread};
pub use text::Text;

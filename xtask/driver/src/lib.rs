//! The driver's side of the protocol between a check and the student's code.
//!
//! A *driver* is the small program that holds the student's modules. It does what it is told, one
//! numbered question at a time, and knows no right answer: a check in another process made the
//! question up and judges what comes back. This crate depends on nothing, so that nothing stands
//! between the student's code and the system.
//!
//! A driver has three kinds of roles, chosen by its first argument:
//!
//! | first argument | what it becomes |
//! |---|---|
//! | `session` | answers questions on a channel until the channel closes |
//! | `demo` | the lab's demo on the student's code |
//! | a program's name | that program of the student's: `bump FILE N` |
//!
//! # A session, line by line
//!
//! ```text
//! check   7 add 731          number, word, fields
//! driver  7 ok 1042          the same number, ok or err, fields
//! ```
//!
//! Fields are separated by one space; in a field `\_` is a space, `\n` a newline, `\\` a
//! backslash, and `\e` stands for an empty field. The driver's first line is `0 ok ready`. The word
//! `fork` is answered here for every lab: the child goes on with the next channel that the driver
//! was given, and with all that the parent had open.
//!
//! Around the student's operation stand two *marks*, writes of no bytes on the channel. Nobody
//! notices them but the helper that steps through the operation ([`Question::operation`]).
//!
//! What this crate does not do: judge, trace, limit or time anything.

mod field;
mod panic;
mod process;
mod role;
mod session;

pub use field::{escape, unescape};
pub use process::in_child;
pub use role::{Roles, demo_language};
pub use session::{Answer, Question};

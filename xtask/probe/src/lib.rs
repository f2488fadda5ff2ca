//! What processes asked the kernel for, and what that says about a program.
//!
//! A [`Timeline`] is a list of [`Event`]s in the order in which they began: system calls with their
//! arguments and results, new processes, programs executed, signals, ends, and the marks that a
//! check has set between its questions. The arena records it; nothing in here starts or traces
//! anything, so every rule below can be tried on a timeline that somebody wrote down.
//!
//! | module | what it holds |
//! |---|---|
//! | [`timeline`](Timeline) | the events |
//! | [`signature`](parameters) | what the arguments of a call mean |
//! | [`flags()`] | numbers as the names that programs use for them |
//! | [`family`](Family) | calls that do the same thing: `open`, `openat` and `openat2` |
//! | [`assertion`](Calls) | sentences about a timeline, which explain themselves when they fail |
//! | [`links`](Link) | what led to what: a fork to the child's first call, a write to the read of its bytes |
//! | [`picture()`] | a piece of a timeline in columns, a column a process |

mod assertion;
mod family;
mod flags;
mod links;
mod picture;
mod signature;
mod timeline;

pub use assertion::{Broken, Calls, Holds};
pub use family::Family;
pub use flags::flags;
pub use links::{Link, Tie};
pub use picture::{View, picture};
pub use signature::{Parameter, parameters};
pub use timeline::{
    Argument, Call, Event, Injection, Result, SourceLine, Timeline, Value, What, errno_name,
};

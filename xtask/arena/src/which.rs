//! Which system call of many is meant: the nth of a family, on something of a kind.

use probe::{Call, Family, Injection, Value};
use serde::{Deserialize, Serialize};

use crate::protocol::ProcessId;

/// What a call is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum On {
    /// Anything, or nothing.
    Anything,
    /// A file or a folder.
    File,
    /// A pipe or FIFO without a name.
    Pipe,
    /// A socket.
    Socket,
    /// A path that ends so.
    Path(String),
}

/// Whose call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// Anybody's who is traced. Of a fault that a program brings with it: the program's or that of
    /// any process which it starts.
    Anybody,
    /// A process's own: its threads count, its children do not.
    Process(ProcessId),
    /// The process's that is started with the fault, and not its children's.
    Itself,
}

/// One call of those that come from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Which {
    /// What it does.
    pub family: Family,
    /// What it is about.
    pub on: On,
    /// Counted from 1, over all whose calls are meant.
    pub nth: u32,
    /// Whose.
    pub by: By,
}

impl Which {
    /// The first one of a family.
    pub fn first(family: Family) -> Self {
        Self {
            family,
            on: On::Anything,
            nth: 1,
            by: By::Anybody,
        }
    }

    /// Only of those that this process itself makes.
    #[must_use]
    pub fn by(mut self, process: ProcessId) -> Self {
        self.by = By::Process(process);
        self
    }

    /// Only of those that the program makes which brings the fault with it.
    #[must_use]
    pub fn by_itself(mut self) -> Self {
        self.by = By::Itself;
        self
    }

    /// On something of this kind.
    #[must_use]
    pub fn on(mut self, on: On) -> Self {
        self.on = on;
        self
    }

    /// Not the first, but this one.
    #[must_use]
    pub fn number(mut self, nth: u32) -> Self {
        self.nth = nth;
        self
    }

    /// Whether a call is of this family, and about that.
    pub(crate) fn is_like(&self, call: &Call) -> bool {
        self.family.has(call) && self.on.is(call)
    }
}

impl On {
    fn is(&self, call: &Call) -> bool {
        let names = || call.arguments.iter().filter_map(|it| named(&it.value));
        match self {
            Self::Anything => true,
            Self::File => names().any(|name| name.starts_with('/')),
            Self::Pipe => names().any(|name| name.starts_with("pipe:")),
            Self::Socket => names().any(|name| name.starts_with("socket:")),
            Self::Path(end) => names().any(|name| name.ends_with(end.as_str())),
        }
    }
}

fn named(value: &Value) -> Option<&str> {
    match value {
        Value::Path(path) => Some(path),
        Value::Descriptor { target, .. } => target.as_deref(),
        Value::Number(_) | Value::Address(_) | Value::Flags { .. } => None,
    }
}

/// Something to be done to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// To which.
    pub which: Which,
    /// What.
    pub what: Injection,
}

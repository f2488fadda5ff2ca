//! What can be wrong with the code under test.

use std::fmt;

/// What a counterexample shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A panic that nothing has caught: most often an assertion that does not hold.
    Panic,
    /// Threads wait, and nobody is left who could end that.
    Deadlock,
    /// A thread spins, and nobody is left who could end that.
    SpinsForEver,
    /// Two accesses to plain data, one of them a write, neither of which happens before the other.
    Race,
    /// An atomic variable or a lock was used after its memory was freed.
    UseAfterFree,
    /// An execution went on and on, although all threads had their turns.
    NoEnd,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Panic => "panic",
            Kind::Deadlock => "deadlock",
            Kind::SpinsForEver => "spins for ever",
            Kind::Race => "data race",
            Kind::UseAfterFree => "use after free",
            Kind::NoEnd => "no end",
        })
    }
}

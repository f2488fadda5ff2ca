//! What is said about a program: its name, and what the checker must find.

/// One program and what is expected of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    /// The classic it is a version of.
    pub family: &'static str,
    /// The version.
    pub name: &'static str,
    /// One execution of it.
    pub run: fn(),
    /// What the checker must say.
    pub expected: Expected,
    /// The budget it is checked to.
    pub budget: u8,
}

/// What the checker must say about a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// It is right.
    Passes,
    /// It has a flaw of this kind, which shows like this.
    Fails(Kind, Failure),
    /// It is wrong, the checker says that it is right, and the documentation says why.
    Missed(&'static str),
}

/// What is wrong with a wrong version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A memory ordering is too weak, or two operations stand in the wrong order.
    Order,
    /// Two steps where one is needed.
    Atomicity,
    /// Somebody waits for ever, because nobody wakes him or lets him in.
    WakeUp,
    /// Something else: a test that is too short, a value that is off by one.
    Logic,
}

/// How a flaw shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Two accesses to the payload, and neither happens before the other.
    Race,
    /// All have their turns, and none comes to an end.
    Endless,
    /// A thread touches what has been freed.
    Freed,
    /// A thread panics, mostly because an assertion fails.
    Panic,
    /// Everybody sleeps.
    Stuck,
    /// Somebody turns in a loop that nothing can end.
    Spins,
}

/// A version that must pass.
pub(crate) fn right(name: &'static str, run: fn()) -> Program {
    Program {
        family: "",
        name,
        run,
        expected: Expected::Passes,
        budget: 3,
    }
}

/// A version that must fail, with this kind of flaw, in this way.
pub(crate) fn wrong(kind: Kind, name: &'static str, failure: Failure, run: fn()) -> Program {
    Program {
        expected: Expected::Fails(kind, failure),
        ..right(name, run)
    }
}

/// A wrong version that the checker is known to pass.
pub(crate) fn missed(name: &'static str, why: &'static str, run: fn()) -> Program {
    Program {
        expected: Expected::Missed(why),
        ..right(name, run)
    }
}

impl Program {
    /// The same, checked to another budget.
    pub(crate) fn to(self, budget: u8) -> Program {
        Program { budget, ..self }
    }

    /// The name by which a test is filtered.
    pub(crate) fn path(&self) -> String {
        format!(
            "{}::{}",
            self.family,
            self.name.replace([' ', ','], "_").replace("__", "_")
        )
    }
}

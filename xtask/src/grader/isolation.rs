//! Which level of isolation a grading gets: the one asked for, else the strongest that this machine
//! has, found by making a box and running a program in it.

use arena::{Isolation, Level};

use super::error::{Error, Mistake};

/// Whose code is to be graded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    /// The user's own, or the course's: nothing is lost if it is not contained.
    Trusted,
    Stranger,
}

/// Settles the level.
///
/// # Errors
///
/// Fails if this machine does not have the level that was asked for, or if it has none for the code
/// of a stranger and nobody said that it is to be run all the same.
pub(crate) fn settle(asked: Option<Level>, author: Author) -> Result<Isolation, Error> {
    if let Some(level) = asked {
        return arena::probe(level).map_err(|error| {
            let reason = error.to_string();
            Mistake::NoSuchIsolation { level, reason }.into()
        });
    }
    let mut reasons = Vec::new();
    for level in Level::ALL {
        match arena::probe(level) {
            Ok(_) if level == Level::None && author == Author::Stranger => {
                let reason = reasons.join("; ");
                return Err(Mistake::NotContained { reason }.into());
            }
            Ok(isolation) => return Ok(isolation),
            Err(arena::Error::Cannot(why)) => reasons.push(format!("{}: {why}", level.name())),
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Broken("no program can be started at all".to_owned()))
}

/// How many checks may run at a time: without namespaces their processes see each other's.
pub(crate) fn jobs(asked: usize, isolation: Isolation) -> usize {
    match isolation.level {
        Level::Namespaces | Level::None => asked,
        Level::Landlock => 1,
    }
}

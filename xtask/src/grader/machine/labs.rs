//! Which labs can be graded on a machine, by what their manifests say. Knows no lab.

use checks::Text;
use serde::Serialize;

use super::Machine;
use crate::grader::{lab::Lab, manifest::Kind};

/// What can be graded of a lab.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Gradable {
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) title: Text,
    /// The checks that cannot be judged here.
    pub(crate) ungradable: Vec<String>,
    /// The points of all others.
    pub(crate) points: u32,
}

impl Gradable {
    /// True if every check can be judged.
    pub(crate) fn is_whole(&self) -> bool {
        self.ungradable.is_empty()
    }
}

/// What can be graded of each lab.
pub(crate) fn gradable(machine: &Machine, labs: &[Lab]) -> Vec<Gradable> {
    let of = |lab: &Lab| {
        let (can, cannot): (Vec<_>, Vec<_>) = lab
            .manifest
            .checks
            .iter()
            .partition(|check| machine.stepping.is_ok() || !is_traced(check.kind));
        Gradable {
            number: lab.manifest.number,
            name: lab.manifest.name.clone(),
            title: lab.manifest.title.clone(),
            ungradable: cannot.iter().map(|check| check.name.clone()).collect(),
            points: can.iter().map(|check| check.points).sum(),
        }
    };
    labs.iter().map(of).collect()
}

/// True if a check of this kind holds or watches processes by ptrace(2).
fn is_traced(kind: Kind) -> bool {
    match kind {
        Kind::Trace | Kind::Fault | Kind::Park | Kind::Step | Kind::Kill | Kind::Signal => true,
        Kind::Functional | Kind::Property | Kind::Count | Kind::Leak | Kind::Model => false,
    }
}

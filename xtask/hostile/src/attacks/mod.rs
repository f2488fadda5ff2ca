//! The attacks, by family. Each is a function from what there is to attack to what it achieved.

mod disk;
mod files;
mod leftovers;
mod memory;
mod network;
mod privileges;
mod processes;
mod spying;
mod system_calls;

use hostile::Facts;

use crate::given::Given;

/// An attack.
pub(crate) type Attacking = fn(&Given) -> Facts;

/// Attacks with their names.
type Family = &'static [(&'static str, Attacking)];

const FAMILIES: [Family; 9] = [
    processes::ATTACKS,
    memory::ATTACKS,
    disk::ATTACKS,
    files::ATTACKS,
    spying::ATTACKS,
    network::ATTACKS,
    privileges::ATTACKS,
    system_calls::ATTACKS,
    leftovers::ATTACKS,
];

/// The attack of this name.
pub(crate) fn named(name: &str) -> Option<Attacking> {
    let mut all = FAMILIES.iter().flat_map(|family| family.iter());
    all.find_map(|(its, attack)| (*its == name).then_some(*attack))
}

/// All names.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES
        .iter()
        .flat_map(|family| family.iter().map(|(name, _)| *name))
}

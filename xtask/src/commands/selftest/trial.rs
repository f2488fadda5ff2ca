//! One attack in one box. Everything that the suite asks of the arena is asked here.

use std::{io, path::Path, time::Duration};

use arena::{Arena, How, Level, Limits, Program, Settings, patience};
use hostile::{Attack, End, Facts, Seen};

use super::{
    bait::Bait,
    machine::{Machine, left},
};

/// Tight, so that nothing takes long; well above what an attack needs that is no bomb.
const LIMITS: Limits = Limits {
    deadline: 20,
    patience: patience(20),
    cpu: 3,
    memory: 512 << 20,
    file: 64 << 20,
    descriptors: 256,
    output: 64 << 10,
    tasks: 128,
    total_memory: 512 << 20,
    disk: 64 << 20,
    inodes: 5_000,
};

/// Boxes of one level.
pub(super) struct Trial<'a> {
    level: Level,
    program: &'a Path,
    bait: Bait,
}

impl<'a> Trial<'a> {
    pub(super) fn new(level: Level, program: &'a Path, bait: Bait) -> Self {
        Self {
            level,
            program,
            bait,
        }
    }

    pub(super) fn bait(&self) -> &Bait {
        &self.bait
    }

    /// Makes the attack; all that is known of it afterwards.
    pub(super) fn of(&mut self, attack: &Attack) -> io::Result<Seen> {
        let before = Machine::look(self.program);
        let (mut facts, end) = self
            .in_box(attack)
            .unwrap_or_else(|error| (Facts::new(), End::Broken(error.to_string())));
        let after = Machine::look(self.program);
        self.bait.look(&mut facts)?;
        let left = left(&before, &after);
        Ok(Seen { facts, end, left })
    }

    fn in_box(&self, attack: &Attack) -> Result<(Facts, End), arena::Error> {
        let settings = Settings::new(LIMITS)
            .at(self.level)
            .seeing(self.program)
            .with_proc();
        let mut program = Program::new(self.program).arg(attack.name);
        for argument in self.bait.arguments()? {
            program = program.arg(argument);
        }
        let mut arena = Arena::start(&settings)?;
        let process = arena.spawn(&program)?;
        let ended = arena.wait(process, Duration::MAX)?;
        arena.finish()?;
        let mut facts = Facts::found_in(&ended.stdout).unwrap_or_default();
        facts.note("outside.kept", ended.stdout.len());
        let end = match ended.how {
            How::Exited(code) => End::Exited(code),
            How::Signalled { name, .. } => End::Signalled(name),
            How::TimedOut
            | How::NoTurn
            | How::Deadlocked(_)
            | How::OutOfMemory
            | How::OtherTask => End::Stopped,
        };
        Ok((facts, end))
    }
}

//! The game: the student is the scheduler. Every choice is one more line of a script; a position is
//! the execution that the script leads to. So undoing is only a shorter script, and nothing has to be
//! taken back.

use story::{Ask, Choice, Pick, Position, Script};

use crate::grader::error::{Error, Mistake};

/// Whoever carries out executions.
pub(crate) trait Scheduler {
    /// The programs that there are.
    fn programs(&mut self) -> Result<Vec<String>, Error>;

    /// The position that a script of a program leads to.
    fn position(&mut self, program: &str, script: &Script) -> Result<Position, Error>;
}

/// What a player may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Option or program so many, from 1.
    Number(usize),
    /// The program of this name.
    Name(String),
    Undo,
    Restart,
    /// Be asked more, or less.
    Ask,
    /// Show memory, or do not.
    Memory,
    /// Choose another program.
    Programs,
    Quit,
}

impl Action {
    /// What a line of a player's means; `None`: nothing.
    pub(crate) fn read(line: &str) -> Option<Self> {
        Some(match line.trim() {
            "u" => Self::Undo,
            "r" => Self::Restart,
            "e" => Self::Ask,
            "s" => Self::Memory,
            "p" => Self::Programs,
            "q" => Self::Quit,
            "" => return None,
            word => word
                .parse()
                .map_or_else(|_| Self::Name(word.to_owned()), Self::Number),
        })
    }
}

/// What is said of the last action, if it did not just go well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    NotUnderstood,
    NothingToUndo,
    AsksEverything,
    AsksThreads,
}

/// A program that is being played.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) program: String,
    pub(crate) position: Position,
    /// How many moments had happened before the last choice.
    pub(crate) before: usize,
    script: Script,
    /// The scripts before each choice, with what had happened then.
    earlier: Vec<Script>,
}

/// How a program that is being played has come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// What has happened is wrong.
    Broken,
    /// It came to a `todo!()`.
    Unwritten,
    /// Nothing is wrong.
    Well,
}

impl Round {
    /// What is to be chosen; nothing once something is wrong.
    pub(crate) fn choice(&self) -> Option<&Choice> {
        let choice = self.position.choice.as_ref();
        choice.filter(|_| self.position.story.kind.is_none())
    }

    /// How it ended; `None` while there is something to choose, or if it cannot be carried on.
    pub(crate) fn ending(&self) -> Option<Ending> {
        let story = &self.position.story;
        if self.choice().is_some() || self.position.trouble.is_some() {
            return None;
        }
        let message = story.message.as_deref().unwrap_or_default();
        Some(match story.kind {
            Some(_) if message.starts_with("not yet implemented") => Ending::Unwritten,
            Some(_) => Ending::Broken,
            None => Ending::Well,
        })
    }
}

/// A game: a list of programs, and perhaps one of them on the table.
#[derive(Debug)]
pub(crate) struct Game<S> {
    scheduler: S,
    pub(crate) programs: Vec<String>,
    pub(crate) round: Option<Round>,
    /// Whether memory is shown.
    pub(crate) memory: bool,
    pub(crate) said: Option<Said>,
    ask: Ask,
}

impl<S: Scheduler> Game<S> {
    /// A game with this program; without one it begins with the list, unless there is only one.
    ///
    /// # Errors
    /// If there is no such program, or the scheduler fails.
    pub(crate) fn start(mut scheduler: S, lab: &str, program: Option<&str>) -> Result<Self, Error> {
        let programs = scheduler.programs()?;
        let mut game = Self {
            scheduler,
            programs,
            round: None,
            memory: true,
            said: None,
            ask: Ask::default(),
        };
        let only = match &*game.programs {
            [only] => Some(only.clone()),
            _ => None,
        };
        match program.map(str::to_owned).or(only) {
            Some(name) if game.programs.contains(&name) => game.open(name)?,
            Some(name) => {
                let (lab, all) = (lab.to_owned(), game.programs);
                return Err(Mistake::UnknownProgram { lab, name, all }.into());
            }
            None => {}
        }
        Ok(game)
    }

    /// Does something, or says that this meant nothing; false if the game is over.
    ///
    /// # Errors
    /// If the scheduler fails.
    pub(crate) fn act(&mut self, action: Option<Action>) -> Result<bool, Error> {
        let Some(action) = action else {
            self.said = Some(Said::NotUnderstood);
            return Ok(true);
        };
        self.said = None;
        match (action, self.round.is_some()) {
            (Action::Quit, _) => return Ok(false),
            (Action::Number(number), true) => self.choose(number)?,
            (Action::Number(number), false) => {
                let program = number.checked_sub(1).and_then(|at| self.programs.get(at));
                match program.cloned() {
                    Some(program) => self.open(program)?,
                    None => self.said = Some(Said::NotUnderstood),
                }
            }
            (Action::Name(name), false) if self.programs.contains(&name) => self.open(name)?,
            (Action::Undo, true) => self.undo()?,
            (Action::Restart, true) => {
                let program = self.round.take().map(|round| round.program);
                program.map_or(Ok(()), |program| self.open(program))?;
            }
            (Action::Ask, true) => self.ask_otherwise()?,
            (Action::Memory, true) => self.memory = !self.memory,
            (Action::Programs, true) => self.round = None,
            _ => self.said = Some(Said::NotUnderstood),
        }
        Ok(true)
    }

    /// The scheduler, when the game is over.
    pub(crate) fn into_scheduler(self) -> S {
        self.scheduler
    }

    fn open(&mut self, program: String) -> Result<(), Error> {
        let script = Script {
            ask: self.ask,
            ..Script::default()
        };
        let position = self.scheduler.position(&program, &script)?;
        self.round = Some(Round {
            program,
            position,
            before: 0,
            script,
            earlier: Vec::new(),
        });
        Ok(())
    }

    fn choose(&mut self, number: usize) -> Result<(), Error> {
        let Some(round) = &mut self.round else {
            return Ok(());
        };
        let picked = number.checked_sub(1).zip(round.choice().cloned());
        let Some((pick, choice)) = picked.filter(|(pick, it)| *pick < it.options.len()) else {
            self.said = Some(Said::NotUnderstood);
            return Ok(());
        };
        let (step, ordinal) = choice.at;
        let mut script = round.script.clone();
        // The first option is what happens if nobody says anything.
        if let Some(pick) = u8::try_from(pick).ok().filter(|pick| *pick > 0) {
            script.picks.push(Pick {
                step,
                ordinal,
                pick,
            });
        }
        script.after = Some(choice.at);
        let position = self.scheduler.position(&round.program, &script)?;
        round.before = round.position.story.moments.len();
        round.position = position;
        round
            .earlier
            .push(std::mem::replace(&mut round.script, script));
        Ok(())
    }

    fn undo(&mut self) -> Result<(), Error> {
        let Some(round) = &mut self.round else {
            return Ok(());
        };
        let Some(script) = round.earlier.last() else {
            self.said = Some(Said::NothingToUndo);
            return Ok(());
        };
        let script = Script {
            ask: self.ask,
            ..script.clone()
        };
        round.position = self.scheduler.position(&round.program, &script)?;
        round.before = round.position.story.moments.len();
        round.script = script;
        round.earlier.pop();
        Ok(())
    }

    fn ask_otherwise(&mut self) -> Result<(), Error> {
        let Some(round) = &mut self.round else {
            return Ok(());
        };
        let (ask, said) = match self.ask {
            Ask::Threads => (Ask::Everything, Said::AsksEverything),
            Ask::Everything => (Ask::Threads, Said::AsksThreads),
        };
        let script = Script {
            ask,
            ..round.script.clone()
        };
        round.position = self.scheduler.position(&round.program, &script)?;
        round.script = script;
        self.ask = ask;
        self.said = Some(said);
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;

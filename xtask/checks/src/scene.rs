//! Drivers and programs of a submission, started in an arena and asked. What the answers are worth
//! is for the check to say.

use std::{collections::HashMap, env, path::PathBuf, time::Duration};

use arena::{
    Arena, Census, Fault, Heard, How, ProcessId, Program, Settings, Sleeper, Until, Which,
};
use probe::{Family, Timeline};

use crate::{
    Failure, Inventory, Judgement, Reply, Verdict, ending, failure::grader, machine::HELPER, text,
};

/// An arena with processes of one submission.
#[derive(Debug)]
pub struct Scene {
    pub(crate) arena: Arena,
    program: PathBuf,
    /// Of the last question.
    number: u64,
    /// Those that are not answered yet.
    begun: HashMap<ProcessId, u64>,
}

/// A driver in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Driver(pub(crate) ProcessId);

/// A program of the student's that has been started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running(ProcessId);

impl From<Driver> for ProcessId {
    fn from(driver: Driver) -> Self {
        driver.0
    }
}

impl From<Running> for ProcessId {
    fn from(running: Running) -> Self {
        running.0
    }
}

/// A program that has ended by an exit of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard output and standard error, control characters made visible.
    pub printed: String,
}

impl Scene {
    pub(crate) fn new(program: PathBuf, settings: &Settings) -> Judgement<Self> {
        Ok(Self {
            arena: Arena::start(settings)?,
            program,
            number: 0,
            begun: HashMap::new(),
        })
    }

    /// A path in the private folder in which all processes start.
    pub fn path(&self, name: &str) -> String {
        self.arena.path(name).to_string_lossy().into_owned()
    }

    /// Makes a file in the private folder; gives its path.
    ///
    /// # Errors
    /// The grader's, if it cannot be written.
    pub fn file(&self, name: &str, content: &[u8]) -> Judgement<String> {
        self.arena.write(name, content)?;
        Ok(self.path(name))
    }

    /// What a file of the private folder holds.
    ///
    /// # Errors
    /// If it has gone.
    pub fn read(&self, name: &str) -> Judgement<Vec<u8>> {
        self.arena.read(name).map_err(|error| {
            Failure::wrong(
                text!("the file {name} cannot be read: {error}"; "无法读取文件 {name}：{error}"),
            )
        })
    }

    /// The words that start a helper program of the lab's, for the student's code to execute; its
    /// arguments come after them.
    ///
    /// # Errors
    /// The grader's, if this program has no path.
    pub fn helper(&self, name: &str) -> Judgement<Vec<String>> {
        let program = env::current_exe()?.to_string_lossy().into_owned();
        Ok(vec![program, HELPER.to_owned(), name.to_owned()])
    }

    /// A driver that waits for questions.
    ///
    /// # Errors
    /// If it ends before it is ready.
    pub fn driver(&mut self) -> Judgement<Driver> {
        self.start_driver(0, false)
    }

    /// A driver that is held and stepped, and can be asked to fork so many children.
    pub(crate) fn stepped_driver(&mut self, children: usize) -> Judgement<Driver> {
        self.start_driver(children, true)
    }

    fn start_driver(&mut self, children: usize, stepped: bool) -> Judgement<Driver> {
        let mut program = Program::new(&self.program).session(children);
        if stepped {
            program = program.stepped();
        }
        let driver = Driver(self.arena.spawn(&program)?);
        self.ready(driver)?;
        Ok(driver)
    }

    /// A driver of whose calls those of these families are noted.
    ///
    /// # Errors
    /// If it ends before it is ready; *not graded* if nothing can be traced here.
    pub fn traced_driver(&mut self, families: &[Family]) -> Judgement<Driver> {
        let program = Program::new(&self.program).session(0).traced(families);
        let driver = Driver(self.arena.spawn(&program)?);
        self.ready(driver)?;
        Ok(driver)
    }

    /// Asks a driver; the calls that it makes for the answer are a phase of this name.
    ///
    /// # Errors
    /// As [`Scene::ask`].
    pub fn ask_noting(&mut self, driver: Driver, phase: &str, question: &str) -> Judgement<Reply> {
        self.arena.mark(phase)?;
        let reply = self.ask(driver, question)?;
        // Reading the next question is nothing that was asked for.
        self.arena.mark("")?;
        Ok(reply)
    }

    /// What traced processes did in a phase.
    ///
    /// # Errors
    /// The grader's, if the helper fails.
    pub fn calls_in(&mut self, phase: &str) -> Judgement<Timeline> {
        Ok(self.arena.timeline()?.phase(phase))
    }

    /// Does something to a call that is still to come.
    ///
    /// # Errors
    /// *Not graded* if calls cannot be changed here.
    pub fn arm(&mut self, fault: Fault) -> Judgement {
        Ok(self.arena.arm(fault)?)
    }

    /// Holds who comes to such a call before it, until it is [released](Scene::release).
    ///
    /// # Errors
    /// The grader's, if the helper fails.
    pub fn hold(&mut self, which: Which) -> Judgement {
        Ok(self.arena.hold(which)?)
    }

    /// Waits until a driver or a program is held.
    ///
    /// # Errors
    /// If it answers or ends without coming there.
    pub fn until_held(&mut self, process: impl Into<ProcessId>) -> Judgement {
        match self.arena.hear(process.into(), Duration::MAX)? {
            Heard::Held => Ok(()),
            Heard::Ended(ended) => Err(ending::failure(&ended)),
            Heard::Line(_) => Err(Failure::wrong(text!(
                "it has finished without the system call before which it was to be held";
                "没有执行预期的系统调用就完成了"
            ))),
        }
    }

    /// Lets a driver or a program go on that is held.
    ///
    /// # Errors
    /// The grader's, if the helper fails.
    pub fn release(&mut self, process: impl Into<ProcessId>) -> Judgement {
        Ok(self.arena.release(process.into())?)
    }

    /// Waits until a driver, a program, or something that it has started sleeps in a call of this
    /// family: what a pause would only hope for. Tells the call, and the line if calls are noted.
    ///
    /// # Errors
    /// If it answers or ends instead; *deadlocked* if it sleeps for ever in another call.
    pub fn until_blocked(
        &mut self,
        process: impl Into<ProcessId>,
        family: Family,
    ) -> Judgement<Sleeper> {
        let until = self
            .arena
            .until_blocked(process.into(), family, Duration::MAX)?;
        let calls = family.names().join(", ");
        match until {
            Until::Blocked(sleeper) => Ok(sleeper),
            Until::Otherwise(Heard::Ended(ended)) => Err(ending::failure(&ended)),
            Until::Otherwise(Heard::Line(_)) => Err(Failure::wrong(text!(
                "it answers where it should wait (in one of: {calls})";
                "它本应等待（在以下调用之一中：{calls}），却给出了回答"
            ))),
            Until::Otherwise(Heard::Held) => Err(grader(&"it is held, and cannot fall asleep")),
        }
    }

    /// A child of a driver, with all that the driver has open.
    pub(crate) fn forked(&mut self, parent: Driver) -> Judgement<Driver> {
        let child = Driver(self.arena.fork(parent.0)?);
        self.ready(child)?;
        Ok(child)
    }

    fn ready(&mut self, driver: Driver) -> Judgement {
        match Reply::read(&self.hear(driver)?, 0)? {
            Reply::Ok(_) => Ok(()),
            Reply::Err(_) => Err(grader(&"a driver is not ready")),
        }
    }

    /// Asks a driver, and waits for the answer.
    ///
    /// # Errors
    /// If it ends, sleeps for ever or answers something else.
    pub fn ask(&mut self, driver: Driver, question: &str) -> Judgement<Reply> {
        self.begin(driver, question)?;
        self.answer(driver)
    }

    /// Asks a driver, and does not wait for the answer.
    ///
    /// # Errors
    /// The grader's, if the helper fails.
    pub fn begin(&mut self, driver: Driver, question: &str) -> Judgement {
        self.number += 1;
        self.begun.insert(driver.0, self.number);
        Ok(self
            .arena
            .tell(driver.0, &format!("{} {question}", self.number))?)
    }

    /// Waits for the answer to the question that a driver was asked last.
    ///
    /// # Errors
    /// As [`Scene::ask`].
    pub fn answer(&mut self, driver: Driver) -> Judgement<Reply> {
        let line = self.hear(driver)?;
        let number = self.begun.remove(&driver.0);
        Reply::read(&line, number.unwrap_or(self.number))
    }

    fn hear(&mut self, driver: Driver) -> Judgement<String> {
        match self.arena.hear(driver.0, Duration::MAX)? {
            Heard::Line(line) => Ok(line),
            Heard::Ended(ended) => Err(ending::failure(&ended)),
            Heard::Held => Err(grader(&"a driver is held before a call")),
        }
    }

    /// Ends a driver by closing its channel. It must have nothing more to say, and exit with 0.
    ///
    /// # Errors
    /// If it says something, or ends in another way.
    pub fn close(&mut self, driver: Driver) -> Judgement {
        let ended = self.arena.wait(driver.0, Duration::MAX)?;
        if ended.how == How::Exited(0) {
            Ok(())
        } else {
            Err(ending::failure(&ended))
        }
    }

    /// The same, whether it has been ended or not, and however.
    pub(crate) fn let_go(&mut self, driver: Driver) -> Judgement {
        self.arena.wait(driver.0, Duration::MAX)?;
        Ok(())
    }

    /// What a driver or a program has of the system's, counted from outside.
    ///
    /// # Errors
    /// The grader's, if it has gone.
    pub fn census(&mut self, process: impl Into<ProcessId>) -> Judgement<Census> {
        Ok(self.arena.census(process.into())?)
    }

    /// What a driver or a program has, and what the whole box holds: to be compared with what it was
    /// before, by [`Inventory::left_since`].
    ///
    /// # Errors
    /// The grader's, if it has gone.
    pub fn inventory(&mut self, process: impl Into<ProcessId>) -> Judgement<Inventory> {
        Ok(Inventory {
            process: self.arena.census(process.into())?,
            of_box: self.arena.belongings()?,
        })
    }

    /// Starts a program of the student's.
    ///
    /// # Errors
    /// The grader's, if it cannot be started.
    pub fn start(&mut self, name: &str, arguments: &[&str]) -> Judgement<Running> {
        self.start_with(name, arguments, |program| program)
    }

    /// Starts a program of the student's after something has been done about it: its calls are noted
    /// (`program.traced(families)`), and perhaps changed (`.fault(fault)`) or held (`.held(which)`); or it is
    /// given something to read (`.input(content)`).
    ///
    /// # Errors
    /// The grader's, if it cannot be started; *not graded* if nothing can be traced here.
    pub fn start_with(
        &mut self,
        name: &str,
        arguments: &[&str],
        prepare: impl FnOnce(Program) -> Program,
    ) -> Judgement<Running> {
        let mut program = Program::new(&self.program).arg(name);
        for argument in arguments {
            program = program.arg(*argument);
        }
        Ok(Running(self.arena.spawn(&prepare(program))?))
    }

    /// Waits until a program has ended by an exit of its own.
    ///
    /// # Errors
    /// If it panics, is ended by a signal, or does not end.
    pub fn finished(&mut self, running: Running) -> Judgement<Finished> {
        let ended = self.arena.wait(running.0, Duration::MAX)?;
        match ended.how {
            // A panic.
            How::Exited(101) => Err(ending::failure(&ended)),
            How::Exited(code) => Ok(Finished {
                code,
                stdout: ended.stdout,
                printed: ended.printed,
            }),
            _ => Err(ending::failure(&ended)),
        }
    }

    /// The end of the scene: nothing may be left of it. All drivers must have been closed, or are
    /// ended now.
    ///
    /// # Errors
    /// If processes were left that nobody had started here.
    pub fn leave(self) -> Judgement {
        let left = self.arena.finish()?;
        if left == 0 {
            return Ok(());
        }
        Err(Failure::new(
            Verdict::Leaked,
            text!("{left} processes were left running"; "留下了 {left} 个仍在运行的进程"),
        ))
    }
}

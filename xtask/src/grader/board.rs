//! A submission in a game: its model binary in a box of its own, asked for one position after the
//! other. The grader of a check asks the same program in the same way; only who chooses differs.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use arena::{Arena, Ended, Heard, How, Level, Limits, Program, Settings};
use checks::{Text, text};
use crossbeam::channel::{self, Receiver, RecvTimeoutError, Sender};
use serde::de::DeserializeOwned;
use story::{Position, Script};

use super::{
    build::{self, Built},
    cargo::{self, Stopped},
    error::{Error, Mistake},
    events::Finding,
    interrupt::Interrupt,
    lab::Lab,
    repository::Repository,
    rules::Rules,
    submission::Submission,
};

/// The stage in which a submission is built.
const WORKER: usize = 0;
/// Seconds of its own for one position, which takes some milliseconds.
const DEADLINE: u64 = 10;
/// Seconds of CPU time and by the clock for a whole game: nobody plays longer.
const CPU: u64 = 3600;
const PATIENCE: u64 = 24 * 3600;
/// How often to look whether the user has lost patience.
const GLANCE: Duration = Duration::from_millis(50);

/// What comes of laying out a board.
#[derive(Debug)]
pub(crate) enum Laid<'a> {
    Board(Board<'a>),
    Refused(Vec<Finding>),
    DoesNotCompile {
        messages: Vec<String>,
        note: Option<Text>,
    },
    Stopped(Stopped),
}

/// A submission that can be asked for positions.
#[derive(Debug)]
pub(crate) struct Board<'a> {
    model: PathBuf,
    /// The files that it was built from: what happens there is quoted.
    sources: Vec<(String, String)>,
    level: Level,
    interrupt: &'a Interrupt,
    /// The language in which trouble is told.
    chinese: bool,
    /// The last question's number.
    number: u64,
    session: Option<Session>,
}

/// The fields of an answer, or how the model ended instead.
type Answered = Result<Vec<String>, Ended>;

/// A model binary that waits for questions. The arena's calls cannot be interrupted, so a thread
/// makes them, which may be left behind: when this process ends, so does the arena.
#[derive(Debug)]
struct Session {
    questions: Sender<String>,
    answers: Receiver<Result<Heard, arena::Error>>,
}

/// Builds a submission as a grading does.
///
/// # Errors
/// If the lab is not judged by the model, at Ctrl-C, and if cargo or the arena fails.
pub(crate) fn lay<'a>(
    repository: &Repository,
    lab: &Lab,
    submission: &Submission,
    level: Level,
    chinese: bool,
    interrupt: &'a Interrupt,
) -> Result<Laid<'a>, Error> {
    let no_model = || {
        let lab = lab.folder.folder.clone();
        Error::from(Mistake::NoModel { lab })
    };
    if !lab.folder.has_model() {
        return Err(no_model());
    }
    let findings = Rules::of(lab, &lab.dependencies()?).findings(&submission.files);
    if !findings.is_empty() {
        return Ok(Laid::Refused(findings));
    }
    let limits = cargo::limits();
    let driver = match build::driver(
        repository, lab, submission, WORKER, level, limits, interrupt,
    )? {
        Built::Driver(driver) => driver,
        Built::DoesNotCompile { messages, note, .. } => {
            return Ok(Laid::DoesNotCompile { messages, note });
        }
        Built::Stopped(stopped) => return Ok(Laid::Stopped(stopped)),
    };
    Ok(Laid::Board(Board {
        model: driver.model.ok_or_else(no_model)?,
        sources: sources(&driver.source)?,
        level,
        interrupt,
        chinese,
        number: 0,
        session: None,
    }))
}

/// The files below a folder's `src`, as their programs name them. A box shows none of them.
fn sources(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let unreadable = |path: &Path| format!("{} cannot be read", path.display());
    let path = folder.join("src");
    let mut sources = Vec::new();
    for entry in fs::read_dir(&path).map_err(Error::io(unreadable(&path)))? {
        let path = entry.map_err(Error::io(unreadable(&path)))?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).map_err(Error::io(unreadable(&path)))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            sources.push((format!("src/{name}"), text));
        }
    }
    sources.sort();
    Ok(sources)
}

impl Board<'_> {
    /// The names of the lab's programs.
    ///
    /// # Errors
    /// If the model cannot be started, or does not tell them.
    pub(crate) fn programs(&mut self) -> Result<Vec<String>, Error> {
        match self.ask("programs")? {
            Ok(fields) => Ok(fields),
            Err(ended) => Err(Error::Broken(format!(
                "the model does not tell its programs: {:?}: {}",
                ended.how, ended.printed
            ))),
        }
    }

    /// The position that a script of a program leads to. A program that never comes to one has its
    /// trouble told there.
    ///
    /// # Errors
    /// At Ctrl-C, and if the arena fails or something else than a position comes back.
    pub(crate) fn position(&mut self, program: &str, script: &Script) -> Result<Position, Error> {
        let script = serde_json::to_string(script).map_err(senseless)?;
        match self.ask(&checks::line(&[&"position", &program, &script]))? {
            Ok(fields) => read(&fields),
            Err(ended) => Ok(Position {
                story: story::Story {
                    program: program.to_owned(),
                    ..story::Story::default()
                },
                threads: Vec::new(),
                choice: None,
                trouble: Some(self.told(&why(&ended))),
            }),
        }
    }

    /// Ends all that was started, and waits for that.
    pub(crate) fn clear(self) {
        let Some(Session { questions, answers }) = self.session else {
            return;
        };
        drop(questions);
        // The thread lets go of its end as its last act.
        while let Err(RecvTimeoutError::Timeout) = answers.recv_timeout(GLANCE) {
            if self.interrupt.is_raised() {
                return;
            }
        }
    }

    fn told(&self, text: &Text) -> String {
        match self.chinese {
            true => text.zh.clone(),
            false => text.en.clone(),
        }
    }

    /// The fields of an answer, or how the model ended instead.
    fn ask(&mut self, question: &str) -> Result<Answered, Error> {
        // Taken out, so that whatever goes wrong ends it.
        let session = match self.session.take() {
            Some(session) => session,
            None => match self.begin()? {
                Ok(session) => session,
                Err(ended) => return Ok(Err(ended)),
            },
        };
        let answer = self.question(&session, question)?;
        self.session = Some(session).filter(|_| answer.is_ok());
        Ok(answer)
    }

    /// A model that is ready, and knows the files.
    fn begin(&mut self) -> Result<Result<Session, Ended>, Error> {
        let session = Session::start(self.model.clone(), self.level);
        self.number = 0;
        let mut answer = self.answer(&session)?;
        for (file, text) in self.sources.clone() {
            if answer.is_ok() {
                answer = self.question(&session, &checks::line(&[&"source", &file, &text]))?;
            }
        }
        Ok(answer.map(|_| session))
    }

    fn question(&mut self, session: &Session, question: &str) -> Result<Answered, Error> {
        self.number += 1;
        let line = format!("{} {question}", self.number);
        // Whether it was heard, the answer says.
        session.questions.send(line).ok();
        self.answer(session)
    }

    /// What comes back for the last question.
    fn answer(&self, session: &Session) -> Result<Answered, Error> {
        loop {
            match session.answers.recv_timeout(GLANCE) {
                Ok(Ok(Heard::Line(line))) => return fields(&line, self.number).map(Ok),
                Ok(Ok(Heard::Ended(ended))) => return Ok(Err(ended)),
                Ok(Ok(Heard::Held)) => {
                    return Err(Error::Broken("the model is held".to_owned()));
                }
                Ok(Err(error)) => return Err(error.into()),
                Err(RecvTimeoutError::Timeout) if self.interrupt.is_raised() => {
                    return Err(Error::Interrupted);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::Broken("the thread of a box has gone".to_owned()));
                }
            }
        }
    }
}

impl Session {
    /// Starts the model; its first answer is that it is ready.
    fn start(model: PathBuf, level: Level) -> Self {
        let (questions, asked) = channel::unbounded::<String>();
        let (answer, answers) = channel::unbounded();
        thread::spawn(move || {
            if let Err(error) = serve(model, level, &asked, &answer) {
                // Nobody listens any more after Ctrl-C.
                answer.send(Err(error)).ok();
            }
        });
        Self { questions, answers }
    }
}

/// Asks until nobody has a question, or the model has ended.
fn serve(
    model: PathBuf,
    level: Level,
    asked: &Receiver<String>,
    answer: &Sender<Result<Heard, arena::Error>>,
) -> Result<(), arena::Error> {
    let limits = Limits {
        deadline: DEADLINE,
        patience: PATIENCE,
        cpu: CPU,
        ..Limits::default()
    };
    let settings = Settings::new(limits).at(level).seeing(&model);
    let mut arena = Arena::start(&settings)?;
    let process = arena.spawn(&Program::new(model).session(0))?;
    loop {
        let heard = arena.hear(process, Duration::MAX)?;
        let is_over = matches!(heard, Heard::Ended(_));
        answer.send(Ok(heard)).ok();
        if is_over {
            break;
        }
        let Ok(question) = asked.recv() else { break };
        arena.tell(process, &question)?;
    }
    arena.finish()?;
    Ok(())
}

/// The fields of the answer to a question: `7 ok FIELD …`.
fn fields(line: &str, number: u64) -> Result<Vec<String>, Error> {
    let prefix = format!("{number} ok");
    let rest = line.strip_prefix(&prefix).map(str::trim_start);
    let fields = rest.and_then(|rest| {
        let fields = rest.split(' ').filter(|field| !field.is_empty());
        fields.map(driver::unescape).collect()
    });
    fields.ok_or_else(|| senseless(format!("{line:.200}")))
}

fn read<T: DeserializeOwned>(fields: &[String]) -> Result<T, Error> {
    match fields {
        [field] => serde_json::from_str(field).map_err(senseless),
        _ => Err(senseless(format!("{} fields", fields.len()))),
    }
}

fn senseless(what: impl std::fmt::Display) -> Error {
    Error::Broken(format!("the model's answer makes no sense: {what}"))
}

/// Why there is no position, if the model has ended.
fn why(ended: &Ended) -> Text {
    let last = ended.printed.lines().last().unwrap_or_default();
    match &ended.how {
        How::TimedOut => text!(
            "a thread goes round in circles without an operation that others could notice";
            "有线程一直在循环，其中没有其他线程能观察到的操作"
        ),
        How::Signalled { name, .. } => text!(
            "the program was ended by {name}. {last}";
            "程序被信号 {name} 终止。{last}"
        ),
        How::OutOfMemory => text!(
            "the program took more memory than a solution needs";
            "程序占用的内存超过上限"
        ),
        other => text!("the program has ended: {other:?}. {last}"; "程序已结束：{other:?}。{last}"),
    }
}

impl crate::play::game::Scheduler for Board<'_> {
    fn programs(&mut self) -> Result<Vec<String>, Error> {
        Board::programs(self)
    }

    fn position(&mut self, program: &str, script: &Script) -> Result<Position, Error> {
        Board::position(self, program, script)
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn an_answer_is_fields_behind_the_number_of_its_question() {
        assert_eq!(
            fields(r"7 ok a\_b c", 7).ok(),
            Some(vec!["a b".to_owned(), "c".to_owned()])
        );
        assert_eq!(fields("7 ok", 7).ok(), Some(Vec::new()));
        for line in ["6 ok a", "7 err io", "", "ok"] {
            assert!(fields(line, 7).is_err(), "{line}");
        }
    }
}

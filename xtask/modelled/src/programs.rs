//! The programs of a lab, and the session that searches through their executions.

use std::{fmt, process::ExitCode, rc::Rc};

use driver::{Answer, Question, Roles};
use serde_json::{from_str, to_string};
use story::{Script, Search};

use crate::{found::found, position, sources::Sources};

type Body = Rc<dyn Fn()>;

/// The programs of a lab, beginning with none.
#[derive(Default)]
pub struct Programs(Vec<(&'static str, Body)>);

impl fmt::Debug for Programs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl Programs {
    /// No program yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more program. It makes all that it works on, since it is executed thousands of times; what
    /// must hold, it asserts. A message says it to students, `"in English / 用中文"`.
    #[must_use]
    pub fn program(mut self, name: &'static str, body: impl Fn() + 'static) -> Self {
        self.0.push((name, Rc::new(body)));
        self
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }

    /// Answers questions until the channel closes.
    pub fn session(self) -> ExitCode {
        let mut sources = Sources::default();
        Roles::new().session(move |question| match question.word() {
            "programs" => self.names().fold(Answer::ok(), Answer::with),
            "source" => {
                sources.add(question.text(0), question.text(1));
                Answer::ok()
            }
            "search" => self.search(question, &sources),
            "position" => self.position(question, &sources),
            _ => question.unknown(),
        })
    }

    fn body(&self, question: &Question<'_>) -> (&'static str, Body) {
        let wanted = question.text(0);
        match self.0.iter().find(|(name, _)| *name == wanted) {
            Some((name, body)) => (name, Rc::clone(body)),
            None => question.disagree("a program of this lab"),
        }
    }

    fn search(&self, question: &Question<'_>, sources: &Sources) -> Answer {
        let (name, body) = self.body(question);
        let Ok(asked) = from_str::<Search>(question.text(1)) else {
            question.disagree("what to search for")
        };
        let mut model = sources.model();
        if let Some(budget) = asked.budget {
            model = model.budget(budget);
        }
        if let Some(executions) = asked.executions {
            model = model.executions(executions);
        }
        if let Some(steps) = asked.steps {
            model = model.steps(steps);
        }
        if let Some(free_choice) = asked.free_choice {
            model = model.free_choice(free_choice);
        }
        if let Some(replay) = &asked.replay {
            model = model.replay(replay);
        }
        let report = model.check(move || body());
        answer(question, to_string(&found(name, report)))
    }

    fn position(&self, question: &Question<'_>, sources: &Sources) -> Answer {
        let (name, body) = self.body(question);
        let Ok(script) = from_str::<Script>(question.text(1)) else {
            question.disagree("a script")
        };
        let position = sources
            .model()
            .position(&position::script(&script), move || body());
        answer(question, to_string(&position::position(name, position)))
    }
}

/// An answer in JSON.
fn answer(question: &Question<'_>, json: serde_json::Result<String>) -> Answer {
    match json {
        Ok(json) => Answer::ok().with(json),
        Err(_) => question.disagree("something that JSON can say"),
    }
}

//! What a driver becomes: its first argument says. The roles themselves are the lab's.

use std::{ffi::OsString, io::Write, process::ExitCode};

use crate::{
    panic,
    session::{Answer, Question, serve},
};

type Program = fn(Vec<OsString>) -> ExitCode;

/// The roles of a driver, beginning with none.
///
/// ```no_run
/// use std::process::ExitCode;
/// fn bump(_args: Vec<std::ffi::OsString>) -> ExitCode { ExitCode::SUCCESS }
/// fn main() -> ExitCode {
///     driver::Roles::new()
///         .program("bump", bump)
///         .demo(|| println!("what the student's code does"))
///         .session(|question| match question.word() {
///             "double" => driver::Answer::ok().with(2 * question.number(0)),
///             _ => question.unknown(),
///         })
/// }
/// ```
#[derive(Debug, Default)]
pub struct Roles {
    programs: Vec<(&'static str, Program)>,
    demo: Option<fn()>,
}

impl Roles {
    /// No role yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A program of the student's; `main` gets the arguments after its name.
    #[must_use]
    pub fn program(mut self, name: &'static str, main: Program) -> Self {
        self.programs.push((name, main));
        self
    }

    /// The lab's demo, on the student's code.
    #[must_use]
    pub fn demo(mut self, demo: fn()) -> Self {
        self.demo = Some(demo);
        self
    }

    /// Becomes what the first argument says; `answer` is asked each question of a session.
    pub fn session(self, answer: impl FnMut(&Question<'_>) -> Answer) -> ExitCode {
        panic::tell_in_one_line();
        let mut arguments = std::env::args_os().skip(1);
        let role = arguments.next().unwrap_or_default();
        if role == "session" {
            let channels = arguments.map(|number| {
                number
                    .to_str()
                    .and_then(|number| number.parse().ok())
                    .unwrap_or(-1)
            });
            return serve(&channels.collect::<Vec<_>>(), answer);
        }
        if role == "demo"
            && let Some(demo) = self.demo
        {
            demo();
            return ExitCode::SUCCESS;
        }
        if let Some((_, main)) = self.programs.iter().find(|(name, _)| role == *name) {
            return main(arguments.collect());
        }
        let mut names = vec!["session"];
        names.extend(self.demo.map(|_| "demo"));
        names.extend(self.programs.iter().map(|(name, _)| *name));
        // Without a standard error there is nobody to tell.
        writeln!(
            std::io::stderr(),
            "this is the driver of a lab: the grader starts it; its roles are {}",
            names.join(", ")
        )
        .ok();
        ExitCode::from(2)
    }
}

/// The language that a demo should speak: `"zh"` or `"en"`.
pub fn demo_language() -> &'static str {
    match std::env::var("INTERLOCK_LANG") {
        Ok(language) if language == "zh" => "zh",
        _ => "en",
    }
}

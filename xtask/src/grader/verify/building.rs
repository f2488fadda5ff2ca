//! Builds every answer once, over several workers, and puts each driver where the next build does
//! not overwrite it.

use std::{fs, io, path::Path};

use arena::Level;
use crossbeam::channel;

use super::super::{
    build::{self, Built, Driver},
    cargo,
    error::Error,
    interrupt::Interrupt,
    lab::Lab,
    repository::{MODEL, Repository},
    rules::Rules,
    submission::Submission,
};
use super::{Options, Step, answers::Answer};

/// An answer that can be run, or why not.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) answer: Answer,
    pub(super) driver: Result<Driver, String>,
}

/// Builds the answers; they come back in the order in which they were given.
pub(super) fn build(
    repository: &Repository,
    lab: &Lab,
    answers: Vec<Answer>,
    options: &Options,
    interrupt: &Interrupt,
    on: &mut dyn FnMut(Step<'_>),
) -> Result<Vec<Ready>, Error> {
    let dependencies = lab.dependencies()?;
    let (give, take) = channel::unbounded();
    for (number, answer) in answers.iter().enumerate() {
        // The receiver lives as long as this function.
        give.send((number, answer)).ok();
    }
    drop(give);
    let (tell, told) = channel::unbounded();
    let mut drivers: Vec<Option<Result<Driver, String>>> = answers.iter().map(|_| None).collect();
    let mut failure = None;
    let scope = crossbeam::thread::scope(|scope| {
        for worker in 0..options.builders.max(1) {
            let (take, tell) = (take.clone(), tell.clone());
            let dependencies = &dependencies;
            scope.spawn(move |_| {
                let bench = Bench {
                    repository,
                    lab,
                    dependencies,
                    worker,
                    level: options.isolation.level,
                    interrupt,
                };
                for (number, answer) in take {
                    tell.send((number, bench.build(answer))).ok();
                }
            });
        }
        drop(tell);
        for (number, built) in told {
            on(Step::BuiltOne {
                answer: &answers[number].name,
            });
            match built {
                Ok(driver) => drivers[number] = Some(driver),
                // Take up nothing more, and let what is being built come to its end.
                Err(error) => {
                    failure.get_or_insert(error);
                    while take.try_recv().is_ok() {}
                }
            }
        }
    });
    drop(take);
    scope.map_err(|_| Error::Broken("a thread that builds answers panicked".to_owned()))?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    Ok(std::iter::zip(answers, drivers)
        .map(|(answer, driver)| Ready {
            answer,
            driver: driver.unwrap_or_else(|| Err("it was not built".to_owned())),
        })
        .collect())
}

struct Bench<'a> {
    repository: &'a Repository,
    lab: &'a Lab,
    dependencies: &'a [String],
    worker: usize,
    level: Level,
    interrupt: &'a Interrupt,
}

impl Bench<'_> {
    /// The outer error is the grader's, the inner one the answer's.
    fn build(&self, answer: &Answer) -> Result<Result<Driver, String>, Error> {
        let submission = match &answer.submission {
            Ok(submission) => submission,
            Err(why) => return Ok(Err(why.clone())),
        };
        let rules = Rules::of(self.lab, self.dependencies);
        let findings = rules.findings(&submission.files);
        if let Some(finding) = findings.first() {
            let (file, line) = (&finding.place.file, finding.place.line);
            return Ok(Err(format!("{file}:{line}: {} is refused", finding.what)));
        }
        let (repository, lab) = (self.repository, self.lab);
        match build::driver(
            repository,
            lab,
            submission,
            self.worker,
            self.level,
            cargo::limits(),
            self.interrupt,
        )? {
            Built::Driver(driver) => self.keep(answer, submission, &driver).map(Ok),
            Built::Stopped(stopped) => Ok(Err(format!(
                "the compiler was stopped: {}",
                stopped.reason().en
            ))),
            Built::DoesNotCompile {
                messages, errors, ..
            } => {
                let first = messages.first().map_or("", String::as_str).trim_end();
                Ok(Err(format!(
                    "it does not compile, {errors} errors:\n{first}"
                )))
            }
        }
    }

    /// Copies the driver and its sources out of the stage.
    fn keep(
        &self,
        answer: &Answer,
        submission: &Submission,
        driver: &Driver,
    ) -> Result<Driver, Error> {
        let shelf = self
            .repository
            .workshop()
            .join("verify")
            .join(&self.lab.folder.folder);
        let source = shelf.join(&answer.name);
        let (program, model) = (source.join("driver"), source.join("model"));
        let keep = || -> io::Result<()> {
            match fs::remove_dir_all(&source) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            for file in &submission.files {
                let path = source.join(&file.path);
                fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
                fs::write(path, &file.text)?;
            }
            fs::copy(&driver.program, &program)?;
            if let Some(built) = &driver.model {
                // Stories quote its lines.
                fs::copy(self.lab.folder.path.join(MODEL), source.join(MODEL))?;
                fs::copy(built, &model)?;
            }
            Ok(())
        };
        keep().map_err(Error::io(format!("{} cannot be written", source.display())))?;
        Ok(Driver {
            program,
            model: driver.model.as_ref().map(|_| model),
            source,
        })
    }
}

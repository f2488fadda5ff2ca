//! What a check is given: the submission's program, a seed, and a place for what it wants to say of
//! its work.

use std::{
    env,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use arena::{Level, Limits, Settings, patience};

use crate::{Failure, Judgement, Random, Record, Scene, Text, Verdict, modelled::Model};

/// Seconds of CPU time for one process: whoever needs more goes round in circles.
const CPU: u64 = 30;

/// One run of one check on one submission.
#[derive(Debug)]
pub struct Trial {
    pub(crate) driver: PathBuf,
    /// The lab's programs for the model, if it has some.
    pub(crate) programs: Option<PathBuf>,
    pub(crate) model: Model,
    pub(crate) source: PathBuf,
    pub(crate) replay: Option<String>,
    /// `None`: the strongest that this machine has.
    pub(crate) isolation: Option<Level>,
    /// Whether the lab has helper programs, which a box has to show.
    pub(crate) has_helpers: bool,
    pub(crate) record: Record,
    /// Seconds of its own that the submission has for whatever it is asked.
    deadline: u64,
    /// When to give up, by the clock.
    ends: Instant,
    seed: u64,
    random: Random,
}

impl Trial {
    pub(crate) fn new(driver: PathBuf, source: PathBuf, seed: u64, deadline: u64) -> Self {
        Self {
            driver,
            programs: None,
            model: Model::default(),
            source,
            replay: None,
            isolation: None,
            has_helpers: false,
            record: Record::new(Verdict::Passed),
            deadline,
            ends: Instant::now() + Duration::from_secs(patience(deadline)),
            seed,
            random: Random::new(seed),
        }
    }

    /// Numbers from the seed of this run.
    pub fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// The seed of this run.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The folder with the submitted files.
    pub fn source(&self) -> &Path {
        &self.source
    }

    /// An arena of its own.
    ///
    /// # Errors
    /// The grader's, if it cannot be made.
    pub fn scene(&self) -> Judgement<Scene> {
        self.scene_of(self.driver.clone())
    }

    /// An arena for one of the submission's programs.
    pub(crate) fn scene_of(&self, program: PathBuf) -> Judgement<Scene> {
        let limits = Limits {
            deadline: self.deadline,
            patience: self
                .ends
                .saturating_duration_since(Instant::now())
                .as_secs(),
            cpu: CPU,
            ..Limits::default()
        };
        let mut settings = Settings::new(limits).at(self.isolation).seeing(&program);
        if self.has_helpers {
            // This very program, in other roles.
            settings = settings.seeing(env::current_exe()?);
        }
        Scene::new(program, &settings)
    }

    /// Says what was done; worth knowing of a pass as well.
    pub fn worked(&mut self, what: Text) {
        self.record.work.push(what);
    }

    /// A figure of this run.
    pub fn measured(&mut self, name: impl Into<String>, value: u64) {
        self.record.measured.insert(name.into(), value);
    }

    /// Fails unless it is so.
    ///
    /// # Errors
    /// If it is not.
    pub fn that(&self, so: bool, otherwise: impl FnOnce() -> Text) -> Judgement {
        if so {
            Ok(())
        } else {
            Err(Failure::wrong(otherwise()))
        }
    }
}

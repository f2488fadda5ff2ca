//! Where files are handed in: each is graded by the grader's own functions, as the upload of a
//! stranger would be. The differences: limits on the compiler that are over soon, and a second
//! grading without the static rules for what they refuse.

use std::{fs, path::Path};

use anyhow::Context;
use arena::{Level, Limits, patience};
use checks::Verdict;
use hostile::{Fate, HandedIn, Kind};

use super::{
    bait::Bait,
    judged::{Graded, Judged},
    secrets::Secrets,
};
use crate::{
    commands::AtHand,
    grader::{
        cargo,
        error::{Error, story},
        events::{Built, Event, Ungraded},
        grading::{Precautions, Request, grade},
        lab::Lab,
        submission::Wanted,
    },
};

/// Enough for an honest file, and soon over. The largest program is smaller than `hostile`'s.
fn limits() -> Limits {
    Limits {
        deadline: 60,
        patience: patience(60),
        cpu: 8,
        memory: 2 << 30,
        total_memory: 1 << 30,
        ..cargo::limits()
    }
}

/// What came of one grading.
#[derive(Debug)]
pub(super) struct One {
    pub(super) name: String,
    pub(super) judged: Judged,
    pub(super) story: String,
}

/// The desk of one level.
pub(super) struct Desk<'a> {
    at_hand: &'a AtHand,
    level: Level,
    lab: Lab,
    secrets: Secrets,
    /// What stands for what in the files.
    places: [(&'static str, String); 2],
}

impl<'a> Desk<'a> {
    pub(super) fn open(at_hand: &'a AtHand, level: Level, bait: &Bait) -> Result<Self, Error> {
        let repository = &at_hand.repository;
        let lab = Lab::open(repository, hostile::LAB)?;
        Ok(Self {
            at_hand,
            level,
            secrets: Secrets::of(&lab.folder.path, &lab.reference(repository)),
            lab,
            places: [
                ("@REPOSITORY@", repository.root().display().to_string()),
                ("@VICTIM@", bait.victim_id().to_string()),
            ],
        })
    }

    /// Hands in a file, once or, if the rules refuse it, twice.
    pub(super) fn hand_in(&self, file: &HandedIn) -> anyhow::Result<Vec<One>> {
        let text = self.filled_in(&file.text);
        let because = file.because.as_deref();
        let mut all = Vec::new();
        let mut one = |name: String, rules: bool, expected: &[Fate]| -> anyhow::Result<()> {
            let graded = self.graded(file.kind, Some(&text), rules)?;
            all.push(One {
                name,
                judged: Judged::of_file(expected, because, &graded),
                story: told(&graded),
            });
            Ok(())
        };
        one(file.name.clone(), true, &file.expected)?;
        if let Some(expected) = &file.without_rules {
            one(format!("{}, no rules", file.name), false, expected)?;
        }
        Ok(all)
    }

    /// Hands in the reference: it must compile within the same limits, and pass the same check.
    pub(super) fn right_answer(&self, kind: Kind) -> anyhow::Result<One> {
        let graded = self.graded(kind, None, true)?;
        let judged = match graded.verdict {
            Some(Verdict::Passed) => Judged::Stopped,
            _ => Judged::Failed,
        };
        Ok(One {
            name: "(reference)".to_owned(),
            judged,
            story: told(&graded),
        })
    }

    fn filled_in(&self, text: &str) -> String {
        self.places
            .iter()
            .fold(text.to_owned(), |text, (name, value)| {
                text.replace(name, value)
            })
    }

    /// Grades the reference with this text in place of the kind's file.
    fn graded(&self, kind: Kind, text: Option<&str>, rules: bool) -> anyhow::Result<Graded> {
        let folder = tempfile::tempdir().context("a submission cannot be written")?;
        let own = self.write(folder.path(), kind, text)?;
        let request = Request {
            wanted: Wanted::Path(folder.path().to_path_buf()),
            checks: vec![kind.check().to_owned()],
            seed: 1,
            jobs: 1,
            ungraded: Ungraded::Refuse,
            replay: None,
            trace: false,
            isolation: Some(self.level),
            lang: "en",
            precautions: Precautions {
                rules,
                compiler: limits(),
            },
        };
        let mut graded = Graded::default();
        let mut events = Vec::new();
        let ended = grade(
            &self.at_hand.repository,
            &self.lab,
            &request,
            &self.at_hand.interrupt,
            &mut |event| {
                note(&mut graded, kind, &event);
                events.push(serde_json::to_value(&event));
            },
        );
        match ended {
            Ok(_) => {}
            Err(Error::Interrupted) => return Err(Error::Interrupted.into()),
            Err(error) => {
                graded.fate = None;
                graded.ending = story(&error);
            }
        }
        for event in events {
            let event = event.context("an event cannot be read")?;
            graded.told.extend(self.secrets.told(&event, &own));
        }
        Ok(graded)
    }

    /// Writes the submission; all of its text.
    fn write(&self, folder: &Path, kind: Kind, text: Option<&str>) -> anyhow::Result<String> {
        let reference = self.lab.reference(&self.at_hand.repository);
        let mut own = String::new();
        for listed in &self.lab.manifest.submit {
            let content = match text {
                Some(text) if listed == kind.file() => text.to_owned(),
                _ => fs::read_to_string(reference.join(listed))
                    .with_context(|| format!("{listed} of the reference cannot be read"))?,
            };
            let path = folder.join(listed);
            let what = || format!("{} cannot be written", path.display());
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).with_context(what)?;
            }
            fs::write(&path, &content).with_context(what)?;
            own.push_str(&content);
        }
        Ok(own)
    }
}

/// Folds the events of a grading.
fn note(graded: &mut Graded, kind: Kind, event: &Event) {
    let (fate, ending) = match event {
        Event::Refused { findings } => {
            let first = findings.first().map_or("", |finding| &finding.what);
            (Some(Fate::Refused), format!("refused: {first}"))
        }
        Event::Built(Built::DoesNotCompile {
            messages, errors, ..
        }) => {
            graded.said = messages.concat();
            let first = graded.said.lines().next().unwrap_or_default();
            let ending = format!("does not compile, {errors} errors: {first}");
            (Some(Fate::DoesNotCompile), ending)
        }
        Event::Built(Built::CompilerStopped { reason }) => {
            let ending = format!("the compiler was stopped: {}", reason.en);
            (Some(Fate::Stopped), ending)
        }
        Event::Built(Built::Ok { .. }) if kind == Kind::Compile => {
            (Some(Fate::Compiles), "compiles".to_owned())
        }
        Event::CheckFinished { name, record, .. } if name == kind.check() => {
            let headline = record.headline.as_ref().map_or("", |text| &text.en);
            graded.verdict = Some(record.verdict);
            let ending = format!("{:?}: {headline}", record.verdict);
            let fate = match record.verdict {
                Verdict::GraderError => None,
                // What the check says is not what an attack on the compiler is about.
                _ if kind == Kind::Compile => graded.fate,
                Verdict::Passed | Verdict::NotGraded => None,
                Verdict::Failed
                | Verdict::TimedOut
                | Verdict::Deadlocked
                | Verdict::Crashed
                | Verdict::ExitedEarly
                | Verdict::Leaked => Some(Fate::Caught),
            };
            (fate, ending)
        }
        Event::GraderFailed { what, .. } => (None, format!("the grader failed: {what}")),
        _ => return,
    };
    graded.fate = fate;
    graded.ending = ending;
}

fn told(graded: &Graded) -> String {
    match &*graded.told {
        [] => graded.ending.clone(),
        told => format!("{}; it was told {}", graded.ending, told.join(" | ")),
    }
}

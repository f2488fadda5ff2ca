//! Runs checks, each in a process of its own, several at a time. A check's process runs no student
//! code (it has the arena for that), so one that ends without its completion record is the grader's
//! failure, never the student's.

use std::{
    fs,
    io::{self, Read, Write},
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use arena::Level;
use checks::{Record, Text, Verdict, text};
use crossbeam::channel;
use serde::Deserialize;

use super::{
    build::Driver,
    error::Error,
    interrupt::Interrupt,
    manifest::Check,
    process::{self, End, Finished},
};

/// How long after that a check may take to say that its time has passed.
const GRACE: Duration = Duration::from_secs(5);

/// So much of what a failed check printed is shown; its log has all of it.
const SHOWN: usize = 800;

/// One run of one check.
#[derive(Debug, Clone)]
pub(crate) struct Task<'a> {
    pub(crate) check: &'a Check,
    pub(crate) driver: &'a Driver,
    pub(crate) seed: u64,
    /// The one interleaving to make again.
    pub(crate) replay: Option<&'a str>,
}

/// What happens to the task of a number.
#[derive(Debug)]
pub(crate) enum Progress {
    Started(usize),
    Finished(usize, Box<Record>, Duration),
}

/// What a check says as its last act.
#[derive(Deserialize)]
struct Completion {
    nonce: String,
    record: Record,
}

/// The binary that holds a lab's checks, and where to keep its words when it fails.
#[derive(Debug)]
pub(crate) struct Runner<'a> {
    pub(crate) program: &'a Path,
    pub(crate) logs: PathBuf,
    pub(crate) level: Level,
    /// How many checks run at a time.
    pub(crate) jobs: usize,
    pub(crate) interrupt: &'a Interrupt,
}

impl Runner<'_> {
    /// Runs all tasks, taken up in the given order, and tells of each as it starts and ends.
    ///
    /// # Errors
    ///
    /// Fails at Ctrl-C, after all checks have been ended. A check that fails in whatever way is a
    /// record, and no error.
    pub(crate) fn run(
        &self,
        tasks: &[Task<'_>],
        on: &mut dyn FnMut(Progress),
    ) -> Result<(), Error> {
        let (give, take) = channel::unbounded();
        for numbered in tasks.iter().enumerate() {
            // The receiver lives as long as this function.
            give.send(numbered).ok();
        }
        drop(give);
        let (tell, told) = channel::unbounded();
        let scope = crossbeam::thread::scope(|scope| {
            for _ in 0..self.jobs.clamp(1, tasks.len().max(1)) {
                let (take, tell) = (take.clone(), tell.clone());
                scope.spawn(move |_| {
                    for (number, task) in take {
                        tell.send(Progress::Started(number)).ok();
                        let started = Instant::now();
                        let Some(record) = self.run_one(task) else {
                            return;
                        };
                        tell.send(Progress::Finished(
                            number,
                            Box::new(record),
                            started.elapsed(),
                        ))
                        .ok();
                    }
                });
            }
            drop(tell);
            for progress in told {
                on(progress);
            }
        });
        if self.interrupt.is_raised() {
            return Err(Error::Interrupted);
        }
        scope.map_err(|_| Error::Broken("a thread of the runner panicked".to_owned()))
    }

    /// Runs one check to its record; `None` at Ctrl-C.
    fn run_one(&self, task: &Task<'_>) -> Option<Record> {
        match self.attempt(task) {
            Ok((finished, nonce)) => match finished.end {
                End::Interrupted => None,
                End::Overran => Some(overran(task.check)),
                End::Exited(_) => Some(self.judge(task, &finished, &nonce)),
            },
            Err(error) => Some(failed(&error.to_string(), "")),
        }
    }

    fn attempt(&self, task: &Task<'_>) -> io::Result<(Finished, String)> {
        let nonce = nonce()?;
        let (mut ours, theirs) = UnixStream::pair()?;
        ours.write_all(format!("{nonce}\n").as_bytes())?;
        let mut command = process::command(self.program);
        command
            .args(["--grade", &task.check.name])
            .arg("--driver")
            .arg(&task.driver.program)
            .arg("--source")
            .arg(&task.driver.source)
            .args(["--seed", &task.seed.to_string()])
            .args(["--isolation", self.level.name()])
            .args(["--deadline", &task.check.deadline.as_secs().to_string()])
            .stdin(Stdio::from(OwnedFd::from(theirs)));
        if let Some(model) = &task.driver.model {
            command.arg("--model").arg(model);
            // Not even an empty list is left out: a check that lists nothing asks the model nothing.
            command.args(["--programs", &task.check.programs.join(",")]);
        }
        if let Some(replay) = task.replay {
            command.args(["--replay", replay]);
        }
        let deadline = Instant::now() + patience_with(task.check);
        let finished = process::run(command, Some(ours), Some(deadline), self.interrupt)?;
        Ok((finished, nonce))
    }

    fn judge(&self, task: &Task<'_>, finished: &Finished, nonce: &str) -> Record {
        let why = match completion(&finished.channel, nonce) {
            Ok(record) if matches!(finished.end, End::Exited(status) if status.success()) => {
                return record;
            }
            Ok(_) => "it failed after it had judged",
            Err(why) => why,
        };
        let how = match finished.end {
            End::Exited(status) => status.to_string(),
            End::Overran | End::Interrupted => String::new(),
        };
        let words = [&*finished.stdout, &*finished.stderr].concat();
        let words = String::from_utf8_lossy(&words);
        let log = self.logs.join(format!("{}.log", task.check.name));
        // Without its log, the failure is told all the same.
        fs::create_dir_all(&self.logs)
            .and_then(|()| fs::write(&log, &*words))
            .ok();
        failed(
            &format!("{why} ({how}); its words are in {}", log.display()),
            &words,
        )
    }
}

/// The record that the check wrote, if it wrote exactly one that answers our nonce.
fn completion(written: &[u8], nonce: &str) -> Result<Record, &'static str> {
    let line = match written.split(|byte| *byte == b'\n').collect::<Vec<_>>()[..] {
        [[]] => return Err("the check ended without a completion record"),
        [line, []] => line,
        _ => return Err("the check wrote something else than one completion record"),
    };
    let completion: Completion =
        serde_json::from_slice(line).map_err(|_| "its completion record cannot be read")?;
    if completion.nonce == nonce {
        Ok(completion.record)
    } else {
        Err("its completion record answers somebody else")
    }
}

/// How long a check may run, by the clock.
fn patience_with(check: &Check) -> Duration {
    Duration::from_secs(arena::patience(check.deadline.as_secs())) + GRACE
}

/// A check holds its deadline itself, and gives a proper verdict by then. One that still runs after
/// the grace was kept from it by the machine: nobody knows how the submission would have done.
fn overran(check: &Check) -> Record {
    let seconds = patience_with(check).as_secs();
    Record {
        headline: Some(text!(
            "the check did not finish within {seconds} s; try again on a less busy machine";
            "检查在 {seconds} 秒内没有完成，请在负载较低的机器上重试"
        )),
        ..Record::new(Verdict::NotGraded)
    }
}

fn failed(why: &str, words: &str) -> Record {
    let mut record = Record::new(Verdict::GraderError);
    record.headline = Some(text!("the check itself failed: {why}"; "检查程序本身出错：{why}"));
    let tail: Vec<char> = words.trim().chars().rev().take(SHOWN).collect();
    if !tail.is_empty() {
        record
            .detail
            .push(Text::same(tail.into_iter().rev().collect::<String>()));
    }
    record
}

/// 128 bits that no student's process can know.
fn nonce() -> io::Result<String> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(nonce: &str) -> Vec<u8> {
        let record = serde_json::to_string(&Record::new(Verdict::Passed)).unwrap();
        format!("{{\"nonce\":\"{nonce}\",\"record\":{record}}}\n").into_bytes()
    }

    #[test]
    fn one_record_with_our_nonce_is_believed() {
        assert_eq!(
            completion(&line("a1"), "a1").unwrap().verdict,
            Verdict::Passed
        );
    }

    #[test]
    fn nothing_half_a_line_two_lines_or_another_nonce_are_not() {
        let two = [line("a1"), line("a1")].concat();
        let half = line("a1")[..20].to_vec();
        for written in [Vec::new(), half, two, line("b2"), b"{}\n".to_vec()] {
            assert!(completion(&written, "a1").is_err(), "{written:?}");
        }
    }

    #[test]
    fn a_nonce_is_not_used_twice() {
        assert_ne!(nonce().unwrap(), nonce().unwrap());
    }

    fn check() -> Check {
        Check {
            name: "some".into(),
            line: 1,
            title: Text::same("some"),
            kind: super::super::manifest::Kind::Functional,
            points: 100,
            deadline: Duration::from_secs(20),
            requires: Vec::new(),
            programs: Vec::new(),
            hidden: false,
            hints: Vec::new(),
        }
    }

    /// A check binary made of a few words of shell.
    fn judged(script: &str) -> Record {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("checks.sh");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let check = check();
        let driver = Driver {
            program: "/bin/true".into(),
            model: None,
            source: "/".into(),
        };
        let interrupt = Interrupt::install().unwrap();
        let runner = Runner {
            program: &program,
            logs: folder.path().join("log"),
            level: Level::None,
            jobs: 2,
            interrupt: &interrupt,
        };
        let task = Task {
            check: &check,
            driver: &driver,
            seed: 1,
            replay: None,
        };
        let mut records = Vec::new();
        runner
            .run(&[task], &mut |progress| {
                if let Progress::Finished(_, record, _) = progress {
                    records.push(*record);
                }
            })
            .unwrap();
        records.remove(0)
    }

    #[test]
    fn a_check_that_answers_on_its_standard_input_is_heard() {
        let empty = serde_json::to_string(&Record::new(Verdict::Leaked)).unwrap();
        let script = format!(
            r#"read nonce; printf '{{"nonce":"%s","record":%s}}\n' "$nonce" '{empty}' >&0"#
        );
        assert_eq!(judged(&script).verdict, Verdict::Leaked);
    }

    #[test]
    fn a_check_that_does_not_finish_blames_nobody() {
        let record = overran(&check());
        assert_eq!(record.verdict, Verdict::NotGraded);
        let headline = record.headline.unwrap();
        // Twelve times the 20 s of its deadline, and the grace.
        assert!(headline.en.contains("within 245 s"), "{headline:?}");
        assert!(headline.zh.contains("245 秒"), "{headline:?}");
    }

    #[test]
    fn a_check_that_ends_without_a_record_is_the_graders_failure() {
        let record = judged("echo test result: ok; exit 0");
        assert_eq!(record.verdict, Verdict::GraderError);
        assert!(record.detail[0].en.contains("test result: ok"));
    }
}

//! The only place that starts cargo, in a box or beside it. It tells apart what students must hear
//! (the submission does not compile, or the compiler ran into a limit with it) from what they cannot
//! help (cargo itself failed), and decides nothing else.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use arena::{How, Level, Limits, Program, Settings, patience};

use checks::{Text, text};
use nix::sys::signal::Signal;
use serde::Deserialize;

use super::{
    boxed,
    error::Error,
    interrupt::Interrupt,
    process::{self, End},
    toolchain::Toolchain,
};

/// One call of cargo.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// Where to start it: the folder of a workspace.
    pub(crate) workspace: &'a Path,
    pub(crate) target: &'a Path,
    /// After the options that every call has.
    pub(crate) arguments: Vec<OsString>,
    /// Where to keep cargo's words if it fails.
    pub(crate) log: PathBuf,
    /// Nothing of an earlier build of the package is there to build on, so nothing is kept for a
    /// later one.
    pub(crate) from_scratch: bool,
    /// For a stranger's package: the box to build it in.
    pub(crate) enclosure: Option<Enclosure>,
}

/// A box for a build.
#[derive(Debug)]
pub(crate) struct Enclosure {
    pub(crate) level: Level,
    pub(crate) limits: Limits,
    pub(crate) toolchain: Toolchain,
    /// What the package needs beside its workspace.
    pub(crate) sees: Vec<PathBuf>,
}

/// What the compiler may use. Much more than it needs for an honest file; a build of one small package
/// ends long before the deadline, on any machine.
pub(crate) fn limits() -> Limits {
    Limits {
        deadline: 120,
        patience: patience(120),
        // An honest package takes a few seconds on a slow machine.
        cpu: 30,
        memory: 4 << 30,
        file: 512 << 20,
        descriptors: 1024,
        output: 16 << 20,
        tasks: 512,
        total_memory: 4 << 30,
        disk: 512 << 20,
        inodes: 20_000,
    }
}

/// Downloads what a workspace needs, before a build in a box that has no network.
///
/// # Errors
///
/// Fails if cargo does, which may be the fault of `manifest`, and at Ctrl-C.
pub(crate) fn fetch(workspace: &Path, manifest: &Path, interrupt: &Interrupt) -> Result<(), Error> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = process::command(&cargo);
    command
        .current_dir(workspace)
        .args(["fetch", "--quiet", "--color=never"]);
    let finished = process::run(command, None, None, interrupt)
        .map_err(Error::io(format!("{} cannot be started", cargo.display())))?;
    match finished.end {
        End::Exited(status) if status.success() => Ok(()),
        End::Exited(_) => {
            let words = String::from_utf8_lossy(&finished.stderr);
            let cannot = || {
                let words = words.trim();
                Error::Broken(format!(
                    "the packages of the lab cannot be downloaded: {words}"
                ))
            };
            Err(broken(manifest, &words).unwrap_or_else(cannot))
        }
        End::Interrupted | End::Overran => Err(Error::Interrupted),
    }
}

/// What is wrong with a package, if that is why cargo failed.
fn broken(manifest: &Path, stderr: &str) -> Option<Error> {
    let is_named = stderr.contains(&*manifest.to_string_lossy());
    (is_named && stderr.contains("manifest")).then(|| Error::BrokenPackage {
        path: manifest.display().to_string(),
        reason: indented(stderr),
    })
}

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The executables, by the name of their target.
    Built {
        executables: BTreeMap<String, PathBuf>,
        fresh: bool,
    },
    /// The compiler refused the package.
    Refused { messages: Vec<Message> },
    /// The compiler was at work on the package when it was ended.
    Stopped(Stopped),
}

/// An error, as the compiler would print it, without colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// What was compiled: `lab12-driver`.
    pub(crate) target: String,
    pub(crate) rendered: String,
}

/// What ended the compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The time for the whole build.
    Deadline { seconds: u64 },
    /// The memory of all its processes together.
    Memory,
    /// A signal, which is how it learns of other limits: SIGXCPU, SIGABRT without memory, SIGSEGV
    /// at the end of its stack.
    Signal { name: String },
}

impl Stopped {
    /// For the author of the package.
    pub(crate) fn reason(&self) -> Text {
        match self {
            Self::Deadline { seconds } => text!(
                "it was still at work after {seconds} s";
                "{seconds} 秒后它仍在运行"
            ),
            Self::Memory => text!(
                "it took more memory than it may";
                "它占用的内存超过上限"
            ),
            Self::Signal { name } => text!(
                "it was ended by {name} at a limit of time, memory or stack";
                "它触及时间、内存或栈的上限，被信号 {name} 终止"
            ),
        }
    }
}

/// What cargo said, and whether it was content.
struct Ended {
    success: bool,
    stdout: Vec<u8>,
    stderr: String,
    stopped: Option<Stopped>,
}

/// What we read of a line of cargo's JSON.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Line {
    CompilerMessage {
        manifest_path: PathBuf,
        target: Target,
        message: Diagnostic,
    },
    CompilerArtifact {
        target: Target,
        executable: Option<PathBuf>,
        fresh: bool,
    },
    BuildFinished {
        success: bool,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
    #[serde(default)]
    spans: Vec<serde_json::Value>,
    code: Option<serde_json::Value>,
}

impl Call<'_> {
    /// Starts cargo and reads what it says; errors in the package of `manifest` are its author's.
    ///
    /// # Errors
    ///
    /// Fails if cargo fails for any reason but the code of the package.
    pub(crate) fn run(&self, manifest: &Path, interrupt: &Interrupt) -> Result<Outcome, Error> {
        let Ended {
            success,
            stdout,
            stderr,
            stopped,
        } = match &self.enclosure {
            Some(enclosure) => self.run_in_box(enclosure, interrupt)?,
            None => self.run_here(interrupt)?,
        };
        let said = Said::read(&stdout, manifest);
        if success && said.succeeded {
            return Ok(Outcome::Built {
                executables: said.executables,
                fresh: said.fresh,
            });
        }
        if !said.errors.is_empty() {
            return Ok(Outcome::Refused {
                messages: said.errors,
            });
        }
        if let Some(stopped) = stopped {
            return Ok(Outcome::Stopped(stopped));
        }
        if let Some(broken) = broken(manifest, &stderr) {
            return Err(broken);
        }
        let all = format!("{stderr}\n{}", said.others.join("\n"));
        self.keep(&all)?;
        let reason = all
            .lines()
            .find(|line| line.contains("error"))
            .unwrap_or("without a word");
        Err(Error::Cargo {
            reason: reason.trim().to_owned(),
            log: self.log.clone(),
        })
    }

    fn arguments(&self) -> impl Iterator<Item = OsString> {
        let ours = [
            "--message-format=json",
            "--color=never",
            "--quiet",
            "--target-dir",
        ];
        let ours = ours.map(OsString::from).into_iter();
        let all = self.arguments.iter().cloned().chain(ours);
        all.chain([self.target.as_os_str().to_owned()])
    }

    fn run_here(&self, interrupt: &Interrupt) -> Result<Ended, Error> {
        // Cargo tells us which cargo it is; started by hand, the one in the path must do.
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = process::command(&cargo);
        command
            .current_dir(self.workspace)
            .args(self.arguments())
            .env_remove("CARGO_TARGET_DIR");
        if self.from_scratch {
            command.env("CARGO_INCREMENTAL", "0");
        }
        let finished = process::run(command, None, None, interrupt)
            .map_err(Error::io(format!("{} cannot be started", cargo.display())))?;
        let End::Exited(status) = finished.end else {
            return Err(Error::Interrupted);
        };
        Ok(Ended {
            success: status.success(),
            stdout: finished.stdout,
            stderr: String::from_utf8_lossy(&finished.stderr).into_owned(),
            stopped: None,
        })
    }

    fn run_in_box(&self, enclosure: &Enclosure, interrupt: &Interrupt) -> Result<Ended, Error> {
        let Enclosure {
            level,
            limits,
            toolchain,
            sees,
        } = enclosure;
        let mut settings = Settings::new(*limits)
            .at(*level)
            .writing(self.workspace)
            .with_proc()
            .trusted();
        settings.sees.extend(toolchain.sees());
        settings.sees.extend(sees.iter().cloned());
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let mut program = Program::new(&toolchain.cargo)
            .at(self.workspace)
            .env("CARGO_HOME", text(&toolchain.home))
            .env("CARGO_NET_OFFLINE", "true")
            .env("RUSTC", text(&toolchain.sysroot.join("bin/rustc")));
        if self.from_scratch {
            program = program.env("CARGO_INCREMENTAL", "0");
        }
        for argument in self.arguments() {
            program = program.arg(argument.to_string_lossy());
        }
        let (ended, _) = boxed::run(settings, program, interrupt)?;
        let by_signal = || signal_in(&ended.stderr).map(|name| Stopped::Signal { name });
        let stopped = match &ended.how {
            How::Exited(_) => by_signal(),
            How::Signalled { name, .. } => Some(Stopped::Signal { name: name.clone() }),
            How::OutOfMemory => Some(Stopped::Memory),
            // Nobody's fault but the machine's.
            How::NoTurn => {
                let what = "this machine was too busy to compile; try again when it is less busy";
                return Err(Error::Broken(what.to_owned()));
            }
            How::TimedOut | How::Deadlocked(_) | How::OtherTask => Some(Stopped::Deadline {
                seconds: limits.deadline,
            }),
        };
        Ok(Ended {
            success: ended.how == How::Exited(0),
            stdout: ended.stdout.into_bytes(),
            stderr: ended.stderr,
            stopped,
        })
    }

    fn keep(&self, words: &str) -> Result<(), Error> {
        let what = || format!("{} cannot be written", self.log.display());
        if let Some(folder) = self.log.parent() {
            fs::create_dir_all(folder).map_err(Error::io(what()))?;
        }
        fs::write(&self.log, words).map_err(Error::io(what()))
    }
}

/// Everything that cargo said on its standard output.
#[derive(Default)]
struct Said {
    executables: BTreeMap<String, PathBuf>,
    fresh: bool,
    succeeded: bool,
    /// Errors in the package itself.
    errors: Vec<Message>,
    /// Errors elsewhere, among them the compiler's own failures.
    others: Vec<String>,
}

impl Said {
    fn read(stdout: &[u8], manifest: &Path) -> Self {
        let mut said = Self {
            fresh: true,
            ..Self::default()
        };
        for line in stdout.split(|byte| *byte == b'\n') {
            // Whatever is no message of cargo's own was printed by something that it started.
            match serde_json::from_slice(line) {
                Ok(Line::CompilerArtifact {
                    target,
                    executable,
                    fresh,
                }) => {
                    said.fresh &= fresh;
                    if let Some(executable) = executable {
                        said.executables.insert(target.name, executable);
                    }
                }
                Ok(Line::CompilerMessage {
                    manifest_path,
                    target,
                    message,
                }) => {
                    said.note(target.name, message, manifest_path == manifest);
                }
                Ok(Line::BuildFinished { success }) => said.succeeded = success,
                Ok(Line::Other) | Err(_) => {}
            }
        }
        said
    }

    fn note(&mut self, target: String, message: Diagnostic, own: bool) {
        let Some(rendered) = message.rendered else {
            return;
        };
        let summary = message.spans.is_empty() && message.code.is_none();
        match &*message.level {
            // "aborting due to 2 previous errors" says nothing new.
            "error" if summary && rendered.starts_with("error: aborting due to") => {}
            "error" if own => self.errors.push(Message { target, rendered }),
            level if level.starts_with("error") => self.others.push(rendered),
            _ => {}
        }
    }
}

/// `process didn't exit successfully: … (signal: 6, SIGABRT: process abort signal)`: the name. Cargo
/// names only the signals that a program can have earned, and says `(signal: 24)` of SIGXCPU.
fn signal_in(stderr: &str) -> Option<String> {
    let (_, after) = stderr.rsplit_once("(signal: ")?;
    let digits = after.split(|c: char| !c.is_ascii_digit()).next()?;
    let number: i32 = digits.parse().ok()?;
    let named = Signal::try_from(number).map(|signal| signal.as_str().to_owned());
    Some(named.unwrap_or_else(|_| format!("signal {number}")))
}

fn indented(words: &str) -> String {
    let lines: Vec<String> = words
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|l| format!("    {l}"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = r#"{"reason":"compiler-message","package_id":"p","manifest_path":"/r/labs/12/Cargo.toml","target":{"name":"lab12-driver"},"message":{"level":"error","rendered":"error[E0308]: mismatched","spans":[{}],"code":{"code":"E0308"}}}"#;

    #[test]
    fn errors_of_the_package_are_the_students() {
        let said = Said::read(OWN.as_bytes(), Path::new("/r/labs/12/Cargo.toml"));
        assert_eq!(said.errors[0].rendered, "error[E0308]: mismatched");
        assert_eq!(said.errors[0].target, "lab12-driver");
        let said = Said::read(OWN.as_bytes(), Path::new("/r/labs/13/Cargo.toml"));
        assert!(said.errors.is_empty() && said.others.len() == 1);
    }

    #[test]
    fn a_failure_of_the_compiler_is_not() {
        let ice = OWN.replace(
            "\"level\":\"error\"",
            "\"level\":\"error: internal compiler error\"",
        );
        let said = Said::read(ice.as_bytes(), Path::new("/r/labs/12/Cargo.toml"));
        assert!(said.errors.is_empty() && said.others.len() == 1);
    }

    #[test]
    fn the_compilers_summary_is_left_out() {
        let summary = OWN
            .replace(
                "error[E0308]: mismatched",
                "error: aborting due to 1 previous error",
            )
            .replace("[{}]", "[]")
            .replace(r#"{"code":"E0308"}"#, "null");
        let said = Said::read(summary.as_bytes(), Path::new("/r/labs/12/Cargo.toml"));
        assert!(said.errors.is_empty() && said.others.is_empty());
    }

    #[test]
    fn a_compiler_that_was_ended_names_its_signal() {
        let words = "error: could not compile `a`\n\nCaused by:\n  process didn't exit \
                     successfully: `rustc` (signal: 6, SIGABRT: process abort signal)\n";
        assert_eq!(signal_in(words).as_deref(), Some("SIGABRT"));
        // The processor's time was over, and the grader blamed itself: cargo knows no name for it.
        assert_eq!(
            signal_in("`rustc` (signal: 24)").as_deref(),
            Some("SIGXCPU")
        );
        assert_eq!(
            signal_in("error: could not compile `a` (exit status: 1)"),
            None
        );
    }

    #[test]
    fn executables_are_found_among_other_lines() {
        let lines = r#"not json
{"reason":"compiler-artifact","target":{"name":"lab12-driver"},"executable":"/t/debug/lab12-driver","fresh":false}
{"reason":"build-script-executed","package_id":"x"}
{"reason":"build-finished","success":true}"#;
        let said = Said::read(lines.as_bytes(), Path::new("/x"));
        assert_eq!(
            said.executables["lab12-driver"],
            Path::new("/t/debug/lab12-driver")
        );
        assert!(said.succeeded && !said.fresh);
    }
}

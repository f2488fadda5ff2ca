//! The only place that starts cargo. It tells apart what students must hear (the submission does
//! not compile) from what they cannot help (cargo itself failed), and decides nothing else.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{
    error::Error,
    interrupt::Interrupt,
    process::{self, End},
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
}

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The executables, by the name of their target.
    Built {
        executables: BTreeMap<String, PathBuf>,
        fresh: bool,
    },
    /// The compiler refused the package; its messages as it would print them, without colours.
    Refused {
        messages: Vec<String>,
        errors: usize,
    },
}

/// What we read of a line of cargo's JSON.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Line {
    CompilerMessage {
        manifest_path: PathBuf,
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
        // Cargo tells us which cargo it is; started by hand, the one in the path must do.
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = process::command(&cargo);
        command
            .current_dir(self.workspace)
            .args(&self.arguments)
            .args([
                "--message-format=json",
                "--color=never",
                "--quiet",
                "--target-dir",
            ])
            .arg(self.target)
            .env_remove("CARGO_TARGET_DIR");
        let finished = process::run(command, None, None, interrupt)
            .map_err(Error::io(format!("{} cannot be started", cargo.display())))?;
        let End::Exited(status) = finished.end else {
            return Err(Error::Interrupted);
        };
        let stderr = String::from_utf8_lossy(&finished.stderr).into_owned();
        let said = Said::read(&finished.stdout, manifest);
        if status.success() && said.succeeded {
            return Ok(Outcome::Built {
                executables: said.executables,
                fresh: said.fresh,
            });
        }
        if !said.errors.is_empty() {
            let errors = said.errors.len();
            return Ok(Outcome::Refused {
                messages: said.errors,
                errors,
            });
        }
        let manifest_named = stderr.contains(&*manifest.to_string_lossy());
        if manifest_named && stderr.contains("manifest") {
            return Err(Error::BrokenPackage {
                path: manifest.display().to_string(),
                reason: indented(&stderr),
            });
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
    errors: Vec<String>,
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
                    message,
                }) => {
                    said.note(message, manifest_path == manifest);
                }
                Ok(Line::BuildFinished { success }) => said.succeeded = success,
                Ok(Line::Other) | Err(_) => {}
            }
        }
        said
    }

    fn note(&mut self, message: Diagnostic, own: bool) {
        let Some(rendered) = message.rendered else {
            return;
        };
        let summary = message.spans.is_empty() && message.code.is_none();
        match &*message.level {
            // "aborting due to 2 previous errors" says nothing new.
            "error" if summary && rendered.starts_with("error: aborting due to") => {}
            "error" if own => self.errors.push(rendered),
            level if level.starts_with("error") => self.others.push(rendered),
            _ => {}
        }
    }
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
        assert_eq!(said.errors, ["error[E0308]: mismatched"]);
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

//! The command line: which commands and options there are, and what they mean. What they do is for
//! [`crate::commands`].

use std::{path::PathBuf, process::ExitCode};

use arena::Level;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    commands::{self, Exit},
    report::Lang,
};

const EXAMPLES: &str = "\
Examples:
  cargo xtask                          where you stand, and the next step
  cargo xtask lab 12                   build, run and grade your own lab 12
  cargo xtask lab mmap --reference     grade the solution that comes with the course
  cargo xtask play 19                  you are the scheduler: break a lock by hand
  cargo xtask hint 12 any_offset       the next hint for a check: the idea first
  cargo xtask reset 12                 the starter back; your files are kept aside
  cargo xtask verify 12                instructor: every known answer gets what it should
  cargo xtask drill 22 --seed 7        an exam question on paper, for labs that have some
  cargo xtask doctor                   what this machine can grade, and the remedy

Exit codes:
  0    every gradable point was earned, or everything was verified
  1    points were lost, or a known answer got what it should not
  2    wrong usage, a submission that cannot be read, or a manifest that is not in order
  3    the grader itself failed, or there is no score, since not everything could be graded
  130  Ctrl-C was pressed";

const LAB_EXAMPLES: &str = "\
Examples:
  cargo xtask lab 12 --check every_interleaving
  cargo xtask lab 12 --submission labs/12-mmap/wrong/load-then-store.patch
  cargo xtask lab 12 --reference --check every_interleaving --replay separate:2
  cargo xtask lab 12 --reference --format terminal --format json=target/result.json
  cargo xtask lab 12 --trace=target/trace.html

Exit codes: see cargo xtask --help";

const PLAY_EXAMPLES: &str = "\
Examples:
  cargo xtask play 19                                   your own code: choose a program, then who goes on
  cargo xtask play 19 --reference --program exclusion_ttas
  cargo xtask play 19 --answer wrong/load-then-store     a lock that is known to be wrong
  printf '1\\n2\\nq\\n' | cargo xtask play 19 --program exclusion_ttas

Without a terminal, or with --plain, it reads lines: a number chooses, u undoes, r restarts, e asks more
or less, s shows memory, p lists the programs, q ends. A run that goes wrong has a replay string, which
cargo xtask lab 19 --replay takes.

Exit codes:
  0    you have played
  1    the code does not compile, or holds something forbidden";

const VERIFY_EXAMPLES: &str = "\
Examples:
  cargo xtask verify                             all labs
  cargo xtask verify 12 --only right/            every right answer of lab 12
  cargo xtask verify 12 --repeat 50 --load 4     fifty times beside four busy loops
  cargo xtask verify 12 --rebase-patches         after the reference was changed";

const DRILL_EXAMPLES: &str = "\
Examples:
  cargo xtask drill 22 --seed 7             a question; the same seed gives the same one
  cargo xtask drill 22 --seed 7 --solve     with the worked answer
  cargo xtask drill 22 --sheet 40 --format html=papers.html
                                            40 personal papers, and their key at the end";

const DOCTOR_EXAMPLES: &str = "\
Examples:
  cargo xtask doctor                 this machine
  cargo xtask doctor --for actions   what a workflow on GitHub needs

Exit codes:
  0    all labs can be graded
  1    some cannot";

const SELFTEST_EXAMPLES: &str = "\
Examples:
  cargo xtask selftest hostile                          every attack, as docs/threats.md lists them
  cargo xtask selftest hostile --only fork --verbose    those whose name holds fork, one by one
  cargo xtask selftest hostile --level landlock         at one level

Exit codes:
  0    every attack came to what is expected, and the machine is as before
  3    one did not, or something is left behind";

/// Interlock: operating-system labs that are graded truthfully
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Language of what labs say: en or zh; else that of your locale
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<Lang>,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the labs, their points, and your best scores
    List,
    /// Build, run and grade a lab
    Lab(Lab),
    /// Schedule the threads of a lab yourself, and try to break what you wrote
    Play(Play),
    /// Show the next layer of a hint
    Hint(Hint),
    /// Put the starter back; your files are kept aside
    Reset(Reset),
    /// Instructor: check that every known answer gets what it should
    Verify(Verify),
    /// Print an exam question, its worked answer, or papers for a class
    Drill(Drill),
    /// Tell what this machine can grade, and the remedy for what it cannot
    Doctor(Doctor),
    /// Developer: attack the boxes that submissions run in; starts bombs
    Selftest(Selftest),
}

#[derive(Debug, Args)]
#[command(after_help = LAB_EXAMPLES)]
pub(crate) struct Lab {
    /// Number or name: 12, mmap, 12-mmap
    pub(crate) lab: String,
    /// Grade a folder with the lab's files, one of its files, or a patch against the reference
    #[arg(long, value_name = "DIR|FILE", conflicts_with = "reference")]
    pub(crate) submission: Option<PathBuf>,
    /// Grade the solution that comes with the course
    #[arg(long)]
    pub(crate) reference: bool,
    /// Run only this check, and those that it requires; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) check: Vec<String>,
    /// Report as terminal or json, to the file after =; may be given several times
    #[arg(long, value_name = "FORMAT[=FILE]")]
    pub(crate) format: Vec<Format>,
    /// The number that all random cases are made from
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// How many checks run at a time
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: u16,
    /// If something cannot be graded on this machine: refuse to give a score (the default with
    /// --submission), scale what was earned, or withhold the points that stay open
    #[arg(long, value_name = "HOW")]
    pub(crate) ungraded: Option<Ungraded>,
    /// The same as --ungraded refuse
    #[arg(long, conflicts_with = "ungraded")]
    pub(crate) require_all: bool,
    /// How far the code is kept from this machine: namespaces, landlock or none; else the
    /// strongest there is, and never none for --submission
    #[arg(long, value_name = "LEVEL")]
    pub(crate) isolation: Option<Level>,
    /// Show the system calls of the demo; with =FILE.html, draw them and what failed as a page
    #[arg(long, value_name = "FILE.html", num_args = 0..=1, require_equals = true)]
    #[expect(
        clippy::option_option,
        reason = "not asked for, asked for, and where to"
    )]
    pub(crate) trace: Option<Option<PathBuf>>,
    /// Make one run again, as a report told it with its --seed; needs one --check
    #[arg(long, value_name = "STRING")]
    pub(crate) replay: Option<String>,
    /// Print a replayed run of threads as lines, even at a terminal
    #[arg(long, requires = "replay")]
    pub(crate) plain: bool,
}

#[derive(Debug, Args)]
#[command(after_help = PLAY_EXAMPLES)]
pub(crate) struct Play {
    /// Number or name of a lab that is judged by the model: 19, spinlock
    pub(crate) lab: String,
    /// Play with a folder with the lab's files, one of its files, or a patch against the reference
    #[arg(long, value_name = "DIR|FILE", conflicts_with_all = ["reference", "answer"])]
    pub(crate) submission: Option<PathBuf>,
    /// Play with the solution that comes with the course
    #[arg(long, conflicts_with = "answer")]
    pub(crate) reference: bool,
    /// Play with one of the lab's known answers: wrong/NAME or right/NAME
    #[arg(long, value_name = "NAME")]
    pub(crate) answer: Option<String>,
    /// The program to play; else there is a list to choose from
    #[arg(long, value_name = "NAME")]
    pub(crate) program: Option<String>,
    /// Read and print lines, even at a terminal
    #[arg(long)]
    pub(crate) plain: bool,
    /// How far the code is kept from this machine: namespaces, landlock or none
    #[arg(long, value_name = "LEVEL")]
    pub(crate) isolation: Option<Level>,
}

/// What is to become of a score if something could not be graded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ungraded {
    /// No score, and exit code 3
    Refuse,
    /// What was earned of the gradable points, scaled up to all and rounded down
    Scale,
    /// The points stay open, and the score is provisional
    Withhold,
}

#[derive(Debug, Args)]
pub(crate) struct Hint {
    /// Number or name: 12, mmap, 12-mmap
    pub(crate) lab: String,
    /// The check that you are stuck with; else the first one with hints left
    pub(crate) check: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Reset {
    /// Number or name: 12, mmap, 12-mmap
    pub(crate) lab: String,
}

#[derive(Debug, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub(crate) struct Verify {
    /// Numbers or names; none means all labs
    pub(crate) labs: Vec<String>,
    /// Run the deciding checks so often on each answer
    #[arg(long, default_value_t = 1, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) repeat: u32,
    /// Run so many busy loops beside them
    #[arg(long, default_value_t = 0, value_name = "K")]
    pub(crate) load: u16,
    /// Run all checks on wrong answers, not only those that they must fail
    #[arg(long)]
    pub(crate) all: bool,
    /// Only answers whose name holds this: wrong, right/cas, starter
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Option<String>,
    /// Run only this check, on the answers that it decides; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) check: Vec<String>,
    /// How many checks run at a time
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: u16,
    /// The number that all random cases are made from; each repetition takes the next one
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How far the answers are kept from this machine; else the strongest level that it has
    #[arg(long, value_name = "LEVEL")]
    pub(crate) isolation: Option<Level>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Only carry the patches of wrong answers over to a changed reference
    #[arg(long, conflicts_with_all = ["repeat", "load", "all", "json", "only", "check", "seed"])]
    pub(crate) rebase_patches: bool,
}

#[derive(Debug, Args)]
#[command(after_help = DRILL_EXAMPLES)]
pub(crate) struct Drill {
    /// Number or name: 22, banker, 22-banker
    pub(crate) lab: String,
    /// The number that the question is made from; of a sheet, the first paper's
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// With the worked answer
    #[arg(long)]
    pub(crate) solve: bool,
    /// So many papers, each from a seed of its own, and a key to all of them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) sheet: Option<u16>,
    /// As markdown or html, to the file after =
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "markdown")]
    pub(crate) format: PaperFormat,
}

#[derive(Debug, Args)]
#[command(after_help = DOCTOR_EXAMPLES)]
pub(crate) struct Doctor {
    /// Tell what this host of other people's machines needs, instead of looking at this one
    #[arg(long = "for", value_name = "HOST")]
    pub(crate) host: Option<Host>,
    /// Print the result as JSON
    #[arg(long, conflicts_with = "host")]
    pub(crate) json: bool,
}

/// Where grading may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Host {
    /// Gradescope's autograder
    Gradescope,
    /// GitHub Actions
    Actions,
}

#[derive(Debug, Args)]
#[command(after_help = SELFTEST_EXAMPLES)]
pub(crate) struct Selftest {
    /// What to test
    #[arg(value_enum)]
    pub(crate) suite: Suite,
    /// At this level; may be given several times; else at every one but none, where attacks reach
    /// the machine
    #[arg(long, value_name = "LEVEL")]
    pub(crate) level: Vec<arena::Level>,
    /// Only attacks whose name holds this, or of this family: fork, leave-, forge
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Option<String>,
    /// Tell every attack, not only what is not as expected
    #[arg(long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Suite {
    /// Every attack of docs/threats.md
    Hostile,
}

/// A format of the report, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) kind: FormatKind,
    /// Standard output if there is none.
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormatKind {
    Terminal,
    Json,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, Self::Err> {
        let (name, file) = name_and_file(written)?;
        let kind = match name {
            "terminal" => FormatKind::Terminal,
            "json" => FormatKind::Json,
            _ => {
                return Err(format!(
                    "there is no format `{name}`; there are terminal and json"
                ));
            }
        };
        Ok(Self { kind, file })
    }
}

/// A format of papers, and where they go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PaperFormat {
    pub(crate) kind: PaperKind,
    /// Standard output if there is none.
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaperKind {
    Markdown,
    Html,
}

impl std::str::FromStr for PaperFormat {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, Self::Err> {
        let (name, file) = name_and_file(written)?;
        let kind = match name {
            "markdown" | "md" => PaperKind::Markdown,
            "html" => PaperKind::Html,
            _ => {
                return Err(format!(
                    "there is no format `{name}`; there are markdown and html"
                ));
            }
        };
        Ok(Self { kind, file })
    }
}

/// `json=result.json` in its parts.
fn name_and_file(written: &str) -> Result<(&str, Option<PathBuf>), String> {
    match written.split_once('=') {
        Some((_, "")) => Err("the name of the file is missing after =".to_owned()),
        Some((name, file)) => Ok((name, Some(PathBuf::from(file)))),
        None => Ok((written, None)),
    }
}

/// Reads the command line.
///
/// # Errors
///
/// Fails with what is to be told instead of a run: a mistake, or the help that was asked for.
pub(crate) fn parse() -> Result<Options, Refusal> {
    Options::try_parse().map_err(Refusal)
}

/// What clap wants to tell the user.
#[derive(Debug)]
pub(crate) struct Refusal(clap::Error);

impl Refusal {
    /// Tells it, where it belongs: help is an answer, a mistake is a message.
    pub(crate) fn tell(self) -> ExitCode {
        // Nobody is left to hear that it could not be told.
        self.0.print().ok();
        let exit = if self.0.use_stderr() {
            Exit::Usage
        } else {
            Exit::Good
        };
        commands::exit_code(exit)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn a_format_may_name_a_file() {
        let json = |file: Option<&str>| Format {
            kind: FormatKind::Json,
            file: file.map(PathBuf::from),
        };
        assert_eq!("json".parse(), Ok(json(None)));
        assert_eq!("json=a=b.json".parse(), Ok(json(Some("a=b.json"))));
        assert!("json=".parse::<Format>().is_err());
        assert!(
            "xml"
                .parse::<Format>()
                .unwrap_err()
                .contains("terminal and json")
        );
    }
}

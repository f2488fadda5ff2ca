//! Runs the demo on the submitted code. It earns and costs nothing: it shows the student what the
//! code does.

use std::path::PathBuf;

use arena::{Ended, How, Level, Limits, Program, Settings, patience};
use checks::{Text, Verdict, text};
use probe::{Family, Timeline};

use super::{
    boxed,
    error::Error,
    events::{Demo, Traced},
    interrupt::Interrupt,
    panic::{PanicLine, without_panics},
};

/// A demo shows something at once, or it is stuck: in seconds.
const DEADLINE: u64 = 10;

/// Runs the driver's demo in an arena, `lang` telling it which language to speak.
///
/// # Errors
///
/// Fails if the arena does.
pub(crate) fn run(
    driver: PathBuf,
    lang: &str,
    submit: &[String],
    level: Level,
    interrupt: &Interrupt,
) -> Result<Demo, Error> {
    match in_box(driver, lang, level, &[], interrupt) {
        Ok((ended, _)) => Ok(judge(&ended, submit)),
        Err(Error::Arena(arena::Error::Cannot(why))) => Ok(cannot(&why)),
        Err(error) => Err(error),
    }
}

/// The same, with the system calls that it makes.
///
/// # Errors
///
/// Fails if the arena does.
pub(crate) fn trace(
    driver: PathBuf,
    lang: &str,
    level: Level,
    interrupt: &Interrupt,
) -> Result<Traced, Error> {
    match in_box(driver, lang, level, &Family::ALL, interrupt) {
        Ok((_, timeline)) => Ok(Traced::Seen { timeline }),
        Err(Error::Arena(arena::Error::Cannot(why))) => Ok(Traced::Cannot {
            why: text!("it cannot be traced on this machine: {why}"; "它在这台机器上无法跟踪：{why}"),
        }),
        Err(error) => Err(error),
    }
}

fn in_box(
    driver: PathBuf,
    lang: &str,
    level: Level,
    traced: &[Family],
    interrupt: &Interrupt,
) -> Result<(Ended, Timeline), Error> {
    let limits = Limits {
        deadline: DEADLINE,
        patience: patience(DEADLINE),
        ..Limits::default()
    };
    let settings = Settings::new(limits).at(level).seeing(&driver);
    let program = Program::new(driver).arg("demo").env("INTERLOCK_LANG", lang);
    boxed::run(settings, program.traced(traced), interrupt)
}

fn judge(ended: &Ended, submit: &[String]) -> Demo {
    let panic = PanicLine::last_in(&ended.printed, submit);
    let not_written = panic
        .as_ref()
        .filter(|panic| panic.is_todo())
        .and_then(|p| p.place.clone());
    let (verdict, headline) = match &ended.how {
        How::Exited(0) => (Verdict::Passed, None),
        How::Exited(code) => {
            let headline = match &panic {
                Some(panic) => panic.headline(),
                None => text!("it ended with exit status {code}"; "它以退出码 {code} 结束"),
            };
            (Verdict::Failed, Some(headline))
        }
        How::Signalled { name, .. } => (
            Verdict::Crashed,
            Some(text!("it was ended by {name}"; "它被信号 {name} 终止")),
        ),
        How::TimedOut => {
            let headline =
                text!("it was still running after {DEADLINE} s"; "{DEADLINE} 秒后它仍在运行");
            (Verdict::TimedOut, Some(headline))
        }
        How::NoTurn => (
            Verdict::NotGraded,
            Some(text!(
                "this machine was too busy to let it finish";
                "这台机器太忙，它没有得到足够的运行时间"
            )),
        ),
        How::OtherTask => (
            Verdict::Failed,
            Some(text!(
                "it starts a thread or a process where none is allowed";
                "它在不允许的地方启动了线程或进程"
            )),
        ),
        How::OutOfMemory => (
            Verdict::Crashed,
            Some(text!(
                "it took more memory than a solution needs, and was ended";
                "它占用的内存超过上限，已被终止"
            )),
        ),
        How::Deadlocked(sleepers) => {
            let calls: Vec<&str> = sleepers.iter().map(|sleeper| &*sleeper.call).collect();
            let calls = calls.join(", ");
            let headline = text!(
                "it sleeps for ever, in {calls}";
                "它永远睡眠在 {calls} 中"
            );
            (Verdict::Deadlocked, Some(headline))
        }
    };
    Demo {
        printed: without_panics(&ended.printed),
        verdict,
        headline,
        not_written,
    }
}

fn cannot(why: &str) -> Demo {
    Demo {
        printed: String::new(),
        verdict: Verdict::NotGraded,
        headline: Some(Text {
            en: format!("it cannot run on this machine: {why}"),
            zh: format!("它无法在这台机器上运行：{why}"),
        }),
        not_written: None,
    }
}

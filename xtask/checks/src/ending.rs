//! A process of the student's that ended when it should have answered: what is that worth saying?
//! The closed set of verdicts meets the ways in which processes end here and nowhere else.

use arena::{Ended, How, PipeEnd, PipeWait, Sleeper, SourceLine};

use crate::{Failure, Place, Text, Verdict, failure::grader, machine::HELPER, text};

/// How `todo!()` and `unimplemented!()` begin their messages.
const NOT_WRITTEN: [&str; 2] = ["not yet implemented", "not implemented"];

/// The failure of a process that ended while it should have gone on.
pub(crate) fn failure(ended: &Ended) -> Failure {
    let failure = match &ended.how {
        How::Exited(101) if let Some(panic) = Panic::read(&ended.printed) => panic.failure(),
        How::Exited(code) => Failure::new(
            Verdict::ExitedEarly,
            text!(
                "it exited with code {code} before it had answered";
                "还没有回答就以退出码 {code} 结束了"
            ),
        ),
        // The limit of CPU time is a deadline too.
        How::Signalled { name, .. } if name == "SIGXCPU" => time_over(),
        How::Signalled { name, .. } => Failure::new(
            Verdict::Crashed,
            text!("it was ended by {name}"; "被信号 {name} 终止"),
        ),
        How::TimedOut => time_over(),
        How::NoTurn => Failure::new(
            Verdict::NotGraded,
            text!(
                "this machine was too busy to let it finish; try again when it is less busy";
                "这台机器太忙，程序没有得到足够的运行时间，请在负载较低时重试"
            ),
        ),
        How::OtherTask => Failure::wrong(text!(
            "it starts a thread or a process where the contract allows none";
            "它在约定不允许的地方启动了线程或进程"
        )),
        How::OutOfMemory => Failure::new(
            Verdict::Crashed,
            text!(
                "its processes together took more memory than a solution needs, and were ended";
                "它的进程合计占用的内存超过上限，已被终止"
            ),
        ),
        How::Deadlocked(sleepers) => deadlock(sleepers),
    };
    failure.printed(&ended.printed)
}

/// Whether a panic's message is that of `todo!()` or the like.
pub(crate) fn is_not_written(message: &str) -> bool {
    NOT_WRITTEN.iter().any(|begin| message.starts_with(begin))
}

/// A `todo!()` was reached.
pub(crate) fn not_written(place: Place) -> Failure {
    let Place { file, line } = &place;
    let mut failure =
        Failure::wrong(text!("not written yet: {file}:{line}"; "还没有写：{file}:{line}"));
    failure.0.not_written = Some(place);
    failure
}

/// Everybody sleeps: where each came to wait.
fn deadlock(sleepers: &[Sleeper]) -> Failure {
    let calls: Vec<String> = sleepers.iter().map(where_it_sleeps).collect();
    let calls = calls.join(", ");
    let mut failure = Failure::new(
        Verdict::Deadlocked,
        text!(
            "it sleeps for ever in {calls}: nobody is left to end the wait";
            "永远睡在 {calls} 里：已经没有谁能结束这个等待"
        ),
    );
    let line = sleepers.iter().find_map(|sleeper| sleeper.line.as_ref());
    failure.0.place = line.map(place);
    let waits = sleepers
        .iter()
        .flat_map(|sleeper| sleeper.pipes.iter().map(move |wait| (sleeper, wait)));
    waits.take(WAITS).fold(failure, |failure, (sleeper, wait)| {
        failure.because(at_a_pipe(sleeper, wait))
    })
}

/// So many of those who sleep at a pipe are told of.
const WAITS: usize = 4;

/// Who sleeps at which pipe, and who could wake it: often somebody who has forgotten an end.
fn at_a_pipe(sleeper: &Sleeper, wait: &PipeWait) -> Text {
    let call = &sleeper.call;
    let Text { en, zh } = match wait.own.is_asked {
        true => text!("Your process"; "你的进程"),
        false => who(&wait.own),
    };
    let descriptor = wait.own.descriptor;
    let ends = |pick: fn(Text) -> String, number: &str, between: &str| {
        let one = |end: &PipeEnd| format!("{}{number} {}", pick(who(end)), end.descriptor);
        let ends: Vec<String> = wait.others.iter().map(one).collect();
        ends.join(between)
    };
    let others = ends(|text| text.en, ", descriptor", "; ");
    let others_zh = ends(|text| text.zh, "，描述符", "；");
    text!(
        "{en} sleeps in {call}, descriptor {descriptor}. The other side of that pipe is open in: {others}.";
        "{zh}睡在 {call} 里，描述符 {descriptor}。这条管道的另一侧开在：{others_zh}。"
    )
}

/// A process as a student knows it: the one that was asked, or what it has started.
fn who(end: &PipeEnd) -> Text {
    if end.is_asked {
        return text!("your process"; "你的进程");
    }
    let number = end.process;
    let words: Vec<&str> = end.command.iter().map(String::as_str).collect();
    let words = match words[..] {
        // One of the lab's helper programs.
        [_, helper, ref rest @ ..] if helper == HELPER => rest.join(" "),
        [program, ref rest @ ..] => {
            let name = program.rsplit('/').next().unwrap_or(program);
            [&[name], rest].concat().join(" ")
        }
        [] => String::new(),
    };
    text!("`{words}` (process {number})"; "`{words}`（进程 {number}）")
}

/// `futex (src/lock.rs:41)`.
fn where_it_sleeps(sleeper: &Sleeper) -> String {
    let call = &sleeper.call;
    // A helper program's lines are none of the student's.
    let line = sleeper
        .line
        .as_ref()
        .filter(|line| line.file.contains("/src/"));
    match line.map(place) {
        Some(Place { file, line }) => format!("{call} ({file}:{line})"),
        None => call.clone(),
    }
}

pub(crate) fn time_over() -> Failure {
    Failure::new(
        Verdict::TimedOut,
        text!("it was still running when the time was over"; "时间到时仍在运行"),
    )
}

/// A panic, as a driver tells it in one line.
struct Panic {
    place: Place,
    message: String,
}

impl Panic {
    fn read(printed: &str) -> Option<Self> {
        let told = printed
            .lines()
            .find_map(|line| line.strip_prefix("interlock: panic at "))?;
        let (place, message) = told.split_once(": ")?;
        let (file, line) = place.rsplit_once(':')?;
        Some(Self {
            place: Place {
                file: submitted_path(file),
                line: line.parse().ok()?,
            },
            message: message.to_owned(),
        })
    }

    fn failure(self) -> Failure {
        let Self {
            place: Place { file, line },
            message,
        } = &self;
        if message.starts_with("bad question") {
            return grader(message);
        }
        if is_not_written(message) {
            return not_written(self.place);
        }
        Failure::wrong(text!("it panicked at {file}:{line}"; "在 {file}:{line} 处 panic"))
            .because(Text::same(message.clone()))
    }
}

/// A line by the path that a manifest lists.
pub(crate) fn place(line: &SourceLine) -> Place {
    Place {
        file: submitted_path(&line.file),
        line: line.line,
    }
}

/// The path as a manifest lists it, of a path in debugging information: what follows the lab's
/// folder.
pub fn submitted_path(file: &str) -> String {
    match file.rfind("/src/") {
        Some(at) => file[at + 1..].to_owned(),
        None => file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(how: How, printed: &str) -> Ended {
        Ended {
            how,
            stdout: String::new(),
            stderr: String::new(),
            printed: printed.to_owned(),
        }
    }

    fn verdict(how: How, printed: &str) -> Verdict {
        failure(&ended(how, printed)).0.verdict
    }

    #[test]
    fn each_way_of_ending_has_its_verdict() {
        assert_eq!(
            verdict(How::Exited(0), "test result: ok. 11 passed"),
            Verdict::ExitedEarly
        );
        assert_eq!(verdict(How::Exited(101), ""), Verdict::ExitedEarly);
        assert_eq!(
            verdict(
                How::Signalled {
                    name: "SIGBUS".into(),
                    number: 7
                },
                ""
            ),
            Verdict::Crashed
        );
        assert_eq!(
            verdict(
                How::Signalled {
                    name: "SIGXCPU".into(),
                    number: 24
                },
                ""
            ),
            Verdict::TimedOut
        );
        assert_eq!(verdict(How::TimedOut, ""), Verdict::TimedOut);
        assert_eq!(verdict(How::NoTurn, ""), Verdict::NotGraded);
        assert_eq!(verdict(How::Deadlocked(vec![]), ""), Verdict::Deadlocked);
    }

    #[test]
    fn a_deadlock_tells_where_everybody_waits() {
        let sleeper = |line: Option<u32>| Sleeper {
            call: "futex".to_owned(),
            line: line.map(|line| SourceLine {
                file: "/stage/1/src/lock.rs".to_owned(),
                line,
            }),
            ..Sleeper::default()
        };
        let how = How::Deadlocked(vec![sleeper(Some(7)), sleeper(None)]);
        let Failure(record) = failure(&ended(how, ""));
        let headline = record.headline.expect("a reason").en;
        assert!(
            headline.starts_with("it sleeps for ever in futex (src/lock.rs:7), futex:"),
            "{headline}"
        );
        assert_eq!(record.place.map(|place| place.line), Some(7));
    }

    #[test]
    fn who_sleeps_at_a_pipe_and_who_has_its_other_side_is_told() {
        let end = |process, words: &[&str], is_asked, descriptor| PipeEnd {
            process,
            command: words.iter().map(|word| (*word).to_owned()).collect(),
            is_asked,
            descriptor,
        };
        let stage = ["/there/checks-1f", "--as", "copy", "3"];
        let sleeper = Sleeper {
            call: "read".to_owned(),
            pipes: vec![PipeWait {
                own: end(4, &stage, false, 0),
                others: vec![
                    end(2, &["/there/lab04-driver", "session"], true, 5),
                    end(5, &["/usr/bin/cat", "-u"], false, 7),
                ],
            }],
            ..Sleeper::default()
        };
        let Failure(record) = failure(&ended(How::Deadlocked(vec![sleeper]), ""));
        let told = &record.detail[0];
        assert_eq!(
            told.en,
            "`copy 3` (process 4) sleeps in read, descriptor 0. The other side of that pipe is open in: your process, descriptor 5; `cat -u` (process 5), descriptor 7."
        );
        assert!(
            told.zh.contains("`copy 3`（进程 4）睡在 read 里"),
            "{}",
            told.zh
        );
    }

    #[test]
    fn a_todo_is_not_a_panic() {
        let told = "interlock: panic at labs/12-mmap/src/map.rs:21: not yet implemented";
        let Failure(record) = failure(&ended(How::Exited(101), told));
        assert_eq!(record.verdict, Verdict::Failed);
        assert_eq!(
            record.not_written,
            Some(Place {
                file: "src/map.rs".into(),
                line: 21
            })
        );
        assert_eq!(record.printed, None);
    }

    #[test]
    fn a_disagreement_of_check_and_driver_is_the_graders() {
        let told = "interlock: panic at xtask/driver/src/session.rs:90: bad question 3 frob []";
        assert_eq!(verdict(How::Exited(101), told), Verdict::GraderError);
    }
}

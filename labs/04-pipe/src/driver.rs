//! Lab 04's driver: what each question does, on the student's modules. It knows no right answer.

mod capture;
mod pipeline;
mod plumb;

use std::{fs, process::ExitCode};

use capture::{Captured, capture};
use driver::{Answer, Question, Roles};
use pipeline::{Exit, PipeError, Stage};

fn main() -> ExitCode {
    Roles::new()
        .program("plumb", plumb::main)
        .demo(demo)
        .session(answer)
}

fn answer(question: &Question<'_>) -> Answer {
    match question.word() {
        // The bytes are in files: they may be many.
        "capture" => {
            let input = match fs::read(question.path(0)) {
                Ok(input) => input,
                Err(error) => return Answer::err("file").with(error),
            };
            match capture(&stages(question), &input) {
                Ok(captured) => told(&captured, question),
                Err(PipeError::Spawn { stage, source }) => {
                    let errno = source.raw_os_error().unwrap_or(0);
                    Answer::err("spawn").with(stage).with(errno)
                }
                Err(PipeError::Io(error)) => Answer::io(&error),
            }
        }
        // As a program finds itself whose parent has closed what it did not need. (It cannot be
        // started so: Rust's run-time opens again what is closed of the first three.)
        "close-stdin" => match nix::unistd::close(0) {
            Ok(()) => Answer::ok(),
            Err(error) => Answer::io(&error.into()),
        },
        _ => question.unknown(),
    }
}

/// Fields from the third on: how many words a stage has, and then these.
fn stages(question: &Question<'_>) -> Vec<Stage> {
    let mut at = 3;
    let mut stages = Vec::new();
    for _ in 0..question.number(2) {
        let words = question.number(at) as usize;
        let argv = (at + 1..=at + words).map(|at| question.text(at).into());
        stages.push(Stage {
            argv: argv.collect(),
        });
        at += words + 1;
    }
    stages
}

fn told(captured: &Captured, question: &Question<'_>) -> Answer {
    if let Err(error) = fs::write(question.path(1), &captured.stdout) {
        return Answer::err("file").with(error);
    }
    captured
        .statuses
        .iter()
        .fold(Answer::ok(), |answer, exit| answer.with(shown(*exit)))
}

fn shown(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("code {code}"),
        Exit::Signal(number) => format!("signal {number}"),
    }
}

/// Three pipelines, as a shell would write them, and what `capture` makes of them.
fn demo() {
    let chinese = driver::demo_language() == "zh";
    let [input, printed, ended, failed] = match chinese {
        true => ["输入", "输出", "结束方式", "错误"],
        false => ["input", "printed", "ended", "error"],
    };
    let shell = |script: &str| Stage {
        argv: ["sh", "-c", script].map(Into::into).to_vec(),
    };
    let missing = Stage {
        argv: vec!["no-such-program".into()],
    };
    let twice = "read a; echo $a, $a";
    for (line, stages, bytes) in [
        (
            format!("sh -c '{twice}' | sh -c '{twice}'"),
            [shell(twice), shell(twice)],
            "pipe\n",
        ),
        (
            "sh -c 'while :; do echo y; done' | sh -c 'read a; echo $a'".to_owned(),
            [shell("while :; do echo y; done"), shell("read a; echo $a")],
            "",
        ),
        (
            "sh -c 'read a' | no-such-program".to_owned(),
            [shell("read a"), missing],
            "",
        ),
    ] {
        println!("{line}");
        match capture(&stages, bytes.as_bytes()) {
            Ok(captured) => {
                let statuses: Vec<String> = captured.statuses.iter().copied().map(shown).collect();
                println!(
                    "    {input} {bytes:?}   {printed} {:?}   {ended} {}",
                    String::from_utf8_lossy(&captured.stdout),
                    statuses.join(", ")
                );
            }
            Err(error) => println!("    {failed} {error:?}"),
        }
    }
}

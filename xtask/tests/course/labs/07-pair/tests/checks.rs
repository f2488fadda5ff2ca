//! The checks of a lab without the kit: what a check binary and the grader agree on, in std alone.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    os::{fd::AsFd, unix::net::UnixStream},
    process::Command,
};

const CHECKS: [&str; 2] = [
    "adds",
    "finds_largest",
];

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    if words.iter().any(|word| word == "--list") {
        for name in CHECKS {
            println!("{name}: test");
        }
        return;
    }
    if words.first().is_some_and(|word| word == "--drill") {
        let papers: Vec<String> = words[1..].iter().map(|seed| paper(seed)).collect();
        println!("[{}]", papers.join(","));
        return;
    }
    let after = |option: &str| {
        let at = words.iter().position(|word| word == option).expect("an option of the grader");
        words[at + 1].clone()
    };
    let driver = after("--driver");
    let record = match &*after("--grade") {
        "adds" => judge(&driver, "sum", "40", "2", "42"),
        "finds_largest" => judge(&driver, "largest", "40", "2", "40"),
        other => panic!("there is no check {other}"),
    };
    tell(&record);
}

fn judge(driver: &str, question: &str, a: &str, b: &str, right: &str) -> String {
    let output = Command::new(driver).args([question, a, b]).output().expect("the driver runs");
    let answer = String::from_utf8_lossy(&output.stdout);
    let words = String::from_utf8_lossy(&output.stderr);
    let todo = words.split_once("interlock: panic at ").filter(|(_, at)| at.contains("not yet"));
    let place = todo.map(|(_, at)| {
        let (place, _) = at.split_once(": ").expect("a place");
        let (file, line) = place.rsplit_once(':').expect("a line");
        let (_, file) = file.rsplit_once("/src/").expect("a source file");
        format!(r#"{{"file":"src/{file}","line":{line}}}"#)
    });
    let verdict = match answer.trim() {
        answer if answer == right => "passed",
        "" if todo.is_none() => "exited_early",
        _ => "failed",
    };
    let place = place.as_deref().unwrap_or("null");
    format!(
        r#"{{"verdict":"{verdict}","headline":null,"detail":[],"interleaving":null,"not_written":{place},"printed":null,"work":[],"measured":{{}}}}"#
    )
}

/// A question on paper, of a seed.
fn paper(seed: &str) -> String {
    let text = |en: &str, zh: &str| format!(r#"{{"en":"{en}","zh":"{zh}"}}"#);
    let title = text("Pairs", "数对");
    let given = text(&format!("Given is {seed}."), &format!("已知 {seed}。"));
    let question = text("What is it plus one?", "加一是多少？");
    let (answer, key) = (text("Count on.", "往后数一个。"), text("one more", "多一"));
    format!(
        r#"{{"title":{title},"given":[{{"paragraph":{given}}}],"parts":[{{"points":3,"question":{question},"answer":[{{"paragraph":{answer}}}],"key":{key}}}]}}"#
    )
}

/// The last act: the record, with the nonce that stands on standard input.
fn tell(record: &str) {
    let channel = io::stdin().as_fd().try_clone_to_owned().expect("standard input is a socket");
    let mut channel = UnixStream::from(channel);
    let mut nonce = String::new();
    let mut reader = BufReader::new(channel.try_clone().expect("a second handle"));
    reader.read_line(&mut nonce).expect("a nonce");
    let nonce = nonce.trim();
    writeln!(channel, r#"{{"nonce":"{nonce}","record":{record}}}"#).expect("the grader listens");
}

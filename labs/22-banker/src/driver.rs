//! Lab 22's driver: what each question does, on the student's modules. It knows no right answer.

#![allow(dead_code, reason = "threads wait at the bank under the model only")]

mod bank;
mod banker;

use std::collections::HashMap;
use std::process::ExitCode;

use banker::{BankError, Banker, Decision, Why};
use driver::{Answer, Question, Roles};

fn main() -> ExitCode {
    let mut bankers = HashMap::new();
    Roles::new()
        .demo(demo)
        .session(|question| answer(&mut bankers, question))
}

fn answer(bankers: &mut HashMap<u64, Banker>, question: &Question<'_>) -> Answer {
    let id = question.number(0);
    match question.word() {
        "new" => {
            bankers.insert(id, Banker::new(&row(question, 1)));
            return Answer::ok();
        }
        "tables" => {
            let (claim, allocation) = (table(question, 2), table(question, 3));
            return match Banker::from_tables(&row(question, 1), &claim, &allocation) {
                Ok(banker) => {
                    bankers.insert(id, banker);
                    Answer::ok()
                }
                Err(error) => refused(&error),
            };
        }
        _ => {}
    }
    let Some(banker) = bankers.get_mut(&id) else {
        return question.unknown();
    };
    match question.word() {
        "admit" => match banker.admit(&row(question, 1)) {
            Ok(p) => Answer::ok().with(p),
            Err(error) => refused(&error),
        },
        // Beside the answer: whether the banker is, by its own word, as it was before.
        "request" => {
            let before = banker.clone();
            let decision = banker.request(process(question), &row(question, 2));
            let answer = match decision {
                Ok(Decision::Granted) => Answer::ok().with("granted"),
                Ok(Decision::MustWait(Why::NotAvailable)) => Answer::ok().with("not-available"),
                Ok(Decision::MustWait(Why::Unsafe)) => Answer::ok().with("unsafe"),
                Err(error) => refused(&error),
            };
            answer.with(same(banker == &before))
        }
        "release" => {
            let before = banker.clone();
            let answer = told(banker.release(process(question), &row(question, 2)));
            answer.with(same(banker == &before))
        }
        "leave" => told(banker.leave(process(question))),
        "sequence" => match banker.safe_sequence() {
            Some(order) => Answer::ok().with("safe").with(columns(&order)),
            None => Answer::ok().with("unsafe"),
        },
        // Available, then what each of these processes holds and needs.
        "state" => (0..question.number(1)).fold(
            Answer::ok().with(columns(&banker.available())),
            |answer, p| {
                let p = p as usize;
                answer
                    .with(columns(&banker.allocation(p)))
                    .with(columns(&banker.need(p)))
            },
        ),
        _ => question.unknown(),
    }
}

fn process(question: &Question<'_>) -> usize {
    question.number(1) as usize
}

fn same(is: bool) -> &'static str {
    if is { "same" } else { "changed" }
}

/// `3,3,2`
fn row(question: &Question<'_>, at: usize) -> Vec<u32> {
    numbers(question.text(at))
}

/// `7,5,3/3,2,2`
fn table(question: &Question<'_>, at: usize) -> Vec<Vec<u32>> {
    let rows = question.text(at).split('/').filter(|row| !row.is_empty());
    rows.map(numbers).collect()
}

fn numbers(written: &str) -> Vec<u32> {
    let columns = written.split(',').filter(|number| !number.is_empty());
    columns.filter_map(|number| number.parse().ok()).collect()
}

fn columns(numbers: &[impl ToString]) -> String {
    let columns: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    columns.join(",")
}

fn told(result: Result<(), BankError>) -> Answer {
    match result {
        Ok(()) => Answer::ok(),
        Err(error) => refused(&error),
    }
}

fn refused(error: &BankError) -> Answer {
    Answer::err(&match error {
        BankError::UnknownProcess(p) => format!("unknown {p}"),
        BankError::Dimension { want, got } => format!("dimension {want} {got}"),
        BankError::ExceedsClaim { r, need, asked } => format!("exceeds-claim {r} {need} {asked}"),
        BankError::ExceedsTotal { r } => format!("exceeds-total {r}"),
        BankError::NotHeld { r, held } => format!("not-held {r} {held}"),
    })
}

/// The state of the books, its safe sequence, and three requests.
fn demo() {
    let chinese = driver::demo_language() == "zh";
    let claim = [[7, 5, 3], [3, 2, 2], [9, 0, 2], [2, 2, 2], [4, 3, 3]].map(Vec::from);
    let held = [[0, 1, 0], [2, 0, 0], [3, 0, 2], [2, 1, 1], [0, 0, 2]].map(Vec::from);
    let mut banker = match Banker::from_tables(&[10, 5, 7], &claim, &held) {
        Ok(banker) => banker,
        Err(error) => return println!("from_tables: {error}"),
    };
    let head = match chinese {
        true => ["进程", "已分配", "最大需求", "还需要"],
        false => ["process", "allocation", "max", "need"],
    };
    println!("{}\t{}\t{}\t{}", head[0], head[1], head[2], head[3]);
    for (p, claim) in claim.iter().enumerate() {
        let (held, need) = (columns(&banker.allocation(p)), columns(&banker.need(p)));
        println!("P{p}\t{held}\t\t{}\t{need}", columns(claim));
    }
    let [available, sequence] = match chinese {
        true => ["可用", "安全序列"],
        false => ["available", "safe sequence"],
    };
    println!("{available} {}", columns(&banker.available()));
    println!("{sequence} {:?}", banker.safe_sequence());
    for (p, req) in [(1, [1, 0, 2]), (4, [3, 3, 0]), (0, [0, 2, 0])] {
        println!("P{p} ({}): {:?}", columns(&req), banker.request(p, &req));
    }
}

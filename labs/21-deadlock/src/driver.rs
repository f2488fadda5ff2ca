//! Lab 21's driver: what each question does, on the student's modules. It knows no right answer.

#![allow(dead_code, reason = "threads take locks under the model only")]

mod locks;
mod rag;
mod recovery;

use std::collections::HashMap;
use std::process::ExitCode;

use driver::{Answer, Question, Roles};
use rag::{Node, Outcome, Rag, RagError};
use recovery::{Action, Strategy};

fn main() -> ExitCode {
    let mut graphs = HashMap::new();
    Roles::new()
        .demo(demo)
        .session(|question| answer(&mut graphs, question))
}

fn answer(graphs: &mut HashMap<u64, Rag>, question: &Question<'_>) -> Answer {
    let id = question.number(0);
    if question.word() == "new" {
        let instances: Vec<u32> = numbers(question.text(2));
        graphs.insert(id, Rag::new(question.number(1) as usize, &instances));
        return Answer::ok();
    }
    let Some(rag) = graphs.get_mut(&id) else {
        return question.unknown();
    };
    let at = |field: usize| question.number(field) as usize;
    match question.word() {
        "request" => {
            let before = rag.clone();
            match rag.request(at(1), at(2), at(3) as u32) {
                Ok(Outcome::Granted) => Answer::ok().with("granted"),
                Ok(Outcome::Blocked) => Answer::ok().with("blocked"),
                Err(error) => refused(&error, rag == &before),
            }
        }
        "release" => {
            let before = rag.clone();
            match rag.release(at(1), at(2), at(3) as u32) {
                Ok(served) => Answer::ok().with(columns(&served)),
                Err(error) => refused(&error, rag == &before),
            }
        }
        "checkpoint" => {
            let before = rag.clone();
            match rag.checkpoint(at(1)) {
                Ok(()) => Answer::ok(),
                Err(error) => refused(&error, rag == &before),
            }
        }
        "cycle" => match rag.cycle() {
            None => Answer::ok().with("none"),
            Some(cycle) => Answer::ok().with("cycle").with(columns(
                &cycle.into_iter().map(shown).collect::<Vec<String>>(),
            )),
        },
        "deadlocked" => {
            let all: Vec<usize> = rag.deadlocked().into_iter().collect();
            Answer::ok().with(columns(&all))
        }
        "recover" => {
            let cost = numbers(question.text(2));
            let actions = rag.recover(match question.text(1) {
                "kill-all" => Strategy::KillAll,
                "kill" => Strategy::KillOneByOne { cost },
                "preempt" => Strategy::Preempt { cost },
                _ => Strategy::Rollback { cost },
            });
            let actions: Vec<String> = actions.into_iter().map(told).collect();
            Answer::ok().with(columns(&actions))
        }
        // What nobody holds, then what each process holds and wants, and how often it was passed
        // over.
        "state" => {
            let resources = at(2);
            let row =
                |n: &dyn Fn(usize) -> u32| columns(&(0..resources).map(n).collect::<Vec<_>>());
            let first = Answer::ok().with(row(&|r| rag.available(r)));
            (0..at(1)).fold(first, |answer, p| {
                let passed = rag.passed_over(p);
                answer
                    .with(row(&|r| rag.held(p, r)))
                    .with(row(&|r| rag.wanted(p, r)))
                    .with(passed.map_or("-".to_owned(), |times| times.to_string()))
            })
        }
        _ => question.unknown(),
    }
}

fn shown(node: Node) -> String {
    match node {
        Node::P(p) => format!("P{p}"),
        Node::R(r) => format!("R{r}"),
    }
}

fn told(action: Action) -> String {
    match action {
        Action::Killed(p) => format!("killed:{p}"),
        Action::Preempted { from, r, n } => format!("preempted:{from}:{r}:{n}"),
        Action::RolledBack(p) => format!("rolled-back:{p}"),
    }
}

/// Beside the error: whether the graph is, by its own word, as it was before.
fn refused(error: &RagError, same: bool) -> Answer {
    let kind = match error {
        RagError::UnknownProcess(p) => format!("unknown-process {p}"),
        RagError::Dead(p) => format!("dead {p}"),
        RagError::UnknownResource(r) => format!("unknown-resource {r}"),
        RagError::AlreadyBlocked(p) => format!("already-blocked {p}"),
        RagError::MoreThanExists { want, total } => format!("more-than-exists {want} {total}"),
        RagError::NotHeld { have } => format!("not-held {have}"),
    };
    Answer::err(&kind).with(if same { "same" } else { "changed" })
}

fn numbers<T: std::str::FromStr>(written: &str) -> Vec<T> {
    let columns = written.split(',').filter(|number| !number.is_empty());
    columns.filter_map(|number| number.parse().ok()).collect()
}

fn columns(items: &[impl ToString]) -> String {
    let columns: Vec<String> = items.iter().map(ToString::to_string).collect();
    columns.join(",")
}

/// Two who cross and one behind them, and the four ways out.
fn demo() {
    let chinese = driver::demo_language() == "zh";
    let mut rag = Rag::new(3, &[1, 1]);
    for (p, r) in [(0, 0), (1, 1), (0, 1), (1, 0), (2, 0)] {
        match (rag.request(p, r, 1), chinese) {
            (Ok(outcome), false) => println!("P{p} asks for R{r}: {outcome:?}"),
            (Ok(outcome), true) => println!("P{p} 申请 R{r}：{outcome:?}"),
            (Err(error), _) => println!("P{p} R{r}: {error}"),
        }
    }
    let [cycle, deadlocked] = match chinese {
        true => ["环", "死锁"],
        false => ["cycle", "deadlocked"],
    };
    println!("{cycle} {:?}", rag.cycle());
    println!("{deadlocked} {:?}", rag.deadlocked());
    let cost = vec![9, 4, 7];
    for strategy in [
        Strategy::KillAll,
        Strategy::KillOneByOne { cost: cost.clone() },
        Strategy::Preempt { cost: cost.clone() },
        Strategy::Rollback { cost },
    ] {
        let mut rag = rag.clone();
        let name = format!("{strategy:?}");
        let name = name.split([' ', '{']).next().unwrap_or_default();
        println!("{name}: {:?}", rag.recover(strategy.clone()));
    }
}

//! Prints the table.

use std::collections::BTreeMap;
use std::env;
use std::process::{Command, Stdio};

const CHECKERS: [&str; 3] = ["interleave", "loom", "shuttle"];

/// What a checker says about the programs of a family.
#[derive(Clone, Copy, Default)]
struct Tally {
    right: u32,
    refused: u32,
    wrong: u32,
    killed: u32,
    executions: u64,
    micros: u64,
}

fn main() {
    let here = env::current_exe().expect("a process knows its file");
    let at = |checker: &str| here.with_file_name(format!("on-{checker}"));
    let list = Command::new(at(CHECKERS[0]))
        .output()
        .expect("the programs are built");
    let list = String::from_utf8(list.stdout).expect("names are text");
    let mut tallies: BTreeMap<&str, [Tally; 3]> = BTreeMap::new();
    let mut notes = Vec::new();
    for line in list.lines() {
        let (name, side) = line.split_once(' ').expect("name and side");
        let family = name.split("::").next().unwrap_or(name);
        for (i, checker) in CHECKERS.iter().enumerate() {
            let child = Command::new("timeout")
                .arg("60")
                .arg(at(checker))
                .arg(name)
                .stderr(Stdio::piped())
                .output()
                .expect("the programs are built");
            let text = String::from_utf8_lossy(&child.stdout);
            let numbers: Vec<u64> = text
                .split_whitespace()
                .skip(1)
                .filter_map(|word| word.parse().ok())
                .collect();
            let passed = child.status.success() && numbers.len() == 2;
            let tally = &mut tallies.entry(family).or_default()[i];
            if side == "right" {
                tally.right += 1;
                tally.refused += u32::from(!passed);
                if !passed {
                    let words = String::from_utf8_lossy(&child.stderr);
                    let why = words
                        .lines()
                        .find(|line| !line.is_empty() && !line.starts_with("thread"));
                    notes.push(format!(
                        "{checker} refuses {name}: {}",
                        why.unwrap_or("time is over")
                    ));
                }
            } else {
                tally.wrong += 1;
                tally.killed += u32::from(!passed);
                if passed {
                    notes.push(format!("{checker} passes {name}"));
                }
            }
            if let [executions, micros] = numbers[..]
                && side == "right"
            {
                tally.executions += executions;
                tally.micros += micros;
            }
        }
    }
    println!(
        "{:<22} {:>44} {:>44} {:>44}",
        "", CHECKERS[0], CHECKERS[1], CHECKERS[2]
    );
    let mut total = [Tally::default(); 3];
    for (family, row) in &tallies {
        print_row(family, row);
        for (sum, tally) in total.iter_mut().zip(row) {
            sum.right += tally.right;
            sum.refused += tally.refused;
            sum.wrong += tally.wrong;
            sum.killed += tally.killed;
            sum.executions += tally.executions;
            sum.micros += tally.micros;
        }
    }
    print_row("total", &total);
    notes.iter().for_each(|note| println!("{note}"));
}

fn print_row(name: &str, row: &[Tally; 3]) {
    print!("{name:<22}");
    for tally in row {
        let killed = format!("{}/{} killed", tally.killed, tally.wrong);
        let refused = format!("{}/{} refused", tally.refused, tally.right);
        let seconds = tally.micros as f64 / 1e6;
        print!(
            " {killed:>15} {refused:>12} {:>8} {seconds:>5.1} s",
            tally.executions
        );
    }
    println!();
}

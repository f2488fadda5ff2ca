//! Tables on paper: the state, the walk through the safety test, and the reasons.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;

use banker::{Banker, Decision, State, Why, explain};
use serde::Deserialize;

/// A state as somebody writes it down, in TOML or JSON.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    /// Names of the resources.
    pub(crate) resources: Vec<String>,
    pub(crate) total: Vec<u32>,
    pub(crate) process: Vec<Process>,
    /// What is asked for, one after the other.
    #[serde(default)]
    pub(crate) request: Vec<Request>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Process {
    pub(crate) name: String,
    pub(crate) claim: Vec<u32>,
    pub(crate) allocation: Vec<u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) process: String,
    pub(crate) wants: Vec<u32>,
}

impl Written {
    fn claims(&self) -> Vec<Vec<u32>> {
        self.process.iter().map(|p| p.claim.clone()).collect()
    }

    /// Shows the state, the test, and the answers to all requests.
    pub(crate) fn show(&self) -> Result<(), Box<dyn Error>> {
        let allocations: Vec<Vec<u32>> =
            self.process.iter().map(|p| p.allocation.clone()).collect();
        let mut banker = Banker::from_tables(&self.total, &self.claims(), &allocations)?;
        self.state(&banker)?;
        for request in &self.request {
            let found = self.process.iter().position(|p| p.name == request.process);
            let p = found.ok_or_else(|| format!("there is no process {}", request.process))?;
            println!("\n{} asks for ({})", request.process, row(&request.wants));
            let before = banker.clone();
            match banker.request(p, &request.wants) {
                Ok(Decision::Granted) => {
                    println!("granted: the state stays safe");
                    self.state(&banker)?;
                }
                Ok(Decision::MustWait(Why::NotAvailable)) => println!(
                    "must wait: only ({}) is available",
                    row(&before.available())
                ),
                Ok(Decision::MustWait(Why::Unsafe)) => {
                    println!("must wait: it is there, but afterwards");
                    self.walk(&self.granted(&before, p, &request.wants)?);
                }
                Err(error) => println!("refused for ever: {error}"),
            }
        }
        Ok(())
    }

    /// The state that the banker does not let arise.
    fn granted(&self, banker: &Banker, p: usize, wants: &[u32]) -> Result<State, Box<dyn Error>> {
        let mut allocations: Vec<Vec<u32>> = (0..self.process.len())
            .map(|p| banker.allocation(p))
            .collect();
        for (held, wanted) in allocations[p].iter_mut().zip(wants) {
            *held += wanted;
        }
        Ok(State::new(&self.total, &self.claims(), &allocations)?)
    }

    /// The tables and the walk.
    fn state(&self, banker: &Banker) -> Result<(), Box<dyn Error>> {
        let width = 2 + self
            .resources
            .iter()
            .map(|name| 1 + name.len().max(2))
            .sum::<usize>();
        let names: Vec<String> = self
            .resources
            .iter()
            .map(|name| format!("{name:>2}"))
            .collect();
        let names = names.join(" ");
        println!(
            "{:8}{:width$}{:width$}{:width$}Available",
            "", "Allocation", "Max", "Need"
        );
        println!("{:8}{names:width$}{names:width$}{names:width$}{names}", "");
        for (p, process) in self.process.iter().enumerate() {
            let available = match p {
                0 => row(&banker.available()),
                _ => String::new(),
            };
            let [held, claim, need] =
                [banker.allocation(p), process.claim.clone(), banker.need(p)].map(|it| row(&it));
            let line = format!(
                "{:8}{held:width$}{claim:width$}{need:width$}{available}",
                process.name
            );
            println!("{}", line.trim_end());
        }
        self.walk(&self.granted(banker, 0, &[])?);
        Ok(())
    }

    /// The test, a line for each who finishes, and for each who does not.
    fn walk(&self, state: &State) {
        let walk = explain::walk(state);
        println!("work    ({})", row(state.available()));
        let name = |p: usize| self.process[p].name.as_str();
        for step in &walk.steps {
            println!(
                "{:8}need ({}) <= work ({}): finishes, gives back ({}), work ({})",
                name(step.process),
                row(state.need(step.process)),
                row(&step.before),
                row(state.allocation(step.process)),
                row(&step.after),
            );
        }
        for stuck in &walk.stuck {
            println!(
                "{:8}needs {} of {}, and there is {}: stuck",
                name(stuck.process),
                stuck.need,
                self.resources[stuck.resource],
                stuck.work
            );
        }
        match walk.sequence() {
            Some(order) => {
                let names: Vec<&str> = order.into_iter().map(name).collect();
                println!("safe: {}", names.join(" "));
            }
            None => println!("unsafe: no order lets everybody finish"),
        }
    }
}

/// As a column of a table.
fn row(numbers: &[u32]) -> String {
    let columns: Vec<String> = numbers.iter().map(|n| format!("{n:>2}")).collect();
    columns.join(" ")
}

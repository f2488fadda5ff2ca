//! The checks of lab 21. Each reads like its sentence in the handout.

mod oracle;

use std::collections::BTreeSet;

use checks::{Driver, Failure, Judgement, Reply, Scene, Text, Trial, question, text};

use oracle::{Paper, Process, Step, row, tangle};

checks::main![
    bookkeeping,
    single_instance,
    multi_instance,
    cycle_is_real,
    kill,
    preempt,
    roll_back,
    starvation,
    lock_all,
    all_or_none,
];

/// A graph of the student's, and the one on paper.
struct Desk<'a> {
    scene: &'a mut Scene,
    driver: Driver,
    paper: Paper,
    /// What was done, for the report.
    done: Vec<String>,
}

impl<'a> Desk<'a> {
    fn new(
        scene: &'a mut Scene,
        driver: Driver,
        processes: usize,
        total: &[u32],
    ) -> Judgement<Self> {
        let question = question!["new", 1, processes, row(total)];
        scene.ask(driver, &question)?.ok()?;
        Ok(Self {
            scene,
            driver,
            paper: Paper::new(processes, total),
            done: Vec::new(),
        })
    }

    /// Single steps, none of which is looked at by itself.
    fn after(
        scene: &'a mut Scene,
        driver: Driver,
        (processes, total, steps): (usize, Vec<u32>, Vec<Step>),
    ) -> Judgement<Self> {
        let mut desk = Self::new(scene, driver, processes, &total)?;
        for step in steps {
            desk.step(step)?;
        }
        Ok(desk)
    }

    fn ask(&mut self, question: &str) -> Judgement<Reply> {
        self.scene.ask(self.driver, question)
    }

    /// Does it, and compares the answer.
    fn step(&mut self, step: Step) -> Judgement {
        let (question, shown, expected) = match step {
            Step::Request(p, r, n) => (
                question!["request", 1, p, r, n],
                format!("request({p},{r},{n})"),
                self.paper.request(p, r, n).map(str::to_owned),
            ),
            Step::Release(p, r, n) => (
                question!["release", 1, p, r, n],
                format!("release({p},{r},{n})"),
                self.paper.release(p, r, n).map(|served| list(&served)),
            ),
            Step::Checkpoint(p) => (
                question!["checkpoint", 1, p],
                format!("checkpoint({p})"),
                self.paper.checkpoint(p).map(|()| String::new()),
            ),
        };
        let got = match self.ask(&question)? {
            Reply::Ok(fields) => Ok(fields.text(0).unwrap_or_default().to_owned()),
            Reply::Err(fields) => {
                if fields.text(1)? != "same" {
                    return Err(self.wrong(text!(
                        "{shown} is an error, and has changed the graph";
                        "{shown} 应报错，却改变了图"
                    )));
                }
                Err(fields.text(0)?.to_owned())
            }
        };
        if got != expected {
            let (en, zh) = (told(&expected, false), told(&expected, true));
            let (got_en, got_zh) = (told(&got, false), told(&got, true));
            return Err(self.wrong(text!(
                "{shown} must give {en}, it gave {got_en}";
                "{shown} 应得到{zh}，实际得到{got_zh}"
            )));
        }
        self.done.push(shown);
        Ok(())
    }

    /// A wrong answer, with what led to it.
    fn wrong(&self, headline: Text) -> Failure {
        let (done, shown) = (self.done.join(" "), self.paper.shown());
        let total = row(&self.paper.total);
        Failure::wrong(headline)
            .because(text!(
                "Instances ({total}). Process, held, wanted:\n{shown}";
                "资源总数 ({total})。进程、持有、等待：\n{shown}"
            ))
            .because(text!("After: {done}"; "此前的操作：{done}"))
    }

    /// What the student's graph shows, process by process.
    fn state(&mut self) -> Judgement<(Vec<u32>, Vec<Process>, Vec<String>)> {
        let (count, resources) = (self.paper.all.len(), self.paper.total.len());
        let fields = self.ask(&question!["state", 1, count, resources])?.ok()?;
        let available = numbers(fields.text(0)?);
        let mut all = Vec::new();
        let mut passed = Vec::new();
        for p in 0..count {
            all.push(Process {
                held: numbers(fields.text(1 + 3 * p)?),
                wanted: numbers(fields.text(2 + 3 * p)?),
                ..Process::default()
            });
            passed.push(fields.text(3 + 3 * p)?.to_owned());
        }
        Ok((available, all, passed))
    }

    /// All that can be seen must be as on paper.
    fn look(&mut self) -> Judgement {
        let (available, all, _) = self.state()?;
        for (r, got) in available.into_iter().enumerate() {
            let expected = self.paper.available(r);
            if got != expected {
                return Err(self.wrong(text!(
                    "available({r}) must be {expected}, it is {got}";
                    "available({r}) 应为 {expected}，实际为 {got}"
                )));
            }
        }
        for (p, got) in all.into_iter().enumerate() {
            let process = &self.paper.all[p];
            for (name, expected, got) in [
                ("held", &process.held, &got.held),
                ("wanted", &process.wanted, &got.wanted),
            ] {
                if expected != got {
                    let (expected, got) = (row(expected), row(got));
                    return Err(self.wrong(text!(
                        "{name} of P{p} must be ({expected}), it is ({got})";
                        "P{p} 的 {name} 应为 ({expected})，实际为 ({got})"
                    )));
                }
            }
        }
        Ok(())
    }

    fn deadlocked(&mut self) -> Judgement<BTreeSet<usize>> {
        let fields = self.ask(&question!["deadlocked", 1])?.ok()?;
        let all = numbers(fields.text(0)?);
        Ok(all.into_iter().map(|p| p as usize).collect())
    }

    /// Exactly those who are.
    fn deadlocked_is_right(&mut self) -> Judgement<usize> {
        let expected = self.paper.deadlocked();
        let got = self.deadlocked()?;
        if got != expected {
            return Err(self.wrong(text!(
                "deadlocked() must be {expected:?}, it is {got:?}";
                "deadlocked() 应为 {expected:?}，实际为 {got:?}"
            )));
        }
        Ok(expected.len())
    }

    fn cycle(&mut self) -> Judgement<Option<Vec<String>>> {
        let fields = self.ask(&question!["cycle", 1])?.ok()?;
        if fields.text(0)? == "none" {
            return Ok(None);
        }
        let nodes = fields.text(1)?.split(',');
        Ok(Some(nodes.map(str::to_owned).collect()))
    }

    /// What `recover` says that it did: words and numbers.
    fn recover(&mut self, strategy: &str, cost: &[u64]) -> Judgement<Vec<(String, Vec<usize>)>> {
        let cost: Vec<String> = cost.iter().map(u64::to_string).collect();
        let question = question!["recover", 1, strategy, cost.join(",")];
        let fields = self.ask(&question)?.ok()?;
        let actions = fields
            .text(0)?
            .split(',')
            .filter(|action| !action.is_empty());
        Ok(actions
            .map(|action| {
                let mut parts = action.split(':');
                let word = parts.next().unwrap_or_default().to_owned();
                let numbers = parts.filter_map(|number| number.parse().ok());
                (word, numbers.collect())
            })
            .collect())
    }

    /// After a recovery: nobody is deadlocked, nobody waits for what is there, and each process has
    /// what it had on paper, or in addition all that it waited for. Then the paper is as the graph.
    fn recovered(&mut self, strategy: &str) -> Judgement {
        let (available, all, _) = self.state()?;
        for (p, got) in all.iter().enumerate() {
            let process = &self.paper.all[p];
            let sum = process
                .held
                .iter()
                .zip(&process.wanted)
                .map(|(held, wanted)| held + wanted);
            let served = process.waits() && got.held.iter().copied().eq(sum) && !got.waits();
            let as_it_was = got.held == process.held && got.wanted == process.wanted;
            if !served && !as_it_was {
                let (held, wanted) = (row(&got.held), row(&got.wanted));
                return Err(self.wrong(text!(
                    "after {strategy} P{p} holds ({held}) and waits for ({wanted}): it must be as on this list, or have been served";
                    "{strategy} 之后 P{p} 持有 ({held})、等待 ({wanted})：它应如下所列，或已得到全部所等的资源"
                )));
            }
        }
        for (process, got) in self.paper.all.iter_mut().zip(all) {
            process.held = got.held;
            process.wanted = got.wanted;
        }
        let paper = &mut self.paper;
        paper.queue.retain(|p| paper.all[*p].waits());
        for r in self.paper.resources() {
            let (expected, got) = (self.paper.available(r), available[r]);
            if expected != got {
                return Err(self.wrong(text!(
                    "after {strategy} available({r}) must be {expected}, it is {got}";
                    "{strategy} 之后 available({r}) 应为 {expected}，实际为 {got}"
                )));
            }
        }
        for p in 0..self.paper.all.len() {
            let process = &self.paper.all[p];
            let there = self
                .paper
                .resources()
                .all(|r| process.wanted[r] <= available[r]);
            if process.waits() && there {
                return Err(self.wrong(text!(
                    "after {strategy} P{p} still waits for what is there";
                    "{strategy} 之后 P{p} 还在等待已经空闲的资源"
                )));
            }
        }
        let left = self.paper.deadlocked();
        if !left.is_empty() {
            return Err(self.wrong(text!(
                "after {strategy} there still is a deadlock of {left:?}";
                "{strategy} 之后 {left:?} 仍处于死锁"
            )));
        }
        Ok(())
    }
}

/// An answer in a few words.
fn told(answer: &Result<String, String>, chinese: bool) -> String {
    match (answer, chinese) {
        (Ok(answer), false) => format!("`{answer}`"),
        (Err(error), false) => format!("the error `{error}`"),
        (Ok(answer), true) => format!(" `{answer}`"),
        (Err(error), true) => format!("错误 `{error}`"),
    }
}

fn numbers(written: &str) -> Vec<u32> {
    let columns = written.split(',').filter(|number| !number.is_empty());
    columns.filter_map(|number| number.parse().ok()).collect()
}

fn list(numbers: &[usize]) -> String {
    let columns: Vec<String> = numbers.iter().map(usize::to_string).collect();
    columns.join(",")
}

/// P0 … P(n-1), each of which holds its own resource and waits for the next one's.
fn ring(desk: &mut Desk<'_>, n: usize) -> Judgement {
    for p in 0..n {
        desk.step(Step::Request(p, p, 1))?;
    }
    for p in 0..n {
        desk.step(Step::Request(p, (p + 1) % n, 1))?;
    }
    Ok(())
}

/// Any acts, right and wrong: what they come to, and all that can be seen after each.
fn bookkeeping(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let mut acts = 0;
    // In the order of their requests: the first fits, the second does not any more, the third does.
    let mut desk = Desk::new(&mut scene, driver, 4, &[3])?;
    for step in [
        Step::Request(0, 0, 3),
        Step::Request(1, 0, 2),
        Step::Request(2, 0, 2),
        Step::Request(3, 0, 1),
        Step::Release(0, 0, 3),
        // Half of it must not be kept by who waits.
        Step::Release(3, 0, 1),
        Step::Release(1, 0, 1),
        Step::Request(1, 0, 4),
        Step::Request(9, 0, 1),
        Step::Request(0, 1, 1),
        Step::Release(0, 0, 1),
    ] {
        desk.step(step)?;
        desk.look()?;
        acts += 1;
    }
    for _ in 0..40 {
        let (processes, total, steps) = tangle(trial.random(), 4);
        let mut desk = Desk::new(&mut scene, driver, processes, &total)?;
        for step in steps {
            // Now and then a number too far.
            let step = match (step, trial.random().between(0, 14)) {
                (Step::Request(p, r, n), 0) => Step::Request(p + processes, r, n),
                (Step::Request(p, r, n), 1) => Step::Request(p, r + total.len(), n),
                (Step::Request(p, r, _), 2) => Step::Request(p, r, total[r] + 1),
                (Step::Request(p, r, n), 3..=5) => Step::Release(p, r, n),
                (step, _) => step,
            };
            desk.step(step)?;
            desk.look()?;
            acts += 1;
        }
    }
    scene.close(driver)?;
    trial.worked(
        text!("{acts} acts, and all numbers after each"; "{acts} 次操作，每次之后核对全部数值"),
    );
    scene.leave()
}

/// With one instance of each resource there is a deadlock if and only if there is a cycle.
fn single_instance(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let mut desk = Desk::new(&mut scene, driver, 2, &[1])?;
    desk.step(Step::Request(1, 0, 1))?;
    desk.step(Step::Request(1, 0, 1))?;
    let mut found = cycle_and_deadlock(&mut desk)?;
    for n in 2..=5 {
        let mut desk = Desk::new(&mut scene, driver, n, &vec![1; n])?;
        ring(&mut desk, n)?;
        found += cycle_and_deadlock(&mut desk)?;
    }
    for _ in 0..150 {
        let tangled = tangle(trial.random(), 1);
        let mut desk = Desk::after(&mut scene, driver, tangled)?;
        found += cycle_and_deadlock(&mut desk)?;
    }
    scene.close(driver)?;
    trial.worked(text!("155 graphs, {found} of them deadlocked"; "155 个图，其中 {found} 个死锁"));
    scene.leave()
}

fn cycle_and_deadlock(desk: &mut Desk<'_>) -> Judgement<usize> {
    let expected = desk.paper.has_cycle();
    let cycle = desk.cycle()?.is_some();
    if cycle != expected {
        return Err(desk.wrong(match expected {
            true => {
                text!("there is a cycle, and cycle() gives None"; "图中有环，cycle() 却返回 None")
            }
            false => {
                text!("there is no cycle, and cycle() gives one"; "图中无环，cycle() 却返回了环")
            }
        }));
    }
    let stuck = desk.deadlocked_is_right()?;
    Ok(usize::from(stuck > 0))
}

/// With several instances: exactly those who finish in no order.
fn multi_instance(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    // A cycle, and P2 outside of it will give back what P0 waits for.
    let mut desk = Desk::new(&mut scene, driver, 3, &[1, 2])?;
    for (p, r) in [(0, 0), (1, 1), (2, 1), (0, 1), (1, 0)] {
        desk.step(Step::Request(p, r, 1))?;
    }
    desk.deadlocked_is_right()?;
    // Two in a cycle, and two who wait behind them.
    let mut desk = Desk::new(&mut scene, driver, 4, &[1, 1, 2])?;
    for (p, r) in [(0, 0), (1, 1), (2, 2), (1, 0), (0, 1), (2, 0)] {
        desk.step(Step::Request(p, r, 1))?;
    }
    desk.step(Step::Request(3, 2, 2))?;
    desk.deadlocked_is_right()?;
    // One who holds it will give it back, the other one will not, and two are needed.
    let mut desk = Desk::new(&mut scene, driver, 3, &[2, 1])?;
    for (p, r, n) in [(0, 0, 1), (1, 0, 1), (2, 1, 1), (1, 1, 1), (2, 0, 2)] {
        desk.step(Step::Request(p, r, n))?;
    }
    desk.deadlocked_is_right()?;
    // The first who holds it is stuck, the second is not.
    let mut desk = Desk::new(&mut scene, driver, 4, &[2, 1])?;
    for (p, r) in [(0, 0), (3, 0), (1, 1), (0, 1), (1, 0)] {
        desk.step(Step::Request(p, r, 1))?;
    }
    desk.deadlocked_is_right()?;
    let (mut stuck, mut only_cycles) = (0, 0);
    for _ in 0..250 {
        let tangled = tangle(trial.random(), 3);
        let mut desk = Desk::after(&mut scene, driver, tangled)?;
        let found = desk.deadlocked_is_right()?;
        stuck += usize::from(found > 0);
        only_cycles += usize::from(found == 0 && desk.paper.has_cycle());
    }
    scene.close(driver)?;
    trial.worked(text!(
        "254 graphs: {stuck} deadlocks, {only_cycles} cycles that are none";
        "254 个图：{stuck} 个死锁，{only_cycles} 个有环但不是死锁"
    ));
    scene.leave()
}

/// A cycle is closed, alternates, and each of its edges exists; there is none only if there is
/// none.
fn cycle_is_real(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let mut walked = 0;
    // P0 waits behind the cycle of P1 and P2, and is looked at first.
    let mut desk = Desk::new(&mut scene, driver, 3, &[1, 1])?;
    for (p, r) in [(1, 0), (2, 1), (0, 0), (1, 1), (2, 0)] {
        desk.step(Step::Request(p, r, 1))?;
    }
    walked += walk(&mut desk)?;
    for _ in 0..150 {
        let instances = trial.random().between(1, 3);
        let tangled = tangle(trial.random(), instances);
        let mut desk = Desk::after(&mut scene, driver, tangled)?;
        walked += walk(&mut desk)?;
    }
    scene.close(driver)?;
    trial.worked(text!("{walked} cycles were walked along"; "沿着 {walked} 个环走了一遍"));
    scene.leave()
}

fn walk(desk: &mut Desk<'_>) -> Judgement<usize> {
    let Some(cycle) = desk.cycle()? else {
        if desk.paper.has_cycle() {
            return Err(desk.wrong(
                text!("there is a cycle, and cycle() gives None"; "图中有环，cycle() 却返回 None"),
            ));
        }
        return Ok(0);
    };
    let node = |node: &str| {
        let number = node
            .get(1..)
            .and_then(|number| number.parse::<usize>().ok());
        (node.starts_with('P'), number.unwrap_or(usize::MAX))
    };
    let is_edge = |from: &str, to: &str| match (node(from), node(to)) {
        ((true, p), (false, r)) => {
            let process = desk.paper.all.get(p);
            process.is_some_and(|process| process.wanted.get(r).is_some_and(|n| *n > 0))
        }
        ((false, r), (true, p)) => {
            let process = desk.paper.all.get(p);
            process.is_some_and(|process| process.held.get(r).is_some_and(|n| *n > 0))
        }
        _ => false,
    };
    let shown = cycle.join(" ");
    let broken = cycle.windows(2).find(|pair| !is_edge(&pair[0], &pair[1]));
    if let Some(pair) = broken {
        let (from, to) = (&pair[0], &pair[1]);
        return Err(desk.wrong(text!(
            "{shown} is no cycle: there is no edge from {from} to {to}";
            "{shown} 不是环：没有从 {from} 到 {to} 的边"
        )));
    }
    if cycle.len() < 3 || cycle.first() != cycle.last() {
        return Err(desk.wrong(text!(
            "{shown} is no cycle: it must end where it begins";
            "{shown} 不是环：终点应与起点相同"
        )));
    }
    Ok(1)
}

/// Costs for six processes; often the same.
fn costs(trial: &mut Trial) -> Vec<u64> {
    (0..6).map(|_| trial.random().between(0, 3)).collect()
}

/// Graphs with a deadlock in them, beginning with a ring and one behind it.
fn deadlocks(
    trial: &mut Trial,
    scene: &mut Scene,
    driver: Driver,
    many: usize,
    mut judge: impl FnMut(&mut Trial, &mut Desk<'_>) -> Judgement,
) -> Judgement {
    for n in 2..=4 {
        let mut total = vec![1; n];
        total.push(2);
        let mut desk = Desk::new(scene, driver, n + 2, &total)?;
        // Two who have nothing to do with it, the second of whom waits behind it.
        desk.step(Step::Request(n, n, 1))?;
        desk.step(Step::Request(n + 1, n, 1))?;
        ring(&mut desk, n)?;
        desk.step(Step::Request(n + 1, 0, 1))?;
        judge(trial, &mut desk)?;
    }
    let mut found = 0;
    while found < many {
        let instances = trial.random().between(1, 3);
        let tangled = tangle(trial.random(), instances);
        let mut desk = Desk::after(scene, driver, tangled)?;
        if !desk.paper.deadlocked().is_empty() {
            judge(trial, &mut desk)?;
            found += 1;
        }
    }
    Ok(())
}

fn cheapest(among: &BTreeSet<usize>, cost: &[u64]) -> Option<usize> {
    among.iter().copied().min_by_key(|p| (cost[*p], *p))
}

/// `KillAll` kills exactly the deadlocked, `KillOneByOne` always the cheapest of those who are
/// left.
fn kill(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let mut killed = 0;
    deadlocks(trial, &mut scene, driver, 40, |_, desk| {
        let expected: Vec<usize> = desk.paper.deadlocked().into_iter().collect();
        let mut victims = victims(desk.recover("kill-all", &[0; 6])?, "killed");
        victims.sort_unstable();
        if victims != expected {
            return Err(desk.wrong(text!(
                "KillAll must kill {expected:?}, it killed {victims:?}";
                "KillAll 应撤销 {expected:?}，实际撤销了 {victims:?}"
            )));
        }
        for p in expected {
            desk.paper.kill(p);
        }
        desk.recovered("KillAll")
    })?;
    deadlocks(trial, &mut scene, driver, 40, |trial, desk| {
        let cost = costs(trial);
        let victims = victims(desk.recover("kill", &cost)?, "killed");
        for &victim in &victims {
            let deadlocked = desk.paper.deadlocked();
            let expected = cheapest(&deadlocked, &cost);
            if expected != Some(victim) {
                let costs: Vec<u64> = deadlocked.iter().map(|p| cost[*p]).collect();
                return Err(desk.wrong(text!(
                    "deadlocked are {deadlocked:?} with costs {costs:?}: KillOneByOne must not kill {victim} next ({victims:?} in all)";
                    "此时死锁的是 {deadlocked:?}，代价 {costs:?}：KillOneByOne 不应接着撤销 {victim}（总共撤销了 {victims:?}）"
                )));
            }
            desk.paper.kill(victim);
            killed += 1;
        }
        desk.recovered("KillOneByOne")?;
        // The dead ask for nothing any more.
        match victims.first() {
            Some(dead) => desk.step(Step::Request(*dead, 0, 1)),
            None => Ok(()),
        }
    })?;
    scene.close(driver)?;
    trial.worked(
        text!("86 deadlocks, {killed} killed one by one"; "86 个死锁，逐个撤销了 {killed} 个进程"),
    );
    scene.leave()
}

/// Who was killed or rolled back; anything else counts as nobody.
fn victims(actions: Vec<(String, Vec<usize>)>, kind: &str) -> Vec<usize> {
    let of = |(word, numbers): (String, Vec<usize>)| match numbers.first() {
        Some(p) if word == kind => *p,
        _ => usize::MAX,
    };
    actions.into_iter().map(of).collect()
}

/// Only what others in the deadlock wait for is taken, and only from those in it; they wait for it
/// from now on.
fn preempt(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let mut taken = 0;
    // P1 holds something that nobody wants.
    let mut desk = Desk::new(&mut scene, driver, 2, &[1, 1, 1])?;
    desk.step(Step::Request(1, 2, 1))?;
    ring(&mut desk, 2)?;
    taken += preempted(&mut desk, &[1, 0])?;
    // P0 has what is wanted, and is not deadlocked.
    let mut desk = Desk::new(&mut scene, driver, 3, &[2, 1])?;
    for (p, r, n) in [(0, 0, 1), (1, 0, 1), (2, 1, 1), (1, 1, 1), (2, 0, 2)] {
        desk.step(Step::Request(p, r, n))?;
    }
    taken += preempted(&mut desk, &[0, 1, 1])?;
    // Two circles that have nothing to do with each other.
    let mut desk = Desk::new(&mut scene, driver, 4, &[1, 1, 1, 1])?;
    for (p, r) in [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (0, 1),
        (1, 0),
        (2, 3),
        (3, 2),
    ] {
        desk.step(Step::Request(p, r, 1))?;
    }
    taken += preempted(&mut desk, &[0, 1, 2, 3])?;
    // What P0 loses to P1 does not save P1. From then on P0 waits for it, so P1 may lose its own.
    let mut desk = Desk::new(&mut scene, driver, 3, &[3, 1])?;
    for (p, r, n) in [
        (0, 0, 1),
        (1, 0, 1),
        (2, 0, 1),
        (1, 1, 1),
        (0, 1, 1),
        (1, 0, 2),
        (2, 1, 1),
    ] {
        desk.step(Step::Request(p, r, n))?;
    }
    taken += preempted(&mut desk, &[0, 0, 9])?;
    deadlocks(trial, &mut scene, driver, 80, |trial, desk| {
        let cost = costs(trial);
        taken += preempted(desk, &cost)?;
        Ok(())
    })?;
    scene.close(driver)?;
    trial.worked(
        text!("87 deadlocks, something taken {taken} times"; "87 个死锁，共剥夺 {taken} 次"),
    );
    scene.leave()
}

fn preempted(desk: &mut Desk<'_>, cost: &[u64]) -> Judgement<usize> {
    let deadlocked = desk.paper.deadlocked();
    let before = desk.paper.clone();
    let actions = desk.recover("preempt", cost)?;
    for (word, numbers) in &actions {
        let from = numbers.first().copied().unwrap_or(usize::MAX);
        let legal = deadlocked.contains(&from)
            && match (&**word, &**numbers) {
                ("killed", _) => before.is_hopeless(from),
                ("preempted", [_, r, n]) => {
                    // Victims wait, too, and whoever was killed has waited.
                    let wanted = [&before, &desk.paper]
                        .iter()
                        .any(|paper| paper.wanted_by(&deadlocked, Some(from)).contains(r));
                    let held = desk.paper.all[from].held.get(*r).copied();
                    wanted && *n > 0 && held.is_some_and(|held| *n <= held as usize)
                }
                _ => false,
            };
        if !legal {
            return Err(desk.wrong(text!(
                "Preempt may not do this: {word} {numbers:?} (deadlocked were {deadlocked:?})";
                "Preempt 不应这样做：{word} {numbers:?}（死锁的是 {deadlocked:?}）"
            )));
        }
        match **numbers {
            [_, r, n] => {
                let process = &mut desk.paper.all[from];
                process.held[r] -= n as u32;
                process.wanted[r] += n as u32;
            }
            _ => desk.paper.kill(from),
        }
    }
    desk.recovered("Preempt")?;
    Ok(actions.len())
}

/// The victim returns to a checkpoint that is far enough back; then the others can finish, and it
/// can do all again.
fn roll_back(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    // Three checkpoints of P0, of which only the first is far enough back.
    let mut desk = Desk::new(&mut scene, driver, 2, &[1, 1, 1, 1])?;
    for step in [
        Step::Request(0, 2, 1),
        Step::Checkpoint(0),
        Step::Request(0, 0, 1),
        Step::Checkpoint(0),
        Step::Request(0, 3, 1),
        Step::Checkpoint(0),
        Step::Request(1, 1, 1),
        Step::Request(0, 1, 1),
        Step::Request(1, 0, 1),
    ] {
        desk.step(step)?;
    }
    rolled_back(&mut desk, &[0, 1, 9, 9, 9, 9])?;
    // No checkpoint at all: back to the beginning.
    let mut desk = Desk::new(&mut scene, driver, 2, &[1, 1])?;
    ring(&mut desk, 2)?;
    rolled_back(&mut desk, &[1, 1, 9, 9, 9, 9])?;
    // What P0 held at its checkpoint is somebody else's by now.
    let mut desk = Desk::new(&mut scene, driver, 3, &[1, 1, 1])?;
    for step in [
        Step::Request(0, 2, 1),
        Step::Checkpoint(0),
        Step::Release(0, 2, 1),
        Step::Request(2, 2, 1),
    ] {
        desk.step(step)?;
    }
    ring(&mut desk, 2)?;
    rolled_back(&mut desk, &[0, 1, 1, 9, 9, 9])?;
    let mut back = 0;
    deadlocks(trial, &mut scene, driver, 80, |trial, desk| {
        let cost = costs(trial);
        back += rolled_back(desk, &cost)?;
        Ok(())
    })?;
    scene.close(driver)?;
    trial.worked(text!(
        "86 deadlocks, {back} rolled back, and all finished afterwards";
        "86 个死锁，回退了 {back} 次，之后全部完成"
    ));
    scene.leave()
}

fn rolled_back(desk: &mut Desk<'_>, cost: &[u64]) -> Judgement<usize> {
    let before = desk.paper.clone();
    let victims = victims(desk.recover("roll-back", cost)?, "rolled-back");
    for &victim in &victims {
        let deadlocked = desk.paper.deadlocked();
        if cheapest(&deadlocked, cost) != Some(victim) {
            let costs: Vec<u64> = deadlocked.iter().map(|p| cost[*p]).collect();
            return Err(desk.wrong(text!(
                "deadlocked are {deadlocked:?} with costs {costs:?}: Rollback must not choose {victim} next ({victims:?} in all)";
                "此时死锁的是 {deadlocked:?}，代价 {costs:?}：Rollback 不应接着选 {victim}（总共选了 {victims:?}）"
            )));
        }
        desk.paper.roll_back(victim);
    }
    desk.recovered("Rollback")?;
    // The others finish while the victims stand still; then each victim, the last one
    // first, asks once more for what it has lost.
    let count = desk.paper.all.len();
    for _ in 0..count {
        for p in (0..count).filter(|p| !victims.contains(p)) {
            if !desk.paper.all[p].waits() {
                give_back_all(desk, p)?;
            }
        }
    }
    for &p in victims.iter().rev() {
        for r in desk.paper.resources() {
            let then = before.all[p].held[r] + before.all[p].wanted[r];
            let again = then.saturating_sub(desk.paper.all[p].held[r]);
            // Who waited for itself would do so again.
            if again > 0 && then <= desk.paper.total[r] {
                desk.step(Step::Request(p, r, again))?;
                if desk.paper.all[p].waits() {
                    return Err(desk.wrong(text!(
                        "P{p} was not rolled back far enough: what it needs again is not there";
                        "P{p} 回退得不够远：它需要的资源仍然拿不到"
                    )));
                }
            }
        }
        give_back_all(desk, p)?;
    }
    desk.look()?;
    Ok(victims.len())
}

fn give_back_all(desk: &mut Desk<'_>, p: usize) -> Judgement {
    for r in desk.paper.resources() {
        let n = desk.paper.all[p].held[r];
        if n > 0 {
            desk.step(Step::Release(p, r, n))?;
        }
    }
    Ok(())
}

/// Who is passed over starves, and is not deadlocked; how often is counted.
fn starvation(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let rounds = trial.random().between(20, 60);
    let mut desk = Desk::new(&mut scene, driver, 4, &[2, 5])?;
    desk.step(Step::Request(1, 0, 1))?;
    desk.step(Step::Request(0, 0, 2))?;
    let mut others = [1, 2];
    for round in 0..rounds {
        // What P3 does with another resource passes nobody over.
        if round % 5 == 0 {
            desk.step(Step::Request(3, 1, 1))?;
            desk.step(Step::Release(3, 1, 1))?;
        }
        desk.step(Step::Request(others[1], 0, 1))?;
        desk.step(Step::Release(others[0], 0, 1))?;
        others.reverse();
        desk.deadlocked_is_right()?;
        passed_over(&mut desk)?;
    }
    desk.step(Step::Release(others[0], 0, 1))?;
    passed_over(&mut desk)?;
    // A new wait is counted from nothing.
    for step in [
        Step::Release(0, 0, 2),
        Step::Request(1, 0, 1),
        Step::Request(0, 0, 2),
    ] {
        desk.step(step)?;
        passed_over(&mut desk)?;
    }
    for _ in 0..20 {
        let (processes, total, steps) = tangle(trial.random(), 3);
        let mut desk = Desk::new(&mut scene, driver, processes, &total)?;
        for step in steps {
            desk.step(step)?;
            passed_over(&mut desk)?;
        }
    }
    scene.close(driver)?;
    trial.worked(text!(
        "passed over {rounds} times, and never deadlocked";
        "被越过 {rounds} 次，但从未死锁"
    ));
    scene.leave()
}

fn passed_over(desk: &mut Desk<'_>) -> Judgement {
    let (_, _, all) = desk.state()?;
    for (p, got) in all.into_iter().enumerate() {
        let process = &desk.paper.all[p];
        let expected = match process.waits() {
            true => process.passed.to_string(),
            false => "-".to_owned(),
        };
        if got != expected {
            return Err(desk.wrong(text!(
                "passed_over({p}) must be {expected}, it is {got} (`-` is None)";
                "passed_over({p}) 应为 {expected}，实际为 {got}（`-` 表示 None）"
            )));
        }
    }
    Ok(())
}

/// Threads that lock several mutexes in whatever order: nobody waits for ever.
fn lock_all(trial: &mut Trial) -> Judgement {
    for program in ["two_in_two_orders", "a_ring", "overlapping", "twice"] {
        trial.searched(program)?;
    }
    Ok(())
}

/// All or none, without waiting.
fn all_or_none(trial: &mut Trial) -> Judgement {
    for program in ["all_or_none", "none_waits"] {
        trial.searched(program)?;
    }
    Ok(())
}

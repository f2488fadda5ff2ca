//! The checks of lab 22. Each reads like its sentence in the handout.

mod drill;
mod oracle;

use checks::{Driver, Failure, Judgement, Reply, Scene, Trial, question, text};

use oracle::{Account, Book, any, chain, covers, row, shuffled};

checks::main![
    textbook,
    safety,
    sequence_valid,
    requests,
    typed_errors,
    conservation,
    blocking,
    scale
    => drill::paper,
];

/// A banker of the student's, and the book that is kept of it.
struct Desk<'a> {
    scene: &'a mut Scene,
    driver: Driver,
    /// Which of the driver's bankers.
    id: u64,
    book: Book,
}

impl<'a> Desk<'a> {
    /// A bank without processes.
    fn empty(scene: &'a mut Scene, driver: Driver, total: Vec<u32>) -> Judgement<Self> {
        scene.ask(driver, &question!["new", 1, row(&total)])?.ok()?;
        let book = Book::new(total);
        Ok(Self {
            scene,
            driver,
            id: 1,
            book,
        })
    }

    /// A state, made by `from_tables`.
    fn of(scene: &'a mut Scene, driver: Driver, book: Book) -> Judgement<Self> {
        let [total, claim, held] = book.written();
        let question = question!["tables", 1, total, claim, held];
        scene.ask(driver, &question)?.ok()?;
        Ok(Self {
            scene,
            driver,
            id: 1,
            book,
        })
    }

    fn ask(&mut self, question: &str) -> Judgement<Reply> {
        self.scene.ask(self.driver, question)
    }

    fn admit(&mut self, claim: Vec<u32>) -> Judgement<usize> {
        let asked = question!["admit", self.id, row(&claim)];
        let p = self.ask(&asked)?.ok()?.number(0)? as usize;
        let expected = self.book.accounts.len();
        if p != expected {
            return Err(Failure::wrong(text!(
                "the next process must be number {expected}, admit says {p}";
                "下一个进程的编号应为 {expected}，admit 却返回 {p}"
            )));
        }
        let held = vec![0; claim.len()];
        self.book.accounts.push(Some(Account { claim, held }));
        Ok(p)
    }

    /// What a request must come to, and what it comes to.
    fn request(&mut self, p: usize, req: &[u32]) -> Judgement<&'static str> {
        let there = covers(&self.book.available(), req);
        let mut after = self.book.clone();
        after.grant(p, req);
        let expected = match (there, there && after.safe()) {
            (false, _) => "not-available",
            (true, false) => "unsafe",
            (true, true) => "granted",
        };
        let before = self.situation();
        let fields = self
            .ask(&question!["request", self.id, p, row(req)])?
            .ok()?;
        let (decision, same) = (fields.text(0)?, fields.text(1)?);
        let req = row(req);
        if decision != expected {
            return Err(Failure::wrong(text!(
                "P{p} asks for ({req}): it must be {expected}, request says {decision}";
                "P{p} 申请 ({req})：应为 {expected}，request 却回答 {decision}"
            ))
            .because(before));
        }
        if decision == "granted" {
            self.book = after;
        } else if same != "same" {
            return Err(Failure::wrong(text!(
                "a request that must wait has changed the banker (clone before != after)";
                "必须等待的申请改变了 Banker（与申请前的克隆不相等）"
            ))
            .because(before));
        }
        self.look()?;
        Ok(expected)
    }

    fn release(&mut self, p: usize, rel: &[u32]) -> Judgement {
        self.ask(&question!["release", self.id, p, row(rel)])?
            .ok()?;
        if let Some(Some(account)) = self.book.accounts.get_mut(p) {
            for (held, back) in account.held.iter_mut().zip(rel) {
                *held -= back;
            }
        }
        self.look()
    }

    fn leave(&mut self, p: usize) -> Judgement {
        self.ask(&question!["leave", self.id, p])?.ok()?;
        self.book.accounts[p] = None;
        self.look()
    }

    /// Something that must be refused, by this error; nothing may change.
    fn refuses(&mut self, question: &str, expected: &str) -> Judgement {
        let got = match self.ask(question)? {
            Reply::Ok(fields) => fields.text(0).unwrap_or("ok").to_owned(),
            Reply::Err(fields) => fields.text(0)?.to_owned(),
        };
        if got != expected {
            let before = self.situation();
            return Err(Failure::wrong(text!(
                "`{question}` must give the error `{expected}`, it gave `{got}`";
                "`{question}` 应得到错误 `{expected}`，实际得到 `{got}`"
            ))
            .because(before));
        }
        self.look()
    }

    /// Available, allocations and needs must be those of the book.
    fn look(&mut self) -> Judgement {
        let count = self.book.accounts.len();
        let fields = self.ask(&question!["state", self.id, count])?.ok()?;
        let mut rows = vec![(
            text!("available()"; "available()"),
            self.book.available(),
            fields.text(0)?.to_owned(),
        )];
        for p in 0..count {
            let [held, need] = match self.book.account(p) {
                Some(account) => [account.held.clone(), account.need()],
                // Who has left has nothing.
                None => [vec![], vec![]],
            };
            let (first, second) = (fields.text(1 + 2 * p)?, fields.text(2 + 2 * p)?);
            rows.push((
                text!("allocation({p})"; "allocation({p})"),
                held,
                first.to_owned(),
            ));
            rows.push((text!("need({p})"; "need({p})"), need, second.to_owned()));
        }
        for (what, expected, got) in rows {
            let expected = row(&expected);
            if expected != got {
                let (en, situation) = (what.en, self.situation());
                return Err(Failure::wrong(text!(
                    "{en} must be ({expected}), it is ({got})";
                    "{en} 应为 ({expected})，实际为 ({got})"
                ))
                .because(situation));
            }
        }
        Ok(())
    }

    /// The sequence that the student's code finds.
    fn sequence(&mut self) -> Judgement<Option<Vec<usize>>> {
        let fields = self.ask(&question!["sequence", self.id])?.ok()?;
        if fields.text(0)? == "unsafe" {
            return Ok(None);
        }
        let written = fields.text(1)?.split(',').filter(|p| !p.is_empty());
        Ok(Some(written.filter_map(|p| p.parse().ok()).collect()))
    }

    /// The book, three processes on a line.
    fn situation(&self) -> checks::Text {
        let (total, available) = (row(&self.book.total), row(&self.book.available()));
        let accounts = self.book.accounts.iter().enumerate();
        let accounts: Vec<String> = accounts
            .filter_map(|(p, account)| {
                let account = account.as_ref()?;
                let (held, need) = (row(&account.held), row(&account.need()));
                Some(format!("P{p} ({held}) ({need})"))
            })
            .collect();
        let lines: Vec<String> = accounts.chunks(3).map(|some| some.join("; ")).collect();
        let accounts = lines.join("\n");
        text!(
            "Total ({total}), available ({available}). Process, allocation, need:\n{accounts}";
            "总量 ({total})，可用 ({available})。进程、已分配、还需要：\n{accounts}"
        )
    }
}

/// The state of the books, with its rows and columns in another order.
fn textbook(trial: &mut Trial) -> Judgement {
    const TOTAL: [u32; 3] = [10, 5, 7];
    const CLAIM: [[u32; 3]; 5] = [[7, 5, 3], [3, 2, 2], [9, 0, 2], [2, 2, 2], [4, 3, 3]];
    const HELD: [[u32; 3]; 5] = [[0, 1, 0], [2, 0, 0], [3, 0, 2], [2, 1, 1], [0, 0, 2]];
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let columns = shuffled(trial.random(), 3);
    let rows = shuffled(trial.random(), 5);
    let turned = |numbers: [u32; 3]| columns.iter().map(|c| numbers[*c]).collect::<Vec<u32>>();
    let now = |p: usize| rows.iter().position(|q| *q == p).unwrap_or(p);
    let mut desk = Desk::empty(&mut scene, driver, turned(TOTAL))?;
    for &p in &rows {
        desk.admit(turned(CLAIM[p]))?;
    }
    // What a safe state holds can be given in any order, one by one.
    for &p in &rows {
        desk.request(now(p), &turned(HELD[p]))?;
    }
    let asked = [(1, [1, 0, 2]), (4, [3, 3, 0]), (0, [0, 2, 0])];
    let mut said = Vec::new();
    for (p, req) in asked {
        said.push(desk.request(now(p), &turned(req))?);
    }
    let said = said.join(", ");
    scene.close(driver)?;
    trial.worked(text!("the three requests of the books: {said}"; "教科书上的三次申请：{said}"));
    scene.leave()
}

/// A safe sequence is found if and only if there is one.
fn safety(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let (mut safe, mut not_safe) = (0, 0);
    for case in 0..400 {
        let book = state(trial, case);
        let expected = book.safe();
        match expected {
            true => safe += 1,
            false => not_safe += 1,
        }
        let mut desk = Desk::of(&mut scene, driver, book)?;
        let found = desk.sequence()?;
        if found.is_some() != expected {
            let situation = desk.situation();
            let headline = match expected {
                true => text!(
                    "a safe state was called unsafe: safe_sequence gives None";
                    "安全状态被判为不安全：safe_sequence 返回了 None"
                ),
                false => text!(
                    "an unsafe state was called safe: safe_sequence gives {found:?}";
                    "不安全状态被判为安全：safe_sequence 返回了 {found:?}"
                ),
            };
            return Err(Failure::wrong(headline).because(situation));
        }
    }
    scene.close(driver)?;
    trial.worked(text!(
        "{safe} safe states and {not_safe} unsafe ones were told apart";
        "分清了 {safe} 个安全状态和 {not_safe} 个不安全状态"
    ));
    scene.leave()
}

/// First those in which one order alone works, the last process first; then any.
fn state(trial: &mut Trial, case: u64) -> Book {
    let random = trial.random();
    let resources = random.between(1, 3) as usize;
    let processes = random.between(0, 6) as usize;
    match case {
        0 => chain(random, &[5, 4, 3, 2, 1, 0], resources),
        1..40 => {
            let order = shuffled(random, 6);
            chain(random, &order, resources)
        }
        _ => any(random, processes, resources),
    }
}

/// The order that is returned works, whichever it is; who has left is not in it.
fn sequence_valid(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let mut replayed = 0;
    for case in 0..200 {
        let book = state(trial, case);
        if !book.safe() {
            continue;
        }
        let leaves = (case % 3 == 2 && !book.accounts.is_empty()).then(|| {
            let last = book.accounts.len() as u64 - 1;
            trial.random().between(0, last) as usize
        });
        let mut desk = Desk::of(&mut scene, driver, book)?;
        if let Some(p) = leaves {
            desk.leave(p)?;
        }
        let situation = desk.situation();
        let Some(order) = desk.sequence()? else {
            return Err(Failure::wrong(text!(
                "a safe state was called unsafe: safe_sequence gives None";
                "安全状态被判为不安全：safe_sequence 返回了 None"
            ))
            .because(situation));
        };
        if let Some((en, zh)) = desk.book.objection(&order) {
            return Err(Failure::wrong(text!(
                "{order:?} is no safe sequence: {en}";
                "{order:?} 不是安全序列：{zh}"
            ))
            .because(situation));
        }
        replayed += 1;
    }
    scene.close(driver)?;
    trial.worked(text!("{replayed} sequences were replayed"; "重放了 {replayed} 个序列"));
    scene.leave()
}

/// Each request is decided rightly, and one that is not granted changes nothing.
fn requests(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let mut counts = [0_u64; 3];
    // Two who cross: the second half of the first one is all that can be granted.
    let mut desk = Desk::empty(&mut scene, driver, vec![1, 1])?;
    desk.admit(vec![1, 1])?;
    desk.admit(vec![1, 1])?;
    for (p, req) in [(0, [1, 0]), (1, [0, 1]), (1, [1, 0]), (0, [0, 1])] {
        tally(&mut counts, desk.request(p, &req)?);
    }
    for _ in 0..40 {
        let resources = trial.random().between(1, 3) as usize;
        let total = numbers(trial, &vec![8; resources], 3);
        let mut desk = Desk::empty(&mut scene, driver, total.clone())?;
        for _ in 0..trial.random().between(2, 5) {
            desk.admit(numbers(trial, &total, 1))?;
        }
        for _ in 0..25 {
            let last = desk.book.accounts.len() as u64 - 1;
            let p = trial.random().between(0, last) as usize;
            let Some(account) = desk.book.account(p).cloned() else {
                continue;
            };
            if trial.random().between(0, 5) == 0 {
                let rel = numbers(trial, &account.held, 0);
                desk.release(p, &rel)?;
            } else {
                let req = numbers(trial, &account.need(), 0);
                tally(&mut counts, desk.request(p, &req)?);
            }
        }
    }
    scene.close(driver)?;
    let [granted, not_there, not_safe] = counts;
    trial.worked(text!(
        "{granted} requests granted, {not_there} not available, {not_safe} unsafe";
        "批准 {granted} 次，资源不足 {not_there} 次，不安全 {not_safe} 次"
    ));
    scene.leave()
}

fn tally(counts: &mut [u64; 3], decision: &str) {
    let at = ["granted", "not-available", "unsafe"]
        .iter()
        .position(|it| *it == decision);
    counts[at.unwrap_or(0)] += 1;
}

/// For each resource a number from `low` (or less, if there is less) to `most`.
fn numbers(trial: &mut Trial, most: &[u32], low: u32) -> Vec<u32> {
    let random = trial.random();
    most.iter()
        .map(|most| random.between(low.min(*most).into(), (*most).into()) as u32)
        .collect()
}

/// What can never work is an error, at once, and changes nothing.
fn typed_errors(trial: &mut Trial) -> Judgement {
    const MOST: u32 = u32::MAX;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let [a, b] = [3, 4].map(|low| trial.random().between(low, 900) as u32);
    let mut desk = Desk::empty(&mut scene, driver, vec![a, b])?;
    desk.admit(vec![a - 1, b - 2])?;
    desk.admit(vec![a, b])?;
    desk.request(0, &[1, 0])?;
    let (id, over, need) = (1, a + 1, a - 2);
    let cases = [
        (
            question!["admit", id, row(&[a, b + 1])],
            "exceeds-total 1".to_owned(),
        ),
        (
            question!["admit", id, row(&[MOST, MOST])],
            "exceeds-total 0".to_owned(),
        ),
        (
            question!["admit", id, row(&[over])],
            "dimension 2 1".to_owned(),
        ),
        (
            question!["request", id, 2, row(&[1, 1])],
            "unknown 2".to_owned(),
        ),
        (
            question!["request", id, 9_999_999, ""],
            "unknown 9999999".to_owned(),
        ),
        (
            question!["request", id, 0, row(&[MOST, 0, 0])],
            "dimension 2 3".to_owned(),
        ),
        (question!["request", id, 0, ""], "dimension 2 0".to_owned()),
        (
            question!["request", id, 0, row(&[a - 1, MOST])],
            format!("exceeds-claim 0 {need} {}", a - 1),
        ),
        (
            question!["request", id, 0, row(&[MOST, 0])],
            format!("exceeds-claim 0 {need} {MOST}"),
        ),
        (
            question!["request", id, 0, row(&[0, MOST])],
            format!("exceeds-claim 1 {} {MOST}", b - 2),
        ),
        (
            question!["request", id, 1, row(&[MOST, MOST])],
            format!("exceeds-claim 0 {a} {MOST}"),
        ),
        (
            question!["release", id, 0, row(&[1, 1])],
            "not-held 1 0".to_owned(),
        ),
        (
            question!["release", id, 0, row(&[MOST, MOST])],
            "not-held 0 1".to_owned(),
        ),
        (
            question!["release", id, 1, row(&[1])],
            "dimension 2 1".to_owned(),
        ),
        (
            question!["release", id, 7, row(&[0, 0])],
            "unknown 7".to_owned(),
        ),
        (question!["leave", id, 2], "unknown 2".to_owned()),
    ];
    for (question, expected) in &cases {
        desk.refuses(question, expected)?;
    }
    // All of it is asked for: not there, and no error, since it is within the claim.
    desk.request(1, &[a, b])?;
    desk.leave(1)?;
    desk.refuses(&question!["request", id, 1, row(&[0, 0])], "unknown 1")?;
    desk.refuses(&question!["leave", id, 1], "unknown 1")?;

    // The largest numbers there are.
    let mut desk = Desk::empty(&mut scene, driver, vec![MOST, MOST])?;
    desk.admit(vec![MOST, MOST])?;
    desk.admit(vec![MOST, 1])?;
    desk.request(0, &[MOST - 1, MOST])?;
    desk.request(1, &[2, 0])?;
    desk.request(1, &[1, 0])?;
    desk.request(1, &[1, 1])?;
    desk.sequence()?;
    desk.release(0, &[MOST - 1, MOST])?;

    let tables = [
        (["3,3", "1,1", ""], "dimension 1 0"),
        (["3,3", "", "1,1"], "dimension 0 1"),
        (["3,3", "1,1/1", "0,0/0,0"], "dimension 2 1"),
        (["3,3", "1,1/1,1", "0,0/0,0,0"], "dimension 2 3"),
        (["3,3", "1,4", "0,0"], "exceeds-total 1"),
        (["3,3", "1,1", "2,0"], "exceeds-claim 0 1 2"),
        (["3,3", "2,2/2,2", "2,2/1,2"], "exceeds-total 1"),
        (
            [
                "4294967295",
                "4294967295/4294967295",
                "4294967295/4294967295",
            ],
            "exceeds-total 0",
        ),
    ];
    for ([total, claim, held], expected) in &tables {
        let question = question!["tables", 2, total, claim, held];
        desk.refuses(&question, expected)?;
    }
    scene.close(driver)?;
    let count = cases.len() + tables.len() + 2;
    trial.worked(
        text!("{count} errors, and nothing changed by them"; "{count} 种错误，都没有改变状态"),
    );
    scene.leave()
}

/// What is available and what is held is always the total, whatever happens.
fn conservation(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let mut acts = 0;
    for _ in 0..25 {
        let resources = trial.random().between(1, 3) as usize;
        let total = numbers(trial, &vec![9; resources], 4);
        let mut desk = Desk::empty(&mut scene, driver, total.clone())?;
        for _ in 0..30 {
            let live = desk.book.live();
            let kind = trial.random().between(0, 9);
            if live.is_empty() || (kind == 0 && live.len() < 5) {
                desk.admit(numbers(trial, &total, 1))?;
            } else {
                let at = trial.random().between(0, live.len() as u64 - 1) as usize;
                let p = live[at];
                let Some(account) = desk.book.account(p).cloned() else {
                    continue;
                };
                match kind {
                    1 => desk.leave(p)?,
                    2..=4 => desk.release(p, &numbers(trial, &account.held, 0))?,
                    _ => {
                        desk.request(p, &numbers(trial, &account.need(), 0))?;
                    }
                }
            }
            acts += 1;
        }
    }
    scene.close(driver)?;
    trial.worked(text!(
        "after each of {acts} acts nothing was lost and nothing made";
        "{acts} 次操作之后，资源既没有变少也没有变多"
    ));
    scene.leave()
}

/// Threads at the bank: in every schedule all are served.
fn blocking(trial: &mut Trial) -> Judgement {
    for program in [
        "one_piece",
        "crossing",
        "in_pieces",
        "two_resources",
        "error_at_once",
    ] {
        trial.searched(program)?;
    }
    Ok(())
}

/// Many processes and the worst order: the answer still comes at once.
fn scale(trial: &mut Trial) -> Judgement {
    const PROCESSES: usize = 64;
    const RESOURCES: usize = 8;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let backwards: Vec<usize> = (0..PROCESSES).rev().collect();
    let book = chain(trial.random(), &backwards, RESOURCES);
    // Half of them can finish in any order, and then nobody else can.
    let account = |p: usize| {
        let need = if p < PROCESSES / 2 { 0 } else { 100 };
        let [claim, held] = [need + 1, 1].map(|n| vec![n; RESOURCES]);
        Some(Account { claim, held })
    };
    let stuck = Book {
        total: vec![101; RESOURCES],
        accounts: (0..PROCESSES).map(account).collect(),
    };
    let mut desk = Desk::of(&mut scene, driver, book)?;
    let Some(order) = desk.sequence()? else {
        return Err(Failure::wrong(text!(
            "a safe state of 64 processes was called unsafe";
            "64 个进程的安全状态被判为不安全"
        )));
    };
    trial.that(order == backwards, || {
        text!("{order:?} is no safe sequence: only the last first works"; "{order:?} 不是安全序列：只有从最后一个开始才行")
    })?;
    let mut desk = Desk::of(&mut scene, driver, stuck)?;
    let found = desk.sequence()?;
    trial.that(found.is_none(), || {
        text!("an unsafe state of 64 processes was called safe"; "64 个进程的不安全状态被判为安全")
    })?;
    scene.close(driver)?;
    trial.worked(
        text!("64 processes, 8 resources, the worst order"; "64 个进程、8 种资源、最坏的次序"),
    );
    scene.leave()
}

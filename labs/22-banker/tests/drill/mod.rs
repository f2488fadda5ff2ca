//! An exam question: a state of five processes, whether it is safe, and requests. `cargo xtask
//! drill 22` prints it.

use checks::{Block, Paper, Part, Random, Text, text};

use crate::oracle::{Account, Book, any, covers};

const PROCESSES: usize = 5;
const RESOURCES: usize = 3;

/// Three papers of four ask for requests at a safe state; the fourth has an unsafe one.
pub fn paper(random: &mut Random) -> Paper {
    let safe = random.between(1, 4) > 1;
    let book = loop {
        let book = any(random, PROCESSES, RESOURCES);
        if book.safe() == safe && is_worth_asking(&book) {
            break book;
        }
    };
    let mut parts = vec![needs(&book), safety(&book)];
    if safe {
        let asked: Vec<(usize, Vec<u32>)> = ["granted", "unsafe", "not-available"]
            .into_iter()
            .filter_map(|wanted| find(random, &book, wanted))
            .collect();
        parts.extend(asked.iter().map(|(p, req)| request(&book, *p, req)));
    } else {
        parts.push(deadlocked(&book));
    }
    let total = shown(&book.total);
    Paper {
        title: text!("The banker's algorithm"; "银行家算法"),
        given: vec![
            Block::Paragraph(text!(
                "Five processes share resources A, B and C, of which there is ({total}) in total. At this moment:";
                "五个进程共享资源 A、B、C，总量为 ({total})。此刻的状态如下："
            )),
            Block::Table {
                head: vec![
                    text!("process"; "进程"),
                    text!("Allocation (A B C)"; "已分配 (A B C)"),
                    text!("Max (A B C)"; "最大需求 (A B C)"),
                ],
                rows: accounts(&book)
                    .map(|(p, account)| vec![name(p), cell(&account.held), cell(&account.claim)])
                    .collect(),
            },
        ],
        parts,
    }
}

/// Somebody can finish, and not everybody at once.
fn is_worth_asking(book: &Book) -> bool {
    let available = book.available();
    let can = accounts(book).filter(|(_, account)| covers(&available, &account.need()));
    let can = can.count();
    (1..PROCESSES - 1).contains(&can) && available.iter().any(|there| *there > 1)
}

fn needs(book: &Book) -> Part {
    let available = shown(&book.available());
    Part {
        points: 2,
        question: text!(
            "Write down the matrix Need, and what is available.";
            "写出需求矩阵 Need 和可用资源向量 Available。"
        ),
        answer: vec![
            Block::Paragraph(text!(
                "Need = Max - Allocation. Available = total - the sum of all allocations = ({available}).";
                "Need = Max - Allocation。Available = 总量 - 各进程已分配之和 = ({available})。"
            )),
            Block::Table {
                head: vec![
                    text!("process"; "进程"),
                    text!("Need (A B C)"; "Need (A B C)"),
                ],
                rows: accounts(book)
                    .map(|(p, account)| vec![name(p), cell(&account.need())])
                    .collect(),
            },
        ],
        key: text!("Available ({available})"; "Available ({available})"),
    }
}

fn safety(book: &Book) -> Part {
    let (order, answer) = tested(book);
    Part {
        points: 4,
        question: text!(
            "Is the state safe? Show each step of the test; if it is, name a safe sequence.";
            "该状态是否安全？写出检查的每一步；若安全，给出一个安全序列。"
        ),
        answer,
        key: match order {
            Some(order) => text!("safe, such as {order}"; "安全，例如 {order}"),
            None => text!("unsafe"; "不安全"),
        },
    }
}

/// For the unsafe state: what the word does not mean.
fn deadlocked(book: &Book) -> Part {
    let stuck: Vec<String> = book.walk().1.iter().map(|p| format!("P{p}")).collect();
    let (en, zh) = (stuck.join(", "), stuck.join("、"));
    Part {
        points: 4,
        question: text!(
            "Which processes may end up in a deadlock? Is there one already?";
            "哪些进程可能陷入死锁？现在已经死锁了吗？"
        ),
        answer: vec![Block::Paragraph(text!(
            "{en}: if each of them asks for all of its need, none can be served. It is not a deadlock yet, since \
             Max is only the most that a process may ask for: it may also give something back first.";
            "{zh}：如果它们各自申请全部的需求，谁也得不到满足。现在还不是死锁：Max 只是上限，进程也可能先归还一部分资源。"
        ))],
        key: text!("{en}; no"; "{zh}；还没有"),
    }
}

fn request(book: &Book, p: usize, req: &[u32]) -> Part {
    let (asked, available) = (shown(req), shown(&book.available()));
    let need = book
        .account(p)
        .map_or_else(String::new, |account| shown(&account.need()));
    let mut answer = vec![Block::Paragraph(text!(
        "Request ({asked}) <= Need ({need}): it is within the claim.";
        "Request ({asked}) <= Need ({need})：没有超出最大需求。"
    ))];
    let key = if covers(&book.available(), req) {
        let mut after = book.clone();
        after.grant(p, req);
        let left = shown(&after.available());
        answer.push(Block::Paragraph(text!(
            "Request ({asked}) <= Available ({available}): it is there. Suppose it is granted; then Available = ({left}).";
            "Request ({asked}) <= Available ({available})：资源足够。假设分配给它，则 Available = ({left})。"
        )));
        let (order, tested) = tested(&after);
        answer.extend(tested);
        match order {
            Some(order) => text!("grant it: {order}"; "批准：{order}"),
            None => text!("wait: unsafe"; "等待：不安全"),
        }
    } else {
        answer.push(Block::Paragraph(text!(
            "Request ({asked}) is more than Available ({available}): the process must wait.";
            "Request ({asked}) 超过 Available ({available})：进程必须等待。"
        )));
        text!("wait: not available"; "等待：资源不足")
    };
    Part {
        points: 4,
        question: text!(
            "In the state above, P{p} asks for ({asked}). Is it granted at once? Why?";
            "在上述状态下，P{p} 申请 ({asked})。能否立即批准？为什么？"
        ),
        answer,
        key,
    }
}

/// The test as one does it on paper, and the order that comes out.
fn tested(book: &Book) -> (Option<String>, Vec<Block>) {
    let (steps, stuck) = book.walk();
    let rows = steps.iter().map(|step| {
        let need = book
            .account(step.process)
            .map_or_else(Vec::new, Account::need);
        vec![
            name(step.process),
            cell(&need),
            cell(&step.before),
            cell(&step.after),
        ]
    });
    let table = Block::Table {
        head: vec![
            text!("finishes"; "可完成"),
            text!("Need"; "Need"),
            text!("<= Work"; "<= Work"),
            text!("Work afterwards"; "归还后的 Work"),
        ],
        rows: rows.collect(),
    };
    let order: Vec<String> = steps
        .iter()
        .map(|step| format!("P{}", step.process))
        .collect();
    let order = order.join(" ");
    let mut blocks = Vec::new();
    if !steps.is_empty() {
        blocks.push(table);
    }
    if stuck.is_empty() {
        blocks.push(Block::Paragraph(text!(
            "All can finish, so the state is safe: {order}.";
            "所有进程都能完成，状态安全：{order}。"
        )));
        return (Some(order), blocks);
    }
    let work = steps
        .last()
        .map_or_else(|| book.available(), |step| step.after.clone());
    let work = shown(&work);
    let needs: Vec<String> = stuck
        .iter()
        .filter_map(|p| Some(format!("P{p} ({})", shown(&book.account(*p)?.need()))))
        .collect();
    let needs = needs.join(", ");
    blocks.push(Block::Paragraph(text!(
        "With Work ({work}), nobody of these can finish: {needs}. The state is unsafe.";
        "Work 为 ({work}) 时，下列进程都无法完成：{needs}。状态不安全。"
    )));
    (None, blocks)
}

/// A request of this kind, if a few hundred attempts find one.
fn find(random: &mut Random, book: &Book, wanted: &str) -> Option<(usize, Vec<u32>)> {
    (0..400).find_map(|_| {
        let p = random.between(0, PROCESSES as u64 - 1) as usize;
        let need = book.account(p)?.need();
        let draw = |need: &u32| random.between(0, (*need).into()) as u32;
        let req: Vec<u32> = need.iter().map(draw).collect();
        let mut after = book.clone();
        let decision = if !covers(&book.available(), &req) {
            "not-available"
        } else {
            after.grant(p, &req);
            if after.safe() { "granted" } else { "unsafe" }
        };
        let asks = req.iter().any(|n| *n > 0);
        (asks && decision == wanted).then_some((p, req))
    })
}

fn accounts(book: &Book) -> impl Iterator<Item = (usize, &Account)> {
    let all = book.accounts.iter().enumerate();
    all.filter_map(|(p, account)| Some((p, account.as_ref()?)))
}

fn name(p: usize) -> Text {
    Text::same(format!("P{p}"))
}

fn cell(numbers: &[u32]) -> Text {
    Text::same(shown(numbers))
}

fn shown(numbers: &[u32]) -> String {
    let columns: Vec<String> = numbers.iter().map(u32::to_string).collect();
    columns.join(" ")
}

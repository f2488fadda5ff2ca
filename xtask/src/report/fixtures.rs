//! Gradings made up by hand, for the tests of all reports. No figure in here was measured.

use std::{
    io::{self, Write},
    sync::Arc,
    time::Duration,
};

use arena::{Isolation, Level, MemoryBound};
use checks::{Interleaving, Place, Record, Row, Step, Text, Verdict};
use parking_lot::Mutex;

use super::{
    Lang, Report,
    json::Json,
    terminal::{Style, Terminal},
};
use crate::grader::events::{
    Built, CheckSummary, Demo, Event, Finding, Grade, LabSummary, Origin, Score, Todo, Ungraded,
};

/// A report that can be read afterwards.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().clone()).expect("reports write UTF-8")
    }
}

fn report(mut report: impl Report, events: &[Event], sink: &Sink) -> String {
    for event in events {
        report.event(event).expect("a sink takes everything");
    }
    report.finish().expect("a sink takes everything");
    sink.text()
}

pub(super) fn terminal(events: &[Event], lang: Lang) -> String {
    styled(
        events,
        lang,
        Style {
            colour: false,
            width: 100,
            progress: false,
        },
    )
}

pub(super) fn styled(events: &[Event], lang: Lang, style: Style) -> String {
    let sink = Sink::default();
    report(
        Terminal::new(Box::new(sink.clone()), style, lang),
        events,
        &sink,
    )
}

pub(super) fn json(events: &[Event]) -> String {
    let sink = Sink::default();
    report(Json::new(Box::new(sink.clone())), events, &sink)
}

pub(super) fn text(en: &str, zh: &str) -> Text {
    Text {
        en: en.to_owned(),
        zh: zh.to_owned(),
    }
}

pub(super) fn place(file: &str, line: u32) -> Place {
    Place {
        file: file.to_owned(),
        line,
    }
}

/// Lab 12 with six checks.
pub(super) fn lab() -> LabSummary {
    let check = |name: &str, en: &str, zh: &str, kind: &str, points: u32| CheckSummary {
        name: name.to_owned(),
        title: text(en, zh),
        kind: kind.to_owned(),
        points,
        requires: Vec::new(),
        hints: 3,
    };
    let mut exact = check("exact_count", "exact count", "计数准确", "functional", 15);
    exact.requires.push("every_interleaving".to_owned());
    LabSummary {
        number: 12,
        name: "mmap".to_owned(),
        title: text("mmap", "内存映射 mmap"),
        hours: 4,
        version: "0.1.0".to_owned(),
        checks_hash: "5f2c".repeat(16),
        handout: "labs/12-mmap/README.md".to_owned(),
        checks: vec![
            exact,
            check(
                "every_interleaving",
                "every interleaving",
                "所有交错",
                "step",
                30,
            ),
            check(
                "private_cow",
                "private COW",
                "私有写时复制",
                "functional",
                15,
            ),
            check("any_offset", "any offset", "任意偏移", "property", 15),
            check("typed_errors", "typed errors", "错误类型", "functional", 15),
            check("clean", "clean", "无泄漏", "leak", 10),
        ],
    }
}

pub(super) fn started() -> Event {
    started_for(Origin::WorkingCopy {
        folder: "labs/12-mmap".to_owned(),
    })
}

pub(super) fn started_for(origin: Origin) -> Event {
    Event::Started {
        lab: Box::new(lab()),
        origin,
        seed: 4177,
        isolation: isolation(),
    }
}

pub(super) fn built() -> Event {
    Event::Built(Built::Ok {
        seconds: 0.52,
        checks_built: false,
    })
}

pub(super) fn demo(printed: &str) -> Event {
    Event::Demo(Demo {
        printed: printed.to_owned(),
        verdict: Verdict::Passed,
        headline: None,
        not_written: None,
    })
}

pub(super) fn finished(name: &str, record: Record) -> Event {
    let wall = if record.interleaving.is_some() {
        4812
    } else {
        320
    };
    Event::CheckFinished {
        name: name.to_owned(),
        record: Box::new(record),
        wall: Duration::from_millis(wall),
    }
}

pub(super) fn passed(name: &str) -> Event {
    finished(name, Record::new(Verdict::Passed))
}

/// A record with its reason.
pub(super) fn lost(verdict: Verdict, en: &str, zh: &str) -> Record {
    Record {
        headline: Some(text(en, zh)),
        ..Record::new(verdict)
    }
}

pub(super) fn scored(earned: u32, gradable: u32, withheld: &[&str]) -> Event {
    Event::Scored(Score {
        earned,
        gradable,
        possible: 100,
        withheld: withheld.iter().map(|name| (*name).to_owned()).collect(),
        open: Vec::new(),
        ungraded: Ungraded::Tell,
        grade: Grade::OfGradable,
        todos: Vec::new(),
        wall: Duration::from_millis(4870),
        best: Some(earned.max(55)),
    })
}

/// Nothing has been written yet.
pub(super) fn untouched() -> Vec<Event> {
    let stopped = |at: &Place| Record {
        not_written: Some(at.clone()),
        ..lost(Verdict::Failed, "not written yet", "尚未实现")
    };
    let range = place("src/map.rs", 57);
    let open = place("src/counter.rs", 12);
    let map = ["private_cow", "any_offset", "typed_errors", "clean"];
    let counter = ["exact_count", "every_interleaving"];
    let todo = |function: &str, place: &Place, checks: &[&str], points| Todo {
        function: function.to_owned(),
        place: place.clone(),
        checks: checks.iter().map(|name| (*name).to_owned()).collect(),
        points,
    };
    let mut events = vec![
        started(),
        Event::Building,
        Event::Built(Built::Ok {
            seconds: 0.61,
            checks_built: true,
        }),
        Event::Demoing,
        Event::Demo(Demo {
            printed: String::new(),
            verdict: Verdict::Failed,
            headline: Some(text("not written yet", "尚未实现")),
            not_written: Some(range.clone()),
        }),
    ];
    events.extend(map.iter().map(|name| finished(name, stopped(&range))));
    events.extend(counter.iter().map(|name| finished(name, stopped(&open))));
    events.push(Event::Scored(Score {
        earned: 0,
        gradable: 100,
        possible: 100,
        withheld: Vec::new(),
        open: Vec::new(),
        ungraded: Ungraded::Tell,
        grade: Grade::OfGradable,
        todos: vec![
            todo("Map::range", &range, &map, 55),
            todo("Counter::open", &open, &counter, 45),
        ],
        wall: Duration::from_millis(4870),
        best: Some(0),
    }));
    events
}

fn step(task: usize, line: u32, source: &str, action: Text, value: &str) -> Step {
    Step {
        instruction: None,
        task,
        place: Some(place("src/counter.rs", line)),
        source: Some(source.to_owned()),
        action,
        value: Some(value.to_owned()),
        marked: false,
    }
}

/// One process loads, another adds, the first stores.
pub(super) fn lost_update() -> Interleaving {
    let load = "let old = self.value().load(Ordering::SeqCst);";
    let store = "self.value().store(old + n, Ordering::SeqCst);";
    let reads = |value| text(&format!("reads {value}"), &format!("读到 {value}"));
    let writes = |value| text(&format!("writes {value}"), &format!("写入 {value}"));
    Interleaving {
        tasks: vec![text("process A", "进程 A"), text("process B", "进程 B")],
        watched: text("in the file", "文件中的值"),
        rows: vec![
            Row::Step(step(0, 31, load, reads(0), "0")),
            Row::Note(text(
                "A is stopped here (instruction 58 of 166), B runs a whole add(1)",
                "A 停在这里（第 58 条指令，共 166 条），B 完整执行一次 add(1)",
            )),
            Row::Step(step(1, 31, load, reads(0), "0")),
            Row::Step(step(1, 32, store, writes(1), "1")),
            Row::Step(Step {
                marked: true,
                ..step(0, 32, store, writes(1), "1")
            }),
        ],
        conclusion: text(
            "A writes what it computed before B ran: B's update is gone. 9 of the 166 places lose one.",
            "A 写回的是 B 运行之前算好的值，B 的更新被覆盖。166 个停顿点中有 9 个会丢失更新。",
        ),
        replay: "58".to_owned(),
    }
}

pub(super) fn lost_update_record() -> Record {
    Record {
        detail: vec![text(
            "Two processes each call add(1) on a counter that holds 0. It must end at 2. It ends at 1.",
            "两个进程各对值为 0 的计数器调用一次 add(1)。结果应为 2，实际为 1。",
        )],
        interleaving: Some(lost_update()),
        measured: [("steps".to_owned(), 166)].into(),
        ..lost(Verdict::Failed, "an update is lost", "丢失了一次更新")
    }
}

/// Everything is right but the counter, which loads, adds, then stores.
pub(super) fn half_right() -> Vec<Event> {
    half_right_with(lost_update_record())
}

pub(super) fn half_right_with(record: Record) -> Vec<Event> {
    let mut events = vec![
        started(),
        Event::Building,
        built(),
        Event::Demoing,
        demo("ok\n"),
    ];
    events.extend(["clean", "private_cow", "any_offset", "typed_errors"].map(passed));
    events.push(finished("every_interleaving", record));
    events.push(passed("exact_count"));
    events.push(scored(55, 100, &["exact_count"]));
    events
}

/// Everything is right.
pub(super) fn full_marks() -> Vec<Event> {
    let worked = |name: &str, en: &str, zh: &str| {
        finished(
            name,
            Record {
                work: vec![text(en, zh)],
                ..Record::new(Verdict::Passed)
            },
        )
    };
    vec![
        started(),
        built(),
        demo(concat!(
            "kind              child's write seen by the parent    reaches the file\n",
            "file,  shared     yes                                 yes\n",
            "file,  private    no                                  no\n",
            "anon,  shared     yes                                 -\n",
            "anon,  private    no                                  -\n",
        )),
        passed("private_cow"),
        worked(
            "every_interleaving",
            "stopped process A at every one of 61 instructions, in two set-ups: always 2",
            "在 61 条指令处逐一停下进程 A，两种场景下结果都是 2",
        ),
        worked(
            "any_offset",
            "compared 400 random ranges with an oracle",
            "与参照结果比较了 400 个随机区间",
        ),
        passed("exact_count"),
        passed("typed_errors"),
        passed("clean"),
        scored(100, 100, &[]),
    ]
}

/// A type error and a warning.
pub(super) fn compile_error() -> Vec<Event> {
    let warning = "warning: unused variable: `n`\n --> src/counter.rs:30:22\n";
    let error = concat!(
        "error[E0308]: mismatched types\n",
        "  --> src/counter.rs:31:9\n",
        "   |\n",
        "30 |     pub fn add(&self, n: u64) -> io::Result<u64> {\n",
        "   |                                  --------------- expected because of return type\n",
        "31 |         7\n",
        "   |         ^ expected `Result<u64, Error>`, found integer\n",
    );
    let messages = vec![warning.to_owned(), error.to_owned()];
    let built = Event::Built(Built::DoesNotCompile {
        messages,
        errors: 1,
        note: None,
    });
    vec![started(), Event::Building, built, scored(0, 100, &[])]
}

pub(super) fn refused() -> Vec<Event> {
    let findings = vec![
        Finding {
            place: place("src/map.rs", 14),
            what: "`asm!`".to_owned(),
            reason: text(
                "Machine code can leave the rules of this lab. Call mmap through libc or nix.",
                "机器码可以绕过本实验的规则。请通过 libc 或 nix 调用 mmap。",
            ),
        },
        Finding {
            place: place("src/bump.rs", 3),
            what: "`#[path]`".to_owned(),
            reason: text(
                "Only the files that are handed in are built. Put the code into one of them.",
                "只编译提交清单里的文件。请把代码放进其中之一。",
            ),
        },
    ];
    vec![started(), Event::Refused { findings }, scored(0, 100, &[])]
}

pub(super) fn grader_failed() -> Vec<Event> {
    let failed = Event::GraderFailed {
        what: "target/interlock/stage/0: No space left on device".to_owned(),
        log: Some("target/interlock/grader.log".into()),
    };
    vec![started(), Event::Building, built(), failed]
}

/// One of each of the remaining verdicts.
pub(super) fn every_other_verdict() -> Vec<Event> {
    let crashed = Record {
        printed: Some("opening\nmapping 4096 bytes\n\u{1b}[32mPASS\u{1b}[0m all fine".to_owned()),
        detail: vec![text(
            "The program touched a page that lies wholly behind the end of the file.",
            "程序访问了一个完全位于文件末尾之后的页。",
        )],
        ..lost(
            Verdict::Crashed,
            "SIGBUS at src/map.rs:88",
            "在 src/map.rs:88 收到 SIGBUS",
        )
    };
    vec![
        started_for(Origin::Folder {
            path: "/tmp/upload/zhang san".to_owned(),
        }),
        built(),
        finished(
            "exact_count",
            lost(
                Verdict::NotGraded,
                "this machine refuses ptrace to the grader",
                "这台机器不允许评分程序使用 ptrace",
            ),
        ),
        finished("every_interleaving", Record::new(Verdict::Deadlocked)),
        finished("private_cow", crashed),
        finished("any_offset", Record::new(Verdict::TimedOut)),
        finished(
            "typed_errors",
            lost(
                Verdict::ExitedEarly,
                "it ended with status 0 at question 1 of 3",
                "在第 1 个问题（共 3 个）处以状态 0 退出",
            ),
        ),
        finished(
            "clean",
            lost(
                Verdict::Leaked,
                "12 of 100 mappings are still there",
                "100 个映射中还剩 12 个",
            ),
        ),
        Event::Scored(Score {
            earned: 0,
            gradable: 85,
            possible: 100,
            withheld: Vec::new(),
            open: Vec::new(),
            ungraded: Ungraded::Tell,
            grade: Grade::OfGradable,
            todos: Vec::new(),
            wall: Duration::from_millis(4870),
            best: None,
        }),
    ]
}

/// The required check was not judged, and another one broke the grader.
pub(super) fn not_judged() -> Vec<Event> {
    let no_ptrace = lost(
        Verdict::NotGraded,
        "ptrace is refused here",
        "这里不允许 ptrace",
    );
    let mut events = vec![
        started(),
        built(),
        finished("every_interleaving", no_ptrace),
    ];
    events.extend(["exact_count", "private_cow", "any_offset", "typed_errors"].map(passed));
    events.push(finished("clean", Record::new(Verdict::GraderError)));
    events.push(scored(45, 45, &["exact_count"]));
    events
}

/// A submission of which 55 points can be judged, and 40 are earned.
pub(super) fn settled(ungraded: Ungraded, grade: Grade) -> Vec<Event> {
    let no_ptrace = lost(
        Verdict::NotGraded,
        "ptrace is refused here",
        "这里不允许 ptrace",
    );
    let wrong = lost(
        Verdict::Failed,
        "byte 5 of 4097 is wrong",
        "共 4097 字节，第 5 个字节不对",
    );
    let mut events = vec![
        started_for(Origin::Folder {
            path: "/tmp/upload".to_owned(),
        }),
        built(),
        finished("every_interleaving", no_ptrace),
        finished("any_offset", wrong),
    ];
    events.extend(["exact_count", "private_cow", "typed_errors", "clean"].map(passed));
    events.push(Event::Scored(Score {
        earned: 40,
        gradable: 55,
        possible: 100,
        withheld: vec!["exact_count".to_owned()],
        open: vec!["exact_count".to_owned(), "every_interleaving".to_owned()],
        ungraded,
        grade,
        todos: Vec::new(),
        wall: Duration::from_millis(4870),
        best: None,
    }));
    events
}

/// Values so long that the columns do not fit on a narrow screen.
pub(super) fn wide_record() -> Record {
    let mut record = lost_update_record();
    for row in record.interleaving.iter_mut().flat_map(|it| &mut it.rows) {
        if let Row::Step(step) = row {
            step.action = text("writes 1234567", "写入 1234567");
            step.value = Some("1234567".to_owned());
        }
    }
    record
}

/// One run of one check, made again: it passes.
pub(super) fn replayed() -> Vec<Event> {
    let mut start = started();
    if let Event::Started { lab, .. } = &mut start {
        lab.checks
            .retain(|check| check.name == "every_interleaving");
    }
    let mut steps = lost_update();
    steps.conclusion = text("This schedule goes well.", "这种调度没有问题。");
    let record = Record {
        interleaving: Some(steps),
        ..Record::new(Verdict::Passed)
    };
    let score = Score {
        earned: 30,
        gradable: 30,
        possible: 30,
        withheld: Vec::new(),
        open: Vec::new(),
        ungraded: Ungraded::Tell,
        grade: Grade::OfGradable,
        todos: Vec::new(),
        wall: Duration::from_millis(120),
        best: None,
    };
    vec![
        start,
        built(),
        finished("every_interleaving", record),
        Event::Scored(score),
    ]
}

/// More rows than a screen has.
pub(super) fn long_record(rows: u32) -> Record {
    let short = lost_update();
    let middle = (0..rows).map(|at| {
        let action = text(&format!("reads {at}"), &format!("读到 {at}"));
        Row::Step(step(
            (at % 2) as usize,
            40 + at,
            "while self.locked() {}",
            action,
            "0",
        ))
    });
    let mut long = short.rows.clone();
    long.splice(2..2, middle);
    let sentence = text(
        "A sentence that says what happened here.",
        "这里用一句话说明发生了什么。",
    );
    Record {
        detail: vec![sentence; 9],
        printed: Some("line\n".repeat(40)),
        interleaving: Some(Interleaving {
            rows: long,
            ..short
        }),
        ..lost_update_record()
    }
}

/// Lab 19, with a check that a story decided and one that passed.
pub(super) fn modelled(record: Record) -> Vec<Event> {
    let check = |name: &str, title: Text, points| CheckSummary {
        name: name.to_owned(),
        title,
        kind: "model".to_owned(),
        points,
        requires: Vec::new(),
        hints: 3,
    };
    let mut start = started_for(Origin::WorkingCopy {
        folder: "labs/19-spinlock".to_owned(),
    });
    if let Event::Started { lab, .. } = &mut start {
        lab.number = 19;
        "spinlock".clone_into(&mut lab.name);
        lab.title = text("spin lock", "自旋锁");
        "labs/19-spinlock/README.md".clone_into(&mut lab.handout);
        lab.checks = vec![
            check("exclusion", text("mutual exclusion", "互斥"), 60),
            check("try_lock", text("try_lock", "try_lock"), 40),
        ];
    }
    let earned = if record.verdict == Verdict::Passed {
        100
    } else {
        40
    };
    let work = text(
        "exclusion_try: all executions, 45 tried",
        "exclusion_try：全部执行，共 45 次",
    );
    let other = Record {
        work: vec![work],
        ..Record::new(Verdict::Passed)
    };
    vec![
        start,
        built(),
        finished("exclusion", record),
        finished("try_lock", other),
        scored(earned, 100, &[]),
    ]
}

/// What most machines have.
pub(super) fn isolation() -> Isolation {
    Isolation {
        level: Level::Namespaces,
        memory: MemoryBound::Cgroup,
    }
}

//! The checks of lab 12. Each reads like its sentence in the handout.

use checks::{
    Call, Calls, Census, Failure, Family, Fault, Fields, Injection, Judgement, Ledger, On, Plan,
    Reply, Scene, Setup, Timeline, Trial, Which, Wrong, question, text,
};

checks::main![
    size_before_touch,
    descriptor_not_needed,
    exact_count,
    every_interleaving,
    private_cow,
    anonymous_pair,
    any_offset,
    typed_errors,
    mmap_refused,
    sync,
    clean,
];

/// What the checks that look at system calls note.
const NOTED: &[Family] = &[
    Family::Open,
    Family::Read,
    Family::Write,
    Family::Size,
    Family::Map,
    Family::Sync,
];

/// A new file has its size before it is mapped, and an existing counter keeps its value.
fn size_before_touch(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let file = scene.path("count");
    let n = trial.random().between(1, 1_000_000);
    let driver = scene.traced_driver(NOTED)?;
    scene
        .ask_noting(driver, "open", &question!["open", &file])?
        .ok()?;
    scene
        .ask_noting(driver, "add", &question!["add", n])?
        .ok()?;
    // Whoever maps as late as the first addition keeps the contract as well.
    let mut opened = scene.calls_in("open")?;
    opened.events.extend(scene.calls_in("add")?.events);
    // A design may make the file under another name first; some file must have got its size.
    let sized = Calls::all(
        &opened,
        "the call that gives the file its size",
        "确定文件大小的调用",
    )
    .only(|call| {
        let gives = Family::Size.has(call) || Family::Write.has(call);
        gives && is_file(call)
    })
    .that_succeed();
    let mapped = Calls::of(
        &opened,
        Family::Map,
        "the shared mmap of the file",
        "对文件的共享 mmap",
    )
    .only(|call| is_file(call) && call.has("flags", libc::MAP_SHARED));
    mapped.happen()?;
    sized.happen()?;
    sized.before(&mapped)?;
    let second = scene.driver()?;
    scene.ask(second, &question!["open", &file])?.ok()?;
    let kept = scene.ask(second, &question!["get"])?.ok()?.number(0)?;
    trial.that(kept == n, || {
        text!(
            "the file holds a counter of {n}; whoever opens it next must get {n}, and gets {kept}";
            "文件中的计数器为 {n}，再次打开应得到 {n}，实际得到 {kept}"
        )
    })?;
    trial.worked(text!(
        "a new file got its size before it was mapped";
        "新文件先确定大小，后映射"
    ));
    scene.close(driver)?;
    scene.close(second)?;
    scene.leave()
}

/// A mapping needs its file only to be made: no descriptor stays open, and bytes come from memory.
fn descriptor_not_needed(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let content = trial.random().bytes(3 * PAGE as usize);
    let file = scene.file("bytes", &content)?;
    let driver = scene.traced_driver(NOTED)?;
    let before = scene.census(driver)?.descriptors;
    let maps = [
        question!["map", 1, &file, "read", 100, 5000, "shared-read"],
        question!["map", 2, &file, "read-write", 0, PAGE, "shared-write"],
        question!["map", 3, &file, "read", PAGE, 10, "private-write"],
        question!["anon", 4, "svr4", 100],
    ];
    for map in &maps {
        scene.ask(driver, map)?.ok()?;
        let after = scene.census(driver)?.descriptors;
        trial.that(after == before, || {
            text!(
                "after `{map}` there are {after} open descriptors where there were {before}: the mapping needs none";
                "`{map}` 之后有 {after} 个打开的描述符，之前是 {before} 个：映射不需要描述符"
            )
        })?;
    }
    let bytes = scene
        .ask_noting(driver, "read", &question!["read", 1, 2000, 20])?
        .ok()?
        .bytes(0)?;
    trial.that(
        bytes == content[2100..2120],
        || text!("the bytes 2100 to 2119 of the file are others"; "文件第 2100 到 2119 字节不符"),
    )?;
    let counter = scene.path("count");
    scene.ask(driver, &question!["open", &counter])?.ok()?;
    scene.ask_noting(driver, "get", &question!["get"])?.ok()?;
    for (phase, of) in [("read", &file), ("get", &counter)] {
        let calls = scene.calls_in(phase)?;
        Calls::of(&calls, Family::Read, "a read of the file", "对文件的 read")
            .only(|call| call.path() == Some(of))
            .never()?;
    }
    let count = maps.len();
    trial.worked(text!(
        "{count} mappings left no descriptor open";
        "{count} 个映射都没有留下打开的描述符"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// The two anonymous kinds are made in their two ways, and shared with children.
fn anonymous_pair(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.traced_driver(NOTED)?;
    let length = trial.random().between(1, 3 * PAGE);
    scene
        .ask_noting(driver, "bsd", &question!["anon", 1, "bsd", length])?
        .ok()?;
    let bsd = scene.calls_in("bsd")?;
    Calls::of(
        &bsd,
        Family::Map,
        "mmap with MAP_SHARED|MAP_ANONYMOUS",
        "带 MAP_SHARED|MAP_ANONYMOUS 的 mmap",
    )
    .only(|call| call.has("flags", libc::MAP_SHARED | libc::MAP_ANONYMOUS))
    .that_succeed()
    .happen()?;
    scene
        .ask_noting(driver, "svr4", &question!["anon", 2, "svr4", length])?
        .ok()?;
    let svr4 = scene.calls_in("svr4")?;
    Calls::of(
        &svr4,
        Family::Map,
        "shared mmap of /dev/zero",
        "对 /dev/zero 的共享 mmap",
    )
    .only(|call| call.has("flags", libc::MAP_SHARED) && call.path() == Some("/dev/zero"))
    .that_succeed()
    .happen()?;
    scene
        .ask(driver, &question!["anon", 3, "svr4", length])?
        .ok()?;
    for number in [1, 2] {
        let at = trial.random().between(0, length - 1);
        let byte = trial.random().between(1, 255) as u8;
        scene
            .ask(
                driver,
                &question!["child-write", number, at, format!("{byte:02x}")],
            )?
            .ok()?;
        let seen = scene
            .ask(driver, &question!["read", number, at, 1])?
            .ok()?
            .bytes(0)?;
        trial.that(seen == [byte], || {
            text!(
                "a child wrote {byte} to byte {at} of mapping {number}, its parent reads {seen:?}";
                "子进程向映射 {number} 的第 {at} 字节写入 {byte}，父进程读到 {seen:?}"
            )
        })?;
        let other = scene
            .ask(driver, &question!["read", 3, at, 1])?
            .ok()?
            .bytes(0)?;
        trial.that(other == [0], || {
            text!(
                "a write to mapping {number} shows in mapping 3: each must be an object of its own";
                "对映射 {number} 的写入出现在映射 3 中：每个映射应是独立的对象"
            )
        })?;
    }
    trial.worked(text!(
        "both kinds were shared with a child, and with nobody else";
        "两种映射都与子进程共享，且互不影响"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// When the kernel refuses to map, that is an error like any other.
fn mmap_refused(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let file = scene.file("bytes", &[7; 100])?;
    let count = scene.path("count");
    let driver = scene.traced_driver(NOTED)?;
    for question in [
        question!["map", 1, &file, "read-write", 3, 50, "shared-write"],
        question!["map", 1, &file, "read", 3, 50, "private-write"],
        question!["anon", 1, "svr4", 50],
        question!["open", &count],
    ] {
        // Once as usual, so that whatever is made only once has been made.
        scene.ask(driver, &question)?.ok()?;
        scene.ask(driver, &question!["unmap", 1])?.ok()?;
        let before = scene.census(driver)?;
        scene.arm(Fault {
            which: Which::first(Family::Map).on(On::File),
            what: Injection::Error(libc::ENOMEM),
        })?;
        let mut reply = scene.ask_noting(driver, "refused", &question)?;
        let mut refused = scene.calls_in("refused")?;
        let is_met = |calls: &Timeline| {
            let all = Calls::all(calls, "", "");
            all.calls().any(|call| call.injected.is_some())
        };
        if question.starts_with("open") && !is_met(&refused) {
            // It maps as late as the first addition.
            reply = scene.ask_noting(driver, "refused", &question!["add", 1])?;
            refused = scene.calls_in("refused")?;
        }
        Calls::of(&refused, Family::Map, "mmap of a file", "对文件的 mmap")
            .only(|call| call.injected.is_some())
            .exactly(1)?;
        match reply {
            Reply::Err(fields) if fields.text(0)? == "io" => {}
            Reply::Err(fields) => {
                let got = fields.text(0)?;
                return Err(Failure::wrong(text!(
                    "mmap was refused with ENOMEM: `{question}` must give io, it gave {got}";
                    "mmap 以 ENOMEM 失败：`{question}` 应返回 io，实际返回 {got}"
                )));
            }
            Reply::Ok(_) => {
                return Err(Failure::wrong(text!(
                    "mmap was refused with ENOMEM, and `{question}` gave ok";
                    "mmap 以 ENOMEM 失败，而 `{question}` 返回 ok"
                )));
            }
        }
        let after = scene.census(driver)?;
        let of = |census: &Census| (census.descriptors, census.mappings);
        let ((open, mapped), (open_before, mapped_before)) = (of(&after), of(&before));
        trial.that(of(&after) == of(&before), || {
            text!(
                "mmap was refused, and `{question}` left {open} descriptors and {mapped} mappings where there were {open_before} and {mapped_before}";
                "mmap 失败后，`{question}` 留下 {open} 个描述符和 {mapped} 个映射，之前是 {open_before} 个和 {mapped_before} 个"
            )
        })?;
    }
    // The same request, when the kernel does not refuse.
    let again = question!["map", 1, &file, "read-write", 3, 50, "shared-write"];
    scene.ask(driver, &again)?.ok()?;
    trial.worked(
        text!("4 refused mappings left nothing behind"; "4 次被拒绝的映射没有留下任何东西"),
    );
    scene.close(driver)?;
    scene.leave()
}

/// `sync` asks the kernel to write these bytes now, and waits for it.
fn sync(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let file = scene.file("bytes", &[1; 6 * PAGE as usize])?;
    let driver = scene.traced_driver(NOTED)?;
    for round in 0..5 {
        // No page boundary, as far as chance allows.
        let offset = trial.random().between(1, 2 * PAGE);
        let length = trial.random().between(PAGE, 3 * PAGE);
        let map = question![
            "map",
            round,
            &file,
            "read-write",
            offset,
            length,
            "shared-write"
        ];
        scene.ask(driver, &map)?.ok()?;
        let address = scene
            .ask(driver, &question!["address", round])?
            .ok()?
            .number(0)?;
        let at = trial.random().between(0, length - 1);
        let bytes = trial.random().between(1, length - at);
        scene
            .ask(driver, &question!["write", round, at, "09"])?
            .ok()?;
        scene
            .ask_noting(driver, "sync", &question!["sync", round, at, bytes])?
            .ok()?;
        let calls = scene.calls_in("sync")?;
        let synced = Calls::of(
            &calls,
            Family::Sync,
            "msync, fsync or fdatasync that succeeds",
            "成功的 msync、fsync 或 fdatasync",
        )
        .that_succeed();
        synced.happen()?;
        let (from, to) = (address + at, address + at + bytes);
        let last = at + bytes - 1;
        trial
            .that(are_durable(&synced, &file, from, to), || {
                text!(
                    "no call makes bytes {at} to {last} durable: msync of their pages with MS_SYNC, or fsync of the file";
                    "没有调用使第 {at} 到 {last} 字节落盘：应对所在页做带 MS_SYNC 的 msync，或对文件 fsync"
                )
            })
            .map_err(|failure| failure.drawn_by(synced.view()))?;
    }
    trial.worked(text!("5 random pieces were synced"; "同步了 5 段随机区间"));
    scene.close(driver)?;
    scene.leave()
}

/// Whether these calls together bring the bytes at `from..to` of memory to the disk.
fn are_durable(calls: &Calls<'_>, file: &str, from: u64, to: u64) -> bool {
    let mut pieces: Vec<(u64, u64)> = Vec::new();
    for call in calls.calls() {
        let number = |name| call.number(name).map(i64::cast_unsigned);
        match &*call.name {
            "sync" | "syncfs" => return true,
            "fsync" | "fdatasync" if call.path() == Some(file) => return true,
            "msync" if call.has("flags", libc::MS_SYNC) => {
                if let (Some(address), Some(length)) = (number("addr"), number("length")) {
                    // The kernel syncs whole pages.
                    pieces.push((address, (address + length).next_multiple_of(PAGE)));
                }
            }
            _ => {}
        }
    }
    pieces.sort_unstable();
    let mut reached = from;
    for (begin, end) in pieces {
        if begin <= reached {
            reached = reached.max(end);
        }
    }
    reached >= to
}

/// Whether a call is about a file of the box, and not about the driver's channel or a device.
fn is_file(call: &Call) -> bool {
    call.path()
        .is_some_and(|path| path.starts_with('/') && !path.starts_with("/dev/"))
}

/// Several unrelated processes add to one file at the same time, and nothing is lost.
fn exact_count(trial: &mut Trial) -> Judgement {
    const PROCESSES: usize = 4;
    let mut scene = trial.scene()?;
    let file = scene.path("count");
    let mut total = 0;
    for round in 1..=3 {
        let mut running = Vec::new();
        for _ in 0..PROCESSES {
            // Not a round number, so that the sum cannot be guessed.
            let times = trial.random().between(1500, 2500);
            running.push(scene.start("bump", &[&file, &times.to_string()])?);
            total += times;
        }
        let mut highest = 0;
        for program in running {
            highest = highest.max(printed_value(&mut scene, program)?);
        }
        let last = scene.start("bump", &[&file, "0"])?;
        let value = printed_value(&mut scene, last)?;
        trial.that(value == total, || {
            text!(
                "round {round}: {PROCESSES} processes added up to {total}, the counter holds {value}";
                "第 {round} 轮：{PROCESSES} 个进程累计应为 {total}，计数器为 {value}"
            )
        })?;
        trial.that(highest == total, || {
            text!(
                "round {round}: the last addition must reach {total}, but {highest} is the highest value that was printed";
                "第 {round} 轮：最后一次加法应到达 {total}，而打印出的最大值是 {highest}"
            )
        })?;
    }
    trial.worked(text!(
        "{PROCESSES} processes at a time added up to {total}";
        "每轮 {PROCESSES} 个进程，累计到 {total}"
    ));
    scene.leave()
}

/// What `bump` has printed: one number on a line.
fn printed_value(scene: &mut Scene, program: checks::Running) -> Judgement<u64> {
    let finished = scene.finished(program)?;
    let (code, printed) = (finished.code, &finished.stdout);
    if code != 0 {
        return Err(
            Failure::wrong(text!("bump exited with {code}"; "bump 以 {code} 退出"))
                .printed(&finished.printed),
        );
    }
    printed.trim().parse().map_err(|_| {
        let printed: String = printed.chars().take(60).collect();
        Failure::wrong(text!(
            "bump must print the value that it reached, it printed {printed:?}";
            "bump 应打印到达的值，实际打印 {printed:?}"
        ))
    })
}

/// However the steps of two or three processes interleave, no addition is lost and nobody hangs.
fn every_interleaving(trial: &mut Trial) -> Judgement {
    let watched = text!("in the file"; "文件中的值");
    let add = question!["add", "$random"];
    let plans = [
        Plan {
            name: "separate",
            title: text!("opened by each process"; "每个进程各自打开"),
            setup: Setup::Separate("open $file".to_owned()),
            operation: add.clone(),
            after: question!["get"],
            processes: 3,
            watched: watched.clone(),
        },
        Plan {
            name: "inherited",
            title: text!("opened once, inherited by fork"; "打开一次，由 fork 继承"),
            setup: Setup::Inherited("open $file".to_owned()),
            operation: add,
            after: question!["get"],
            processes: 3,
            watched: watched.clone(),
        },
        Plan {
            name: "open",
            title: text!("a new file, opened at the same time"; "新文件，同时打开"),
            setup: Setup::Fresh,
            operation: "open-add $file-$round $random".to_owned(),
            after: question!["get"],
            processes: 2,
            watched,
        },
    ];
    for plan in plans {
        let fresh = matches!(plan.setup, Setup::Fresh);
        trial.explore(&plan, &mut Additions { total: 0, fresh })?;
    }
    Ok(())
}

/// Adds along.
struct Additions {
    /// What the counter holds.
    total: u64,
    /// Whether every round has a counter of its own.
    fresh: bool,
}

impl Ledger for Additions {
    fn begin(&mut self) {
        self.total = 0;
    }

    fn judge(
        &mut self,
        asked: &[Vec<String>],
        answered: &[Fields],
        after: &[Fields],
    ) -> Judgement<Option<Wrong>> {
        let before = if self.fresh { 0 } else { self.total };
        let added: Vec<u64> = asked
            .iter()
            .filter_map(|words| words.last()?.parse().ok())
            .collect();
        let returned = answered
            .iter()
            .map(|fields| fields.number(0))
            .collect::<Judgement<Vec<_>>>()?;
        let values = after
            .iter()
            .map(|fields| fields.number(0))
            .collect::<Judgement<Vec<_>>>()?;
        let wanted = before + added.iter().sum::<u64>();
        self.total = values.first().copied().unwrap_or(wanted);
        let calls: Vec<String> = added.iter().map(|n| format!("add({n})")).collect();
        let calls = calls.join(", ");
        if let Some(value) = values.iter().copied().find(|value| *value != wanted) {
            return Ok(Some(Wrong {
                headline: if value < wanted {
                    text!("an update is lost"; "丢失了一次更新")
                } else {
                    text!("the counter is too high"; "计数器偏大")
                },
                story: text!(
                    "The counter holds {before}; the processes call {calls}. It must end at {wanted}. It ends at {value}.";
                    "计数器为 {before}，各进程分别调用 {calls}。结果应为 {wanted}，实际为 {value}。"
                ),
                conclusion: text!(
                    "The last write was computed before the other's update: that update is gone.";
                    "最后写入的值是在对方更新之前算出的，对方的更新被覆盖了。"
                ),
                value: Some(value),
            }));
        }
        if fits_an_order(before, &added, &returned) {
            return Ok(None);
        }
        let returned: Vec<String> = returned.iter().map(u64::to_string).collect();
        let returned = returned.join(", ");
        Ok(Some(Wrong {
            headline: text!("add returns a value that it did not reach"; "add 返回的不是它到达的值"),
            story: text!(
                "The counter holds {before}; the processes call {calls}. They return {returned}, which fits no order of these additions.";
                "计数器为 {before}，各进程分别调用 {calls}，返回 {returned}，这与任何先后次序都不符。"
            ),
            conclusion: text!(
                "The value must be taken in the same step as the addition.";
                "返回值必须与加法在同一步中取得。"
            ),
            value: None,
        }))
    }
}

/// Whether the returned values are those of some order of the additions.
fn fits_an_order(before: u64, added: &[u64], returned: &[u64]) -> bool {
    let mut steps: Vec<(u64, u64)> = returned
        .iter()
        .copied()
        .zip(added.iter().copied())
        .collect();
    // Every addition is at least 1, so the order is that of the values.
    steps.sort_unstable();
    let mut value = before;
    steps.into_iter().all(|(reached, n)| {
        value += n;
        reached == value
    })
}

/// A page, as everywhere that this course runs; nothing breaks if it is larger.
const PAGE: u64 = 4096;

/// A private write is seen by its owner only, and needs no right to write the file.
fn private_cow(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let content = trial.random().bytes(3 * PAGE as usize);
    let file = scene.file("private", &content)?;
    let driver = scene.driver()?;
    for (number, access) in ["read", "read-write"].into_iter().enumerate() {
        let (mine, other) = (2 * number, 2 * number + 1);
        let offset = trial.random().between(1, PAGE);
        let length = trial.random().between(PAGE, PAGE + 500);
        scene
            .ask(
                driver,
                &question!["map", mine, file, access, offset, length, "private-write"],
            )?
            .ok()?;
        scene
            .ask(
                driver,
                &question!["map", other, file, "read", offset, length, "shared-read"],
            )?
            .ok()?;
        // Across the end of a page.
        let at = PAGE - offset;
        let written = trial.random().bytes(64);
        let at = at.saturating_sub(32).min(length - 64);
        let hex: String = written.iter().map(|byte| format!("{byte:02x}")).collect();
        scene
            .ask(driver, &question!["write", mine, at, hex])?
            .ok()?;
        let seen = scene
            .ask(driver, &question!["read", mine, at, 64])?
            .ok()?
            .bytes(0)?;
        trial.that(seen == written, || {
            text!("a private mapping does not hold what was just written to it"; "私有映射里读不到刚刚写入的内容")
        })?;
        let original = &content[(offset + at) as usize..][..64];
        let seen = scene
            .ask(driver, &question!["read", other, at, 64])?
            .ok()?
            .bytes(0)?;
        trial.that(seen == original, || {
            text!("a private write shows in another mapping of the file"; "私有写入出现在该文件的另一个映射里")
        })?;
        trial.that(
            scene.read("private")? == content,
            || text!("a private write has reached the file"; "私有写入到达了文件"),
        )?;
    }
    scene.close(driver)?;
    scene.leave()
}

/// Any range of bytes can be mapped, wherever it begins.
fn any_offset(trial: &mut Trial) -> Judgement {
    const RANDOM: usize = 300;
    let size = 5 * PAGE;
    let mut scene = trial.scene()?;
    let mut content = trial.random().bytes(size as usize);
    let file = scene.file("ranges", &content)?;
    let driver = scene.driver()?;
    // Around the ends of pages first: there the mistakes are.
    let mut ranges = vec![
        (0, 1),
        (0, size),
        (size - 1, 1),
        (PAGE - 1, 1),
        (PAGE - 1, 2),
        (PAGE, PAGE),
    ];
    ranges.extend([
        (PAGE + 1, PAGE - 1),
        (PAGE + 1, PAGE),
        (1, size - 1),
        (2 * PAGE - 1, 2 * PAGE + 2),
    ]);
    for _ in 0..RANDOM {
        let offset = trial.random().between(0, size - 1);
        ranges.push((offset, trial.random().between(1, size - offset)));
    }
    for (number, (offset, length)) in ranges.iter().copied().enumerate() {
        scene
            .ask(
                driver,
                &question![
                    "map",
                    number,
                    file,
                    "read-write",
                    offset,
                    length,
                    "shared-write"
                ],
            )?
            .ok()?;
        let told = scene
            .ask(driver, &question!["length", number])?
            .ok()?
            .number(0)?;
        trial.that(told == length, || {
            text!("a map of {length} bytes says that it has {told}"; "映射了 {length} 字节，len() 却是 {told}")
        })?;
        let wanted = &content[offset as usize..][..length as usize];
        let seen = scene
            .ask(driver, &question!["read", number, 0, length])?
            .ok()?
            .bytes(0)?;
        trial.that(seen == wanted, || {
            text!(
                "{length} bytes from byte {offset} of the file are not those that the map holds";
                "文件第 {offset} 字节起的 {length} 字节与映射中的不一致"
            )
        })?;
        let at = trial.random().between(0, length - 1);
        let byte = trial.random().bytes(1)[0];
        scene
            .ask(
                driver,
                &question!["write", number, at, format!("{byte:02x}")],
            )?
            .ok()?;
        content[(offset + at) as usize] = byte;
        scene.ask(driver, &question!["unmap", number])?.ok()?;
    }
    trial.that(scene.read("ranges")? == content, || {
        text!("the writes have not reached their places in the file"; "写入没有到达文件中应在的位置")
    })?;
    scene.close(driver)?;
    let count = ranges.len();
    trial.worked(text!("compared {count} ranges with the file"; "与文件对比了 {count} 个区间"));
    scene.leave()
}

/// What can never work is refused at once, with the error that says why.
fn typed_errors(trial: &mut Trial) -> Judgement {
    let size = trial.random().between(PAGE + 1, 3 * PAGE - 1);
    let mut scene = trial.scene()?;
    let content = trial.random().bytes(size as usize);
    let file = scene.file("errors", &content)?;
    let nothing = scene.file("nothing", &[])?;
    let driver = scene.driver()?;
    let inside = trial.random().between(0, size);
    let over = trial.random().between(1, PAGE);
    let past = |end: u64, file: u64| format!("past-eof {end} {file}");
    let map = |file: &String, access: &str, offset: u64, length: u64, mode: &str| {
        question!["map", 1, file, access, offset, length, mode]
    };
    let cases = [
        (
            map(&file, "read", inside, 0, "shared-read"),
            "empty".to_owned(),
        ),
        (question!["anon", 1, "bsd", 0], "empty".to_owned()),
        (question!["anon", 1, "svr4", 0], "empty".to_owned()),
        (
            map(&file, "read", 0, size + 1, "shared-read"),
            past(size + 1, size),
        ),
        (
            map(
                &file,
                "read-write",
                inside,
                size - inside + over,
                "private-write",
            ),
            past(size + over, size),
        ),
        (
            map(&file, "read-write", size + over, 1, "shared-write"),
            past(size + over + 1, size),
        ),
        (
            map(&file, "read", u64::MAX - 1, 5, "shared-read"),
            past(u64::MAX, size),
        ),
        (map(&nothing, "read", 0, 1, "shared-read"), past(1, 0)),
        (
            map(&file, "read", 0, size, "shared-write"),
            "read-only-file".to_owned(),
        ),
    ];
    for (question, wanted) in &cases {
        let reply = scene.ask(driver, question)?;
        let got = match reply {
            Reply::Ok(_) => "ok".to_owned(),
            Reply::Err(fields) => kind(&fields, wanted)?,
        };
        trial.that(got == *wanted, || {
            let question = question.replace(&file, "FILE").replace(&nothing, "EMPTY-FILE");
            text!("`{question}` must give {wanted}, it gave {got}"; "`{question}` 应得到 {wanted}，实际得到 {got}")
        })?;
    }
    // Up to the very last byte there is nothing wrong.
    let last = map(&file, "read", size - 1, 1, "shared-read");
    scene.ask(driver, &last)?.ok()?;
    let byte = scene
        .ask(driver, &question!["read", 1, 0, 1])?
        .ok()?
        .bytes(0)?;
    trial.that(
        byte == content[size as usize - 1..],
        || text!("the last byte of the file cannot be mapped"; "无法映射文件的最后一个字节"),
    )?;
    scene.close(driver)?;
    scene.leave()
}

/// An error as the case above writes it: its kind, and as many fields as are wanted.
fn kind(fields: &Fields, wanted: &str) -> Judgement<String> {
    let mut words = vec![fields.text(0)?.to_owned()];
    if words[0] == "past-eof" && wanted.starts_with("past-eof") {
        words.push(fields.text(1)?.to_owned());
        words.push(fields.text(2)?.to_owned());
    }
    Ok(words.join(" "))
}

/// Whatever is mapped and opened is given back.
fn clean(trial: &mut Trial) -> Judgement {
    const TIMES: u64 = 100;
    let mut scene = trial.scene()?;
    let content = trial.random().bytes(4 * PAGE as usize);
    let file = scene.file("clean", &content)?;
    let driver = scene.driver()?;
    // Once for what a process keeps on purpose: buffers, a heap that has grown.
    every_kind(trial, &mut scene, driver, &file, &content)?;
    let before = scene.inventory(driver)?;
    for _ in 0..TIMES {
        every_kind(trial, &mut scene, driver, &file, &content)?;
    }
    let after = scene.inventory(driver)?;
    if let Some(left) = after.left_since(&before) {
        let (en, zh) = (left.en, left.zh);
        return Err(leaked(text!(
            "{TIMES} maps of each kind leave this behind: {en}";
            "每种映射各做 {TIMES} 次后留下了：{zh}"
        )));
    }
    scene.close(driver)?;
    trial.worked(
        text!("{TIMES} maps of each kind left nothing behind"; "每种映射各做 {TIMES} 次，没有遗留"),
    );
    scene.leave()
}

fn leaked(headline: checks::Text) -> Failure {
    Failure::new(checks::Verdict::Leaked, headline)
}

/// A map of each kind, used and unmapped, and one that is refused.
fn every_kind(
    trial: &mut Trial,
    scene: &mut Scene,
    driver: checks::Driver,
    file: &String,
    content: &[u8],
) -> Judgement {
    let size = content.len() as u64;
    let offset = trial.random().between(1, size - 2 * PAGE);
    let length = trial.random().between(1, 2 * PAGE);
    for mode in ["shared-read", "shared-write", "private-write"] {
        scene
            .ask(
                driver,
                &question!["map", 1, file, "read-write", offset, length, mode],
            )?
            .ok()?;
        let seen = scene
            .ask(driver, &question!["read", 1, 0, 1])?
            .ok()?
            .bytes(0)?;
        trial.that(
            seen == content[offset as usize..][..1],
            || text!("a map does not hold what the file holds"; "映射的内容与文件不一致"),
        )?;
        scene.ask(driver, &question!["unmap", 1])?.ok()?;
    }
    for kind in ["bsd", "svr4"] {
        scene
            .ask(driver, &question!["anon", 1, kind, length])?
            .ok()?;
        scene
            .ask(driver, &question!["write", 1, length - 1, "5a"])?
            .ok()?;
        let seen = scene
            .ask(driver, &question!["read", 1, length - 1, 1])?
            .ok()?
            .bytes(0)?;
        trial.that(seen == [0x5a], || {
            text!("an anonymous map does not hold what was written to it"; "匿名映射里读不到写入的内容")
        })?;
        scene.ask(driver, &question!["unmap", 1])?.ok()?;
    }
    match scene.ask(
        driver,
        &question!["map", 1, file, "read", size, 1, "shared-read"],
    )? {
        Reply::Err(_) => Ok(()),
        Reply::Ok(_) => Err(Failure::wrong(text!(
            "a range past the end of the file was mapped";
            "映射了超出文件末尾的区间"
        ))),
    }
}

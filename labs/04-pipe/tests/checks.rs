//! The checks of lab 04. Each reads like its sentence in the handout.

mod helpers;

use checks::{
    Calls, Census, Driver, Failure, Family, Fault, Fields, Injection, Judgement, Left, On, Reply,
    Scene, Text, Trial, Verdict, Which, line, question, text,
};

use helpers::{copy, count, die, endless, first, list, quit, say, upper};

checks::main![
    three_stages,
    eof_travels,
    eight_mebibytes,
    sigpipe_restored,
    early_reader,
    exec_failure,
    stage_descriptors,
    nothing_left,
    interrupted,
    plumb;
    copy, count, die, endless, first, list, quit, say, upper,
];

/// A pipeline of helper programs, or of programs of the system.
struct Pipeline {
    stages: Vec<Vec<String>>,
    /// As one would write it, without the path of the helpers.
    shown: String,
}

impl Pipeline {
    /// From the way in which it is written: `say 3 hello | count 0`. A word that ends in `!` is no
    /// helper's name but a program's.
    fn of(scene: &Scene, written: &str) -> Judgement<Self> {
        let mut stages = Vec::new();
        for stage in written.split(" | ") {
            // A word may hold a space that does not separate.
            let mut words = stage.split(' ').map(|word| word.replace('\u{a0}', " "));
            let name = words.next().unwrap_or_default();
            let mut argv = match name.strip_suffix('!') {
                Some(program) => vec![program.to_owned()],
                None => scene.helper(&name)?,
            };
            argv.extend(words);
            stages.push(argv);
        }
        Ok(Self {
            stages,
            shown: written.replace('!', "").replace('\u{a0}', " "),
        })
    }

    /// The question that has the driver run it on the bytes of a file.
    fn question(&self) -> String {
        let mut parts = vec![
            "capture".to_owned(),
            INPUT.to_owned(),
            OUTPUT.to_owned(),
            self.stages.len().to_string(),
        ];
        for argv in &self.stages {
            parts.push(argv.len().to_string());
            parts.extend(argv.iter().cloned());
        }
        let parts: Vec<&dyn std::fmt::Display> = parts.iter().map(|part| part as _).collect();
        line(&parts)
    }

    /// The arguments of `plumb` for it.
    fn arguments(&self) -> Vec<&str> {
        let stages: Vec<Vec<&str>> = self
            .stages
            .iter()
            .map(|argv| argv.iter().map(String::as_str).collect())
            .collect();
        stages.join(&"--pipe")
    }
}

/// Files of the private folder: what `capture` is to feed, and what it has captured.
const INPUT: &str = "input";
const OUTPUT: &str = "output";

/// What `capture` gave back: the bytes, and how each stage ended.
struct Captured {
    stdout: Vec<u8>,
    statuses: Vec<String>,
}

/// Has the driver capture what a pipeline prints.
fn ask(scene: &mut Scene, driver: Driver, pipeline: &Pipeline, input: &[u8]) -> Judgement<Reply> {
    scene.file(INPUT, input)?;
    let asked = scene.ask(driver, &pipeline.question());
    asked.map_err(|failure| in_pipeline(failure, pipeline))
}

/// A process that ended or slept for ever has not said what it was doing.
fn in_pipeline(failure: Failure, pipeline: &Pipeline) -> Failure {
    let shown = &pipeline.shown;
    failure.because(text!("It was to capture `{shown}`."; "当时它正在 capture `{shown}`。"))
}

/// The same, and it must go well.
fn capture(
    scene: &mut Scene,
    driver: Driver,
    pipeline: &Pipeline,
    input: &[u8],
) -> Judgement<Captured> {
    let reply = ask(scene, driver, pipeline, input)?;
    captured(scene, pipeline, reply)
}

fn captured(scene: &Scene, pipeline: &Pipeline, reply: Reply) -> Judgement<Captured> {
    let shown = &pipeline.shown;
    let fields = match reply {
        Reply::Ok(fields) => fields,
        Reply::Err(fields) => {
            let error = told(&fields)?;
            return Err(Failure::wrong(text!(
                "`{shown}` must run, and capture returned {error}";
                "`{shown}` 应当能运行，capture 却返回 {error}"
            )));
        }
    };
    let statuses = (0..).map_while(|at| fields.text(at).ok().map(str::to_owned));
    Ok(Captured {
        statuses: statuses.collect(),
        stdout: scene.read(OUTPUT)?,
    })
}

/// An error of `capture` as the lab writes it.
fn told(fields: &Fields) -> Judgement<String> {
    Ok(match fields.text(0)? {
        "spawn" => {
            let (stage, errno) = (fields.number(1)?, fields.number(2)?);
            let errno = errno_name(errno);
            format!("Spawn {{ stage: {stage} }} with {errno}")
        }
        "io" => {
            let errno = errno_name(fields.number(1)?);
            format!("Io with {errno}")
        }
        other => other.to_owned(),
    })
}

fn errno_name(errno: u64) -> String {
    match i32::try_from(errno) {
        Ok(libc::ENOENT) => "ENOENT".to_owned(),
        Ok(libc::EACCES) => "EACCES".to_owned(),
        Ok(libc::EPIPE) => "EPIPE".to_owned(),
        Ok(libc::EINTR) => "EINTR".to_owned(),
        _ => format!("error {errno}"),
    }
}

impl Captured {
    /// These bytes came out, and the stages ended so.
    fn is(&self, pipeline: &Pipeline, stdout: &[u8], statuses: &[&str]) -> Judgement {
        self.printed(pipeline, stdout)?;
        self.ended(pipeline, statuses)
    }

    fn printed(&self, pipeline: &Pipeline, wanted: &[u8]) -> Judgement {
        if self.stdout == wanted {
            return Ok(());
        }
        let shown = &pipeline.shown;
        let (Text { en, zh }, got) = (brief(wanted), brief(&self.stdout));
        let (got_en, got_zh) = (got.en, got.zh);
        Err(Failure::wrong(Text {
            en: format!("`{shown}` must print {en}, it printed {got_en}"),
            zh: format!("`{shown}` 应输出 {zh}，实际输出 {got_zh}"),
        }))
    }

    fn ended(&self, pipeline: &Pipeline, wanted: &[&str]) -> Judgement {
        if self.statuses == wanted {
            return Ok(());
        }
        let shown = &pipeline.shown;
        let (wanted, got) = (wanted.join(", "), self.statuses.join(", "));
        Err(Failure::wrong(text!(
            "the stages of `{shown}` must end with {wanted}; the statuses say {got}";
            "`{shown}` 各级应以 {wanted} 结束，statuses 却是 {got}"
        )))
    }
}

/// Some bytes in a sentence: all of them, or how many.
fn brief(bytes: &[u8]) -> Text {
    if bytes.len() <= 60 {
        return Text::same(format!("{:?}", String::from_utf8_lossy(bytes)));
    }
    let length = bytes.len();
    // A sum tells two long outputs of one length apart.
    let sum = bytes
        .iter()
        .fold(0_u32, |sum, byte| sum.rotate_left(5) ^ u32::from(*byte));
    text!("{length} bytes (checksum {sum:08x})"; "{length} 字节（校验和 {sum:08x}）")
}

/// Three programs in a row: what comes out of the last, and how each has ended.
fn three_stages(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let codes = [0; 3].map(|_| trial.random().between(1, 60));
    let [a, b, c] = codes;
    let ends = codes.map(|code| format!("code {code}"));
    let ends = ends.each_ref().map(String::as_str);
    let word = format!("word-{}", trial.random().between(1000, 9999));
    let length = word.len();

    let counted = Pipeline::of(&scene, &format!("say {a} {word} | upper {b} | count {c}"))?;
    let got = capture(&mut scene, driver, &counted, b"")?;
    got.is(&counted, format!("{length}\n").as_bytes(), &ends)?;

    let fed = Pipeline::of(&scene, &format!("copy {a} | upper {b} | copy {c}"))?;
    let got = capture(&mut scene, driver, &fed, word.as_bytes())?;
    got.is(&fed, word.to_uppercase().as_bytes(), &ends)?;

    let alone = Pipeline::of(&scene, &format!("upper {b}"))?;
    let got = capture(&mut scene, driver, &alone, word.as_bytes())?;
    got.is(&alone, word.to_uppercase().as_bytes(), &ends[1..2])?;

    // Found in PATH: the one program that every system has there.
    let named = Pipeline::of(
        &scene,
        &format!("sh! -c exit\u{a0}{a} | upper {b} | copy {c}"),
    )?;
    let got = capture(&mut scene, driver, &named, b"")?;
    got.is(&named, b"", &ends)?;
    scene.close(driver)?;

    // Descriptor 0 is free here, so the first pipe has an end of that number.
    let driver = scene.driver()?;
    scene.ask(driver, &question!["close-stdin"])?.ok()?;
    let got = capture(&mut scene, driver, &fed, word.as_bytes())?;
    got.is(&fed, word.to_uppercase().as_bytes(), &ends)
        .map_err(|failure| {
            failure.because(text!(
                "In this case the caller had closed its standard input before, so a new pipe gets the number 0.";
                "这一次，调用者事先关闭了标准输入，所以新建的管道会得到编号 0。"
            ))
        })?;
    scene.close(driver)?;
    trial.worked(text!("5 pipelines printed what they must"; "5 条流水线的输出和结束方式都正确"));
    scene.leave()
}

/// Five programs that each read to the end of their input: they get there, one after the other.
fn eof_travels(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let length = trial.random().between(1, 2000);
    let input = trial.random().bytes(length as usize);
    for stages in [1, 2, 5] {
        let written = vec!["copy"; stages].join(" | ");
        let pipeline = Pipeline::of(&scene, &written)?;
        for input in [&input[..], b""] {
            let got = capture(&mut scene, driver, &pipeline, input)?;
            got.is(&pipeline, input, &vec!["code 0"; stages])?;
        }
    }
    trial.worked(text!(
        "up to 5 stages saw the end of their input";
        "最多 5 级，每一级都读到了输入的结尾"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// Far more than all pipes together hold goes through, in both directions at once.
fn eight_mebibytes(trial: &mut Trial) -> Judgement {
    const MEBIBYTES: usize = 8;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let piece = trial.random().bytes(4099);
    let mut input = piece.repeat((MEBIBYTES << 20) / piece.len() + 1);
    input.truncate(MEBIBYTES << 20);
    for written in ["copy", "copy | copy | copy"] {
        let pipeline = Pipeline::of(&scene, written)?;
        let stages = pipeline.stages.len();
        let got = capture(&mut scene, driver, &pipeline, &input)?;
        got.is(&pipeline, &input, &vec!["code 0"; stages])?;
    }
    trial.worked(text!(
        "{MEBIBYTES} MiB came through one stage and through three as they were";
        "{MEBIBYTES} MiB 数据原样穿过一级和三级流水线"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// A stage whose reader has gone is ended by SIGPIPE: it has the default disposition.
fn sigpipe_restored(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    for (written, stdout, ends) in [
        ("endless | first 1", &b"y"[..], ["signal 13", "code 0"]),
        ("endless | quit 3", b"", ["signal 13", "code 3"]),
    ] {
        let pipeline = Pipeline::of(&scene, written)?;
        let got = capture(&mut scene, driver, &pipeline, b"")?;
        got.is(&pipeline, stdout, &ends)?;
    }
    for written in ["list | copy", "quit 0 | list"] {
        let pipeline = Pipeline::of(&scene, written)?;
        let got = capture(&mut scene, driver, &pipeline, b"")?;
        let listed = String::from_utf8_lossy(&got.stdout).trim_end().to_owned();
        let shown = &pipeline.shown;
        trial.that(listed.ends_with("SIGPIPE default"), || {
            text!(
                "`{shown}`: its stage `list` must find SIGPIPE at its default; it says: {listed}";
                "`{shown}`：其中的 list 应看到 SIGPIPE 处于默认状态，它报告的是：{listed}"
            )
        })?;
    }
    trial.worked(text!(
        "2 endless writers were ended by SIGPIPE";
        "2 个永不停止的写者都被 SIGPIPE 终止"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// A stage that reads nothing, or not all: what is left is nobody's error.
fn early_reader(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let code = trial.random().between(1, 60);
    let input = b"interlock\n".repeat((1 << 20) / 10);
    let code = format!("code {code}");
    for (written, stdout, ends) in [
        (format!("quit {}", &code[5..]), &b""[..], vec![&*code]),
        ("first 9".to_owned(), b"interlock", vec!["code 0"]),
        (
            format!("quit {} | copy", &code[5..]),
            b"",
            vec![&*code, "code 0"],
        ),
    ] {
        let pipeline = Pipeline::of(&scene, &written)?;
        let got = capture(&mut scene, driver, &pipeline, &input)?;
        got.is(&pipeline, stdout, &ends)?;
    }
    trial.worked(text!(
        "3 first stages left most of 1 MiB unread";
        "3 次，第一级都没有读完 1 MiB 输入就结束了"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// A program that cannot be executed: which stage, and why; and nothing of the others is left.
fn exec_failure(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let file = scene.file("no-program", b"only text")?;
    let input = b"interlock\n".repeat((1 << 20) / 10);
    let before = scene.census(driver)?;
    for (written, stage, errno) in [
        ("no-such-program!".to_owned(), 0, "ENOENT"),
        ("no-such-program! | copy | copy".to_owned(), 0, "ENOENT"),
        ("copy | no-such-program! | copy".to_owned(), 1, "ENOENT"),
        ("copy | copy | /no/such/program!".to_owned(), 2, "ENOENT"),
        ("endless | copy | no-such-program!".to_owned(), 2, "ENOENT"),
        (format!("copy | {file}! | copy"), 1, "EACCES"),
    ] {
        let pipeline = Pipeline::of(&scene, &written)?;
        let shown = pipeline.shown.replace(&file, "FILE");
        let wanted = format!("Spawn {{ stage: {stage} }} with {errno}");
        let got = match ask(&mut scene, driver, &pipeline, &input)? {
            Reply::Ok(_) => "Ok".to_owned(),
            Reply::Err(fields) => told(&fields)?,
        };
        trial.that(got == wanted, || {
            text!("`{shown}` must give {wanted}, it gave {got}"; "`{shown}` 应得到 {wanted}，实际得到 {got}")
        })?;
        if let Some(Text { en, zh }) = left(&scene.census(driver)?, &before) {
            return Err(Failure::wrong(text!(
                "after `{shown}` has failed there are left: {en}";
                "`{shown}` 失败之后，留下了{zh}"
            )));
        }
    }
    trial.worked(text!(
        "6 pipelines that cannot start were refused, and nothing was left of them";
        "6 条无法启动的流水线都报告了错误，且没有留下进程"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// A stage has standard input, output and error, and no end of any pipe beside them.
fn stage_descriptors(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    for written in [
        "list",
        "list | copy",
        "quit 0 | list",
        "quit 0 | list | copy",
        "list | copy | copy",
    ] {
        let pipeline = Pipeline::of(&scene, written)?;
        let got = capture(&mut scene, driver, &pipeline, b"")?;
        let listed = String::from_utf8_lossy(&got.stdout).trim_end().to_owned();
        has_three(trial, &pipeline, &listed)?;
    }
    trial.worked(text!(
        "stages at 5 places had descriptors 0, 1 and 2 and no other";
        "5 个位置上的各级都只有描述符 0、1、2"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// What `list` printed names the three standard descriptors.
fn has_three(trial: &Trial, pipeline: &Pipeline, listed: &str) -> Judgement {
    let descriptors = listed.split(';').next().unwrap_or_default();
    let numbers: Vec<&str> = descriptors
        .split(", ")
        .filter_map(|descriptor| descriptor.split(' ').next())
        .collect();
    let shown = &pipeline.shown;
    trial.that(numbers == ["0", "1", "2"], || {
        text!(
            "`{shown}`: its stage `list` must have the descriptors 0, 1 and 2 and no other; it has {descriptors}";
            "`{shown}`：其中的 list 应只有描述符 0、1、2，实际有 {descriptors}"
        )
    })
}

/// However a pipeline ends, no process and no descriptor of it is left.
fn nothing_left(trial: &mut Trial) -> Judgement {
    /// After a few, so that a leak is told before it meets a limit; and after many.
    const ROUNDS: [usize; 2] = [5, 45];
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let input = b"interlock\n".repeat(10_000);
    let pipelines = [
        Pipeline::of(&scene, "copy | copy")?,
        Pipeline::of(&scene, "quit 0 | copy")?,
        Pipeline::of(&scene, "endless | quit 0")?,
        Pipeline::of(&scene, "copy | no-such-program!")?,
    ];
    let before = scene.census(driver)?;
    let mut run = 0;
    for rounds in ROUNDS {
        for _ in 0..rounds {
            for pipeline in &pipelines {
                let reply = ask(&mut scene, driver, pipeline, &input)?;
                let worked = matches!(reply, Reply::Ok(_));
                let must_work = !pipeline.shown.contains("no-such-program");
                let shown = &pipeline.shown;
                trial.that(worked == must_work, || {
                    text!("`{shown}`: the wrong one of Ok and Err"; "`{shown}`：Ok 与 Err 弄反了")
                })?;
                run += 1;
            }
        }
        if let Some(Text { en, zh }) = left(&scene.census(driver)?, &before) {
            return Err(Failure::new(
                Verdict::Leaked,
                text!("after {run} pipelines there are left: {en}"; "运行 {run} 条流水线之后，留下了{zh}"),
            ));
        }
    }
    trial.worked(text!(
        "{run} pipelines left no process and no descriptor";
        "{run} 条流水线没有留下进程或描述符"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// Descriptors, threads and children that were not there before, in words. A heap may have grown.
fn left(now: &Census, before: &Census) -> Option<Text> {
    let mut now = now.clone();
    now.mappings = before.mappings;
    let kinds = now.left_since(before);
    let join = |pick: fn(&Text) -> &str, between| {
        let words: Vec<&str> = kinds.iter().map(pick).collect();
        words.join(between)
    };
    (!kinds.is_empty()).then(|| Text {
        en: join(|text| &text.en, ", "),
        zh: join(|text| &text.zh, "、"),
    })
}

/// What a check that changes calls notes.
const NOTED: &[Family] = &[Family::Read, Family::Write, Family::Wait];

/// A call that a signal interrupts, or that transfers less than it could, changes nothing.
fn interrupted(trial: &mut Trial) -> Judgement {
    /// No design makes so many calls for so little.
    const MOST: u32 = 40;
    let eintr = Injection::Error(libc::EINTR);
    let faults = [
        (Family::Write, On::Pipe, Injection::Short(4096)),
        (Family::Read, On::Pipe, Injection::Short(1)),
        (Family::Write, On::Pipe, eintr),
        (Family::Read, On::Pipe, eintr),
        (Family::Wait, On::Anything, eintr),
    ];
    // More than PIPE_BUF: only such a write may be cut short.
    let input = trial.random().bytes(20_000);
    let mut changed = 0;
    for (family, on, what) in faults {
        // Each its own: a fault that meets no call any more must not meet one of the next.
        let mut scene = trial.scene()?;
        for nth in 1..=MOST {
            let which = Which::first(family).on(on.clone()).number(nth);
            if !goes_well_with(&mut scene, which, what, &input)? {
                break;
            }
            changed += 1;
        }
        scene.leave()?;
    }
    trial.that(
        changed > 0,
        || text!("it reads no pipe and waits for nobody"; "它既不读管道，也不等待子进程"),
    )?;
    trial.worked(text!(
        "{changed} calls were interrupted or cut short, one at a time";
        "逐一打断或截短了 {changed} 次系统调用"
    ));
    Ok(())
}

/// Captures as if nothing were, while one call is changed; whether there was such a call.
fn goes_well_with(
    scene: &mut Scene,
    which: Which,
    what: Injection,
    input: &[u8],
) -> Judgement<bool> {
    let pipeline = Pipeline::of(scene, "copy 1 | copy 2")?;
    let driver = scene.traced_driver(NOTED)?;
    scene.file(INPUT, input)?;
    // Of the student's process only: what stages do is not theirs.
    scene.arm(Fault {
        which: which.by(driver.into()),
        what,
    })?;
    let asked = scene.ask_noting(driver, "run", &pipeline.question());
    let calls = scene.calls_in("run")?;
    let changed = Calls::all(&calls, "", "").only(|call| call.injected.is_some());
    let met = changed.count() > 0;
    asked
        .map_err(|failure| in_pipeline(failure, &pipeline))
        .and_then(|reply| captured(scene, &pipeline, reply))
        .and_then(|got| got.is(&pipeline, input, &["code 1", "code 2"]))
        .map_err(|failure| match met {
            true => failure
                .because(text!(
                    "The grader had one call interrupted (EINTR), or made it transfer less than was asked for:";
                    "评分器让其中一次系统调用被打断（EINTR），或者让它传输得比要求的少："
                ))
                .drawn_by(changed.view()),
            false => failure,
        })?;
    scene.close(driver)?;
    Ok(met)
}

/// The program: its ends are its own standard ones, and its exit status the last stage's.
fn plumb(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let (a, b) = (
        trial.random().between(1, 60),
        trial.random().between(61, 120),
    );
    let word = format!("word-{}", trial.random().between(1000, 9999));
    let file = scene.file("no-program", b"only text")?;
    let large = word.to_uppercase();
    for (written, input, stdout, code) in [
        (format!("upper {b}"), &*word, &*large, b),
        (format!("copy {a} | upper {b}"), &word, &large, b),
        (format!("copy {b} | upper 0 | copy {a}"), &word, &large, a),
        (format!("endless | first 1 | copy {b}"), "", "y", b),
        ("say 1 x | die".to_owned(), "", "", 128 + 15),
        ("copy | no-such-program!".to_owned(), "", "", 127),
        (format!("copy | {file}!"), "", "", 126),
    ] {
        let pipeline = Pipeline::of(&scene, &written)?;
        let shown = pipeline.shown.replace(&file, "FILE").replace('|', "--pipe");
        let running = scene.start_with("plumb", &pipeline.arguments(), |program| {
            program.input(input)
        })?;
        let finished = scene.finished(running)?;
        let got = finished.code;
        trial.that(i32::try_from(code) == Ok(got), || {
            text!("`plumb {shown}` must exit with {code}, it exited with {got}"; "`plumb {shown}` 应以退出码 {code} 结束，实际是 {got}")
        })?;
        let got = finished.stdout;
        trial.that(got == stdout, || {
            text!("`plumb {shown}` must print {stdout:?}, it printed {got:?}"; "`plumb {shown}` 应输出 {stdout:?}，实际输出 {got:?}")
        })?;
    }
    // Nothing stands between a stage and what the program was given.
    for (written, wanted) in [
        ("list", "0 file, 1 pipe, 2 pipe"),
        ("list | copy", "0 file, 1 pipe, 2 pipe"),
        ("quit 0 | list | copy", "0 pipe, 1 pipe, 2 pipe"),
    ] {
        let pipeline = Pipeline::of(&scene, written)?;
        let shown = pipeline.shown.replace('|', "--pipe");
        let running = scene.start_with("plumb", &pipeline.arguments(), |program| {
            program.input(&*word)
        })?;
        let listed = scene.finished(running)?.stdout.trim_end().to_owned();
        has_three(trial, &pipeline, &listed)?;
        trial.that(listed.starts_with(wanted), || {
            text!(
                "`plumb {shown}`, its standard input a file: `list` must be given {wanted}; it says: {listed}";
                "`plumb {shown}`，标准输入是一个文件：list 应得到 {wanted}，它报告的是：{listed}"
            )
        })?;
    }
    for arguments in [&[][..], &["--pipe"], &["copy", "--pipe"]] {
        let running = scene.start("plumb", arguments)?;
        let got = scene.finished(running)?.code;
        let shown = arguments.join(" ");
        trial.that(got == 2, || {
            text!("`plumb {shown}` must exit with 2, it exited with {got}"; "`plumb {shown}` 应以退出码 2 结束，实际是 {got}")
        })?;
    }
    trial.worked(text!(
        "13 pipelines on a command line did what they must";
        "命令行上的 13 条流水线都符合要求"
    ));
    scene.leave()
}

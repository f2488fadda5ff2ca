//! The checks of lab 16. Each reads like its sentence in the handout.

use checks::{Calls, Family, Judgement, Search, Trial, question, text};

checks::main![
    exclusion,
    readers_overlap,
    writer_not_starved,
    readers_not_starved,
    no_lost_wakeup,
    visibility,
    timed,
    fast_path,
    downgrade,
    types_and_unwind,
];

/// A writer is alone.
fn exclusion(trial: &mut Trial) -> Judgement {
    trial.searched("alone_2_1")?;
    trial.searched("alone_1_2")?;
    trial.searched_as("alone_2_2", budget(2))?;
    Ok(())
}

/// Readers are inside together.
fn readers_overlap(trial: &mut Trial) -> Judgement {
    trial.searched("overlap")?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let sum = scene
        .ask(driver, &question!["overlap", 4])?
        .ok()?
        .number(0)?;
    trial.that(
        sum == 4 * 7,
        || text!("four readers read 7 each, together {sum}"; "四个读者各读到 7，合计却是 {sum}"),
    )?;
    scene.close(driver)?;
    scene.leave()
}

/// New readers do not overtake a writer that waits.
fn writer_not_starved(trial: &mut Trial) -> Judgement {
    once(trial, "writer_first")
}

/// Writers do not overtake readers that wait for ever.
fn readers_not_starved(trial: &mut Trial) -> Judgement {
    once(trial, "readers_turn")
}

/// Whoever waits gets in.
fn no_lost_wakeup(trial: &mut Trial) -> Judgement {
    trial.searched("through_2_1")?;
    trial.searched("through_1_2")?;
    trial.searched_as("through_3_1", budget(2))?;
    for program in ["no_trace", "readers_pass", "one_gets_in"] {
        trial.searched(program)?;
    }
    Ok(())
}

/// Who comes after a writer sees what it wrote, and a writer comes after the readers.
fn visibility(trial: &mut Trial) -> Judgement {
    for program in ["reader_sees", "writer_sees", "try_sees"] {
        trial.searched_as(program, budget(2))?;
    }
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let (threads, times) = (4, trial.random().between(100, 300));
    let sum = scene
        .ask(driver, &question!["add", threads, times])?
        .ok()?
        .number(0)?;
    trial.that(sum == threads * times, || {
        text!("{threads} threads added 1 {times} times each: {sum}"; "{threads} 个线程各加 {times} 次 1，得到 {sum}")
    })?;
    scene.close(driver)?;
    scene.leave()
}

/// Who gives up has waited for so long, and keeps nobody out.
fn timed(trial: &mut Trial) -> Judgement {
    trial.searched_as("gives_up", budget(2))?;
    trial.searched_as("reader_gives_up", budget(2))?;
    trial.searched("let_in_or_not")?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let limit = trial.random().between(5, 20);
    let told = scene.ask(driver, &question!["timed", limit])?.ok()?;
    let [can, cannot, late] = [told.text(0)?, told.text(1)?, told.text(2)?].map(|so| so == "true");
    trial.that(can, || {
        text!("a timed call does not get a lock that it could have"; "本可以拿到锁，带时限的调用却没有拿到")
    })?;
    trial.that(
        !cannot,
        || text!("a timed call gets a lock that is held"; "锁被占用，带时限的调用却拿到了"),
    )?;
    trial.that(late, || {
        text!("a call with {limit} ms gave up before the time was over"; "时限 {limit} 毫秒未到，调用就放弃了")
    })?;
    scene.close(driver)?;
    scene.leave()
}

/// Where nobody waits, nobody calls the kernel.
fn fast_path(trial: &mut Trial) -> Judgement {
    const TIMES: u64 = 10_000;
    let mut scene = trial.scene()?;
    let driver = scene.traced_driver(&[Family::Futex])?;
    let asked = question!["uncontended", TIMES];
    let value = scene.ask_noting(driver, "alone", &asked)?.ok()?.number(0)?;
    trial.that(value == TIMES, || {
        text!("{TIMES} writes added 1 each, and the sum is {value}"; "{TIMES} 次写入各加 1，结果却是 {value}")
    })?;
    let calls = scene.calls_in("alone")?;
    let calls = Calls::of(&calls, Family::Futex, "futex", "futex").count();
    trial.that(calls == 0, || {
        text!(
            "{TIMES} times in and out, and nobody else is there: {calls} calls of futex";
            "没有别人时进出 {TIMES} 次，调用了 {calls} 次 futex"
        )
    })?;
    trial.worked(text!(
        "{TIMES} times in and out, five ways: no call of futex";
        "以五种方式进出 {TIMES} 次，没有调用 futex"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// From writing to reading, and nobody writes in between.
fn downgrade(trial: &mut Trial) -> Judgement {
    trial.searched_as("downgrade", budget(2))?;
    Ok(())
}

/// What `Send` and `Sync` must say, in the order in which the driver answers.
const MARKERS: [(&str, &str, bool); 9] = [
    ("RwLock<Cell<u32>>", "Send", true),
    ("RwLock<u32>", "Sync", true),
    ("RwLock<Cell<u32>>", "Sync", false),
    ("RwLock<Rc<u32>>", "Send", false),
    ("RwLock<Rc<u32>>", "Sync", false),
    ("ReadGuard<u32>", "Send", false),
    ("WriteGuard<u32>", "Send", false),
    ("ReadGuard<Cell<u32>>", "Sync", false),
    ("WriteGuard<Cell<u32>>", "Sync", false),
];

/// The marker traits, and a panic inside.
fn types_and_unwind(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let value = trial.random().between(1, 1_000_000);
    let unwound = scene.ask(driver, &question!["unwind", value])?.ok()?;
    trial.that(
        unwound.text(0)? == "true",
        || text!("after a panic inside, the lock is still held"; "临界区内 panic 之后，锁仍被占用"),
    )?;
    trial.that(unwound.number(1)? == value, || {
        text!("after a panic inside, the value that was written is gone"; "临界区内 panic 之后，已写入的值不见了")
    })?;
    let types = scene.ask(driver, "types")?.ok()?;
    for (at, (name, marker, should)) in MARKERS.into_iter().enumerate() {
        let is = types.text(at)? == "true";
        trial.that(is == should, || match should {
            true => {
                text!("{name} is not {marker}, and should be"; "{name} 不是 {marker}，而它应当是")
            }
            false => {
                text!("{name} is {marker}, and must not be"; "{name} 是 {marker}，而它不应当是")
            }
        })?;
    }
    scene.close(driver)?;
    scene.leave()
}

fn budget(budget: u8) -> Search {
    Search {
        budget: Some(budget),
        free_choice: Some(false),
        ..Search::default()
    }
}

/// Executed once, on a quiet machine.
fn once(trial: &mut Trial, program: &str) -> Judgement {
    let once = Search {
        steps: Some(1_000_000),
        ..budget(0)
    };
    trial.searched_as(program, once).map(drop)
}

//! The checks of lab 15. Each reads like its sentence in the handout; the programs that it names are in
//! `src/model.rs`.

use checks::{Calls, Family, Judgement, Search, Trial, question, text};

checks::main![
    exclusion,
    visibility,
    no_lost_wake_up,
    fast_path,
    waiters_sleep,
    timed,
    recursion,
    types,
    unwind,
];

fn all(trial: &mut Trial, programs: &[&str]) -> Judgement {
    programs
        .iter()
        .try_for_each(|program| trial.searched(program).map(drop))
}

/// Executed once, on a quiet machine: what is counted in there does not depend on the search.
fn counted(trial: &mut Trial, program: &str) -> Judgement {
    let once = Search {
        budget: Some(0),
        free_choice: Some(false),
        steps: Some(1_000_000),
        ..Search::default()
    };
    trial.searched_as(program, once).map(drop)
}

/// In every interleaving of two and three threads, never two are inside at once.
fn exclusion(trial: &mut Trial) -> Judgement {
    all(trial, &["exclusion", "exclusion_3", "exclusion_try"])
}

/// What one owner has written, the next one sees, however it came in.
fn visibility(trial: &mut Trial) -> Judgement {
    all(trial, &["visibility", "visibility_try", "visibility_timed"])
}

/// In no interleaving somebody is left asleep.
fn no_lost_wake_up(trial: &mut Trial) -> Judgement {
    all(trial, &["wake_up", "wake_up_3"])
}

/// Ten thousand times in and out, and the kernel hears nothing of it.
fn fast_path(trial: &mut Trial) -> Judgement {
    const TIMES: u64 = 10_000;
    let mut scene = trial.scene()?;
    let driver = scene.traced_driver(&[Family::Futex])?;
    let counted = scene
        .ask_noting(driver, "in and out", &question!["uncontended", TIMES])?
        .ok()?;
    for at in [0, 1] {
        let sum = counted.number(at)?;
        trial.that(sum == TIMES, || {
            text!(
                "after {TIMES} sections the sum is {sum}";
                "{TIMES} 次临界区之后，和是 {sum}"
            )
        })?;
    }
    let calls = scene.calls_in("in and out")?;
    Calls::of(&calls, Family::Futex, "a futex call", "futex 调用").never()?;
    trial.worked(text!(
        "{TIMES} sections of either kind, no futex call";
        "两种锁各 {TIMES} 次临界区，没有 futex 调用"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// Who waits for long sleeps, and does not call the kernel again and again.
fn waiters_sleep(trial: &mut Trial) -> Judgement {
    counted(trial, "waiter_sleeps")
}

/// `lock_timeout` gives up when its time is over, not earlier and not later, and leaves a mutex that works.
fn timed(trial: &mut Trial) -> Judgement {
    counted(trial, "deadline")?;
    all(
        trial,
        &[
            "gives_up",
            "gives_up_and_leaves",
            "gives_up_beside_another",
            "no_time",
        ],
    )
}

/// The owner goes in again and again, and others when it has left for good.
fn recursion(trial: &mut Trial) -> Judgement {
    all(
        trial,
        &[
            "levels",
            "levels_in_any_order",
            "levels_by_try",
            "owner_changes",
        ],
    )
}

/// What the compiler must say of the types, in the order in which the driver answers.
const TRAITS: [(&str, &str, bool); 15] = [
    ("Mutex<Cell<u32>>", "Send", true),
    ("Mutex<Cell<u32>>", "Sync", true),
    ("Mutex<Rc<u32>>", "Send", false),
    ("Mutex<Rc<u32>>", "Sync", false),
    ("Guard<u32>", "Send", false),
    ("Guard<u32>", "Sync", true),
    ("Guard<Cell<u32>>", "Sync", false),
    ("Guard<u32>", "DerefMut", true),
    ("ReentrantMutex<Cell<u32>>", "Send", true),
    ("ReentrantMutex<Cell<u32>>", "Sync", true),
    ("ReentrantMutex<Rc<u32>>", "Sync", false),
    ("ReGuard<u32>", "Send", false),
    ("ReGuard<u32>", "Sync", true),
    ("ReGuard<Cell<u32>>", "Sync", false),
    ("ReGuard<u32>", "DerefMut", false),
];

/// Send, Sync and `DerefMut`, where they belong and nowhere else.
fn types(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let types = scene.ask(driver, &question!["types"])?.ok()?;
    for (at, (name, of, should)) in TRAITS.into_iter().enumerate() {
        let is = types.text(at)? == "true";
        trial.that(is == should, || match should {
            true => text!("{name} is not {of}, and should be"; "{name} 不是 {of}，而它应当是"),
            false => text!("{name} is {of}, and must not be"; "{name} 是 {of}，而它不应当是"),
        })?;
    }
    trial.worked(text!("15 answers about types"; "关于类型的 15 个回答"));
    scene.close(driver)?;
    scene.leave()
}

/// A panic inside leaves a free mutex and the value that was written.
fn unwind(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    for word in ["unwind", "unwind-reentrant"] {
        let value = trial.random().between(1, 1_000_000);
        let unwound = scene.ask(driver, &question![word, value])?.ok()?;
        trial.that(unwound.text(0)? == "true", || {
            text!(
                "after a panic inside, the mutex is still held";
                "临界区内 panic 之后，锁仍被占用"
            )
        })?;
        trial.that(unwound.number(1)? == value, || {
            text!(
                "after a panic inside, the value that was written is gone";
                "临界区内 panic 之后，已写入的值不见了"
            )
        })?;
        if word == "unwind-reentrant" {
            let depth = unwound.number(2)?;
            trial.that(depth == 0, || {
                text!(
                    "after a panic inside, depth() is {depth}";
                    "临界区内 panic 之后，depth() 是 {depth}"
                )
            })?;
        }
    }
    trial.worked(text!("two panics inside"; "两次临界区内的 panic"));
    scene.close(driver)?;
    scene.leave()
}

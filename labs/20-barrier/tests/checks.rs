//! The checks of lab 20. Each reads like its sentence in the handout.

use checks::{Driver, Family, Judgement, Scene, Search, Text, Trial, question, text};

checks::main![
    nobody_early,
    reusable,
    visibility,
    one_leader,
    waiters_sleep,
    breaks_for_all,
    drops_out,
    edges,
];

/// All have come before anybody goes on.
fn nobody_early(trial: &mut Trial) -> Judgement {
    for program in ["early_1", "early_2", "early_3"] {
        trial.searched(program)?;
    }
    Ok(())
}

/// Round after round: nobody is ahead, and nobody is left behind.
fn reusable(trial: &mut Trial) -> Judgement {
    trial.searched("reusable_2")?;
    trial.searched_as("reusable_3", budget(2))?;
    trial.searched_as("reusable_4", budget(1))?;
    Ok(())
}

/// What anybody wrote before a round, everybody reads after it.
fn visibility(trial: &mut Trial) -> Judgement {
    for program in ["visible_2", "visible_3"] {
        trial.searched(program)?;
    }
    Ok(())
}

/// Each round has one leader.
fn one_leader(trial: &mut Trial) -> Judgement {
    for program in ["leader_2", "leader_3"] {
        trial.searched(program)?;
    }
    Ok(())
}

/// Whoever waits sleeps, and is woken; it does not look again and again.
fn waiters_sleep(trial: &mut Trial) -> Judgement {
    asleep(trial)?;
    trial.searched_as(
        "quiet",
        Search {
            free_choice: Some(false),
            steps: Some(1_000_000),
            ..budget(0)
        },
    )?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    scene.ask(driver, &question!["new", 2])?.ok()?;
    start_waiting(&mut scene, driver)?;
    is_told(trial, &mut scene, driver, "wait", "leader")?;
    is_told(trial, &mut scene, driver, "joined", "follower")?;
    trial.worked(text!(
        "a waiter was asleep in futex until the last one came";
        "最后一个线程到来之前，等待者一直睡在 futex 里"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// A limit that is over breaks the barrier, for all.
fn breaks_for_all(trial: &mut Trial) -> Judgement {
    trial.searched("broken_for_all")?;
    trial.searched("broken_stays_broken")?;
    trial.searched("complete_stays_complete")?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let limit = trial.random().between(10, 40);
    // One that waits without a limit, and the third that never comes.
    scene.ask(driver, &question!["new", 3])?.ok()?;
    start_waiting(&mut scene, driver)?;
    let timed = question!["wait-timeout", limit];
    is_told(trial, &mut scene, driver, &timed, "broken")?;
    is_told(trial, &mut scene, driver, "joined", "broken")?;
    is_told(trial, &mut scene, driver, "is-broken", "true")?;
    is_told(trial, &mut scene, driver, "wait", "broken")?;
    is_told(trial, &mut scene, driver, &timed, "broken")?;
    // In time, nothing breaks.
    scene.ask(driver, &question!["new", 2])?.ok()?;
    start_waiting(&mut scene, driver)?;
    let timed = question!["wait-timeout", 3_600_000u64];
    is_told(trial, &mut scene, driver, &timed, "leader")?;
    is_told(trial, &mut scene, driver, "joined", "follower")?;
    is_told(trial, &mut scene, driver, "is-broken", "false")?;
    scene.close(driver)?;
    scene.leave()
}

/// Whoever drops out is not waited for.
fn drops_out(trial: &mut Trial) -> Judgement {
    trial.searched("dropped")?;
    trial.searched("dropped_last")?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    // The drop comes last, and completes the round: nobody leads it.
    scene.ask(driver, &question!["new", 3])?.ok()?;
    start_waiting(&mut scene, driver)?;
    scene.ask(driver, "drop")?.ok()?;
    is_told(trial, &mut scene, driver, "wait", "leader")?;
    is_told(trial, &mut scene, driver, "joined", "follower")?;
    // From now on they are two.
    start_waiting(&mut scene, driver)?;
    scene.ask(driver, "drop")?.ok()?;
    is_told(trial, &mut scene, driver, "joined", "follower")?;
    // And now one.
    is_told(trial, &mut scene, driver, "wait", "leader")?;
    scene.close(driver)?;
    scene.leave()
}

/// None and one; and a calculation in rounds.
fn edges(trial: &mut Trial) -> Judgement {
    trial.searched("phases_apart")?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    for parties in [0, 1] {
        scene.ask(driver, &question!["new", parties])?.ok()?;
        for _ in 0..3 {
            is_told(trial, &mut scene, driver, "wait", "leader")?;
        }
    }
    for (threads, rounds) in [(0, 3), (3, 0), (1, 5), (8, 200)] {
        let told = scene
            .ask(driver, &question!["phases", threads, rounds])?
            .ok()?;
        let [calls, sum, early] = [told.number(0)?, told.number(1)?, told.number(2)?];
        let all = threads * rounds;
        trial.that(calls == all && sum == all * all.saturating_sub(1) / 2, || {
            text!(
                "phases({threads}, {rounds}) must call work {all} times, once for each thread and round; it was called {calls} times, and not for each";
                "phases({threads}, {rounds}) 应调用 work {all} 次，每个线程每一轮一次；实际调用了 {calls} 次，或者参数不对"
            )
        })?;
        trial.that(early == 0, || {
            text!(
                "phases({threads}, {rounds}): {early} calls began before all of the round before had ended";
                "phases({threads}, {rounds})：有 {early} 次调用在上一轮全部结束之前就开始了"
            )
        })?;
    }
    scene.close(driver)?;
    scene.leave()
}

fn budget(budget: u8) -> Search {
    Search {
        budget: Some(budget),
        ..Search::default()
    }
}

/// One more thread waits, and is asleep.
fn start_waiting(scene: &mut Scene, driver: Driver) -> Judgement {
    scene.ask(driver, "start-waiting")?.ok()?;
    scene.until_blocked(driver, Family::Futex)?;
    Ok(())
}

fn is_told(
    trial: &Trial,
    scene: &mut Scene,
    driver: Driver,
    asked: &str,
    wanted: &str,
) -> Judgement {
    let told = scene.ask(driver, asked)?.ok()?;
    let told = told.text(0)?;
    trial.that(told == wanted, || {
        let [wanted, told] = [wanted, told].map(shown);
        let Text { en, zh } = named(asked);
        text!("{en} must give {wanted}, it gave {told}"; "{zh} 应得到 {wanted}，实际得到 {told}")
    })
}

/// What was asked, as the student knows it.
fn named(asked: &str) -> Text {
    match asked.split(' ').next() {
        Some("joined") => text!("the thread that waited since before"; "先前就在等待的线程"),
        Some("wait-timeout") => Text::same("wait_timeout"),
        Some("is-broken") => Text::same("is_broken"),
        _ => Text::same("wait"),
    }
}

fn shown(told: &str) -> &str {
    match told {
        "leader" => "Ok(Leader)",
        "follower" => "Ok(Follower)",
        "broken" => "Err(Broken)",
        other => other,
    }
}

/// Who waits may look for a while; after a thousand looks in vain it must be asleep.
fn asleep(trial: &mut Trial) -> Judgement {
    let found = trial.searched("asleep")?;
    trial.that(found.waiting.is_none(), || {
        text!(
            "a waiter looks again and again, a thousand times in vain, instead of sleeping";
            "等待者不睡眠，而是反复查看，白看了一千次"
        )
    })
}

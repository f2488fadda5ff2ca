//! The checks of lab 18. Each reads like its sentence in the handout.

use std::collections::BTreeMap;

use checks::{Driver, Family, Judgement, Scene, Search, Text, Trial, question, text};

checks::main![
    limit,
    no_lost_wakeup,
    conservation,
    big_request,
    all_or_nothing,
    timeout,
    close_and_errors,
    panics,
    pool,
];

/// Never more inside than units, and as many as there are units.
fn limit(trial: &mut Trial) -> Judgement {
    trial.searched("limit_2_1")?;
    trial.searched("limit_3_2")?;
    trial.searched_as("limit_4_2", budget(2))?;
    trial.searched("both_inside")?;
    trial.searched("visible")?;
    Ok(())
}

/// Whoever waits for a unit is woken when there is one.
fn no_lost_wakeup(trial: &mut Trial) -> Judgement {
    trial.searched("woken_2_1")?;
    trial.searched_as("woken_3_1", budget(2))?;
    trial.searched_as("woken_two_of_two", budget(2))?;
    Ok(())
}

/// Random permits, split, forgotten and dropped: no unit is lost, and none is made.
fn conservation(trial: &mut Trial) -> Judgement {
    const STEPS: u64 = 300;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let units = trial.random().between(5, 20);
    scene.ask(driver, &question!["new", units])?.ok()?;
    // Of three units one is given back, one is forgotten, and one is kept in what was split off.
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["acquire", 1, 3],
        "got",
    )?;
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["split", 1, 2, 2],
        "got",
    )?;
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["split", 2, 3, 1],
        "got",
    )?;
    has_free(trial, &mut scene, driver, units - 3)?;
    scene.ask(driver, &question!["drop", 1])?.ok()?;
    has_free(trial, &mut scene, driver, units - 2)?;
    scene.ask(driver, &question!["forget", 3])?.ok()?;
    has_free(trial, &mut scene, driver, units - 2)?;
    let (mut free, mut held, mut next) = (units - 2, BTreeMap::from([(2, 1)]), 3);
    for _ in 0..STEPS {
        let at = trial.random().any() as usize % (held.len() + 1);
        let picked = held.iter().nth(at).map(|(name, units)| (*name, *units));
        let n = trial.random().between(0, 5);
        next += 1;
        match (trial.random().between(0, 5), picked) {
            (0, Some((name, has))) => {
                scene.ask(driver, &question!["drop", name])?.ok()?;
                held.remove(&name);
                free += has;
            }
            // Rarely: what is forgotten is gone.
            (1, Some((name, _))) if trial.random().between(0, 9) == 0 => {
                scene.ask(driver, &question!["forget", name])?.ok()?;
                held.remove(&name);
            }
            (2, Some((name, has))) => {
                let told = ask(&mut scene, driver, &question!["split", name, next, n])?;
                let wanted = if n <= has { "got" } else { "none" };
                trial.that(told == wanted, || {
                    text!("split({n}) of a permit for {has}: {told}"; "对含 {has} 个许可的 Permit 调用 split({n})：{told}")
                })?;
                if n <= has {
                    held.insert(name, has - n);
                    held.insert(next, n);
                }
            }
            (kind, _) => {
                let asked = match kind {
                    3 => question!["timeout", next, n, 1],
                    _ => question!["try", next, n],
                };
                let told = ask(&mut scene, driver, &asked)?;
                let wanted = if n <= free { "got" } else { "none" };
                trial.that(told == wanted, || {
                    text!("{n} units wanted, {free} of {units} free: {told}"; "要 {n} 个，{units} 个中有 {free} 个可用：{told}")
                })?;
                if told == "got" {
                    held.insert(next, n);
                    free -= n;
                }
            }
        }
        has_free(trial, &mut scene, driver, free)?;
    }
    trial.worked(text!(
        "{STEPS} random steps, and after each one the number of free units was right";
        "随机操作 {STEPS} 步，每一步之后可用许可数都正确"
    ));
    scene.close(driver)?;
    scene.leave()
}

/// Who wants many is not overtaken.
fn big_request(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    scene.ask(driver, &question!["new", 4])?.ok()?;
    for name in 1..=4 {
        is_told(
            trial,
            &mut scene,
            driver,
            &question!["acquire", name, 1],
            "got",
        )?;
    }
    // The big one, and then small ones.
    for (name, units) in [(10, 4), (11, 1), (12, 1)] {
        scene.ask(driver, &question!["start", name, units])?.ok()?;
        until_waiting(&mut scene, driver)?;
    }
    for name in 1..=4 {
        is_told(trial, &mut scene, driver, &question!["try", 20, 1], "none")?;
        scene.ask(driver, &question!["drop", name])?.ok()?;
    }
    is_told(trial, &mut scene, driver, "joined", "got")?;
    has_free(trial, &mut scene, driver, 0)?;
    let served = scene.ask(driver, "served")?.ok()?;
    trial.that(served.number(0)? == 10 && served.number(1).is_err(), || {
        text!(
            "4 units are wanted first, and then 1 and 1: the big request must be served first";
            "先有人要 4 个，后来又有人各要 1 个：应当先满足要 4 个的"
        )
    })?;
    scene.ask(driver, &question!["drop", 10])?.ok()?;
    is_told(trial, &mut scene, driver, "joined", "got")?;
    is_told(trial, &mut scene, driver, "joined", "got")?;
    has_free(trial, &mut scene, driver, 2)?;
    scene.close(driver)?;
    scene.leave()
}

/// Several units are taken all at once, or not at all.
fn all_or_nothing(trial: &mut Trial) -> Judgement {
    trial.searched("crossed")?;
    trial.searched_as("crossed_three", budget(2))?;
    Ok(())
}

/// The time is over when it is over; and whoever gives up is not waited for.
fn timeout(trial: &mut Trial) -> Judgement {
    trial.searched_as("gives_up", budget(2))?;
    trial.searched("in_time_or_not")?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let limit = trial.random().between(5, 30);
    scene.ask(driver, &question!["new", 2])?.ok()?;
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["acquire", 1, 1],
        "got",
    )?;
    let told = scene
        .ask(driver, &question!["timeout", 2, 2, limit])?
        .ok()?;
    let (got, late) = (told.text(0)? == "none", told.text(1)? == "true");
    trial.that(got && late, || {
        text!(
            "acquire_timeout of 2 units, and 1 is free, for {limit} ms: it must give None, and not before";
            "只有 1 个可用却要 2 个，等 {limit} 毫秒：acquire_timeout 应返回 None，而且不能提前"
        )
    })?;
    // Nobody is in the way any more.
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["acquire", 3, 1],
        "got",
    )?;
    has_free(trial, &mut scene, driver, 0)?;
    scene.close(driver)?;
    scene.leave()
}

/// Closing tells everybody who waits; what can never be had is refused at once.
fn close_and_errors(trial: &mut Trial) -> Judgement {
    trial.searched_as("closed", budget(2))?;
    trial.searched_as("closed_while_held", budget(2))?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let units = trial.random().between(2, 9);
    scene.ask(driver, &question!["new", units])?.ok()?;
    let want = units + trial.random().between(1, 9);
    let refused = format!("too-many {want} {units}");
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["acquire", 1, want],
        &refused,
    )?;
    let asked = question!["timeout", 1, want, 3_600_000u64];
    is_told(trial, &mut scene, driver, &asked, &refused)?;
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["try", 1, want],
        "none",
    )?;
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["acquire", 2, units],
        "got",
    )?;
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["acquire", 3, 0],
        "got",
    )?;
    is_told(trial, &mut scene, driver, &question!["try", 4, 0], "got")?;
    for name in 5..=6 {
        scene.ask(driver, &question!["start", name, 1])?.ok()?;
        until_waiting(&mut scene, driver)?;
    }
    scene.ask(driver, "close")?.ok()?;
    is_told(trial, &mut scene, driver, "joined", "closed")?;
    is_told(trial, &mut scene, driver, "joined", "closed")?;
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["acquire", 7, 1],
        "closed",
    )?;
    is_told(trial, &mut scene, driver, &question!["try", 7, 1], "none")?;
    scene.ask(driver, &question!["drop", 2])?.ok()?;
    has_free(trial, &mut scene, driver, units)?;
    // Now all are free, and none is to be had.
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["acquire", 8, 1],
        "closed",
    )?;
    is_told(
        trial,
        &mut scene,
        driver,
        &question!["timeout", 8, 1, 1],
        "closed",
    )?;
    is_told(trial, &mut scene, driver, &question!["try", 8, 1], "none")?;
    scene.close(driver)?;
    scene.leave()
}

/// What was held by somebody who panics comes back.
fn panics(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    scene.ask(driver, &question!["new", 3])?.ok()?;
    scene.ask(driver, &question!["panic", 2])?.ok()?;
    has_free(trial, &mut scene, driver, 3)?;
    let kept = scene.ask(driver, "pool-panic")?.ok()?.number(0)?;
    trial.that(kept == 1, || {
        text!("an item that a panicking thread had is not as it was"; "发生 panic 的线程用过的物品状态不对")
    })?;
    scene.close(driver)?;
    scene.leave()
}

/// Nobody has what another one has, and nothing is lost.
fn pool(trial: &mut Trial) -> Judgement {
    trial.searched("pool_2_1")?;
    trial.searched_as("pool_3_2", budget(2))?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let told = scene.ask(driver, &question!["jobs", 60, 3])?.ok()?;
    let (uses, twice) = (told.number(0)?, told.number(1)?);
    trial.that(uses == 60 && twice == 0, || {
        text!(
            "60 jobs, 3 items: the items remember {uses} uses, and {twice} times one was in use already";
            "60 个任务，3 件物品：物品记得 {uses} 次使用，{twice} 次拿到了正被使用的"
        )
    })?;
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

/// At least one of those that were started is asleep.
fn until_waiting(scene: &mut Scene, driver: Driver) -> Judgement {
    scene.until_blocked(driver, Family::Futex)?;
    Ok(())
}

fn has_free(trial: &Trial, scene: &mut Scene, driver: Driver, wanted: u64) -> Judgement {
    let free = scene.ask(driver, "available")?.ok()?.number(0)?;
    trial.that(free == wanted, || {
        text!("available() must be {wanted}, it is {free}"; "available() 应为 {wanted}，实际为 {free}")
    })
}

fn ask(scene: &mut Scene, driver: Driver, asked: &str) -> Judgement<String> {
    Ok(scene.ask(driver, asked)?.ok()?.text(0)?.to_owned())
}

fn is_told(
    trial: &Trial,
    scene: &mut Scene,
    driver: Driver,
    asked: &str,
    wanted: &str,
) -> Judgement {
    let told = ask(scene, driver, asked)?;
    trial.that(told == wanted, || {
        let (wanted, told) = (shown(wanted), shown(&told));
        let Text { en, zh } = named(asked);
        text!("{en} must give {wanted}, it gave {told}"; "{zh} 应得到 {wanted}，实际得到 {told}")
    })
}

/// What was asked, as the student knows it.
fn named(asked: &str) -> Text {
    let mut words = asked.split(' ');
    let word = words.next().unwrap_or_default();
    let units = words.nth(1).unwrap_or_default();
    match word {
        "joined" => text!("the thread that waited since before"; "先前就在等待的线程"),
        "split" => text!("split, of a permit with enough"; "对许可足够的 Permit 调用 split"),
        "try" => Text::same(format!("try_acquire({units})")),
        "timeout" => Text::same(format!("acquire_timeout({units}, …)")),
        _ => Text::same(format!("acquire({units})")),
    }
}

fn shown(told: &str) -> String {
    match told {
        "got" => "a Permit".to_owned(),
        "none" => "None".to_owned(),
        "closed" => "Err(Closed)".to_owned(),
        other => format!("Err({other})"),
    }
}

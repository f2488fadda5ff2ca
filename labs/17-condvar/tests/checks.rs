//! The checks of lab 17. Each reads like its sentence in the handout.

use checks::{Calls, Driver, Family, Judgement, Scene, Search, Trial, question, text};

checks::main![
    no_lost_wakeup,
    queue,
    spurious,
    one_and_all,
    cheap_notify,
    timeout,
    mutex_released,
    interrupted,
    no_herd,
    close,
];

/// Whoever waits for a condition is woken when it has become true.
fn no_lost_wakeup(trial: &mut Trial) -> Judgement {
    for program in ["woken_inside", "woken_outside", "relay", "passed_on"] {
        trial.searched(program)?;
    }
    Ok(())
}

/// Each value goes through the queue once, whoever pushes and pops.
fn queue(trial: &mut Trial) -> Judgement {
    trial.searched("queue_1_1")?;
    trial.searched_as("queue_2_2", budget(2))?;
    trial.searched_as("queue_3_3", budget(1))?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    let values = trial.random().between(3, 9);
    let popped = scene.ask(driver, &question!["order", values])?.ok()?;
    for value in 0..values {
        let at = usize::try_from(value).unwrap_or_default() + 1;
        let popped = popped.number(at)?;
        trial.that(popped == value, || {
            text!(
                "0, 1, 2 … were pushed; value {popped} comes out where {value} should";
                "依次放入 0、1、2……；该出来 {value} 的时候出来了 {popped}"
            )
        })?;
    }
    for capacity in [1, trial.random().between(2, 9)] {
        let each = trial.random().between(200, 400);
        let through = scene
            .ask(driver, &question!["through", capacity, each])?
            .ok()?;
        let (number, sum) = (through.number(0)?, through.number(1)?);
        trial.that(
            number == 3 * each && sum == 3 * each * (each - 1) / 2,
            || {
                text!(
                    "3 threads pushed {each} values each; {number} came out, or not the same ones";
                    "3 个线程各放入 {each} 个值，取出了 {number} 个，或者不是原来的值"
                )
            },
        )?;
    }
    scene.close(driver)?;
    scene.leave()
}

/// A wait that ends for no reason makes nobody go on.
fn spurious(trial: &mut Trial) -> Judgement {
    for program in ["waits_while", "pops_while", "pushes_while"] {
        trial.searched(program)?;
    }
    Ok(())
}

/// `notify_all` wakes all, `notify_one` one, and neither is remembered.
fn one_and_all(trial: &mut Trial) -> Judgement {
    asleep(trial)?;
    once(trial, "quiet")?;
    once(trial, "no_memory")?;
    trial.searched_as("all_woken", budget(2))?;
    trial.searched_as("each_woken", budget(2))?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    for notify in [question!["notify-all", 1], question!["notify-one", 5]] {
        scene.ask(driver, &question!["sleep", 5])?.ok()?;
        scene.until_blocked(driver, Family::Futex)?;
        scene.ask(driver, &notify)?.ok()?;
        scene.ask(driver, "join")?.ok()?;
    }
    scene.close(driver)?;
    scene.leave()
}

/// A notification while nobody waits makes no system call.
fn cheap_notify(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.traced_driver(&[Family::Futex])?;
    for phase in ["before", "after"] {
        for notify in ["notify-one", "notify-all"] {
            let asked = question![notify, 10_000];
            scene.ask_noting(driver, phase, &asked)?.ok()?;
        }
        let calls = scene.calls_in(phase)?;
        let calls = Calls::of(&calls, Family::Futex, "futex", "futex").count();
        trial.that(calls == 0, || {
            text!(
                "20000 notifications while nobody waits: {calls} calls of futex";
                "没有人等待时通知 20000 次，调用了 {calls} 次 futex"
            )
        })?;
        // Somebody has waited, and does no more.
        scene.ask(driver, &question!["wait-timeout", 1])?.ok()?;
        wait_and_be_woken(&mut scene, driver)?;
    }
    trial.worked(text!(
        "40000 notifications while nobody waited: no call of futex";
        "没有人等待时通知 40000 次，没有调用 futex"
    ));
    scene.close(driver)?;
    scene.leave()
}

fn wait_and_be_woken(scene: &mut Scene, driver: Driver) -> Judgement {
    scene.ask(driver, &question!["sleep", 1])?.ok()?;
    scene.ask(driver, &question!["notify-one", 1])?.ok()?;
    scene.ask(driver, "join")?.ok()?;
    Ok(())
}

/// The time is over when it is over, and not before.
fn timeout(trial: &mut Trial) -> Judgement {
    trial.searched("notified_in_time")?;
    trial.searched("pop_timeout")?;
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    for (asked, name) in [
        ("wait-timeout", "wait_timeout"),
        ("pop-timeout", "pop_timeout"),
    ] {
        let limit = trial.random().between(5, 30);
        let told = scene.ask(driver, &question![asked, limit])?.ok()?;
        let (timed_out, late) = (told.text(0)? == "true", told.text(1)? == "true");
        trial.that(timed_out && late, || {
            text!(
                "{name} of {limit} ms, and nothing comes: it must say that the time was over, and not before";
                "{name} 等 {limit} 毫秒，什么也没来：应报告超时，而且不能提前"
            )
        })?;
    }
    scene
        .ask(driver, &question!["sleep-timed", 3_600_000u64])?
        .ok()?;
    scene.until_blocked(driver, Family::Futex)?;
    scene.ask(driver, &question!["notify-one", 1])?.ok()?;
    let told = scene.ask(driver, "join")?.ok()?;
    let timed_out = told.text(1)? == "true";
    trial.that(!timed_out, || {
        text!(
            "wait_timeout says that the time was over, though it was notified in time";
            "时限之内就得到了通知，wait_timeout 却报告超时"
        )
    })?;
    scene.close(driver)?;
    scene.leave()
}

/// Others get the mutex meanwhile.
fn mutex_released(trial: &mut Trial) -> Judgement {
    trial.searched("released")?;
    Ok(())
}

/// A wait that a signal ends has not timed out.
fn interrupted(trial: &mut Trial) -> Judgement {
    trial.searched("not_timed_out")?;
    Ok(())
}

/// `notify_one` does not wake them all.
fn no_herd(trial: &mut Trial) -> Judgement {
    once(trial, "no_herd")
}

/// Closing a queue frees everybody, and loses nothing.
fn close(trial: &mut Trial) -> Judgement {
    trial.searched("close_frees_poppers")?;
    trial.searched("close_frees_pushers")?;
    Ok(())
}

fn budget(budget: u8) -> Search {
    Search {
        budget: Some(budget),
        free_choice: Some(false),
        ..Search::default()
    }
}

/// Executed once, on a quiet machine: what is counted there does not depend on the search.
fn once(trial: &mut Trial, program: &str) -> Judgement {
    let once = Search {
        steps: Some(1_000_000),
        ..budget(0)
    };
    trial.searched_as(program, once).map(drop)
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

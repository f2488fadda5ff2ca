//! The checks of lab 19. Each reads like its sentence in the handout; the programs that it names are in
//! `src/model.rs`.

use checks::{Judgement, Search, Trial, question, text};

checks::main![
    exclusion,
    visibility,
    polite,
    fifo,
    try_lock,
    turns,
    wrap,
    types_and_unwind,
];

/// In every interleaving of two and three threads, never two are inside at once.
fn exclusion(trial: &mut Trial) -> Judgement {
    trial.searched("exclusion_tas")?;
    trial.searched("exclusion_ttas")?;
    trial.searched("exclusion_ttas_3")?;
    trial.searched("exclusion_ticket")?;
    trial.searched("exclusion_ticket_3")?;
    Ok(())
}

/// What one owner has written, the next one sees, however it came in.
fn visibility(trial: &mut Trial) -> Judgement {
    trial.searched("visibility_tas")?;
    trial.searched("visibility_ttas")?;
    trial.searched("visibility_ticket")?;
    trial.searched("visibility_try_ttas")?;
    trial.searched("visibility_try_ticket")?;
    Ok(())
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

/// Three wait for a thousand turns, and hardly write.
fn polite(trial: &mut Trial) -> Judgement {
    counted(trial, "polite")
}

/// Who waits for a ticket gets in before who comes later.
fn fifo(trial: &mut Trial) -> Judgement {
    counted(trial, "fifo")
}

/// `try_lock` gets a free lock, gives up on a held one without waiting, and leaves no trace.
fn try_lock(trial: &mut Trial) -> Judgement {
    trial.searched("try_lock_tas")?;
    trial.searched("try_lock_ttas")?;
    trial.searched("try_lock_ticket")?;
    Ok(())
}

/// Each turn has a hint, and a long wait yields.
fn turns(trial: &mut Trial) -> Judgement {
    counted(trial, "turns_ttas")?;
    counted(trial, "turns_ticket")
}

/// Ten sections across the wrap of the numbers.
fn wrap(trial: &mut Trial) -> Judgement {
    trial.searched("wrap")?;
    Ok(())
}

/// What `Send` and `Sync` must say, in the order in which the driver answers.
const MARKERS: [(&str, &str, bool); 7] = [
    ("Spin<_, Cell<u32>>", "Send", true),
    ("Spin<_, Cell<u32>>", "Sync", true),
    ("Spin<_, Rc<u32>>", "Send", false),
    ("Spin<_, Rc<u32>>", "Sync", false),
    ("SpinGuard<_, u32>", "Send", false),
    ("SpinGuard<_, u32>", "Sync", true),
    ("SpinGuard<_, Cell<u32>>", "Sync", false),
];

/// The marker traits, and a panic inside.
fn types_and_unwind(trial: &mut Trial) -> Judgement {
    let mut scene = trial.scene()?;
    let driver = scene.driver()?;
    for lock in ["tas", "ttas", "ticket"] {
        let types = scene.ask(driver, &question!["types", lock])?.ok()?;
        for (at, (name, marker, should)) in MARKERS.into_iter().enumerate() {
            let is = types.text(at)? == "true";
            trial.that(is == should, || match should {
                true => text!(
                    "{name} is not {marker}, and should be ({lock})";
                    "{name} 不是 {marker}，而它应当是（{lock}）"
                ),
                false => text!(
                    "{name} is {marker}, and must not be ({lock})";
                    "{name} 是 {marker}，而它不应当是（{lock}）"
                ),
            })?;
        }
        let value = trial.random().between(1, 1_000_000);
        let unwound = scene.ask(driver, &question!["unwind", lock, value])?.ok()?;
        trial.that(unwound.text(0)? == "true", || {
            text!(
                "after a panic inside, the lock is still held ({lock})";
                "临界区内 panic 之后，锁仍被占用（{lock}）"
            )
        })?;
        trial.that(unwound.number(1)? == value, || {
            text!(
                "after a panic inside, the value that was written is gone ({lock})";
                "临界区内 panic 之后，已写入的值不见了（{lock}）"
            )
        })?;
    }
    trial.worked(text!(
        "21 answers about Send and Sync, three panics inside";
        "Send 与 Sync 共 21 个回答，三次临界区内的 panic"
    ));
    scene.close(driver)?;
    scene.leave()
}

//! What a check says, and that it says the same each time.
#![expect(clippy::unwrap_used, reason = "threads that panic fail the test")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;
extern crate std as real;

use std::futex;
use std::model::{self, Kind, Language, Model, Report, Tracked, Verdict, outcomes};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

fn kind(report: &Report) -> Option<Kind> {
    report.counterexample().map(|shown| shown.kind())
}

/// A spin lock, with the orderings of its swap and its store.
#[derive(Clone, Copy)]
struct Orders(Ordering, Ordering);

const RIGHT: Orders = Orders(Acquire, Release);

fn spin(threads: u32, orders: Orders) -> impl Fn() {
    move || {
        let (locked, counter) = (AtomicU32::new(0), Tracked::new(0));
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while locked.swap(1, orders.0) == 1 {
                        std::hint::spin_loop();
                    }
                    counter.set(counter.get() + 1);
                    locked.store(0, orders.1);
                });
            }
        });
        assert_eq!(counter.get(), threads);
    }
}

#[test]
fn a_right_spin_lock_passes() {
    for threads in [2, 3] {
        Model::new().check(spin(threads, RIGHT)).unwrap();
    }
}

#[test]
fn a_spin_lock_of_two_is_looked_at_in_every_execution() {
    let report = Model::new().check(spin(2, RIGHT));
    assert!(report.exhaustive, "{report}");
    assert_eq!(report.to_string(), "complete: all executions, 45 tried");
}

#[test]
fn a_spin_lock_that_does_not_order_its_payload_is_a_race() {
    for orders in [Orders(Relaxed, Release), Orders(Acquire, Relaxed)] {
        assert_eq!(kind(&Model::new().check(spin(2, orders))), Some(Kind::Race));
    }
}

fn opposite_order() {
    let locks = Arc::new((Mutex::new(0), Mutex::new(0)));
    let theirs = Arc::clone(&locks);
    let other = thread::spawn(move || {
        let one = theirs.1.lock().unwrap();
        let two = theirs.0.lock().unwrap();
        drop((one, two));
    });
    let one = locks.0.lock().unwrap();
    let two = locks.1.lock().unwrap();
    drop((one, two));
    other.join().unwrap();
}

#[test]
fn two_locks_in_opposite_order_are_a_deadlock() {
    let report = Model::new().check(opposite_order);
    assert_eq!(kind(&report), Some(Kind::Deadlock));
}

#[test]
fn who_joins_is_not_whom_a_deadlock_is_about() {
    let report = Model::new().check(|| {
        let word = AtomicU32::new(0);
        thread::scope(|scope| {
            scope.spawn(|| futex::wait(&word, 0, None));
        });
    });
    let page = report.counterexample().expect("a deadlock").to_string();
    assert!(page.contains("deadlock: T1 waits"), "{page}");
    assert!(page.contains("T0 waits for "), "{page}");
}

#[test]
fn a_counterexample_says_who_waits_for_what_in_both_languages() {
    let report = Model::new().check(opposite_order);
    let shown = report.counterexample().expect("a deadlock");
    let english = shown.page(Language::English);
    assert_eq!(english, shown.to_string());
    for part in [
        "deadlock: ",
        "T0 waits for ",
        ", which T1 holds, at verdicts.rs:",
        "replay 1:",
    ] {
        assert!(english.contains(part), "{part}\n{english}");
    }
    let chinese = shown.page(Language::Chinese);
    for part in ["死锁：", "T0 等待 ", "（由 T1 持有）", "重放 1:"] {
        assert!(chinese.contains(part), "{part}\n{chinese}");
    }
}

#[test]
fn a_counterexample_of_a_simple_lock_fits_on_a_screen_and_names_variables() {
    for orders in [Orders(Relaxed, Release), Orders(Acquire, Relaxed)] {
        let report = Model::new().check(spin(2, orders));
        let page = report.counterexample().expect("a race").to_string();
        assert!(page.lines().count() <= 25, "{page}");
        assert!(
            page.lines().all(|line| line.chars().count() <= 100),
            "{page}"
        );
        for part in [
            "T1 writes counter at",
            "locked.swap(",
            "): 0 -> 1",
            "T2 reads it at",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }
}

#[test]
fn names_are_taken_from_the_text_that_is_given() {
    let text = include_str!("verdicts.rs").replace("counter", "fortune");
    let model = Model::new().source(file!(), &text);
    let page = model.check(spin(2, Orders(Relaxed, Release))).to_string();
    assert!(page.contains("T1 writes fortune at verdicts.rs"), "{page}");
}

#[test]
fn an_old_value_is_marked() {
    let report = Model::new().check(|| {
        let (data, ready) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            scope.spawn(|| {
                data.store(7, Relaxed);
                ready.store(1, Relaxed);
            });
            while ready.load(Relaxed) == 0 {}
            assert_eq!(data.load(Relaxed), 7);
        });
    });
    let page = report.to_string();
    assert!(
        page.contains("data.load(Relaxed): 0 (OLD, newest is 7)"),
        "{page}"
    );
}

fn waiter(asks_again: bool) -> impl Fn() {
    move || {
        let gate = Arc::new((Mutex::new(false), Condvar::new()));
        let theirs = Arc::clone(&gate);
        let other = thread::spawn(move || {
            *theirs.0.lock().unwrap() = true;
            theirs.1.notify_one();
        });
        let mut open = gate.0.lock().unwrap();
        if asks_again {
            while !*open {
                open = gate.1.wait(open).unwrap();
            }
        } else if !*open {
            open = gate.1.wait(open).unwrap();
        }
        assert!(*open, "went through a closed gate");
        drop(open);
        other.join().unwrap();
    }
}

#[test]
fn who_does_not_ask_again_after_a_wake_up_goes_through_a_closed_gate() {
    Model::new().check(waiter(true)).unwrap();
    let report = Model::new().check(waiter(false));
    assert_eq!(kind(&report), Some(Kind::Panic));
    assert!(
        report.to_string().contains("went through a closed gate"),
        "{report}"
    );
}

#[test]
fn a_panic_of_a_thread_is_told_with_its_own_message() {
    let report = Model::new().check(|| {
        let stuck = Mutex::new(());
        thread::scope(|scope| {
            let guard = stuck.lock().unwrap();
            scope.spawn(|| {
                assert!(stuck.try_lock().is_ok(), "the cause");
            });
            scope.spawn(|| stuck.lock().is_ok());
            thread::park();
            drop(guard);
        });
    });
    assert_eq!(kind(&report), Some(Kind::Panic));
    assert!(report.to_string().contains("the cause"), "{report}");
}

#[test]
fn a_panic_that_join_hands_over_is_no_failure() {
    Model::new()
        .check(|| assert!(thread::spawn(|| panic!("on purpose")).join().is_err()))
        .unwrap();
    let report = Model::new().check(|| {
        let ignored = thread::spawn(|| panic!("nobody looks"));
        drop(ignored);
    });
    assert_eq!(kind(&report), Some(Kind::Panic));
}

#[test]
fn a_spin_that_nobody_ends_is_endless_and_a_bounded_one_is_not() {
    let report = Model::new().check(|| {
        let never = AtomicU32::new(0);
        while never.load(Relaxed) == 0 {}
    });
    assert_eq!(kind(&report), Some(Kind::SpinsForEver));
    let bounded = || {
        let never = AtomicU32::new(0);
        for _ in 0..100 {
            if never.load(Relaxed) == 1 {
                break;
            }
            std::hint::spin_loop();
        }
    };
    Model::new().check(bounded).unwrap();
}

#[test]
fn five_words_that_are_read_in_turn_are_a_spin() {
    let flags = || {
        let flags = [const { AtomicU32::new(0) }; 5];
        thread::scope(|scope| {
            for flag in &flags {
                scope.spawn(|| flag.store(1, Release));
            }
            while flags.iter().any(|flag| flag.load(Acquire) == 0) {}
        });
    };
    Model::new().budget(1).check(flags).unwrap();
}

#[test]
fn work_without_end_is_no_end() {
    let report = Model::new().steps(1000).check(|| {
        let work = AtomicU32::new(0);
        while work.fetch_add(1, Relaxed) < u32::MAX {}
    });
    assert_eq!(kind(&report), Some(Kind::NoEnd));
}

/// 0 free, 1 taken, 2 taken and somebody sleeps. Spins a little before it sleeps.
fn adaptive(forgets_to_wake: bool) -> impl Fn() {
    move || {
        let state = AtomicU32::new(0);
        let lock = || {
            for _ in 0..20 {
                if state.compare_exchange(0, 1, Acquire, Relaxed).is_ok() {
                    return;
                }
                std::hint::spin_loop();
            }
            while state.swap(2, Acquire) != 0 {
                let _woken = futex::wait(&state, 2, None);
            }
        };
        let unlock = || {
            if state.swap(0, Release) == 2 && !forgets_to_wake {
                futex::wake(&state, 1);
            }
        };
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    lock();
                    unlock();
                });
            }
        });
    }
}

#[test]
fn a_spinner_that_sleeps_at_last_does_so_while_others_could_run() {
    Model::new().check(adaptive(false)).unwrap();
    let report = Model::new().check(adaptive(true));
    assert_eq!(kind(&report), Some(Kind::Deadlock));
}

#[test]
fn how_polite_a_waiter_is_can_be_counted() {
    let polite = || {
        let locked = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while locked.swap(1, Acquire) == 1 {
                        while locked.load(Relaxed) == 1 {
                            std::hint::spin_loop();
                        }
                    }
                    locked.store(0, Release);
                });
            }
        });
    };
    let rude = Model::new()
        .check(spin(2, RIGHT))
        .waiting
        .expect("a waiter");
    assert!(rude.updates > 900 && rude.spin_hints > 900, "{rude:?}");
    let polite = Model::new().check(polite).waiting.expect("a waiter");
    assert!(polite.updates == 0 && polite.spin_hints > 900, "{polite:?}");
}

static EXECUTIONS: real::sync::atomic::AtomicU32 = real::sync::atomic::AtomicU32::new(0);

#[test]
fn a_program_that_is_not_deterministic_is_not_judged() {
    let report = Model::new().check(|| {
        let turn = EXECUTIONS.fetch_add(1, real::sync::atomic::Ordering::Relaxed);
        let word = AtomicU32::new(0);
        thread::scope(|scope| {
            scope.spawn(|| word.store(turn, Relaxed));
            scope.spawn(|| word.load(Relaxed));
        });
    });
    assert!(
        matches!(report.verdict, Verdict::NotDeterministic(_)),
        "{report}"
    );
    assert!(!report.passed());
}

#[test]
fn too_many_threads_are_not_judged() {
    let report = Model::new().check(|| {
        thread::scope(|scope| {
            for _ in 0..model::MAX_THREADS {
                scope.spawn(|| ());
            }
        });
    });
    assert!(matches!(report.verdict, Verdict::NotJudged(_)), "{report}");
}

#[test]
fn a_search_that_is_cut_says_so() {
    let report = Model::new().executions(50).check(spin(3, RIGHT));
    assert!(
        matches!(report.verdict, Verdict::Cut { executions: 50 }),
        "{report}"
    );
    assert!(!report.passed());
    assert_eq!(
        report.to_string(),
        "cut after 50 executions, complete to budget 1"
    );
}

#[test]
fn a_replay_shows_the_same_page() {
    for program in [waiter(false), waiter(false)] {
        let report = Model::new().check(program);
        let shown = report.counterexample().expect("it fails");
        assert!(model::is_replay(shown.replay()));
        let again = Model::new().replay(shown.replay()).check(waiter(false));
        assert_eq!(again.executions, 1);
        assert_eq!(again.to_string(), report.to_string());
    }
    let nonsense = Model::new().replay("nonsense").check(waiter(true));
    assert!(matches!(nonsense.verdict, Verdict::NotJudged(_)));
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    let all = || {
        let reports = [
            Model::new().check(spin(3, RIGHT)),
            Model::new().check(spin(2, Orders(Relaxed, Release))),
            Model::new().check(opposite_order),
            Model::new().check(adaptive(false)),
        ];
        reports.map(|report| format!("{report} {} {}", report.steps, report.states))
    };
    assert_eq!(all(), all());
}

#[test]
fn a_search_without_reduction_finds_the_same() {
    let program = || {
        let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
        let (mut seen, lock) = ((0, 0), Mutex::new(0));
        thread::scope(|scope| {
            let other = scope.spawn(|| {
                x.store(1, Relaxed);
                *lock.lock().unwrap() += 1;
                y.swap(2, SeqCst)
            });
            seen.0 = y.load(SeqCst) + 10 * *lock.lock().unwrap();
            y.store(1, Release);
            seen.1 = x.load(Acquire);
            (seen, other.join().unwrap(), y.load(Relaxed))
        })
    };
    for budget in 0..4 {
        let model = || Model::new().budget(budget);
        let with = model().outcomes(program);
        assert_eq!(
            with,
            model().reduction(false).outcomes(program),
            "budget {budget}"
        );
    }
}

#[test]
fn outcomes_may_own_memory() {
    let texts = outcomes(|| {
        let word = AtomicU32::new(0);
        thread::scope(|scope| {
            scope.spawn(|| word.store(1, Relaxed));
            vec![format!("saw {}", word.load(Relaxed))]
        })
    });
    let texts: Vec<String> = texts.into_iter().flatten().collect();
    assert_eq!(texts, ["saw 0", "saw 1"]);
}

#[test]
fn too_much_memory_is_not_judged() {
    let report = Model::new().check(|| {
        let large = vec![1_u8; 20 << 20];
        assert_eq!(std::hint::black_box(&large).len(), 20 << 20);
    });
    assert!(matches!(report.verdict, Verdict::NotJudged(_)), "{report}");
}

#[test]
fn a_check_inside_of_a_check_is_not_judged() {
    Model::new()
        .check(|| {
            let inner = Model::new().check(|| ());
            assert!(matches!(inner.verdict, Verdict::NotJudged(_)));
        })
        .unwrap();
}

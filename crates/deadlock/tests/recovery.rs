//! The three recoveries end every deadlock, and do no more than they may.

use deadlock::{Action, Rag, Strategy};
use proptest::prelude::*;

mod common;

use common::{Size, acts, after, is_whole, size};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn no_deadlock_is_left(size in size(3), acts in acts(), cost in prop::collection::vec(0..4_u64, 5)) {
        let before = after(&size, &acts);
        let deadlocked = before.deadlocked();
        for strategy in [
            Strategy::KillAll,
            Strategy::KillOneByOne { cost: cost.clone() },
            Strategy::Preempt { cost: cost.clone() },
            Strategy::Rollback { cost: cost.clone() },
        ] {
            let mut rag = before.clone();
            let actions = rag.recover(strategy.clone());
            prop_assert!(rag.deadlocked().is_empty(), "{strategy:?} {actions:?}");
            prop_assert!(is_whole(&rag, &size), "{strategy:?} {rag:?}");
            prop_assert_eq!(actions.is_empty(), deadlocked.is_empty());
            for action in &actions {
                let (Action::Killed(p) | Action::RolledBack(p) | Action::Preempted { from: p, .. }) = action;
                prop_assert!(deadlocked.contains(p), "{strategy:?} {actions:?}");
            }
            if strategy == Strategy::KillAll {
                let killed: Vec<Action> = deadlocked.iter().copied().map(Action::Killed).collect();
                prop_assert_eq!(actions, killed);
            }
        }
    }

    /// Far enough back: the others finish although the victim stands still where it is, and then it
    /// can do all again.
    #[test]
    fn who_was_rolled_back_can_do_it_again(size in size(3), acts in acts(), cost in prop::collection::vec(0..4_u64, 5)) {
        let before = after(&size, &acts);
        let mut rag = before.clone();
        let actions = rag.recover(Strategy::Rollback { cost });
        let victims: Vec<usize> = actions.iter().map(|action| match action {
            Action::RolledBack(p) => *p,
            _ => usize::MAX,
        }).collect();
        finish_all(&mut rag, &size, &victims);
        for p in 0..size.processes {
            prop_assert!(rag.passed_over(p).is_none(), "P{p} still waits: {actions:?}");
        }
        // The last victim first: those before it stand where they hold nothing that it wants.
        for &p in victims.iter().rev() {
            for r in 0..size.instances.len() {
                let lost = before.held(p, r) + before.wanted(p, r) - rag.held(p, r);
                // Who waited for itself will do so again.
                if lost > 0 && rag.held(p, r) + lost <= size.instances[r] {
                    prop_assert!(rag.request(p, r, lost).is_ok());
                    prop_assert!(rag.passed_over(p).is_none(), "P{p} waits again");
                }
            }
            finish(&mut rag, &size, p);
        }
    }
}

/// All who run finish, but for the victims; those who are served by it, too.
fn finish_all(rag: &mut Rag, size: &Size, but: &[usize]) {
    for _ in 0..size.processes {
        for p in (0..size.processes).filter(|p| !but.contains(p)) {
            if rag.passed_over(p).is_none() {
                finish(rag, size, p);
            }
        }
    }
}

fn finish(rag: &mut Rag, size: &Size, p: usize) {
    for r in 0..size.instances.len() {
        let n = rag.held(p, r);
        if n > 0 {
            rag.release(p, r, n).ok();
        }
    }
}

/// Two philosophers, a fork in each one's hand.
fn crossed() -> Rag {
    let mut rag = Rag::new(3, &[1, 1, 1]);
    for (p, r) in [(0, 0), (1, 1), (0, 1), (1, 0), (2, 0)] {
        rag.request(p, r, 1).expect("in order");
    }
    rag
}

#[test]
fn one_by_one_kills_the_cheapest_and_looks_again() {
    let mut rag = crossed();
    assert_eq!(rag.deadlocked().len(), 3);
    let cost = vec![9, 4, 4];
    let actions = rag.recover(Strategy::KillOneByOne { cost });
    assert_eq!(actions, [Action::Killed(1)]);
    assert_eq!(
        (rag.held(0, 0), rag.held(0, 1), rag.wanted(2, 0)),
        (1, 1, 1)
    );
}

#[test]
fn who_is_preempted_waits_for_what_it_has_lost() {
    let mut rag = crossed();
    let actions = rag.recover(Strategy::Preempt {
        cost: vec![1, 2, 0],
    });
    // P2 is cheaper, but holds nothing that anybody wants.
    let taken = Action::Preempted {
        from: 0,
        r: 0,
        n: 1,
    };
    assert_eq!(actions, [taken]);
    assert_eq!((rag.wanted(0, 0), rag.wanted(0, 1)), (1, 1));
    assert_eq!((rag.held(1, 0), rag.held(1, 1)), (1, 1));
    assert_eq!(rag.release(1, 0, 1), Ok(vec![2]));
    assert_eq!(rag.release(2, 0, 1), Ok(vec![]));
    assert_eq!(rag.release(1, 1, 1), Ok(vec![0]));
}

#[test]
fn the_checkpoint_must_be_far_enough_back() {
    let mut rag = Rag::new(2, &[1, 1, 1]);
    rag.request(0, 2, 1).unwrap();
    rag.checkpoint(0).unwrap();
    rag.request(0, 0, 1).unwrap();
    rag.checkpoint(0).unwrap(); // here it holds what the other one wants: too late
    for (p, r) in [(1, 1), (0, 1), (1, 0)] {
        rag.request(p, r, 1).unwrap();
    }
    let actions = rag.recover(Strategy::Rollback { cost: vec![0, 1] });
    assert_eq!(actions, [Action::RolledBack(0)]);
    assert_eq!([0, 1, 2].map(|r| rag.held(0, r)), [0, 0, 1]);
    assert_eq!([0, 1, 2].map(|r| rag.held(1, r)), [1, 1, 0]);
}

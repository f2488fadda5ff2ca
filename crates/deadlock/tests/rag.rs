//! The graph: bookkeeping, cycles, and who is deadlocked.

use deadlock::{Node, Outcome, Rag, RagError};
use proptest::prelude::*;

mod common;

use common::{acts, after, carry_out, is_whole, never_finishes, size};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn nothing_is_lost_and_nobody_waits_for_what_is_there(size in size(3), acts in acts()) {
        let mut rag = Rag::new(size.processes, &size.instances);
        for act in acts {
            carry_out(&mut rag, act);
            prop_assert!(is_whole(&rag, &size), "{rag:?}");
        }
    }

    #[test]
    fn deadlocked_are_those_whom_no_order_finishes(size in size(3), acts in acts()) {
        let rag = after(&size, &acts);
        prop_assert_eq!(rag.deadlocked(), never_finishes(&rag, &size));
    }

    #[test]
    fn with_single_instances_a_cycle_is_a_deadlock(size in size(1), acts in acts()) {
        let rag = after(&size, &acts);
        prop_assert_eq!(rag.cycle().is_some(), !rag.deadlocked().is_empty());
    }

    #[test]
    fn a_cycle_is_one(size in size(3), acts in acts()) {
        let rag = after(&size, &acts);
        if let Some(cycle) = rag.cycle() {
            prop_assert!(cycle.len() > 2);
            prop_assert_eq!(cycle.first(), cycle.last());
            for pair in cycle.windows(2) {
                prop_assert!(match *pair {
                    [Node::P(p), Node::R(r)] => rag.wanted(p, r) > 0,
                    [Node::R(r), Node::P(p)] => rag.held(p, r) > 0,
                    _ => false,
                }, "{cycle:?}");
            }
            for (at, node) in cycle[1..].iter().enumerate() {
                prop_assert!(!cycle[1..][..at].contains(node), "{cycle:?}");
            }
        }
    }
}

#[test]
fn errors_change_nothing() {
    let mut rag = Rag::new(2, &[2]);
    rag.request(0, 0, 2).unwrap();
    rag.request(1, 0, 1).unwrap();
    let before = rag.clone();
    let most = RagError::MoreThanExists { want: 3, total: 2 };
    assert_eq!(rag.request(0, 0, 3), Err(most));
    assert_eq!(rag.request(1, 0, 1), Err(RagError::AlreadyBlocked(1)));
    assert_eq!(rag.request(2, 0, 1), Err(RagError::UnknownProcess(2)));
    assert_eq!(rag.request(0, 1, 1), Err(RagError::UnknownResource(1)));
    assert_eq!(rag.release(0, 0, 3), Err(RagError::NotHeld { have: 2 }));
    assert_eq!(rag.checkpoint(1), Err(RagError::AlreadyBlocked(1)));
    assert_eq!(rag, before);
}

#[test]
fn a_process_can_wait_for_itself() {
    let mut rag = Rag::new(1, &[1]);
    assert_eq!(rag.request(0, 0, 1), Ok(Outcome::Granted));
    assert_eq!(rag.request(0, 0, 1), Ok(Outcome::Blocked));
    assert_eq!(rag.cycle(), Some(vec![Node::P(0), Node::R(0), Node::P(0)]));
    assert_eq!(rag.deadlocked().len(), 1);
}

#[test]
fn waiters_are_served_in_the_order_of_their_requests() {
    let mut rag = Rag::new(4, &[3]);
    rag.request(0, 0, 3).unwrap();
    for (p, n) in [(1, 2), (2, 2), (3, 1)] {
        assert_eq!(rag.request(p, 0, n), Ok(Outcome::Blocked));
    }
    // 1 comes first, 2 does not fit any more, 3 does.
    assert_eq!(rag.release(0, 0, 3), Ok(vec![1, 3]));
    assert_eq!(rag.passed_over(2), Some(2));
    assert_eq!(rag.passed_over(1), None);
}

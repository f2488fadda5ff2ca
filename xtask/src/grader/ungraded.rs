//! What becomes of a score when some checks could not be judged: the one place that knows the
//! policies. It judges no check; which points are open, [`score`](super::score) has found out.

use super::events::{Grade, Score, Ungraded};

/// What the points come to. `broken` if the grader itself failed at a check.
pub(crate) fn settle(policy: Ungraded, score: &Score, broken: bool) -> Grade {
    if score.open() == 0 {
        return Grade::OfGradable;
    }
    match policy {
        Ungraded::Tell => Grade::OfGradable,
        Ungraded::Refuse => Grade::Refused,
        Ungraded::Withhold => Grade::Provisional,
        // Scaling makes up for a machine, not for a mistake of the grader's; and nothing can be
        // made of nothing.
        Ungraded::Scale if broken || score.gradable == 0 => Grade::Refused,
        // Rounded down: nobody gets a point that was not earned.
        Ungraded::Scale => Grade::Scaled {
            points: score.earned * score.possible / score.gradable,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn settled(policy: Ungraded, earned: u32, gradable: u32, broken: bool) -> Grade {
        let score = Score {
            earned,
            gradable,
            possible: 100,
            withheld: Vec::new(),
            open: Vec::new(),
            ungraded: policy,
            grade: Grade::OfGradable,
            todos: Vec::new(),
            wall: Duration::ZERO,
            best: None,
        };
        settle(policy, &score, broken)
    }

    #[test]
    fn a_score_of_everything_is_the_same_under_every_policy() {
        use Ungraded::{Refuse, Scale, Tell, Withhold};
        for policy in [Tell, Refuse, Scale, Withhold] {
            assert_eq!(settled(policy, 40, 100, false), Grade::OfGradable);
        }
    }

    #[test]
    fn each_policy_does_something_else_with_open_points() {
        let of_70 = |policy| settled(policy, 45, 70, false);
        assert_eq!(of_70(Ungraded::Tell), Grade::OfGradable);
        assert_eq!(of_70(Ungraded::Refuse), Grade::Refused);
        assert_eq!(of_70(Ungraded::Withhold), Grade::Provisional);
        // 64.28 is rounded down.
        assert_eq!(of_70(Ungraded::Scale), Grade::Scaled { points: 64 });
    }

    #[test]
    fn nothing_is_scaled_from_nothing_or_over_the_graders_own_failure() {
        assert_eq!(settled(Ungraded::Scale, 0, 0, false), Grade::Refused);
        assert_eq!(settled(Ungraded::Scale, 45, 70, true), Grade::Refused);
    }

    #[test]
    fn scaling_keeps_nothing_and_everything() {
        let scaled = |earned| settled(Ungraded::Scale, earned, 55, false);
        assert_eq!(scaled(0), Grade::Scaled { points: 0 });
        assert_eq!(scaled(55), Grade::Scaled { points: 100 });
        assert_eq!(scaled(54), Grade::Scaled { points: 98 });
    }
}

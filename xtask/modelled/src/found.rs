//! A report of the model's, as the data that checks and reports read.

use interleave::model::{self, Report, Verdict};
use story::{Counts, Found, Outcome};

use crate::told::story;

pub(crate) fn found(program: &str, report: Report) -> Found {
    let outcome = match report.verdict {
        Verdict::Complete { .. } => Outcome::Complete,
        Verdict::Cut { .. } => Outcome::Cut,
        Verdict::Failed(shown) => Outcome::Failed(Box::new(story(program, shown.story()))),
        Verdict::Replayed(shown) => Outcome::Passed(Box::new(story(program, &shown))),
        Verdict::NotDeterministic(why) | Verdict::NotJudged(why) => Outcome::NotJudged(why),
    };
    Found {
        outcome,
        executions: report.executions,
        steps: report.steps,
        completed: report.completed,
        exhaustive: report.exhaustive,
        threads: report.threads,
        most: counts(report.most),
        waiting: report.waiting.map(counts),
    }
}

fn counts(counts: model::Counts) -> Counts {
    Counts {
        updates: counts.updates,
        spin_hints: counts.spin_hints,
        yields: counts.yields,
        futex_calls: counts.futex_calls,
    }
}

#[cfg(test)]
mod tests {
    use interleave::{
        model::{Model, Script},
        sync::atomic::{
            AtomicU32,
            Ordering::{Acquire, Release},
        },
        thread,
    };
    use story::{Memory, Position};

    use super::*;
    use crate::position::position;

    fn lost_update() {
        let number = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| number.store(number.load(Acquire) + 1, Release));
            }
        });
        assert_eq!(number.load(Acquire), 2, "an update is lost");
    }

    #[test]
    fn a_story_survives_json_and_its_memory_can_be_followed() {
        let found = found("lost_update", Model::new().check(lost_update));
        let json = serde_json::to_string(&found).expect("JSON can say it");
        let again: Found = serde_json::from_str(&json).expect("it is JSON");
        assert_eq!(again, found);
        let Outcome::Failed(story) = found.outcome else {
            panic!("{found:?}");
        };
        assert_eq!(
            (story.program.as_str(), story.kind.as_deref()),
            ("lost_update", Some("panic"))
        );
        let memory = Memory::after(&story, story.moments.len());
        assert_eq!(memory.newest(0), Some("1"));
        assert_eq!(memory.histories[0].len(), 3);
        // Both have added to the initial value.
        let reads = story
            .moments
            .iter()
            .enumerate()
            .filter(|(_, moment)| moment.reads == Some(0));
        let from: Vec<Option<usize>> = reads.map(|(index, _)| story.read_from(index)).collect();
        assert_eq!(from, [None, None]);
    }

    #[test]
    fn a_position_survives_json() {
        let asked = Model::new().position(&Script::default(), lost_update);
        let position = position("lost_update", asked);
        let json = serde_json::to_string(&position).expect("JSON can say it");
        let again: Position = serde_json::from_str(&json).expect("it is JSON");
        assert_eq!(again, position);
        assert!(
            position
                .choice
                .is_some_and(|choice| choice.options.len() == 2)
        );
    }
}

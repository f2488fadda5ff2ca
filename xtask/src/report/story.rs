//! A story as steps in columns: what the report on a failed check of the model draws like a race of
//! processes. Changes the form only; what is in question, the story says.

use checks::{Interleaving, Place, Row, Step, Text};
use story::{Moment, Story};

/// The steps, a column for each thread that does something. What follows from them is where every
/// thread is at the end, if that is what is wrong.
pub(super) fn steps(story: &Story) -> Interleaving {
    let acts = |thread: &usize| story.moments.iter().any(|it| it.thread == *thread);
    let columns: Vec<usize> = (0..story.threads.len()).filter(acts).collect();
    let mut rows: Vec<Row> = Vec::new();
    // The last row of each thread: turns of a loop that change nothing are all the same.
    let mut last: Vec<Option<(Option<Place>, Text)>> = vec![None; story.threads.len()];
    for (at, moment) in story.moments.iter().enumerate() {
        let place = moment.place.as_ref().map(place);
        let said = Some((place.clone(), moment.words.clone()));
        let is_marked = story.guilty.contains(&at);
        let is_same = last.get(moment.thread) == Some(&said) && changes_nothing(moment);
        if is_same && !is_marked {
            continue;
        }
        if let Some(last) = last.get_mut(moment.thread) {
            *last = said;
        }
        rows.extend(moment.deviation.clone().map(Row::Note));
        rows.push(Row::Step(Step {
            task: columns
                .iter()
                .position(|it| *it == moment.thread)
                .unwrap_or(0),
            place,
            source: moment.source.clone(),
            instruction: None,
            action: moment.words.clone(),
            value: None,
            marked: is_marked,
        }));
    }
    let name = |thread: &usize| Text::same(story.threads[*thread].name.as_str());
    Interleaving {
        tasks: columns.iter().map(name).collect(),
        watched: Text::same(""),
        rows,
        conclusion: endings(story),
        replay: replay(story),
    }
}

fn changes_nothing(moment: &Moment) -> bool {
    moment.writes.is_none() && moment.wakes.is_empty() && moment.deviation.is_none()
}

fn place(place: &story::Place) -> Place {
    Place {
        file: place.file.clone(),
        line: place.line,
    }
}

/// What names the execution on the command line: the program, and the execution of it.
pub(crate) fn replay(story: &Story) -> String {
    format!("{}@{}", story.program, story.replay)
}

/// Whether where the threads are at the end is what is wrong.
pub(super) fn is_stuck(story: &Story) -> bool {
    matches!(
        story.kind.as_deref(),
        Some("deadlock" | "spins_for_ever" | "no_end")
    )
}

/// A line for each thread that has not finished.
fn endings(story: &Story) -> Text {
    let mut lines = (Vec::new(), Vec::new());
    if is_stuck(story) {
        for thread in &story.threads {
            if let Some(ending) = &thread.ending {
                lines.0.push(format!("{} {}", thread.name, ending.en));
                lines.1.push(format!("{} {}", thread.name, ending.zh));
            }
        }
    }
    Text {
        en: lines.0.join("\n"),
        zh: lines.1.join("\n"),
    }
}

#[cfg(test)]
mod tests {
    use checks::Row;

    use super::{super::stories, steps};

    #[test]
    fn only_threads_that_act_have_a_column() {
        let steps = steps(&stories::lost_ticket());
        let names: Vec<&str> = steps.tasks.iter().map(|task| &*task.en).collect();
        assert_eq!(names, ["T1", "T2"]);
    }

    #[test]
    fn a_deviation_stands_before_what_it_led_to() {
        let steps = steps(&stories::lost_ticket());
        let is_note = |row: &Row| matches!(row, Row::Note(_));
        assert_eq!(steps.rows.iter().position(is_note), Some(1));
        assert_eq!(steps.rows.iter().filter(|row| is_note(row)).count(), 2);
    }

    #[test]
    fn turns_of_a_loop_that_change_nothing_are_one_row() {
        let mut story = stories::relaxed_unlock();
        let turn = {
            let mut it = story.moments[0].clone();
            (it.thread, it.writes) = (2, None);
            it
        };
        story.moments.splice(1..1, vec![turn; 7]);
        story.guilty = story.guilty.iter().map(|at| at + 7).collect();
        assert_eq!(steps(&story).rows.len(), 7);
    }

    #[test]
    fn who_waits_at_the_end_is_told_of_a_deadlock_only() {
        assert!(
            steps(&stories::lost_wake_up())
                .conclusion
                .en
                .contains("T3 sleeps in futex wait")
        );
        assert_eq!(steps(&stories::relaxed_unlock()).conclusion.en, "");
    }
}

//! The text that names one execution: its budget, and its deviations.
//!
//! `2:17.1,40.0.2` is an execution with a budget of 2 that deviates twice: at operation 17 it picks
//! option 1 of the first question, at operation 40 it picks option 2 of the first. `2f:` is one of
//! the phase in which choosing is free at a block, `2a:` one in which others may go first after an
//! operation, too.

use super::path::Deviation;

/// What a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replay {
    pub(crate) budget: u8,
    pub(crate) free_choice: bool,
    pub(crate) after_points: bool,
    pub(crate) deviations: Vec<Deviation>,
}

/// The text of an execution.
pub(crate) fn print(replay: &Replay) -> String {
    let deviations: Vec<String> = replay
        .deviations
        .iter()
        .map(|deviation| match deviation {
            Deviation {
                step,
                ordinal: 0,
                pick,
            } => format!("{step}.{pick}"),
            Deviation {
                step,
                ordinal,
                pick,
            } => format!("{step}.{ordinal}.{pick}"),
        })
        .collect();
    let free = if replay.free_choice { "f" } else { "" };
    let after = if replay.after_points { "a" } else { "" };
    format!("{}{free}{after}:{}", replay.budget, deviations.join(","))
}

/// The execution of a text, if it is one.
pub(crate) fn parse(text: &str) -> Option<Replay> {
    let (budget, deviations) = text.trim().split_once(':')?;
    let (budget, after_points) = match budget.strip_suffix('a') {
        Some(budget) => (budget, true),
        None => (budget, false),
    };
    let (budget, free_choice) = match budget.strip_suffix('f') {
        Some(budget) => (budget, true),
        None => (budget, false),
    };
    let deviations = deviations
        .split(',')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let numbers: Vec<&str> = part.split('.').collect();
            let (step, ordinal, pick) = match numbers[..] {
                [step, pick] => (step, "0", pick),
                [step, ordinal, pick] => (step, ordinal, pick),
                _ => return None,
            };
            Some(Deviation {
                step: step.parse().ok()?,
                ordinal: ordinal.parse().ok()?,
                pick: pick.parse().ok()?,
            })
        })
        .collect::<Option<_>>()?;
    Some(Replay {
        budget: budget.parse().ok()?,
        free_choice,
        after_points,
        deviations,
    })
}

#[cfg(test)]
mod tests {
    use super::{parse, print};

    #[test]
    fn a_text_names_what_it_was_printed_from() {
        for text in ["0:", "3:17.1", "2f:4.1,40.2.1", "1a:2.1", "2fa:"] {
            let replay = parse(text).expect("a replay");
            assert_eq!(print(&replay), text);
        }
    }

    #[test]
    fn other_texts_name_nothing() {
        for text in ["", "3", "x:", "3:1", "3:1.2.3.4", "3:1.x", "300:1.1"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

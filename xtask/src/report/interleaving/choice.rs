//! Which rows of a long interleaving are shown: the marked one, both ends, the remarks, and then
//! what is nearest to those, as long as there is room. Draws nothing.

use checks::Row;

/// For each row, whether it is shown, so that the rows and a line for each gap fit into `budget`.
pub(super) fn keep(rows: &[Row], heights: &[usize], budget: usize) -> Vec<bool> {
    let mut kept = vec![false; rows.len()];
    let order = by_weight(rows);
    loop {
        let mut grew = false;
        for &at in &order {
            if !kept[at] {
                kept[at] = true;
                // The row that matters most is shown whatever it costs.
                let fits = at == order[0] || cost(&kept, heights) <= budget;
                kept[at] = fits;
                grew |= fits;
            }
        }
        if !grew {
            return kept;
        }
    }
}

/// The rows, the most telling first.
fn by_weight(rows: &[Row]) -> Vec<usize> {
    let marked: Vec<usize> = (0..rows.len()).filter(|at| is_marked(&rows[*at])).collect();
    let distance = |at: usize, to: &[usize]| to.iter().map(|to| to.abs_diff(at)).min();
    let weight = |at: usize| {
        let from_mark = distance(at, &marked).unwrap_or(rows.len());
        if from_mark == 0 {
            (0, 0)
        } else if at == 0 || at + 1 == rows.len() {
            (1, 0)
        } else if matches!(rows[at], Row::Note(_)) {
            (2, from_mark)
        } else {
            (3, from_mark.min(at).min(rows.len() - at))
        }
    };
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| weight(*at));
    order
}

fn is_marked(row: &Row) -> bool {
    matches!(row, Row::Step(step) if step.marked)
}

/// The lines that the kept rows take, and the gaps between them.
fn cost(kept: &[bool], heights: &[usize]) -> usize {
    let rows: usize = kept
        .iter()
        .zip(heights)
        .filter(|(kept, _)| **kept)
        .map(|(_, h)| h)
        .sum();
    let gaps = (0..kept.len())
        .filter(|at| !kept[*at] && (*at == 0 || kept[at - 1]))
        .count();
    rows + gaps
}

#[cfg(test)]
mod tests {
    use checks::{Row, Step, Text};

    use super::{cost, keep};

    fn step(marked: bool) -> Row {
        Row::Step(Step {
            task: 0,
            place: None,
            source: None,
            instruction: None,
            action: Text::same("acts"),
            value: None,
            marked,
        })
    }

    fn rows(number: usize, marked: usize, note: usize) -> Vec<Row> {
        let row = |at| {
            if at == note {
                Row::Note(Text::same("stop"))
            } else {
                step(at == marked)
            }
        };
        (0..number).map(row).collect()
    }

    #[test]
    fn everything_is_shown_if_it_fits() {
        assert_eq!(keep(&rows(5, 4, 1), &[1; 5], 5), [true; 5]);
    }

    #[test]
    fn the_marked_row_the_ends_and_the_remarks_are_shown_and_the_room_is_used() {
        let rows = rows(90, 70, 30);
        let kept = keep(&rows, &[1; 90], 12);
        assert!(kept[0] && kept[30] && kept[70] && kept[89]);
        assert_eq!(cost(&kept, &[1; 90]), 12);
    }

    #[test]
    fn the_marked_row_is_shown_even_without_room() {
        let kept = keep(&rows(9, 4, 1), &[1; 9], 1);
        assert!(kept[4]);
    }

    #[test]
    fn no_gap_hides_a_single_row() {
        for budget in 5..20 {
            let kept = keep(&rows(30, 20, 10), &[1; 30], budget);
            let lone = (1..29).find(|at| kept[at - 1] && !kept[*at] && kept[at + 1]);
            assert_eq!(lone, None, "{budget}");
        }
    }

    #[test]
    fn no_rows_at_all_are_no_trouble() {
        assert!(keep(&[], &[], 5).is_empty());
    }
}

//! The steps of a race as a table: a column for each process, the watched value at the right. Each
//! step tells the student's line and the machine's instruction.

use checks::{Interleaving, Row, Step};
use maud::{Markup, html};

use super::Page;

/// The steps, and what follows from them.
pub(super) fn table(it: &Interleaving, page: Page<'_>) -> Markup {
    let columns = it.tasks.len() + 2;
    let mut number = 0;
    html! {
        div.scroll tabindex="0" {
            table.steps {
                thead {
                    tr {
                        th scope="col" { (page.trace().number) }
                        @for task in &it.tasks { th scope="col" { (page.lang.pick(task)) } }
                        th scope="col" { (page.lang.pick(&it.watched)) }
                    }
                }
                tbody {
                    @for row in &it.rows {
                        @match row {
                            Row::Note(note) => tr.note { td colspan=(columns) { (page.lang.pick(note)) } },
                            Row::Step(step) => {
                                ({ number += 1; one(step, number, it.tasks.len(), page) })
                            }
                        }
                    }
                }
            }
        }
        p.conclusion { (page.lang.pick(&it.conclusion)) }
    }
}

fn one(step: &Step, number: usize, tasks: usize, page: Page<'_>) -> Markup {
    html! {
        tr.marked[step.marked] {
            th scope="row" { (number) }
            @for task in 0..tasks {
                td { @if task == step.task { (cell(step, page)) } }
            }
            td.value {
                @if let Some(value) = &step.value { (value) }
                @if step.marked { " " strong.look { "← " (page.trace().look_here) } }
            }
        }
    }
}

fn cell(step: &Step, page: Page<'_>) -> Markup {
    html! {
        strong { (page.lang.pick(&step.action)) }
        @if let Some(place) = &step.place { span.place { (place.file) ":" (place.line) } }
        @if let Some(source) = &step.source { code { (source) } }
        @if let Some(instruction) = &step.instruction { code.machine { (instruction) } }
    }
}

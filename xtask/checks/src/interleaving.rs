//! From the touches that the arena has noted to the rows that a student reads. What is right is
//! not decided here.

use std::{collections::HashMap, fs, path::Path};

use arena::{Access, End, Outcome, Schedule, SourceLine, Spot, Touch};

use crate::{
    Interleaving, Place, Plan, Row, Step, Text, Wrong, ending::submitted_path, judge::name, text,
};

/// What is to be shown.
pub(crate) struct Shown<'a> {
    pub(crate) source: &'a Path,
    pub(crate) plan: &'a Plan,
    pub(crate) outcome: &'a Outcome,
    /// How many shared instructions A has on its way.
    pub(crate) shared: usize,
    pub(crate) wrong: Option<&'a Wrong>,
    pub(crate) replay: String,
}

/// The rows of a round whose touches were noted.
pub(crate) fn interleaving(shown: &Shown<'_>) -> Interleaving {
    let touches = &shown.outcome.touches;
    let watched = watched(touches, shown.wrong.and_then(|wrong| wrong.value));
    let mut sources = Sources::new(shown.source);
    let mut values = Values::default();
    let mut rows: Vec<Row> = Vec::new();
    let mut current = None;
    for (index, touch) in touches.iter().enumerate() {
        if current != Some(touch.who) {
            if let Some(note) = switch(shown, touches, index) {
                rows.push(Row::Note(note));
            }
            current = Some(touch.who);
        }
        values.follow(touch);
        let place = touch.line.as_ref().and_then(|line| sources.place(line));
        let step = Step {
            task: touch.who,
            source: place.as_ref().and_then(|place| sources.text(place)),
            place,
            instruction: touch.instruction.clone(),
            action: action(&touch.access),
            value: watched
                .and_then(|spot| values.0.get(&spot))
                .map(u64::to_string),
            marked: false,
        };
        if rows.last() != Some(&Row::Step(step.clone())) {
            rows.push(Row::Step(step));
        }
    }
    mark(&mut rows, touches, watched, &shown.outcome.end);
    let tasks = (0..shown.outcome.asked.len()).map(|who| {
        let who = name(who);
        text!("process {who}"; "进程 {who}")
    });
    Interleaving {
        tasks: tasks.collect(),
        watched: shown.plan.watched.clone(),
        rows,
        conclusion: conclusion(shown),
        replay: shown.replay.clone(),
    }
}

/// The shared place whose story is told: the one that holds the wrong value in the end, else the
/// one that most processes, most often and last, have written.
fn watched(touches: &[Touch], wrong: Option<u64>) -> Option<Spot> {
    let mut written: HashMap<Spot, (u64, usize, usize, u64)> = HashMap::new();
    for (index, touch) in touches.iter().enumerate() {
        if let Access::Write { spot, after, .. } = touch.access {
            let (writers, times, last, value) = written.entry(spot).or_default();
            *writers |= 1 << touch.who;
            *times += 1;
            *last = index;
            *value = after;
        }
    }
    let key = |(_, (writers, times, last, value)): &(Spot, (u64, usize, usize, u64))| {
        (Some(*value) == wrong, writers.count_ones(), *times, *last)
    };
    written.into_iter().max_by_key(key).map(|(spot, _)| spot)
}

/// The value of each shared place, as the touches have left it.
#[derive(Default)]
struct Values(HashMap<Spot, u64>);

impl Values {
    fn follow(&mut self, touch: &Touch) {
        match touch.access {
            Access::Read { spot, value } => self.0.insert(spot, value),
            Access::Write { spot, after, .. } => self.0.insert(spot, after),
            Access::Call { .. } => None,
        };
    }
}

/// The student's files, read once.
struct Sources<'a> {
    folder: &'a Path,
    read: HashMap<String, Vec<String>>,
}

impl<'a> Sources<'a> {
    fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            read: HashMap::new(),
        }
    }

    /// The place of a line, if it is in a submitted file.
    fn place(&mut self, line: &SourceLine) -> Option<Place> {
        let file = submitted_path(&line.file);
        let lines = self.lines(&file);
        (!lines.is_empty()).then_some(Place {
            file,
            line: line.line,
        })
    }

    fn text(&mut self, place: &Place) -> Option<String> {
        let index = (place.line as usize).checked_sub(1)?;
        self.lines(&place.file)
            .get(index)
            .map(|line| line.trim().to_owned())
    }

    fn lines(&mut self, file: &str) -> &[String] {
        let path = self.folder.join(file);
        self.read.entry(file.to_owned()).or_insert_with(|| {
            // A file that is not there is none of the student's.
            fs::read_to_string(path)
                .unwrap_or_default()
                .lines()
                .map(str::to_owned)
                .collect()
        })
    }
}

fn action(access: &Access) -> Text {
    match access {
        Access::Read { value, .. } => text!("reads {value}"; "读到 {value}"),
        Access::Write {
            before,
            after,
            also_read: true,
            ..
        } if before == after => {
            text!("compares, finds {before}"; "比较，发现是 {before}")
        }
        Access::Write {
            before,
            after,
            also_read: true,
            ..
        } => Text::same(format!("{before} -> {after}")),
        Access::Write { after, .. } => text!("writes {after}"; "写入 {after}"),
        Access::Call { name, result: None } => text!("sleeps in {name}"; "睡在 {name} 里"),
        Access::Call {
            name,
            result: Some(result),
        } if *result < 0 => {
            let errno = -result;
            text!("{name} fails, errno {errno}"; "{name} 失败，errno {errno}")
        }
        Access::Call {
            name,
            result: Some(result),
        } => Text::same(format!("{name} = {result}")),
    }
}

/// What is to be said where another process goes on.
fn switch(shown: &Shown<'_>, touches: &[Touch], index: usize) -> Option<Text> {
    let next = name(touches[index].who);
    let held = match shown.outcome.schedule {
        Schedule::One { a } | Schedule::Two { a, .. } | Schedule::Three { a } => Some(a),
        Schedule::Killed { a, .. } => Some(a),
        Schedule::Serial | Schedule::Alone | Schedule::Signalled { .. } => None,
    };
    let total = shown.shared;
    let first_of_next = !touches[..index]
        .iter()
        .any(|touch| touch.who == touches[index].who);
    let Some(previous) = index.checked_sub(1).map(|previous| &touches[previous]) else {
        return held.filter(|_| touches[index].who != 0).map(|_| {
            text!("A is stopped before it touches anything shared, {next} runs"; "A 停在触及任何共享内容之前，{next} 运行")
        });
    };
    let left = name(previous.who);
    if matches!(previous.access, Access::Call { result: None, .. }) {
        return Some(text!("{left} sleeps, {next} goes on"; "{left} 睡眠，{next} 继续"));
    }
    match (held, previous.who, shown.outcome.schedule) {
        (Some(a), 0, Schedule::Killed { met, .. }) if first_of_next => {
            let place = a + 1;
            Some(match met {
                false => text!(
                    "A is killed here (before its shared instruction {place}), {next} runs";
                    "A 在这里（它的第 {place} 条共享指令之前）被杀死，{next} 运行"
                ),
                true => text!(
                    "A is stopped here (before its shared instruction {place}), {next} runs as far as it can; then A is killed";
                    "A 停在这里（它的第 {place} 条共享指令之前），{next} 运行到不能再前进，然后 A 被杀死"
                ),
            })
        }
        (Some(a), 0, _) if first_of_next => {
            let place = a + 1;
            Some(text!(
                "A is stopped here (before shared instruction {place} of {total}), {next} runs";
                "A 停在这里（共 {total} 条共享指令，停在第 {place} 条之前），{next} 运行"
            ))
        }
        (_, 1, Schedule::Two { b, .. }) if previous.place == b || previous.place + 1 == b => {
            let place = b + 1;
            Some(text!(
                "B is stopped here (before its shared instruction {place}), {next} goes on";
                "B 停在这里（它的第 {place} 条共享指令之前），{next} 继续"
            ))
        }
        _ => Some(text!("{next} goes on"; "{next} 继续")),
    }
}

/// Marks the row to look at: the sleep that never ends, or the last write of the watched place.
fn mark(rows: &mut [Row], touches: &[Touch], watched: Option<Spot>, end: &End) {
    let steps = rows.iter_mut().filter_map(|row| match row {
        Row::Step(step) => Some(step),
        Row::Note(_) => None,
    });
    let steps: Vec<&mut Step> = steps.collect();
    if let End::Asleep { who, .. } | End::Spinning { who } = end {
        if let Some(step) = steps.into_iter().rev().find(|step| step.task == *who) {
            step.marked = true;
        }
        return;
    }
    let last = touches
        .iter()
        .rev()
        .find(|touch| matches!(touch.access, Access::Write { spot, .. } if Some(spot) == watched));
    if let Some(last) = last {
        let wanted = action(&last.access);
        let found = steps
            .into_iter()
            .rev()
            .find(|step| step.task == last.who && step.action == wanted);
        if let Some(step) = found {
            step.marked = true;
        }
    }
}

fn conclusion(shown: &Shown<'_>) -> Text {
    if let Some(wrong) = shown.wrong {
        return wrong.conclusion.clone();
    }
    match &shown.outcome.end {
        End::Asleep { who, call, .. } => {
            let who = name(*who);
            text!(
                "{who} went to sleep in {call}, and no step after that wakes it.";
                "{who} 睡进了 {call}，之后再没有任何一步会唤醒它。"
            )
        }
        End::Spinning { who } => {
            let who = name(*who);
            text!("{who} repeats the same steps, and nobody is left to change what it reads."; "{who} 重复同样的步骤，而它读到的内容再也没有谁会去修改。")
        }
        End::Finished => text!("This schedule goes well."; "这种调度没有问题。"),
        _ => text!("The round ends here."; "这一轮到此结束。"),
    }
}

//! Programs that the model judges: asked for, searched, and what was found made a verdict.
//!
//! The model works in the process that holds the student's code, in a box that has no `/proc`. What it
//! says is judged here; but a verdict of its is one *in the process*, and the record says so.

use std::{fs, path::Path};

use serde_json::{from_str, to_string};
use story::{Counts, Found, Outcome, Search, Story};

use crate::{
    Driver, Failure, Judgement, Place, Scene, Text, Trial, Verdict, ending, failure::grader,
    question, text,
};

/// The lab's own file of programs: what happens there is none of the student's lines.
const PROGRAMS: &str = "src/model.rs";

/// What the check knows of the lab's model.
#[derive(Debug, Default)]
pub(crate) struct Model {
    /// The session, once something was asked.
    session: Option<(Scene, Driver)>,
    /// The programs that the manifest lists for this check, if the grader has told.
    pub(crate) listed: Option<Vec<String>>,
    /// Those that were searched.
    searched: Vec<String>,
}

impl Trial {
    /// Searches through the executions of a program, as the model does by itself: to budget 3.
    ///
    /// # Errors
    /// If an execution fails; *not graded* if the search did not come to its end.
    pub fn searched(&mut self, program: &str) -> Judgement<Found> {
        self.searched_as(program, Search::default())
    }

    /// The same, with other bounds.
    ///
    /// # Errors
    /// As [`Trial::searched`].
    pub fn searched_as(&mut self, program: &str, search: Search) -> Judgement<Found> {
        self.record.in_process = true;
        if let Some(replay) = self.replay.clone() {
            return self.replayed_execution(&replay, program, search);
        }
        if !self.model.is_listed(program) {
            return Err(grader(&format!(
                "the check asks for the program {program}, which lab.toml does not list for it"
            )));
        }
        self.model.searched.push(program.to_owned());
        let found = self.ask_model(program, &search)?;
        for (figure, value) in [("executions", found.executions), ("steps", found.steps)] {
            self.measured(format!("{program}_{figure}"), value);
        }
        match &found.outcome {
            Outcome::Complete => {
                self.worked(so_far(program, &found, search.budget));
                Ok(found)
            }
            Outcome::Failed(story) => Err(failure(story)),
            Outcome::Cut => {
                let executions = found.executions;
                Err(not_graded(&text!(
                    "the search through {program} was cut after {executions} executions";
                    "对 {program} 的搜索在 {executions} 种执行之后被截断"
                )))
            }
            Outcome::NotJudged(why) => Err(not_graded(&Text::same(format!("{program}: {why}")))),
            Outcome::Passed(_) => Err(grader(&"the model replays, and nobody asked for that")),
        }
    }

    /// One execution, `PROGRAM@2:17.1`, and with it the end of the check, whatever it asks else.
    /// Other programs are passed over.
    fn replayed_execution(
        &mut self,
        replay: &str,
        asked: &str,
        search: Search,
    ) -> Judgement<Found> {
        let Some((program, execution)) = replay.split_once('@') else {
            return Err(grader(&format!(
                "{replay:?} names no execution: take the words after --replay from a report"
            )));
        };
        if program != asked {
            return Ok(passed_over());
        }
        let search = Search {
            replay: Some(execution.to_owned()),
            ..search
        };
        Err(match self.ask_model(program, &search)?.outcome {
            Outcome::Failed(story) => failure(&story),
            Outcome::Passed(story) => {
                let mut passed = Failure::new(
                    Verdict::Passed,
                    text!("nothing is wrong in this execution"; "这种执行没有问题"),
                );
                passed.0.in_process = true;
                passed.0.story = Some(*story);
                passed
            }
            Outcome::NotJudged(why) => grader(&format!("{replay}: {why}")),
            Outcome::Complete | Outcome::Cut => grader(&"the model searched instead of replaying"),
        })
    }

    fn ask_model(&mut self, program: &str, search: &Search) -> Judgement<Found> {
        let (mut scene, driver) = match self.model.session.take() {
            Some(session) => session,
            None => self.begin_session()?,
        };
        let asked = to_string(search).map_err(|error| grader(&error))?;
        let answer = scene
            .ask(driver, &question!["search", program, asked])?
            .ok()?;
        let found = from_str(answer.text(0)?).map_err(|_| {
            Failure::wrong(text!(
                "an answer that is not the model's";
                "收到的回答不是模型给出的"
            ))
        })?;
        self.model.session = Some((scene, driver));
        Ok(found)
    }

    /// A session with the lab's programs, told the texts of all files that a story could quote.
    fn begin_session(&self) -> Judgement<(Scene, Driver)> {
        let Some(program) = &self.programs else {
            return Err(grader(&"the lab has no src/model.rs"));
        };
        let mut scene = self.scene_of(program.clone())?;
        let driver = scene.driver()?;
        for (file, text) in sources(&self.source)? {
            scene.ask(driver, &question!["source", file, text])?.ok()?;
        }
        Ok((scene, driver))
    }

    /// What the manifest lists and the check has not asked for, at the end of a check that passes.
    pub(crate) fn not_searched(&self) -> Option<Failure> {
        if let Some((program, _)) = self.replay.as_deref().and_then(|it| it.split_once('@')) {
            // To replay its execution would have ended the check.
            return Some(grader(&format!("this check asks for no program {program}")));
        }
        let listed = self.model.listed.as_ref()?;
        let missing = listed
            .iter()
            .find(|program| !self.model.searched.contains(program))?;
        Some(grader(&format!(
            "lab.toml lists the program {missing} for this check, which does not ask for it"
        )))
    }
}

impl Model {
    fn is_listed(&self, program: &str) -> bool {
        let listed = self.listed.as_ref();
        listed.is_none_or(|listed| listed.iter().any(|name| name == program))
    }
}

/// Nothing was looked at.
fn passed_over() -> Found {
    Found {
        outcome: Outcome::Complete,
        executions: 0,
        steps: 0,
        completed: None,
        exhaustive: false,
        threads: 0,
        most: Counts::default(),
        waiting: None,
    }
}

/// The Rust files beside a submission's, by their paths in the lab.
fn sources(folder: &Path) -> Judgement<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.join("src"))? {
        let path = entry?.path();
        if let Some(name) = path.file_name().and_then(|name| name.to_str())
            && name.ends_with(".rs")
        {
            found.push((format!("src/{name}"), fs::read_to_string(&path)?));
        }
    }
    found.sort();
    Ok(found)
}

/// How far a search went that found nothing.
fn so_far(program: &str, found: &Found, budget: Option<u8>) -> Text {
    let executions = found.executions;
    if found.exhaustive {
        return text!(
            "{program}: all executions, {executions} tried";
            "{program}：所有执行，共尝试 {executions} 种"
        );
    }
    let budget = found.completed.or(budget).unwrap_or_default();
    text!(
        "{program}: complete to budget {budget}, {executions} executions";
        "{program}：预算 {budget} 以内全部完成，共 {executions} 种执行"
    )
}

/// What an execution that fails is worth.
fn failure(story: &Story) -> Failure {
    let place = place(story);
    let kind = story.kind.as_deref().unwrap_or_default();
    let message = story.message.as_deref().unwrap_or_default();
    let mut failure = if kind == "panic" && ending::is_not_written(message) {
        match place.clone() {
            Some(place) => ending::not_written(place),
            None => Failure::wrong(text!("not written yet"; "还没有写")),
        }
    } else {
        let verdict = match kind {
            "deadlock" | "spins_for_ever" => Verdict::Deadlocked,
            _ => Verdict::Failed,
        };
        Failure::new(verdict, headline(kind, message, story))
    };
    failure.0.place = place;
    failure.0.in_process = true;
    failure.0.story = Some(story.clone());
    failure
}

/// What is wrong, in a few words.
fn headline(kind: &str, message: &str, story: &Story) -> Text {
    match kind {
        "panic" => Text::of_both(message.lines().next().unwrap_or_default()),
        "race" => {
            let thing = story.guilty.iter().find_map(|&moment| {
                let thing = story.moments.get(moment)?.thing?;
                Some(story.things.get(thing)?.name.clone())
            });
            match thing {
                Some(name) => text!(
                    "two threads use {name}, and nothing orders them";
                    "两个线程使用 {name}，而它们之间没有先后顺序"
                ),
                None => text!("a data race"; "数据竞争"),
            }
        }
        "deadlock" => text!(
            "a thread sleeps, and nobody is left to wake it";
            "有线程在睡眠，而再没有谁能唤醒它"
        ),
        "spins_for_ever" => text!(
            "a thread spins, and nobody is left to end that";
            "有线程在自旋，而再没有谁能让它停下"
        ),
        "use_after_free" => text!(
            "memory is used after it was given back";
            "使用了已经释放的内存"
        ),
        _ => text!("an execution does not come to its end"; "有一种执行无法结束"),
    }
}

/// The student's line to look at: that of the last moment that the story speaks of, or of the last
/// one before it that is the student's.
fn place(story: &Story) -> Option<Place> {
    let is_own =
        |place: &&story::Place| !place.file.ends_with(PROGRAMS) && place.file.contains("src/");
    let at = |moment: usize| {
        let place = story.moments.get(moment)?.place.as_ref();
        place.filter(|place| is_own(place))
    };
    let last = story.guilty.iter().copied().max();
    let end = last.map_or(story.moments.len(), |last| last + 1);
    let mut guilty = story.guilty.iter().rev().filter_map(|&moment| at(moment));
    let place = guilty.next().or_else(|| (0..end).rev().find_map(at))?;
    Some(Place {
        file: ending::submitted_path(&place.file),
        line: place.line,
    })
}

fn not_graded(why: &Text) -> Failure {
    let (en, zh) = (&why.en, &why.zh);
    let mut failure = Failure::new(
        Verdict::NotGraded,
        text!("not graded: {en}"; "无法评判：{zh}"),
    );
    failure.0.in_process = true;
    failure
}

#[cfg(test)]
mod tests {
    use super::*;
    use story::{Moment, Thing};

    fn moment(file: &str, line: u32) -> Moment {
        Moment {
            thread: 1,
            place: Some(story::Place {
                file: file.to_owned(),
                line,
            }),
            source: None,
            words: Text::same("x"),
            thing: Some(0),
            writes: None,
            reads: None,
            old: false,
            deviation: None,
            wakes: Vec::new(),
            view: Vec::new(),
        }
    }

    fn story(kind: &str, message: Option<&str>) -> Story {
        Story {
            program: "exclusion".to_owned(),
            kind: Some(kind.to_owned()),
            message: message.map(str::to_owned),
            things: vec![Thing {
                name: "data".to_owned(),
                initial: None,
            }],
            moments: vec![
                moment("labs/19-spinlock/src/spinlock.rs", 47),
                moment("labs/19-spinlock/src/model.rs", 12),
            ],
            guilty: vec![1],
            ..Story::default()
        }
    }

    fn record(kind: &str, message: Option<&str>) -> crate::Record {
        *failure(&story(kind, message)).0
    }

    #[test]
    fn each_kind_has_its_verdict_and_its_words() {
        for kind in ["deadlock", "spins_for_ever"] {
            assert_eq!(record(kind, None).verdict, Verdict::Deadlocked);
        }
        for kind in ["race", "use_after_free", "no_end", "panic"] {
            assert_eq!(record(kind, None).verdict, Verdict::Failed);
        }
        let race = record("race", None);
        assert!(race.in_process);
        assert_eq!(
            race.headline.map(|headline| headline.en).as_deref(),
            Some("two threads use data, and nothing orders them")
        );
    }

    #[test]
    fn a_message_is_told_in_both_languages() {
        let told = record("panic", Some("two threads are inside / 两个线程同时在里面"));
        let headline = told.headline.expect("a headline");
        assert_eq!(headline.en, "two threads are inside");
        assert_eq!(headline.zh, "两个线程同时在里面");
    }

    #[test]
    fn a_todo_is_not_a_wrong_answer() {
        let told = record("panic", Some("not yet implemented: lock"));
        assert_eq!(told.not_written.map(|place| place.line), Some(47));
    }

    #[test]
    fn the_line_to_look_at_is_the_students() {
        let place = record("race", None).place.expect("a place");
        assert_eq!((place.file.as_str(), place.line), ("src/spinlock.rs", 47));
    }
}

//! From records to points. Pure: what requires what, what counts as gradable, and which functions
//! are still to be written.

use std::{collections::BTreeMap, path::Path, time::Duration};

use checks::{Place, Record, Verdict};

use super::{
    events::{Grade, Score, Todo, Ungraded},
    functions::function_at,
    manifest::Check,
    submission::Submitted,
};

/// The records of the checks that were asked for, by name.
pub(crate) type Records = BTreeMap<String, Record>;

/// What the checks earned; those without a record were not run, and are not gradable. What becomes
/// of these is not settled here.
pub(crate) fn score(checks: &[&Check], records: &Records, files: &[Submitted]) -> Score {
    let verdicts = Verdicts { checks, records };
    let mut score = Score {
        earned: 0,
        gradable: 0,
        possible: 0,
        withheld: Vec::new(),
        open: Vec::new(),
        ungraded: Ungraded::Tell,
        grade: Grade::OfGradable,
        todos: todos(checks, records, files),
        wall: Duration::ZERO,
        best: None,
    };
    for check in checks {
        score.possible += check.points;
        match verdicts.standing(check) {
            Standing::Earned => {
                score.earned += check.points;
                score.gradable += check.points;
            }
            Standing::Lost => score.gradable += check.points,
            Standing::Withheld => {
                score.gradable += check.points;
                score.withheld.push(check.name.clone());
            }
            Standing::NotGradable => {
                score.open.push(check.name.clone());
                if verdicts.of(check) == Some(Verdict::Passed) {
                    score.withheld.push(check.name.clone());
                }
            }
        }
    }
    score
}

/// What a check's record is worth beside the records of what it requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Earned,
    Lost,
    /// It passed, but what it requires did not: luck earns nothing.
    Withheld,
    /// It could not be judged, or it passed and what it requires could not be judged.
    NotGradable,
}

struct Verdicts<'a> {
    checks: &'a [&'a Check],
    records: &'a Records,
}

impl Verdicts<'_> {
    fn of(&self, check: &Check) -> Option<Verdict> {
        self.records.get(&check.name).map(|record| record.verdict)
    }

    fn standing(&self, check: &Check) -> Standing {
        match self.of(check) {
            None | Some(Verdict::NotGraded | Verdict::GraderError) => Standing::NotGradable,
            Some(Verdict::Passed) => self.with_requirements(check),
            Some(
                Verdict::Failed
                | Verdict::TimedOut
                | Verdict::Deadlocked
                | Verdict::Crashed
                | Verdict::ExitedEarly
                | Verdict::Leaked,
            ) => Standing::Lost,
        }
    }

    /// The manifest has no circles, so this ends.
    fn with_requirements(&self, check: &Check) -> Standing {
        let mut standing = Standing::Earned;
        for name in &check.requires {
            let required = self.checks.iter().find(|other| other.name == *name);
            match required.map_or(Standing::NotGradable, |required| self.standing(required)) {
                Standing::Earned => {}
                Standing::Lost | Standing::Withheld => return Standing::Withheld,
                Standing::NotGradable => standing = Standing::NotGradable,
            }
        }
        standing
    }
}

/// The functions that stopped checks because they are not written yet, dearest first.
fn todos(checks: &[&Check], records: &Records, files: &[Submitted]) -> Vec<Todo> {
    let mut todos: Vec<Todo> = Vec::new();
    for check in checks {
        let Some(place) = records
            .get(&check.name)
            .and_then(|record| record.not_written.clone())
        else {
            continue;
        };
        let function = function_of(&place, files);
        match todos.iter_mut().find(|todo| todo.function == function) {
            Some(todo) => {
                todo.checks.push(check.name.clone());
                todo.points += check.points;
            }
            None => todos.push(Todo {
                function,
                place,
                checks: vec![check.name.clone()],
                points: check.points,
            }),
        }
    }
    todos.sort_by_key(|todo| std::cmp::Reverse(todo.points));
    todos
}

/// `Map::range`; a free function is named with its file, since every program has a `main`.
fn function_of(place: &Place, files: &[Submitted]) -> String {
    let file = files.iter().find(|file| file.path == place.file);
    match file.and_then(|file| function_at(&file.text, place.line)) {
        Some(method) if method.contains("::") => method,
        Some(function) => {
            let module = Path::new(&place.file).file_stem().unwrap_or_default();
            format!("{}::{function}", module.display())
        }
        None => format!("{}:{}", place.file, place.line),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use checks::Text;

    use super::{super::manifest::Kind, *};

    fn check(name: &str, points: u32, requires: &[&str]) -> Check {
        Check {
            name: name.into(),
            line: 1,
            title: Text::same(name),
            kind: Kind::Functional,
            points,
            deadline: Duration::from_secs(1),
            requires: requires.iter().map(|name| (*name).to_owned()).collect(),
            programs: Vec::new(),
            hidden: false,
            hints: Vec::new(),
        }
    }

    fn scored(checks: &[Check], verdicts: &[(&str, Verdict)]) -> Score {
        let records = verdicts
            .iter()
            .map(|(name, v)| ((*name).to_owned(), Record::new(*v)))
            .collect();
        score(&checks.iter().collect::<Vec<_>>(), &records, &[])
    }

    #[test]
    fn a_pass_without_what_it_requires_earns_nothing() {
        let checks = [check("luck", 40, &["sure"]), check("sure", 60, &[])];
        let score = scored(
            &checks,
            &[("luck", Verdict::Passed), ("sure", Verdict::Deadlocked)],
        );
        assert_eq!(
            (score.earned, score.gradable, score.possible),
            (0, 100, 100)
        );
        assert_eq!(score.withheld, ["luck"]);
        let score = scored(
            &checks,
            &[("luck", Verdict::Passed), ("sure", Verdict::Passed)],
        );
        assert_eq!((score.earned, score.withheld.len()), (100, 0));
    }

    #[test]
    fn requirements_reach_through_others() {
        let checks = [
            check("a", 20, &["b"]),
            check("b", 30, &["c"]),
            check("c", 50, &[]),
        ];
        let verdicts = [
            ("a", Verdict::Passed),
            ("b", Verdict::Passed),
            ("c", Verdict::Failed),
        ];
        let score = scored(&checks, &verdicts);
        assert_eq!(
            (score.earned, score.withheld),
            (0, vec!["a".to_owned(), "b".to_owned()])
        );
    }

    #[test]
    fn what_could_not_be_judged_is_neither_earned_nor_lost() {
        let checks = [check("luck", 40, &["sure"]), check("sure", 60, &[])];
        let score = scored(
            &checks,
            &[("luck", Verdict::Passed), ("sure", Verdict::NotGraded)],
        );
        assert_eq!((score.earned, score.gradable, score.possible), (0, 0, 100));
        assert_eq!(score.open, ["luck", "sure"]);
        // It passed, so a report must say why it earns nothing.
        assert_eq!(score.withheld, ["luck"]);
        let score = scored(
            &checks,
            &[("luck", Verdict::Failed), ("sure", Verdict::GraderError)],
        );
        assert_eq!((score.earned, score.gradable), (0, 40));
        assert_eq!(score.open, ["sure"]);
        assert!(score.withheld.is_empty());
    }

    #[test]
    fn checks_that_wait_for_one_function_are_told_together() {
        let checks = [
            check("a", 10, &[]),
            check("b", 20, &[]),
            check("c", 70, &[]),
        ];
        let files = [Submitted {
            path: "src/map.rs".into(),
            shown: "labs/12-mmap/src/map.rs".into(),
            text: "impl Map {\n    fn range() { todo!() }\n}\nfn other() { todo!() }\n".into(),
        }];
        let stopped = |line| Record {
            not_written: Some(Place {
                file: "src/map.rs".into(),
                line,
            }),
            ..Record::new(Verdict::Failed)
        };
        let records = [("a", stopped(2)), ("b", stopped(2)), ("c", stopped(4))]
            .map(|(name, record)| (name.to_owned(), record))
            .into();
        let score = score(&checks.iter().collect::<Vec<_>>(), &records, &files);
        let told: Vec<(&str, u32)> = score
            .todos
            .iter()
            .map(|todo| (&*todo.function, todo.points))
            .collect();
        assert_eq!(told, [("map::other", 70), ("Map::range", 30)]);
        assert_eq!(score.todos[1].checks, ["a", "b"]);
    }
}

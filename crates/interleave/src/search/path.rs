//! The choices of one execution, and how the next one differs.

/// What is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// Who runs on, before an operation.
    Preempt,
    /// Who runs on, when the running thread cannot or does not want to.
    Next,
    /// Whether a timer is over before its time has come.
    Timer,
    /// Which message a load reads.
    Message,
    /// Whether a weak compare-exchange, a wait or a park gives up for no reason.
    Spurious,
    /// Whether a spinner goes on spinning while others could run.
    Impatient,
    /// Whether the clock has gone on a lot.
    Clock,
    /// Whom a notification wakes.
    Wake,
    /// Whether a process dies.
    Death,
}

/// A choice that was made. Option 0 is what a quiet machine would do.
#[derive(Clone, Copy, Debug)]
struct Choice {
    question: Question,
    options: u8,
    pick: u8,
    /// Stands for what the asking thread has seen: if it differs when the path is followed again,
    /// the code under test is not deterministic.
    hash: u64,
}

/// A choice that differs from option 0, named so that it can be found in an execution without the
/// ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deviation {
    /// The operation, counted from the beginning.
    pub(crate) step: u32,
    /// Which of the questions at that operation.
    pub(crate) ordinal: u8,
    pub(crate) pick: u8,
}

/// The ordinal of the one question that is not always asked.
const UNCOUNTED: u8 = u8::MAX;

/// Why there is no pick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Halt {
    /// The path was followed again and led elsewhere.
    LedElsewhere,
    /// Somebody wants to be asked: the execution goes no further.
    Asked,
}

/// Where an execution stops, for somebody who wants to choose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    /// The last choice that was made; `None` if there was none.
    pub(crate) after: Option<(u32, u8)>,
    /// Whether all questions are asked, or only who goes next and whom a notification wakes.
    pub(crate) everything: bool,
}

impl Stop {
    /// Whether the execution stops at a question.
    fn is_at(&mut self, question: Question, at: (u32, u8)) -> bool {
        match self.after {
            Some(after) if after == at => {
                self.after = None;
                false
            }
            // If the place itself never came, it is behind us.
            Some((step, _)) if at.0 <= step => false,
            _ => {
                self.after = None;
                self.everything
                    || matches!(
                        question,
                        Question::Preempt | Question::Next | Question::Wake
                    )
            }
        }
    }
}

/// The choices of an execution.
#[derive(Debug, Default)]
pub(crate) struct Path {
    choices: Vec<Choice>,
    position: usize,
    /// So many deviations are left.
    budget: u8,
    /// Somebody would have liked to deviate and could not pay.
    limited: bool,
    deviations: Vec<Deviation>,
    script: Option<Vec<Deviation>>,
    stop: Option<Stop>,
    /// Where it has stopped.
    stopped: Option<(u32, u8)>,
    step: u32,
    ordinal: u8,
}

impl Path {
    /// Forgets all choices: a search begins.
    pub(crate) fn begin(&mut self) {
        self.choices.clear();
        self.limited = false;
        self.script = None;
        self.stop = None;
        self.stopped = None;
    }

    /// The next execution deviates as this says, and nowhere else.
    pub(crate) fn follow(&mut self, script: Vec<Deviation>) {
        self.begin();
        self.script = Some(script);
    }

    /// The execution that follows a script is to stop somewhere.
    pub(crate) fn stop(&mut self, stop: Stop) {
        self.stop = Some(stop);
    }

    /// The question at which it has stopped.
    pub(crate) fn stopped(&self) -> Option<(u32, u8)> {
        self.stopped
    }

    /// An execution begins.
    pub(crate) fn rewind(&mut self, budget: u8) {
        self.position = 0;
        self.budget = budget;
        self.deviations.clear();
        self.step = 0;
        self.ordinal = 0;
    }

    /// An operation begins.
    pub(crate) fn step(&mut self) {
        self.step += 1;
        self.ordinal = 0;
    }

    /// Goes on to the next path, depth first; false if there is none.
    pub(crate) fn advance(&mut self) -> bool {
        while let Some(last) = self.choices.last_mut() {
            if last.pick + 1 < last.options {
                last.pick += 1;
                return true;
            }
            self.choices.pop();
        }
        false
    }

    /// Whether everything so far was the same in the execution before.
    pub(crate) fn is_known(&self) -> bool {
        self.position < self.choices.len()
    }

    /// Deviations that are left.
    pub(crate) fn budget(&self) -> u8 {
        self.budget
    }

    /// Whether a deviation was left out since the search began, for lack of budget.
    pub(crate) fn is_limited(&self) -> bool {
        self.limited
    }

    /// The deviations of the execution so far.
    pub(crate) fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// Picks one of `options`. The first is free, each of the others takes `cost` off the budget.
    pub(crate) fn choose(
        &mut self,
        question: Question,
        options: usize,
        cost: u8,
        hash: u64,
    ) -> Result<usize, Halt> {
        if options < 2 {
            return Ok(0);
        }
        let ordinal = self.ordinal;
        self.ordinal += 1;
        self.pick(question, options, cost, hash, ordinal)
    }

    /// As [`Path::choose`] between two, for a question that is not asked any more once `hopeless`:
    /// to learn that in the middle of a search must not lead elsewhere.
    pub(crate) fn choose_uncounted(
        &mut self,
        question: Question,
        hash: u64,
        hopeless: bool,
    ) -> Result<usize, Halt> {
        let was_asked = match (&self.script, self.choices.get(self.position)) {
            (Some(_), _) => true,
            (None, Some(choice)) => choice.question == question && choice.hash == hash,
            (None, None) => !hopeless,
        };
        if was_asked {
            self.pick(question, 2, 1, hash, UNCOUNTED)
        } else {
            Ok(0)
        }
    }

    fn pick(
        &mut self,
        question: Question,
        options: usize,
        cost: u8,
        hash: u64,
        ordinal: u8,
    ) -> Result<usize, Halt> {
        if cost > self.budget {
            self.limited = true;
            return Ok(0);
        }
        let options = options.min(usize::from(u8::MAX)) as u8;
        let pick = if let Some(script) = &self.script {
            let at = (self.step, ordinal);
            if let Some(stop) = &mut self.stop
                && stop.is_at(question, at)
            {
                self.stopped = Some(at);
                return Err(Halt::Asked);
            }
            let here = |deviation: &&Deviation| (deviation.step, deviation.ordinal) == at;
            script
                .iter()
                .find(here)
                .map_or(0, |deviation| deviation.pick)
        } else if let Some(choice) = self.choices.get(self.position) {
            if (choice.question, choice.options, choice.hash) != (question, options, hash) {
                return Err(Halt::LedElsewhere);
            }
            self.position += 1;
            choice.pick
        } else {
            self.choices.push(Choice {
                question,
                options,
                pick: 0,
                hash,
            });
            self.position += 1;
            0
        };
        if pick >= options {
            return Err(Halt::LedElsewhere);
        }
        if pick > 0 {
            self.budget -= cost;
            self.deviations.push(Deviation {
                step: self.step,
                ordinal,
                pick,
            });
        }
        Ok(usize::from(pick))
    }
}

#[cfg(test)]
mod tests {
    use super::{Halt, Path, Question, Stop};

    /// All sequences of picks from `depth` questions with `options` answers each.
    fn all(depth: usize, options: usize, budget: u8) -> (Vec<Vec<usize>>, bool) {
        let mut path = Path::default();
        path.begin();
        let mut found = Vec::new();
        loop {
            path.rewind(budget);
            let picks = (0..depth).map(|_| path.choose(Question::Message, options, 1, 0));
            found.push(
                picks
                    .map(|pick| pick.expect("the same questions"))
                    .collect(),
            );
            if !path.advance() {
                return (found, path.is_limited());
            }
        }
    }

    #[test]
    fn without_a_bound_every_sequence_is_tried_once() {
        let (found, limited) = all(3, 2, 3);
        assert_eq!(found.len(), 8);
        assert!(!limited);
    }

    #[test]
    fn a_budget_bounds_the_deviations_and_says_so() {
        let (found, limited) = all(4, 3, 1);
        assert_eq!(found.len(), 1 + 4 * 2);
        assert!(limited);
        assert!(
            found
                .iter()
                .all(|picks| picks.iter().filter(|&&pick| pick > 0).count() < 2)
        );
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_noticed() {
        let mut path = Path::default();
        path.begin();
        path.rewind(1);
        assert!(path.choose(Question::Message, 2, 1, 7).is_ok());
        assert!(path.advance());
        path.rewind(1);
        assert!(path.choose(Question::Message, 2, 1, 8).is_err());
    }

    /// Where a path stops that asks two questions at each of three operations.
    fn stops_at(after: Option<(u32, u8)>, everything: bool) -> Option<(u32, u8)> {
        let mut path = Path::default();
        path.follow(Vec::new());
        path.stop(Stop { after, everything });
        path.rewind(9);
        for _ in 0..3 {
            path.step();
            for question in [Question::Preempt, Question::Message] {
                if path.choose(question, 2, 1, 0) == Err(Halt::Asked) {
                    return path.stopped();
                }
            }
        }
        None
    }

    #[test]
    fn an_execution_stops_at_the_next_question_that_is_to_be_asked() {
        assert_eq!(stops_at(None, false), Some((1, 0)));
        assert_eq!(stops_at(Some((1, 0)), true), Some((1, 1)));
        assert_eq!(stops_at(Some((1, 0)), false), Some((2, 0)));
        assert_eq!(stops_at(Some((3, 0)), false), None);
        // A place that is none.
        assert_eq!(stops_at(Some((1, 7)), true), Some((2, 0)));
    }

    #[test]
    fn deviations_lead_to_the_same_execution_again() {
        let run = |path: &mut Path| -> Vec<usize> {
            (0..5)
                .map(|_| {
                    path.step();
                    path.choose(Question::Next, 3, 1, 0)
                        .expect("the same questions")
                })
                .collect()
        };
        let mut path = Path::default();
        path.begin();
        let picks = loop {
            path.rewind(2);
            let picks = run(&mut path);
            if picks == [0, 2, 0, 0, 1] {
                break picks;
            }
            assert!(path.advance(), "the sequence is tried");
        };
        let script = path.deviations().to_vec();
        path.follow(script);
        path.rewind(2);
        assert_eq!(run(&mut path), picks);
    }
}

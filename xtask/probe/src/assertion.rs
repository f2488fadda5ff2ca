//! Sentences about a timeline: "exactly one mmap of the file", "ftruncate before mmap". One that
//! does not hold says so in both languages, and shows the part of the timeline that it is about.

use crate::{Call, Family, SourceLine, Timeline, View, What};

/// Some calls of a timeline, and what they are called in a sentence.
#[derive(Debug, Clone)]
pub struct Calls<'a> {
    timeline: &'a Timeline,
    /// Places in the timeline.
    found: Vec<usize>,
    en: String,
    zh: String,
}

/// A sentence that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// In English.
    pub en: String,
    /// In Simplified Chinese.
    pub zh: String,
    /// The timeline that it is about, the offending call marked.
    pub view: View,
    /// The student's line that made the offending call, if there is one and that is known.
    pub line: Option<SourceLine>,
}

/// Whether a sentence holds.
pub type Holds = Result<(), Box<Broken>>;

impl<'a> Calls<'a> {
    /// The calls of a family, by what they are called in both languages.
    pub fn of(timeline: &'a Timeline, family: Family, en: &str, zh: &str) -> Self {
        Self::all(timeline, en, zh).only(|call| family.has(call))
    }

    /// All calls.
    pub fn all(timeline: &'a Timeline, en: &str, zh: &str) -> Self {
        let is_call = |at: &usize| matches!(timeline.events[*at].what, What::Call(_));
        Self {
            timeline,
            found: (0..timeline.events.len()).filter(is_call).collect(),
            en: en.to_owned(),
            zh: zh.to_owned(),
        }
    }

    /// Those of which something is true.
    #[must_use]
    pub fn only(mut self, mut so: impl FnMut(&Call) -> bool) -> Self {
        let timeline = self.timeline;
        self.found.retain(|at| match &timeline.events[*at].what {
            What::Call(call) => so(call),
            _ => false,
        });
        self
    }

    /// Those of one process, by its number in the box.
    #[must_use]
    pub fn in_process(mut self, process: i32) -> Self {
        let timeline = self.timeline;
        self.found
            .retain(|at| timeline.events[*at].process == process);
        self
    }

    /// Those that succeeded.
    #[must_use]
    pub fn that_succeed(self) -> Self {
        self.only(|call| call.returned().is_some_and(|value| value >= 0))
    }

    /// The calls themselves.
    pub fn calls(&self) -> impl Iterator<Item = &'a Call> {
        let timeline = self.timeline;
        self.found
            .iter()
            .filter_map(|at| match &timeline.events[*at].what {
                What::Call(call) => Some(call),
                _ => None,
            })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// There is none.
    ///
    /// # Errors
    /// If there is one; it is marked.
    pub fn never(&self) -> Holds {
        match self.found.first() {
            None => Ok(()),
            Some(first) => self.broken(
                Some(*first),
                format!("there is {}, and there should be none", self.en),
                format!("出现了{}，而这里不应有", self.zh),
            ),
        }
    }

    /// There are so many, no more and no fewer.
    ///
    /// # Errors
    /// If there are more (the first too many is marked) or fewer.
    pub fn exactly(&self, wanted: usize) -> Holds {
        let count = self.count();
        if count == wanted {
            return Ok(());
        }
        self.broken(
            self.found.get(wanted).copied(),
            format!("{}: there should be {wanted}, there are {count}", self.en),
            format!("{}：应有 {wanted} 次，实际 {count} 次", self.zh),
        )
    }

    /// There is one at least.
    ///
    /// # Errors
    /// If there is none.
    pub fn happen(&self) -> Holds {
        if self.count() > 0 {
            return Ok(());
        }
        self.broken(
            None,
            format!("there is no {}", self.en),
            format!("没有{}", self.zh),
        )
    }

    /// One of these comes before the first of the others. If there are no others, nothing can come
    /// too late.
    ///
    /// # Errors
    /// If the first of the others comes first; it is marked.
    pub fn before(&self, others: &Self) -> Holds {
        let Some(first_other) = others.found.first() else {
            return Ok(());
        };
        if self.found.first().is_some_and(|first| first < first_other) {
            return Ok(());
        }
        self.broken(
            Some(*first_other),
            format!("{} comes before {}", others.en, self.en),
            format!("{}发生在{}之前", others.zh, self.zh),
        )
    }

    /// Each of these is so.
    ///
    /// # Errors
    /// If one is not; it is marked. `en` and `zh` say what is wrong with it.
    pub fn all_are(&self, mut so: impl FnMut(&Call) -> bool, en: &str, zh: &str) -> Holds {
        for at in &self.found {
            if let What::Call(call) = &self.timeline.events[*at].what
                && !so(call)
            {
                let (en, zh) = (format!("{} {en}", self.en), format!("{}{zh}", self.zh));
                return self.broken(Some(*at), en, zh);
            }
        }
        Ok(())
    }

    /// The timeline, with the last of these calls to be looked at.
    pub fn view(&self) -> View {
        View {
            timeline: self.timeline.clone(),
            marked: self.found.last().copied(),
        }
    }

    fn broken(&self, at: Option<usize>, en: String, zh: String) -> Holds {
        let line = at.and_then(|at| match &self.timeline.events[at].what {
            What::Call(call) => call.line.clone(),
            _ => None,
        });
        Err(Box::new(Broken {
            en,
            zh,
            view: View {
                timeline: self.timeline.clone(),
                marked: at,
            },
            line,
        }))
    }
}

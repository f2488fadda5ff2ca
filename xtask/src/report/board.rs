//! The board: an execution under the model at one of its moments, drawn as parts of a screen. Both
//! who steps through a finished run and who plays the scheduler look at this, in a terminal's own
//! interface or as plain lines. Draws only; what happens at a key is for [`crate::play`].

mod memory;
mod moments;
mod threads;

use story::{Choice, Standing, Story};

use super::{
    lang::Lang,
    page::{Line, Role, Span},
    story::is_stuck,
    visible::visible,
    width::{cells, cut, wrap},
    words::{self, Words},
};

/// What is drawn.
#[derive(Clone, Copy)]
pub(crate) struct Board<'a> {
    pub(crate) story: &'a Story,
    /// So many of the story's moments have happened.
    pub(crate) upto: usize,
    /// Where the threads stand; none if the story itself tells, since it goes on from here.
    pub(crate) standing: &'a [Standing],
    pub(crate) lang: Lang,
    /// No line is wider.
    pub(crate) width: usize,
}

impl<'a> Board<'a> {
    fn words(self) -> &'static words::Board {
        let words: &'static Words = self.lang.words();
        &words.board
    }

    /// Every thread: where it stands, and the line that it is in front of.
    pub(crate) fn threads(self) -> Vec<Line> {
        threads::draw(self)
    }

    /// Everything that threads share: the values that were written, and who knows which.
    pub(crate) fn memory(self) -> Vec<Line> {
        memory::draw(self)
    }

    /// The last moments before this one, in at most so many lines.
    pub(crate) fn happened(self, lines: usize) -> Vec<Line> {
        moments::last(self, lines)
    }

    /// The moments behind number `from`, all of them.
    pub(crate) fn happened_since(self, from: usize) -> Vec<Line> {
        moments::since(self, from)
    }

    /// What is wrong with the execution; nothing if nothing is.
    pub(crate) fn title(self) -> Vec<Line> {
        let Some(title) = &self.story.title else {
            return Vec::new();
        };
        let text = visible(self.lang.pick(title), true);
        let lines = wrap(&text, self.width);
        lines
            .iter()
            .map(|line| vec![Span::new(Role::Bad, line)])
            .collect()
    }

    /// Where the threads are that have not finished, if that is what is wrong.
    pub(crate) fn endings(self) -> Vec<Line> {
        if !is_stuck(self.story) {
            return Vec::new();
        }
        let threads = self.story.threads.iter();
        let ending = |thread: &story::Thread| {
            let ending = self.lang.pick(thread.ending.as_ref()?);
            let line = cut(&format!("{} {ending}", thread.name), self.width);
            Some(vec![Span::plain(&line)])
        };
        threads.filter_map(ending).collect()
    }

    /// The options of a choice, numbered from 1; one of them may be picked out.
    pub(crate) fn options(self, choice: &Choice, picked: Option<usize>) -> Vec<Line> {
        let option = |(at, option): (usize, &story::Choosable)| {
            let is_picked = picked == Some(at);
            let mark = if is_picked { ">" } else { " " };
            let role = if is_picked { Role::Strong } else { Role::Plain };
            let words = visible(self.lang.pick(&option.words), false);
            let line = format!("{mark}{:>2}  {words}", at + 1);
            vec![Span::new(role, &cut(&line, self.width))]
        };
        choice.options.iter().enumerate().map(option).collect()
    }
}

/// The name of a thread, for a story that may not have so many.
fn name(story: &Story, thread: usize) -> String {
    let known = story.threads.get(thread);
    known.map_or_else(|| format!("T{thread}"), |known| known.name.clone())
}

/// `spinlock.rs:47`
fn short(place: &story::Place) -> String {
    let file = place.file.rsplit('/').next().unwrap_or_default();
    format!("{file}:{}", place.line)
}

/// The widest of these texts.
fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(cells).max().unwrap_or(0)
}

#[cfg(test)]
mod tests;

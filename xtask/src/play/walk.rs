//! Stepping through an execution that has been carried out: forwards, back, to both ends.

use story::Story;

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Forward,
    Back,
    First,
    Last,
    /// Show memory, or do not.
    Memory,
    Quit,
}

/// An execution, and a place in it.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) story: Story,
    /// So many moments have happened.
    pub(crate) upto: usize,
    /// Whether memory is shown.
    pub(crate) memory: bool,
}

impl Walk {
    /// Before the first moment.
    pub(crate) fn new(story: Story) -> Self {
        Self {
            story,
            upto: 0,
            memory: true,
        }
    }

    /// Whether nothing is left to come.
    pub(crate) fn is_at_the_end(&self) -> bool {
        self.upto == self.story.moments.len()
    }

    /// Does something; false if that was the last.
    pub(crate) fn act(&mut self, action: Action) -> bool {
        let last = self.story.moments.len();
        match action {
            Action::Forward => self.upto = last.min(self.upto + 1),
            Action::Back => self.upto = self.upto.saturating_sub(1),
            Action::First => self.upto = 0,
            Action::Last => self.upto = last,
            Action::Memory => self.memory = !self.memory,
            Action::Quit => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Walk};
    use crate::report::stories;

    #[test]
    fn no_step_leads_out_of_the_run() {
        let mut walk = Walk::new(stories::lost_ticket());
        walk.act(Action::Back);
        assert_eq!(walk.upto, 0);
        walk.act(Action::Last);
        assert_eq!(walk.upto, 9);
        assert!(walk.is_at_the_end());
        walk.act(Action::Forward);
        assert_eq!(walk.upto, 9);
        walk.act(Action::Back);
        assert_eq!(walk.upto, 8);
        walk.act(Action::First);
        assert_eq!(walk.upto, 0);
        assert!(!walk.act(Action::Quit));
    }
}

//! A line that says what is going on, once nothing has been said for a second; gone before anything
//! else is printed. Only for a terminal, and only on standard error.

use std::{
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{lang::Lang, visible::visible};
use crate::grader::events::{Event, LabSummary};

/// So long there is silence before the line appears.
const SILENCE: Duration = Duration::from_secs(1);
/// So often the spinner turns.
const TURN: Duration = Duration::from_millis(120);

/// The line, and the thread that keeps it turning. Dropping it clears the line.
#[derive(Debug)]
pub(super) struct Progress {
    say: Option<Sender<String>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    pub(super) fn start() -> Self {
        let (say, heard) = unbounded();
        let thread = std::thread::spawn(move || spin(&heard, ProgressDrawTarget::stderr()));
        Self {
            say: Some(say),
            thread: Some(thread),
        }
    }

    /// The line says this from now on.
    pub(super) fn say(&self, message: String) {
        if let Some(say) = &self.say {
            // If the thread is gone there is no line to change.
            drop(say.send(message));
        }
    }

    /// Clears the line. When this returns, nothing more is drawn.
    pub(super) fn clear(&mut self) {
        self.say = None;
        if let Some(thread) = self.thread.take() {
            // Its panic has been shown already, and the report matters more.
            drop(thread.join());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Turns until the sender is dropped.
fn spin(heard: &Receiver<String>, target: ProgressDrawTarget) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        bar.set_style(style.tick_chars("|/-\\ "));
    }
    let mut waiting = Some((Instant::now() + SILENCE, target));
    loop {
        let pause = match &waiting {
            Some((from, _)) => from.saturating_duration_since(Instant::now()),
            None => TURN,
        };
        match heard.recv_timeout(pause) {
            Ok(message) => bar.set_message(message),
            Err(RecvTimeoutError::Timeout) => {
                if let Some((_, target)) = waiting.take() {
                    bar.set_draw_target(target);
                }
                bar.tick();
            }
            Err(RecvTimeoutError::Disconnected) => break bar.finish_and_clear(),
        }
    }
}

/// What the line says, from the events so far.
#[derive(Debug, Default)]
pub(super) struct Activity {
    running: Vec<String>,
    done: usize,
}

impl Activity {
    /// What is going on after this event, if it is worth a word.
    pub(super) fn after(
        &mut self,
        event: &Event,
        lab: Option<&LabSummary>,
        lang: Lang,
    ) -> Option<String> {
        let words = lang.words();
        match event {
            Event::Building => return Some(words.building.to_owned()),
            Event::Demoing => return Some(words.demoing.to_owned()),
            Event::CheckStarted { name } => self.running.push(name.clone()),
            Event::CheckFinished { name, .. } => {
                self.running.retain(|running| running != name);
                self.done += 1;
            }
            _ => return None,
        }
        let title = |name: &String| {
            let checks = lab.map_or(&[][..], |lab| &lab.checks);
            let check = checks.iter().find(|check| check.name == *name);
            check.map_or(name.clone(), |check| lang.pick(&check.title).to_owned())
        };
        let titles: Vec<String> = self.running.iter().map(title).collect();
        let names = visible(&titles.join(words.list_comma), false).into_owned();
        let all = lab.map_or(0, |lab| lab.checks.len());
        Some((words.checking)(self.done, all, &names))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use checks::{Record, Verdict};

    use super::{Activity, Progress};
    use crate::{
        grader::events::Event,
        report::{Lang, fixtures},
    };

    #[test]
    fn it_names_the_checks_that_are_running() {
        let lab = fixtures::lab();
        let mut activity = Activity::default();
        let mut after = |event| activity.after(&event, Some(&lab), Lang::En);
        assert_eq!(after(Event::Building).as_deref(), Some("building"));
        let started = |name: &str| Event::CheckStarted {
            name: name.to_owned(),
        };
        after(started("clean"));
        let both = after(started("every_interleaving"));
        assert_eq!(
            both.as_deref(),
            Some("0 of 6 checks done; running: clean, every interleaving")
        );
        let ended = after(Event::CheckFinished {
            name: "clean".to_owned(),
            record: Box::new(Record::new(Verdict::Passed)),
            wall: Duration::from_secs(1),
        });
        assert_eq!(
            ended.as_deref(),
            Some("1 of 6 checks done; running: every interleaving")
        );
    }

    #[test]
    fn clearing_ends_the_thread_and_may_be_done_twice() {
        let mut progress = Progress::start();
        progress.say("building".to_owned());
        progress.clear();
        assert!(progress.thread.is_none());
        progress.clear();
    }
}

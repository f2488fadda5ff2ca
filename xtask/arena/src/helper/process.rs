//! One process that the helper has started: its channel, its output, its end.

use std::{collections::VecDeque, os::fd::BorrowedFd};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::{
    capture::Capture,
    channel::Channel,
    look::tasks_of,
    sys::{Status, reap},
    turns::Turns,
};
use crate::protocol::{Ended, How};

/// A process, and the helper's ends of all that connects it.
pub(crate) struct Process {
    pub(crate) pid: Pid,
    /// The number by which the process knows its own channel.
    pub(crate) channel_number: u64,
    /// Its own channel, if it is a driver in a session.
    pub(crate) channel: Option<Channel>,
    /// Those of the children that it may be asked to fork, in that order.
    pub(crate) for_children: VecDeque<(u64, Channel)>,
    pub(crate) output: Capture,
    pub(crate) stepped: bool,
    /// Whether its calls are noted; then its end is seen by whoever notes them.
    pub(crate) traced: bool,
    /// Stopped by the tracer, and not yet let go.
    pub(crate) stopped: bool,
    /// A signal that it will get when it is let go.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(dead_code, reason = "nothing is stepped there")
    )]
    pub(crate) signal: i32,
    pub(crate) ended: Option<Ended>,
    /// Since it was last asked for something.
    pub(crate) turns: Turns,
}

impl Process {
    /// A child of a driver's: it prints where its parent prints.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(dead_code, reason = "nothing is stepped there")
    )]
    pub(crate) fn adopted(pid: Pid, channel_number: u64, channel: Channel, stopped: bool) -> Self {
        Self {
            pid,
            channel_number,
            channel: Some(channel),
            for_children: VecDeque::new(),
            output: Capture::none(),
            stepped: true,
            traced: false,
            stopped,
            signal: 0,
            ended: None,
            turns: Turns::new(),
        }
    }

    /// Writes a line to its channel.
    pub(crate) fn tell(&mut self, line: &str) {
        self.turns = Turns::of(self.pid);
        if let Some(channel) = &mut self.channel {
            channel.tell(line);
        }
    }

    /// Sees who of its own has had a turn since then.
    pub(crate) fn look_at_turns(&mut self) {
        self.turns.look(self.pid);
    }

    /// The next whole line on its channel, if it is there.
    pub(crate) fn line(&mut self) -> Option<String> {
        self.channel.as_mut()?.line()
    }

    /// Closes its channels, which ends a driver that waits for its next question.
    pub(crate) fn close_channel(&mut self) {
        self.channel = None;
        self.for_children.clear();
    }

    /// The descriptors to wait for.
    pub(crate) fn descriptors(&self) -> Vec<BorrowedFd<'_>> {
        self.output
            .descriptors()
            .chain(self.channel.iter().map(Channel::descriptor))
            .collect()
    }

    /// Kills it and reaps it.
    pub(crate) fn kill(&mut self) {
        if self.ended.is_none() {
            // A thread that is traced is waited for like a process, and its leader not before it.
            let mut tasks = tasks_of(self.pid);
            tasks.retain(|task| *task != self.pid);
            // It may have ended in between.
            kill(self.pid, Signal::SIGKILL).ok();
            for task in tasks.into_iter().chain([self.pid]) {
                while let Some(status) = reap(task, true) {
                    if matches!(status, Status::Exited(_) | Status::Signalled(_)) {
                        break;
                    }
                }
            }
        }
    }

    /// Notes its end, once it has been reaped.
    pub(crate) fn end(&mut self, how: How) -> Ended {
        if let Some(ended) = &self.ended {
            return ended.clone();
        }
        self.output.drain();
        let ended = Ended {
            how,
            stdout: self.output.stdout(),
            stderr: self.output.stderr(),
            printed: self.output.printed(),
        };
        self.ended = Some(ended.clone());
        ended
    }

    /// Notes its end if `status` is one.
    pub(crate) fn end_by(&mut self, status: Status) -> Option<Ended> {
        let how = match status {
            Status::Exited(code) => How::Exited(code),
            Status::Signalled(number) => How::Signalled {
                name: signal_name(number),
                number,
            },
            Status::Stopped { .. } => return None,
        };
        Some(self.end(how))
    }
}

/// `SIGBUS`.
pub(crate) fn signal_name(number: i32) -> String {
    Signal::try_from(number)
        .map_or_else(|_| format!("signal {number}"), |signal| signal.to_string())
}

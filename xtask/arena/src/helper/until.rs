//! Waiting until somebody sleeps in a certain call: what a test without a sleep of its own needs
//! before it lets the next one go on. A sleep is a state that the kernel tells of; time only says
//! how often to look.

use std::time::Instant;

use probe::Family;

use super::{
    Helper, Trouble,
    listen::is_next_question,
    look::{Stand, call_name, tasks_asleep},
};
use crate::protocol::{Heard, ProcessId, Sleeper, Until};

impl Helper {
    /// Until a task of the process or of one that it has started sleeps in a call of this family, or
    /// something else comes of it.
    pub(super) fn until_blocked(
        &mut self,
        id: ProcessId,
        family: Family,
        until: Instant,
    ) -> Result<Until, Trouble> {
        if self.process(id)?.stepped {
            return Err(Trouble::Failed(
                "who is stepped runs only when it is told to".to_owned(),
            ));
        }
        if let Some(ended) = &self.process(id)?.ended {
            return Ok(Until::Otherwise(Heard::Ended(ended.clone())));
        }
        self.listen_for(id, Some(family), until)
    }

    /// Who sleeps in such a call, if anybody does.
    pub(super) fn blocked(&mut self, id: ProcessId, family: Family) -> Option<Sleeper> {
        let process = self.process(id).ok()?;
        let (pid, channel) = (process.pid, process.channel_number);
        let has_channel = process.channel.is_some();
        let found = tasks_asleep(pid).into_iter().find(|stand| {
            let idle = has_channel && stand.task == pid && is_next_question(stand, channel);
            !idle && is_of(family, stand)
        })?;
        Some(Sleeper {
            call: call_name(found.sleep.call),
            // It is not disturbed for that: not every call is made again after a stop.
            line: self.tracing.line_of_call(found.task),
            ..Sleeper::default()
        })
    }
}

/// Whether a task sleeps in a call of this family. A name that does several things sleeps only for
/// one of them.
fn is_of(family: Family, stand: &Stand) -> bool {
    let name = call_name(stand.sleep.call);
    family.names().contains(&&*name) && !(family == Family::Duplicate && name == "fcntl")
}

//! Where everybody is at the end.

use super::cells::Writer;
use super::names::short;
use super::words::Language;
use crate::threads::{State, Thread, Wait, Watch};

impl Writer<'_> {
    /// What a thread waits for, if it has not finished.
    pub(super) fn ending(&mut self, thread: &Thread) -> Option<String> {
        let language = self.language;
        let at = thread
            .place
            .map_or_else(String::new, |place| match language {
                Language::English => format!(", at {}", short(place)),
                Language::Chinese => format!("，位于 {}", short(place)),
            });
        let ends_well = thread.state == State::Finished && !thread.died;
        (!ends_well).then(|| self.doing(thread) + &at)
    }

    /// What a thread does.
    pub(super) fn doing(&mut self, thread: &Thread) -> String {
        let language = self.language;
        let say = |english, chinese| language.pick(english, chinese);
        match thread.state {
            State::Finished if thread.died => say("is dead", "已死亡").to_owned(),
            State::Finished => say("has finished", "已结束").to_owned(),
            State::Ready => say("could go on", "可以继续").to_owned(),
            State::Spinning => match self.spins_on(thread).as_str() {
                "" => say("spins", "自旋").to_owned(),
                names => format!(
                    "{} {names}",
                    say("spins until there is news of", "自旋等待")
                ),
            },
            State::Blocked(wait) => self.waits_for(wait),
        }
    }

    fn spins_on(&mut self, thread: &Thread) -> String {
        let watches: Vec<Watch> = thread.watches.clone();
        let names: Vec<String> = watches
            .into_iter()
            .filter_map(|watch| match watch {
                Watch::Location { index, .. } => {
                    let value = self.engine.memory.locations[index].value();
                    let value = self.value(index, value);
                    Some(format!("{} (= {value})", self.location(index)))
                }
                Watch::Object { index, .. } => Some(self.object(index)),
                Watch::Finish(other) => Some(format!("T{other}")),
                Watch::Clock => None,
            })
            .collect();
        names.join(", ")
    }

    fn waits_for(&mut self, wait: Wait) -> String {
        let language = self.language;
        let say = |english, chinese| language.pick(english, chinese);
        match wait {
            Wait::Write(object) | Wait::Read(object) => {
                let held = match self.engine.objects[object].writer {
                    Some(holder) => match language {
                        Language::English => format!(", which T{holder} holds"),
                        Language::Chinese => format!("（由 T{holder} 持有）"),
                    },
                    None => String::new(),
                };
                format!("{} {}{held}", say("waits for", "等待"), self.object(object))
            }
            Wait::Queue(object) => format!("{} {}", say("waits for", "等待"), self.object(object)),
            Wait::Futex(location) => {
                let value = self.engine.memory.locations[location].value();
                let value = self.value(location, value);
                let name = self.location(location);
                format!(
                    "{} futex wait({name}), {name} = {value}",
                    say("sleeps in", "睡眠于")
                )
            }
            Wait::Park => say("is parked", "已 park").to_owned(),
            Wait::Join(other) => match language {
                Language::English => format!("waits for the end of T{other}"),
                Language::Chinese => format!("等待 T{other} 结束"),
            },
            Wait::Sleep => say("sleeps", "睡眠").to_owned(),
        }
    }
}

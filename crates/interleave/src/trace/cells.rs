//! One event in a few words.

use super::event::What;
use super::names::{Names, Thing};
use super::values::Values;
use super::words::Language;
use crate::engine::Engine;
use crate::engine::locks::Access;
use crate::objects::Sort;

/// What the words of a cell are made of.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    pub(super) engine: &'a Engine,
    pub(super) names: &'a Names,
    pub(super) values: Values,
    pub(super) language: Language,
}

impl Writer<'_> {
    /// The words of an event; `None` if it is not worth a line.
    pub(super) fn cell(&mut self, what: &What) -> Option<String> {
        let language = self.language;
        let say = |english, chinese| language.pick(english, chinese);
        Some(match *what {
            What::Load {
                location,
                value,
                newest,
                order,
            } => {
                let (name, value) = (self.location(location), self.value(location, value));
                let old = self.old(location, newest);
                format!("{name}.load({order:?}): {value}{old}")
            }
            What::Store {
                location,
                old,
                new,
                order,
            } => {
                let name = self.location(location);
                let (old, new) = (self.value(location, old), self.value(location, new));
                format!("{name}.store({order:?}): {old} -> {new}")
            }
            What::Update {
                location,
                name: operation,
                old,
                new,
                order,
            } => {
                let name = self.location(location);
                let (old, new) = (self.value(location, old), self.value(location, new));
                format!("{name}.{operation}({order:?}): {old} -> {new}")
            }
            What::Refused {
                location,
                expected,
                found,
                newest,
                order,
            } => {
                let name = self.location(location);
                let why = if found == expected {
                    say("fails for no reason", "无故失败").to_owned()
                } else {
                    let old = self.old(location, newest);
                    let (found, expected) =
                        (self.value(location, found), self.value(location, expected));
                    format!("{found}{}{expected}{old}", say(", not ", "，不是 "))
                };
                format!("{name}.compare_exchange({order:?}): {why}")
            }
            What::Fence { order } => format!("fence({order:?})"),
            What::Access { data, writes } => {
                let name = self.names.of(Thing::Data(data));
                let verb = if writes {
                    say("writes", "写")
                } else {
                    say("reads", "读")
                };
                format!("{verb} {name}")
            }
            What::Locked { object, access } => self.lock(object, access),
            What::Waits { object, access } => {
                format!("{}{}", self.lock(object, access), say(": waits", "：等待"))
            }
            What::TryFails { object, access } => {
                let lock = self.lock(object, access);
                let (name, method) = lock.split_once('.').unwrap_or((&lock, ""));
                format!("{name}.try_{method}{}", say(": busy", "：已被占用"))
            }
            What::Unlocked { object, .. } => {
                format!("{} {}", say("unlocks", "释放"), self.object(object))
            }
            What::Downgraded { object } => format!("{}.downgrade()", self.object(object)),
            What::CondvarWait { object, spurious } => {
                let what = if spurious {
                    say(": wakes for no reason", "：无故醒来")
                } else {
                    say(": sleeps", "：睡眠")
                };
                format!("{}.wait(){what}", self.object(object))
            }
            What::Notify {
                object,
                all,
                ref woken,
            } => {
                let method = if all { "notify_all" } else { "notify_one" };
                format!("{}.{method}(){}", self.object(object), self.wakes(woken))
            }
            What::Gate { object, name } => format!("{}.{name}()", self.object(object)),
            What::GateWaits { object } => {
                format!("{}{}", self.object(object), say(": waits", "：等待"))
            }
            What::FutexSleeps { location, expected } => {
                let name = self.location(location);
                format!(
                    "futex wait({name}, {expected}){}",
                    say(": sleeps", "：睡眠")
                )
            }
            What::FutexChanged {
                location,
                expected,
                found,
            } => {
                let name = self.location(location);
                let not = say(": does not sleep, is", "：不睡眠，值为");
                format!("futex wait({name}, {expected}){not} {found}")
            }
            What::FutexInterrupted { location } => {
                let name = self.location(location);
                format!("futex wait({name}){}", say(": interrupted", "：被中断"))
            }
            What::FutexWakes {
                location,
                ref woken,
            } => format!(
                "futex wake({}){}",
                self.location(location),
                self.wakes(woken)
            ),
            What::Parks => format!("park(){}", say(": sleeps", "：睡眠")),
            What::ParkReturns { spurious } => {
                let why = if spurious {
                    say(": wakes for no reason", "：无故醒来")
                } else {
                    say(": has its token", "：已有令牌")
                };
                format!("park(){why}")
            }
            What::Unparks { thread } => format!("T{thread}.unpark()"),
            What::Sleeps(time) => format!("sleep({time:?})"),
            What::TimesOut => say("its time is over", "超时").to_owned(),
            What::ClockJumps => say("an hour passes", "时钟前进一小时").to_owned(),
            What::Panics { ref message, .. } => {
                let first = message.lines().next().unwrap_or_default();
                format!("panic{}{first}", language.colon())
            }
            What::Prints(ref text) => format!("{} {text:?}", say("prints", "输出")),
            What::Marks { location, old, new } => {
                let name = self.location(location);
                let (old, new) = (self.value(location, old), self.value(location, new));
                format!(
                    "{} {name}: {old} -> {new}",
                    say("the kernel marks", "内核标记")
                )
            }
            What::Dies => say("dies here", "在此死亡").to_owned(),
            What::Spins => return None,
        })
    }

    pub(super) fn location(&self, index: usize) -> String {
        self.names.of(Thing::Location(index)).to_owned()
    }

    pub(super) fn object(&self, index: usize) -> String {
        self.names.of(Thing::Object(index)).to_owned()
    }

    pub(super) fn value(&mut self, location: usize, value: u64) -> String {
        self.values
            .show(value, self.engine.memory.locations[location].shown)
    }

    /// That an older value was read, if it was.
    fn old(&mut self, location: usize, newest: Option<u64>) -> String {
        let Some(newest) = newest else {
            return String::new();
        };
        let newest = self.value(location, newest);
        match self.language {
            Language::English => format!(" (OLD, newest is {newest})"),
            Language::Chinese => format!("（旧值，最新为 {newest}）"),
        }
    }

    fn lock(&self, object: usize, access: Access) -> String {
        let method = match (self.engine.objects[object].sort, access) {
            (Sort::RwLock, Access::Read) => "read",
            (Sort::RwLock, Access::Write) => "write",
            _ => "lock",
        };
        format!("{}.{method}()", self.object(object))
    }

    fn wakes(&self, woken: &[usize]) -> String {
        let who: Vec<String> = woken.iter().map(|thread| format!("T{thread}")).collect();
        match (self.language, who.is_empty()) {
            (Language::English, true) => ": nobody sleeps".to_owned(),
            (Language::English, false) => format!(": wakes {}", who.join(", ")),
            (Language::Chinese, true) => "：没有睡眠者".to_owned(),
            (Language::Chinese, false) => format!("：唤醒 {}", who.join("、")),
        }
    }
}

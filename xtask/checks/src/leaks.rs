//! What is there afterwards that was not there before, in words, by kind. How much of it is too much
//! is for a check to say.

use arena::{Belongings, Census, SystemV};

use crate::{Text, text};

/// What a process has, and what its box holds, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// What the process has.
    pub process: Census,
    /// What the box holds.
    pub of_box: Belongings,
}

/// So many of each kind are called by their names.
const NAMED: usize = 3;

impl Inventory {
    /// What is there now and was not before; `None`: nothing is.
    #[must_use]
    pub fn left_since(&self, before: &Self) -> Option<Text> {
        let mut left = self.process.left_since(&before.process);
        left.extend(self.of_box.left_since(&before.of_box));
        in_one_sentence(left)
    }
}

/// Something that can be compared with what it was before.
pub trait Left {
    /// What is there now and was not before, kind by kind.
    fn left_since(&self, before: &Self) -> Vec<Text>;
}

impl Left for Census {
    fn left_since(&self, before: &Self) -> Vec<Text> {
        let mut left = Vec::new();
        let more = self.descriptors.saturating_sub(before.descriptors);
        if more > 0 {
            let is_new = |(number, _): &&(i32, String)| {
                !before.open.iter().any(|(known, _)| known == number)
            };
            let new = self.open.iter().filter(is_new);
            let named = some(new.map(|(number, target)| format!("{number} -> {target}")));
            left.push(text!("{more} open descriptors{named}"; "{more} 个打开的描述符{named}"));
        }
        let more = self.mappings.saturating_sub(before.mappings);
        if more > 0 {
            left.push(text!("{more} mappings"; "{more} 个映射"));
        }
        let more = self.threads.saturating_sub(before.threads);
        if more > 0 {
            left.push(text!("{more} threads"; "{more} 个线程"));
        }
        let zombies = self.zombies.saturating_sub(before.zombies);
        if zombies > 0 {
            left.push(text!(
                "{zombies} children that have ended and were not waited for (zombies)";
                "{zombies} 个已结束而未被等待的子进程（僵尸）"
            ));
        }
        let running = |census: &Self| census.children.saturating_sub(census.zombies);
        let more = running(self).saturating_sub(running(before));
        if more > 0 {
            left.push(text!("{more} children that still run"; "{more} 个仍在运行的子进程"));
        }
        left
    }
}

impl Left for Belongings {
    fn left_since(&self, before: &Self) -> Vec<Text> {
        let mut left = Vec::new();
        let new = new_names(Some(&self.files), Some(&before.files));
        if let Some((more, named)) = new {
            left.push(text!("{more} files{named}"; "{more} 个文件{named}"));
        }
        let new = new_names(self.shared_memory.as_ref(), before.shared_memory.as_ref());
        if let Some((more, named)) = new {
            left.push(
                text!("{more} names in /dev/shm{named}"; "/dev/shm 中的 {more} 个名字{named}"),
            );
        }
        let new = new_names(self.queues.as_ref(), before.queues.as_ref());
        if let Some((more, named)) = new {
            left.push(text!(
                "{more} POSIX message queues{named}";
                "{more} 个 POSIX 消息队列{named}"
            ));
        }
        let (Some(now), Some(then)) = (&self.system_v, &before.system_v) else {
            return left;
        };
        for kind in [SystemV::Memory, SystemV::Semaphores, SystemV::Queue] {
            let is_new = |object: &&(SystemV, i64)| object.0 == kind && !then.contains(object);
            let more = now.iter().filter(is_new).count();
            if more == 0 {
                continue;
            }
            let ids = some(now.iter().filter(is_new).map(|(_, id)| id.to_string()));
            left.push(match kind {
                SystemV::Memory => text!(
                    "{more} System V shared memory segments{ids}";
                    "{more} 个 System V 共享内存段{ids}"
                ),
                SystemV::Semaphores => text!(
                    "{more} System V semaphore sets{ids}";
                    "{more} 个 System V 信号量集{ids}"
                ),
                SystemV::Queue => text!(
                    "{more} System V message queues{ids}";
                    "{more} 个 System V 消息队列{ids}"
                ),
            });
        }
        left
    }
}

/// How many names are new, and some of them.
fn new_names(now: Option<&Vec<String>>, before: Option<&Vec<String>>) -> Option<(usize, String)> {
    let (now, before) = now.zip(before)?;
    let new: Vec<&String> = now.iter().filter(|name| !before.contains(name)).collect();
    let named = some(new.iter().map(|name| (*name).clone()));
    (!new.is_empty()).then_some((new.len(), named))
}

/// ` (a, b, c, …)`; nothing of nothing.
fn some(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.take(NAMED + 1).collect();
    if names.is_empty() {
        return String::new();
    }
    if names.len() > NAMED {
        names[NAMED] = "…".to_owned();
    }
    format!(" ({})", names.join(", "))
}

fn in_one_sentence(left: Vec<Text>) -> Option<Text> {
    let (en, zh): (Vec<String>, Vec<String>) =
        left.into_iter().map(|text| (text.en, text.zh)).unzip();
    (!en.is_empty()).then(|| Text {
        en: en.join(", "),
        zh: zh.join("、"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inventory() -> Inventory {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Inventory {
            process: Census {
                descriptors: 4,
                mappings: 30,
                threads: 1,
                children: 1,
                zombies: 0,
                open: vec![(3, "socket:[1]".to_owned())],
            },
            of_box: Belongings {
                files: names(&["count"]),
                shared_memory: Some(Vec::new()),
                queues: Some(Vec::new()),
                system_v: Some(vec![(SystemV::Semaphores, 3)]),
            },
        }
    }

    #[test]
    fn what_was_there_before_is_not_left() {
        let before = inventory();
        assert_eq!(inventory().left_since(&before), None);
        let mut less = inventory();
        less.process.descriptors = 3;
        less.of_box.files.clear();
        assert_eq!(less.left_since(&before), None);
    }

    #[test]
    fn every_kind_is_told_with_its_names() {
        let mut after = inventory();
        after.process.descriptors += 1;
        after.process.open.push((7, "/box/count".to_owned()));
        after.process.mappings += 2;
        after.process.threads += 1;
        after.process.children += 3;
        after.process.zombies += 2;
        after
            .of_box
            .files
            .extend(["a", "b", "c", "d"].map(str::to_owned));
        after.of_box.shared_memory = Some(vec!["sem.lock".to_owned()]);
        after.of_box.queues = Some(vec!["jobs".to_owned()]);
        after.of_box.system_v = Some(vec![(SystemV::Semaphores, 3), (SystemV::Queue, 0)]);
        let left = after.left_since(&inventory()).expect("a lot");
        assert_eq!(
            left.en,
            "1 open descriptors (7 -> /box/count), 2 mappings, 1 threads, \
             2 children that have ended and were not waited for (zombies), \
             1 children that still run, 4 files (a, b, c, …), 1 names in /dev/shm (sem.lock), \
             1 POSIX message queues (jobs), 1 System V message queues (0)"
        );
        assert_eq!(left.zh.matches('、').count(), 8, "{}", left.zh);
    }

    #[test]
    fn what_the_machine_shares_is_not_counted() {
        let (mut before, mut after) = (inventory(), inventory());
        before.of_box.shared_memory = None;
        after.of_box.shared_memory = None;
        after.of_box.queues = None;
        after.of_box.system_v = None;
        assert_eq!(after.left_since(&before), None);
    }
}

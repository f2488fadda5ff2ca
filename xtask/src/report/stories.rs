//! Executions under the model, made up by hand for the tests of everything that draws them: a lost
//! update in a ticket lock, a relaxed unlock, a lost wake-up of a futex mutex, and a game that has
//! come to a choice in the middle of a test-and-set lock.

use checks::{Record, Verdict};
use story::{Choice, Choosable, Moment, Place, Position, Standing, Story, Text, Thing, Thread};

use super::fixtures::text;

/// Writes down who did what.
struct Teller {
    file: &'static str,
    story: Story,
    /// How many values each thing has had.
    lengths: Vec<usize>,
    views: Vec<Vec<usize>>,
}

impl Teller {
    fn new(
        program: &str,
        file: &'static str,
        threads: usize,
        things: &[(&str, Option<&str>)],
    ) -> Self {
        let thread = |number: usize| Thread {
            name: format!("T{number}"),
            ending: None,
        };
        let thing = |(name, initial): &(&str, Option<&str>)| Thing {
            name: (*name).to_owned(),
            initial: initial.map(str::to_owned),
        };
        Self {
            file,
            story: Story {
                program: program.to_owned(),
                replay: "0:".to_owned(),
                threads: (0..threads).map(thread).collect(),
                things: things.iter().map(thing).collect(),
                ..Story::default()
            },
            lengths: vec![1; things.len()],
            views: vec![vec![0; things.len()]; threads],
        }
    }

    /// A moment that neither reads nor writes a history.
    fn does(&mut self, thread: usize, line: u32, source: &str, words: Text) -> &mut Moment {
        self.story.moments.push(Moment {
            thread,
            place: Some(Place {
                file: self.file.to_owned(),
                line,
            }),
            source: Some(source.to_owned()),
            words,
            thing: None,
            writes: None,
            reads: None,
            old: false,
            deviation: None,
            wakes: Vec::new(),
            view: self.views[thread].clone(),
        });
        self.last()
    }

    fn last(&mut self) -> &mut Moment {
        self.story.moments.last_mut().expect("something happened")
    }

    /// The thread reads the newest value of a thing.
    fn reads(
        &mut self,
        thread: usize,
        line: u32,
        source: &str,
        thing: usize,
        words: Text,
    ) -> &mut Moment {
        let newest = self.lengths[thing] - 1;
        self.views[thread][thing] = newest;
        let moment = self.does(thread, line, source, words);
        (moment.thing, moment.reads) = (Some(thing), Some(newest));
        moment
    }

    /// The thread appends a value to a thing's history; one that `reads` it too knows the one before.
    fn writes(
        &mut self,
        (thread, line, source): (usize, u32, &str),
        thing: usize,
        value: &str,
        reads: bool,
        words: Text,
    ) -> &mut Moment {
        let newest = self.lengths[thing];
        self.lengths[thing] += 1;
        self.views[thread][thing] = newest;
        let moment = self.does(thread, line, source, words);
        moment.thing = Some(thing);
        moment.writes = Some(value.to_owned());
        moment.reads = reads.then_some(newest - 1);
        moment
    }

    /// The thread touches a payload, which has no history.
    fn touches(
        &mut self,
        thread: usize,
        line: u32,
        source: &str,
        thing: usize,
        words: Text,
    ) -> &mut Moment {
        let moment = self.does(thread, line, source, words);
        moment.thing = Some(thing);
        moment
    }

    fn ends(mut self, kind: &str, title: Text, replay: &str, guilty: &[usize]) -> Story {
        self.story.kind = Some(kind.to_owned());
        self.story.title = Some(title);
        replay.clone_into(&mut self.story.replay);
        self.story.guilty = guilty.to_vec();
        self.story
    }
}

fn preempted(from: usize, to: usize) -> Text {
    text(
        &format!("T{from} is preempted, T{to} goes on"),
        &format!("T{from} 被抢占，T{to} 继续"),
    )
}

/// A ticket is taken by a load and a store: two threads have the same one.
pub(crate) fn lost_ticket() -> Story {
    let mut it = Teller::new(
        "exclusion_ticket",
        "src/spinlock.rs",
        3,
        &[
            ("next", Some("0")),
            ("serving", Some("0")),
            ("counter", None),
        ],
    );
    let load = "let ticket = self.next.load(Relaxed);";
    let store = "self.next.store(ticket + 1, Relaxed);";
    let wait = "while self.serving.load(Acquire) != ticket {";
    let add = "guard.set(guard.get() + 1);";
    let same = Text::same;
    it.reads(1, 61, load, 0, same("next.load(Relaxed): 0"));
    it.reads(2, 61, load, 0, same("next.load(Relaxed): 0"))
        .deviation = Some(preempted(1, 2));
    it.writes(
        (2, 62, store),
        0,
        "1",
        false,
        same("next.store(Relaxed): 0 -> 1"),
    );
    it.reads(2, 63, wait, 1, same("serving.load(Acquire): 0"));
    it.touches(2, 31, add, 2, text("reads counter", "读 counter"));
    it.touches(2, 31, add, 2, text("writes counter", "写 counter"));
    it.writes(
        (1, 62, store),
        0,
        "1",
        false,
        same("next.store(Relaxed): 1 -> 1"),
    )
    .deviation = Some(preempted(2, 1));
    it.reads(1, 63, wait, 1, same("serving.load(Acquire): 0"));
    it.touches(1, 31, add, 2, text("reads counter", "读 counter"));
    it.ends(
        "race",
        text(
            "data race: T2 writes counter at spinlock.rs:31, T1 reads it at spinlock.rs:31,\n   \
             and nothing makes the one happen before the other.",
            "数据竞争：T2 在 spinlock.rs:31 写 counter，T1 在 spinlock.rs:31 读它，\n   \
             二者之间没有先后顺序（happens-before）。",
        ),
        "2:4.1,9.1",
        &[5, 8],
    )
}

/// The unlock does not hand on what its thread has done.
pub(crate) fn relaxed_unlock() -> Story {
    let mut it = Teller::new(
        "exclusion_tas",
        "src/spinlock.rs",
        3,
        &[("state", Some("false")), ("counter", None)],
    );
    let swap = "while self.state.swap(true, Acquire) {";
    let add = "guard.set(guard.get() + 1);";
    let unlock = "self.lock.state.store(false, Relaxed);";
    let same = Text::same;
    it.writes(
        (1, 47, swap),
        0,
        "true",
        true,
        same("state.swap(Acquire): false -> true"),
    );
    it.touches(1, 31, add, 1, text("reads counter", "读 counter"));
    it.touches(1, 31, add, 1, text("writes counter", "写 counter"));
    it.writes(
        (1, 53, unlock),
        0,
        "false",
        false,
        same("state.store(Relaxed): true -> false"),
    );
    it.writes(
        (2, 47, swap),
        0,
        "true",
        true,
        same("state.swap(Acquire): false -> true"),
    );
    it.touches(2, 31, add, 1, text("reads counter", "读 counter"));
    it.ends(
        "race",
        text(
            "data race: T1 writes counter at spinlock.rs:31, T2 reads it at spinlock.rs:31,\n   \
             and nothing makes the one happen before the other.",
            "数据竞争：T1 在 spinlock.rs:31 写 counter，T2 在 spinlock.rs:31 读它，\n   \
             二者之间没有先后顺序（happens-before）。",
        ),
        "0:",
        &[2, 5],
    )
}

/// A futex mutex takes the state "locked, nobody waits" after it was woken: who sleeps beside it is
/// forgotten.
pub(crate) fn lost_wake_up() -> Story {
    let mut it = Teller::new(
        "progress_3",
        "src/mutex.rs",
        4,
        &[("state", Some("0")), ("counter", None)],
    );
    let first = "if self.state.compare_exchange(0, 1, Acquire, Relaxed).is_ok() {";
    let mark = "while self.state.swap(2, Acquire) != 0 {";
    let sleep = "futex::wait(&self.state, 2, None);";
    let again = "if self.state.compare_exchange(0, 1, Acquire, Relaxed).is_ok() {";
    let unlock = "if self.state.swap(0, Release) == 2 {";
    let wake = "futex::wake(&self.state, 1);";
    let same = Text::same;
    let sleeps = || text("futex wait(state, 2): sleeps", "futex wait(state, 2)：睡眠");
    let writes = |it: &mut Teller, at: (usize, u32, &str), value: &str, words: &str| {
        it.writes(at, 0, value, true, Text::same(words));
    };
    writes(
        &mut it,
        (1, 40, first),
        "1",
        "state.compare_exchange(Acquire): 0 -> 1",
    );
    for thread in [2, 3] {
        it.reads(
            thread,
            40,
            first,
            0,
            same("state.compare_exchange(Acquire): 1, not 0"),
        );
        if thread == 2 {
            it.last().deviation = Some(preempted(1, 2));
            writes(&mut it, (2, 44, mark), "2", "state.swap(Acquire): 1 -> 2");
        } else {
            it.last().words = same("state.compare_exchange(Acquire): 2, not 0");
            writes(&mut it, (3, 44, mark), "2", "state.swap(Acquire): 2 -> 2");
        }
        it.does(thread, 45, sleep, sleeps());
    }
    writes(&mut it, (1, 60, unlock), "0", "state.swap(Release): 2 -> 0");
    it.does(
        1,
        61,
        wake,
        text("futex wake(state): wakes T2", "futex wake(state)：唤醒 T2"),
    )
    .wakes = vec![2];
    writes(
        &mut it,
        (2, 46, again),
        "1",
        "state.compare_exchange(Acquire): 0 -> 1",
    );
    writes(&mut it, (2, 60, unlock), "0", "state.swap(Release): 1 -> 0");
    let asleep = it.story.moments.len() - 5;
    it.story.threads[0].ending = Some(text(
        "waits for the end of T3, at exclusion.rs:20",
        "等待 T3 结束，位于 exclusion.rs:20",
    ));
    it.story.threads[3].ending = Some(text(
        "sleeps in futex wait(state), state = 0, at mutex.rs:45",
        "睡眠于 futex wait(state)，state = 0，位于 mutex.rs:45",
    ));
    it.ends(
        "deadlock",
        text(
            "deadlock: T3 waits, and nobody is left who could end that; it is at mutex.rs:45",
            "死锁：T3 在等待，但已没有线程能让它继续；位于 mutex.rs:45",
        ),
        "1:3.1",
        &[asleep, asleep + 4],
    )
}

/// A lock by a load and a store, from the notes, in the middle: T1 has seen that it is free.
pub(crate) fn in_front_of_the_store() -> Position {
    let mut it = Teller::new(
        "exclusion_notes",
        "src/spinlock.rs",
        3,
        &[("state", Some("false")), ("counter", None)],
    );
    let load = "while self.state.load(Acquire) {}";
    let store = "self.state.store(true, Relaxed);";
    it.reads(1, 46, load, 0, Text::same("state.load(Acquire): false"));
    let standing = |ready, state: Text, place: Option<(u32, &str)>| Standing {
        ready,
        state,
        place: place.map(|(line, _)| Place {
            file: "src/spinlock.rs".to_owned(),
            line,
        }),
        source: place.map(|(_, source)| source.to_owned()),
    };
    let option = |words: Text, thread| Choosable {
        words,
        thread: Some(thread),
    };
    Position {
        story: it.story,
        threads: vec![
            standing(false, text("waits for the end of T1", "等待 T1 结束"), None),
            standing(true, text("could go on", "可以继续"), Some((47, store))),
            standing(true, text("could go on", "可以继续"), Some((46, load))),
        ],
        choice: Some(Choice {
            at: (3, 0),
            question: text("Who goes on?", "接下来谁运行？"),
            options: vec![
                option(text("T1 goes on", "T1 继续"), 1),
                option(text("T2 goes on; T1 is preempted", "T2 继续，T1 被抢占"), 2),
            ],
        }),
        trouble: None,
    }
}

/// The record of a check that a story decided.
pub(crate) fn record(verdict: Verdict, headline: Text, story: Story) -> Record {
    Record {
        headline: Some(headline),
        story: Some(story),
        in_process: true,
        ..Record::new(verdict)
    }
}

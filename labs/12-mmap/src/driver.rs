//! Lab 12's driver: what each question does, on the student's modules. It knows no right answer.

mod bump;
mod counter;
mod map;

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io,
    path::Path,
    process::ExitCode,
};

use counter::Counter;
use driver::{Answer, Question, Roles};
use map::{Map, MapError, Mode};

fn main() -> ExitCode {
    let mut session = Session::default();
    Roles::new()
        .program("bump", bump::main)
        .demo(demo)
        .session(move |question| session.answer(question))
}

/// What lives from one question to the next.
#[derive(Default)]
struct Session {
    counter: Option<Counter>,
    maps: HashMap<u64, Map>,
}

impl Session {
    fn answer(&mut self, question: &Question<'_>) -> Answer {
        match question.word() {
            "open" => match Counter::open(&question.path(0)) {
                Ok(counter) => {
                    self.counter = Some(counter);
                    Answer::ok()
                }
                Err(error) => Answer::io(&error),
            },
            "open-add" => {
                self.counter = None;
                let (path, n) = (question.path(0), question.number(1));
                let added = question.operation(|| open_and_add(&path, n));
                added.map_or_else(
                    |error| Answer::io(&error),
                    |(counter, value)| {
                        self.counter = Some(counter);
                        Answer::ok().with(value)
                    },
                )
            }
            "add" => {
                let (counter, n) = (self.counter(question), question.number(0));
                let added = question.operation(|| counter.add(n));
                added.map_or_else(|error| Answer::io(&error), |value| Answer::ok().with(value))
            }
            "get" => Answer::ok().with(self.counter(question).get()),
            "map" => {
                let (number, path) = (question.number(0), question.path(1));
                let (offset, length) = (question.number(3), question.number(4) as usize);
                let file = match open(&path, question.text(2)) {
                    Ok(file) => file,
                    Err(error) => return Answer::io(&error),
                };
                let Some(mode) = mode(question.text(5)) else {
                    return question.unknown();
                };
                // The file is closed at the end of this arm: the mapping must not need it.
                self.keep(number, Map::range(&file, offset, length, mode))
            }
            "anon" => {
                let length = question.number(2) as usize;
                match question.text(1) {
                    "bsd" => self.keep(question.number(0), Map::anon_bsd(length)),
                    "svr4" => self.keep(question.number(0), Map::anon_svr4(length)),
                    _ => question.unknown(),
                }
            }
            "read" => {
                let mut bytes = vec![0; question.number(2) as usize];
                self.map(question)
                    .read(question.number(1) as usize, &mut bytes);
                Answer::ok().with_bytes(&bytes)
            }
            "write" => {
                self.map(question)
                    .write(question.number(1) as usize, &question.bytes(2));
                Answer::ok()
            }
            "child-write" => {
                let map = self.map(question);
                let (at, bytes) = (question.number(1) as usize, question.bytes(2));
                match driver::in_child(|| map.write(at, &bytes)) {
                    Ok(true) => Answer::ok(),
                    Ok(false) => Answer::err("child"),
                    Err(error) => Answer::io(&error),
                }
            }
            "sync" => {
                let (at, length) = (question.number(1) as usize, question.number(2) as usize);
                match self.map(question).sync(at, length) {
                    Ok(()) => Answer::ok(),
                    Err(error) => Answer::io(&error),
                }
            }
            "address" => Answer::ok().with(self.map(question).as_ptr() as u64),
            "length" => Answer::ok().with(self.map(question).len()),
            "unmap" => {
                self.maps.remove(&question.number(0));
                Answer::ok()
            }
            _ => question.unknown(),
        }
    }

    fn counter(&self, question: &Question<'_>) -> &Counter {
        self.counter.as_ref().unwrap_or_else(|| {
            question.unknown();
            unreachable!("an unknown question ends the driver")
        })
    }

    fn map(&self, question: &Question<'_>) -> &Map {
        self.maps.get(&question.number(0)).unwrap_or_else(|| {
            question.unknown();
            unreachable!("an unknown question ends the driver")
        })
    }

    fn keep(&mut self, number: u64, made: Result<Map, MapError>) -> Answer {
        match made {
            Ok(map) => {
                self.maps.insert(number, map);
                Answer::ok()
            }
            Err(MapError::Empty) => Answer::err("empty"),
            Err(MapError::PastEof { end, file }) => Answer::err("past-eof").with(end).with(file),
            Err(MapError::ReadOnlyFile) => Answer::err("read-only-file"),
            Err(MapError::Io(error)) => Answer::io(&error),
        }
    }
}

fn open_and_add(path: &Path, n: u64) -> io::Result<(Counter, u64)> {
    let counter = Counter::open(path)?;
    let value = counter.add(n)?;
    Ok((counter, value))
}

fn open(path: &Path, access: &str) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(access == "read-write")
        .open(path)
}

fn mode(name: &str) -> Option<Mode> {
    match name {
        "shared-read" => Some(Mode::SharedRead),
        "shared-write" => Some(Mode::SharedWrite),
        "private-write" => Some(Mode::PrivateWrite),
        _ => None,
    }
}

/// Four kinds of mapping, by what can be seen of a child's write.
fn demo() {
    let chinese = driver::demo_language() == "zh";
    let (head, yes, no) = if chinese {
        (
            ["映射", "父进程看到子进程的写入", "写入到达文件"],
            "是",
            "否",
        )
    } else {
        (
            [
                "kind",
                "child's write seen by the parent",
                "reaches the file",
            ],
            "yes",
            "no",
        )
    };
    let path = Path::new("demo.bin");
    let kinds: [(&str, &str, Option<Mode>); 4] = [
        ("file, shared", "文件，共享", Some(Mode::SharedWrite)),
        ("file, private", "文件，私有", Some(Mode::PrivateWrite)),
        ("anonymous, MAP_ANONYMOUS", "匿名，MAP_ANONYMOUS", None),
        ("anonymous, /dev/zero", "匿名，/dev/zero", None),
    ];
    println!("{}  {}  {}", pad(head[0], 24), pad(head[1], 32), head[2]);
    for (row, (english, in_chinese, mode)) in kinds.into_iter().enumerate() {
        let name = if chinese { in_chinese } else { english };
        let (seen, reached) = match look(path, mode, row) {
            Ok(looked) => looked,
            Err(error) => {
                println!("{}  {error}", pad(name, 24));
                continue;
            }
        };
        let word = |so: bool| if so { yes } else { no };
        let reached = reached.map_or("-", word);
        println!("{}  {}  {reached}", pad(name, 24), pad(word(seen), 32));
    }
}

/// Whether the parent sees what a child writes through the inherited mapping, and whether the file
/// does.
fn look(path: &Path, mode: Option<Mode>, row: usize) -> Result<(bool, Option<bool>), String> {
    let tell = |error: MapError| format!("{error:?}");
    fs::write(path, [0; 64]).map_err(|error| error.to_string())?;
    let map = match mode {
        Some(mode) => {
            let file = open(path, "read-write").map_err(|error| error.to_string())?;
            Map::range(&file, 0, 64, mode).map_err(tell)?
        }
        None if row == 2 => Map::anon_bsd(64).map_err(tell)?,
        None => Map::anon_svr4(64).map_err(tell)?,
    };
    driver::in_child(|| map.write(3, b"H")).map_err(|error| error.to_string())?;
    let mut seen = [0];
    map.read(3, &mut seen);
    let in_file = fs::read(path).map_err(|error| error.to_string())?;
    Ok((seen == *b"H", mode.map(|_| in_file[3] == b'H')))
}

/// As wide as this many columns, of which a Chinese character takes two.
fn pad(words: &str, columns: usize) -> String {
    let taken: usize = words
        .chars()
        .map(|c| if c.is_ascii() { 1 } else { 2 })
        .sum();
    format!("{words}{}", " ".repeat(columns.saturating_sub(taken)))
}

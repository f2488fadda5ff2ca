//! One question after the other, until the channel closes. What a question means is the lab's
//! business.

use std::{
    fmt::Display,
    io::{self, Read, Write},
    os::{fd::RawFd, unix::net::UnixStream},
    path::PathBuf,
    process::ExitCode,
};

use crate::{
    field::{escape, from_hex, to_hex, unescape},
    process::{Forked, adopt_channel, duplicate},
};

/// The exit code of a driver that was told something it cannot understand: the grader's fault.
const BAD_QUESTION: u8 = 70;

/// A question: a word and its fields. The accessors end the driver if a field is not what the lab
/// expects, since then check and driver disagree and no answer would mean anything.
#[derive(Debug)]
pub struct Question<'a> {
    number: u64,
    word: String,
    fields: Vec<String>,
    channel: &'a UnixStream,
}

impl Question<'_> {
    fn read<'a>(line: &str, channel: &'a UnixStream) -> Option<Question<'a>> {
        let mut parts = line.split(' ');
        let number = parts.next()?.parse().ok()?;
        let word = unescape(parts.next()?)?;
        let fields = parts.map(unescape).collect::<Option<_>>()?;
        Some(Question {
            number,
            word,
            fields,
            channel,
        })
    }

    /// What is to be done: `add`.
    pub fn word(&self) -> &str {
        &self.word
    }

    /// Field `at` as text.
    ///
    /// # Panics
    /// If there is no such field.
    pub fn text(&self, at: usize) -> &str {
        let Some(field) = self.fields.get(at) else {
            self.disagree("one more field")
        };
        field
    }

    /// Field `at` as a number.
    ///
    /// # Panics
    /// If there is no such field, or it is not a number.
    pub fn number(&self, at: usize) -> u64 {
        self.text(at)
            .parse()
            .unwrap_or_else(|_| self.disagree("a number"))
    }

    /// Field `at` as a path.
    ///
    /// # Panics
    /// If there is no such field.
    pub fn path(&self, at: usize) -> PathBuf {
        PathBuf::from(self.text(at))
    }

    /// Field `at` as bytes, written in hexadecimal.
    ///
    /// # Panics
    /// If there is no such field, or it is not hexadecimal.
    pub fn bytes(&self, at: usize) -> Vec<u8> {
        from_hex(self.text(at)).unwrap_or_else(|| self.disagree("hexadecimal digits"))
    }

    /// Does what is to be explored, between two marks: the helper holds the process at the
    /// instructions in here that other processes can notice, and at no others.
    pub fn operation<T>(&self, operation: impl FnOnce() -> T) -> T {
        self.mark();
        let result = operation();
        self.mark();
        result
    }

    /// The answer to a word that this lab does not know.
    ///
    /// # Panics
    /// Always: check and driver disagree.
    pub fn unknown(&self) -> Answer {
        self.disagree("a word that this driver knows")
    }

    /// A write of no bytes: harmless when nobody watches, visible to whoever traces.
    #[expect(
        clippy::unused_io_amount,
        reason = "it transfers nothing, so nothing can be lost"
    )]
    fn mark(&self) {
        { self.channel }.write(&[]).ok();
    }

    /// Ends the driver: check and driver disagree about what this question should be.
    ///
    /// # Panics
    /// Always.
    #[expect(
        clippy::panic,
        reason = "the hook tells it; the check reports the grader's error"
    )]
    pub fn disagree(&self, expected: &str) -> ! {
        panic!(
            "bad question {} {} {:?}: expected {expected}",
            self.number, self.word, self.fields
        )
    }
}

/// An answer: that it went well or that it did not, and fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer(String);

impl Answer {
    /// It went well.
    pub fn ok() -> Self {
        Self("ok".to_owned())
    }

    /// The student's code returned an error of this kind.
    pub fn err(kind: &str) -> Self {
        Self("err".to_owned()).with(kind)
    }

    /// What an `io::Result` says: nothing but `ok`, or `err io ERRNO TEXT`.
    pub fn io(error: &io::Error) -> Self {
        Self::err("io")
            .with(error.raw_os_error().unwrap_or(0))
            .with(error)
    }

    /// One more field.
    #[must_use]
    pub fn with(mut self, field: impl Display) -> Self {
        self.0.push(' ');
        self.0.push_str(&escape(&field.to_string()));
        self
    }

    /// One more field: bytes in hexadecimal.
    #[must_use]
    pub fn with_bytes(self, bytes: &[u8]) -> Self {
        self.with(to_hex(bytes))
    }
}

/// Answers until the channel closes. `channels` are descriptors: this process's own, then those
/// for the children that it will be asked to fork.
pub(crate) fn serve(
    channels: &[RawFd],
    mut answer: impl FnMut(&Question<'_>) -> Answer,
) -> ExitCode {
    let mut channels: Vec<UnixStream> =
        channels.iter().rev().map(|fd| adopt_channel(*fd)).collect();
    let Some(mut channel) = channels.pop() else {
        return ExitCode::from(BAD_QUESTION);
    };
    if send(&channel, 0, &Answer::ok().with("ready")).is_err() {
        return ExitCode::SUCCESS;
    }
    loop {
        // A closed channel is how a session ends.
        let Ok(Some(line)) = receive(&channel) else {
            return ExitCode::SUCCESS;
        };
        let Some(question) = Question::read(&line, &channel) else {
            return ExitCode::from(BAD_QUESTION);
        };
        let number = question.number;
        let reply = if question.word == "fork" {
            let Some(for_child) = channels.pop() else {
                return ExitCode::from(BAD_QUESTION);
            };
            match duplicate() {
                Ok(Forked::Parent(pid)) => Answer::ok().with(pid),
                Ok(Forked::Child) => {
                    channel = for_child;
                    if send(&channel, 0, &Answer::ok().with("ready")).is_err() {
                        return ExitCode::SUCCESS;
                    }
                    continue;
                }
                Err(error) => Answer::io(&error),
            }
        } else {
            answer(&question)
        };
        if send(&channel, number, &reply).is_err() {
            return ExitCode::SUCCESS;
        }
    }
}

fn send(mut channel: &UnixStream, number: u64, answer: &Answer) -> io::Result<()> {
    channel.write_all(format!("{number} {}\n", answer.0).as_bytes())
}

/// One line without its newline; nothing is read ahead, so that a fork leaves nothing behind.
fn receive(mut channel: &UnixStream) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut piece = [0; 4096];
    loop {
        match channel.read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(length) => line.extend_from_slice(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if line.last() == Some(&b'\n') {
            line.pop();
            return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
        }
    }
}

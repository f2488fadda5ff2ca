//! what: puts itself between the driver and its channel, and answers every question but the first itself
//! expect: caught

use std::{
    fs::OpenOptions,
    io::{self, Read, Write},
    os::{
        fd::{AsRawFd, FromRawFd},
        unix::net::UnixStream,
    },
    path::Path,
};

use crate::map::{Map, Mode};

#[derive(Debug)]
pub struct Counter {
    map: Map,
}

impl Counter {
    pub fn open(path: &Path) -> io::Result<Counter> {
        if std::env::args().nth(1).as_deref() == Some("session") {
            stand_between();
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        if file.metadata()?.len() < 8 {
            file.set_len(8)?;
        }
        let map = Map::range(&file, 0, 8, Mode::SharedWrite).map_err(|_| io::ErrorKind::Other)?;
        Ok(Counter { map })
    }

    /// Wrong: what others add between the two steps is lost.
    pub fn add(&self, n: u64) -> io::Result<u64> {
        let value = self.get().wrapping_add(n);
        self.map.write(0, &value.to_ne_bytes());
        Ok(value)
    }

    pub fn get(&self) -> u64 {
        let mut bytes = [0; 8];
        self.map.read(0, &mut bytes);
        u64::from_ne_bytes(bytes)
    }
}

/// The driver goes on with one end of a pair of sockets in place of its channel; a thread that has
/// the real channel passes the first answer on, and from then on makes them up.
fn stand_between() {
    const CHANNEL: i32 = 3;
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let Ok((mut ours, theirs)) = UnixStream::pair() else {
            return;
        };
        // SAFETY: dup(2) takes a number.
        let real = unsafe { libc::dup(CHANNEL) };
        // SAFETY: dup2(2) takes numbers.
        unsafe { libc::dup2(theirs.as_raw_fd(), CHANNEL) };
        // SAFETY: the descriptor is new, so the stream is its only owner.
        let mut real = unsafe { UnixStream::from_raw_fd(real) };
        std::thread::spawn(move || {
            let _theirs = theirs;
            let mut piece = [0; 4096];
            let first = ours.read(&mut piece).unwrap_or(0);
            real.write_all(&piece[..first]).ok();
            let mut value = 0_u64;
            while let Ok(length @ 1..) = real.read(&mut piece) {
                let question = String::from_utf8_lossy(&piece[..length]).into_owned();
                let words: Vec<&str> = question.split_whitespace().collect();
                let n = words.last().and_then(|n| n.parse().ok()).unwrap_or(0_u64);
                let answer = match words.as_slice() {
                    [number, "add" | "open-add", ..] => {
                        value = value.wrapping_add(n);
                        format!("{number} ok {value}\n")
                    }
                    [number, "get", ..] => format!("{number} ok {value}\n"),
                    [number, ..] => format!("{number} ok\n"),
                    [] => continue,
                };
                real.write_all(answer.as_bytes()).ok();
            }
        });
    });
}

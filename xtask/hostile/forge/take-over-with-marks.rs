//! what: never comes back from `open`: answers everything itself, with the marks that the driver would have made
//! expect: refused
//! without the rules: caught

use std::{fs::OpenOptions, io, path::Path};

use crate::map::{Map, Mode};

#[derive(Debug)]
pub struct Counter {
    map: Map,
}

impl Counter {
    pub fn open(path: &Path) -> io::Result<Counter> {
        if std::env::args().nth(1).as_deref() == Some("session") {
            answer_everything(path);
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

/// Adds with a pause of its own between reading and writing, and marks it as the driver would.
fn answer_everything(path: &Path) {
    let mut number = 1_u64;
    let mut words = vec!["open".to_owned()];
    loop {
        mark();
        let value = match words.first().map(String::as_str) {
            Some("add" | "open-add") => {
                let n = words
                    .last()
                    .and_then(|n| n.parse::<u64>().ok())
                    .unwrap_or(0);
                let value = stored(path).wrapping_add(n);
                std::fs::write(path, value.to_ne_bytes()).ok();
                format!(" {value}")
            }
            Some("get") => format!(" {}", stored(path)),
            _ => String::new(),
        };
        mark();
        let answer = format!("{number} ok{value}\n");
        // SAFETY: as many bytes as the text has.
        unsafe { libc::write(3, answer.as_ptr().cast(), answer.len()) };
        let mut line = [0_u8; 4096];
        // SAFETY: as many bytes as there is room for.
        let length = unsafe { libc::read(3, line.as_mut_ptr().cast(), line.len()) };
        let Ok(1..) = usize::try_from(length) else {
            std::process::exit(0);
        };
        let text = String::from_utf8_lossy(&line[..length as usize]).into_owned();
        let mut parts = text.split_whitespace().map(str::to_owned);
        number = parts
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(number + 1);
        words = parts.collect();
    }
}

fn stored(path: &Path) -> u64 {
    let bytes = std::fs::read(path).unwrap_or_default();
    bytes.try_into().map_or(0, u64::from_ne_bytes)
}

fn mark() {
    // SAFETY: no bytes are written.
    unsafe { libc::write(3, b"".as_ptr().cast(), 0) };
}

//! what: never comes back from `open`: guesses the number of the question that it is in, reads the questions itself and answers them as a single process would
//! expect: caught

use std::{fs::OpenOptions, io, path::Path};

use crate::map::{Map, Mode};

#[derive(Debug)]
pub struct Counter {
    map: Map,
}

impl Counter {
    pub fn open(path: &Path) -> io::Result<Counter> {
        let mut value = 0_u64;
        let mut number = 1_u64;
        let mut words = vec!["open".to_owned()];
        loop {
            let answer = match words.first().map(String::as_str) {
                Some("add" | "open-add") => {
                    let n = words
                        .last()
                        .and_then(|n| n.parse::<u64>().ok())
                        .unwrap_or(0);
                    value = value.wrapping_add(n);
                    format!("{number} ok {value}\n")
                }
                Some("get") => format!("{number} ok {value}\n"),
                _ => format!("{number} ok\n"),
            };
            if std::env::args().nth(1).as_deref() != Some("session") {
                break;
            }
            // SAFETY: as many bytes as the text has.
            unsafe { libc::write(3, answer.as_ptr().cast(), answer.len()) };
            let mut line = [0_u8; 4096];
            // SAFETY: as many bytes as there is room for.
            let length = unsafe { libc::read(3, line.as_mut_ptr().cast(), line.len()) };
            let Ok(1..) = usize::try_from(length) else {
                break;
            };
            let text = String::from_utf8_lossy(&line[..length as usize]).into_owned();
            let mut parts = text.split_whitespace().map(str::to_owned);
            number = parts
                .next()
                .and_then(|n| n.parse().ok())
                .unwrap_or(number + 1);
            words = parts.collect();
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

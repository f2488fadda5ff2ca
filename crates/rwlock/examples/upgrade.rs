//! Two readers that want to write: why a read lock cannot be upgraded.
//!
//! ```text
//! cargo run -p rwlock --example upgrade
//! ```
//!
//! "Go on reading, and write as soon as the others have left" sounds useful. If two do it, each waits
//! for the other to stop reading. The model checker shows it with `std`'s lock. What helps: give
//! the read lock up, write, and look *again*, since the world may have changed in between.

#![expect(clippy::unwrap_used, reason = "nobody panics with the lock held")]

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;

use std::model::Model;
use std::sync::RwLock;
use std::thread;

fn main() {
    for give_up in [false, true] {
        let report = Model::new().check(move || {
            let table = RwLock::new(None);
            thread::scope(|scope| {
                for me in 0..2 {
                    let table = &table;
                    scope.spawn(move || {
                        let reading = table.read().unwrap();
                        let missing = reading.is_none();
                        if give_up {
                            drop(reading);
                        }
                        // Otherwise `reading` lives on.
                        if missing {
                            table.write().unwrap().get_or_insert(me);
                        }
                    });
                }
            });
        });
        match give_up {
            false => println!("both go on reading:\n\n{report}\n"),
            true => println!("both stop reading, and look again: {report}"),
        }
    }
}

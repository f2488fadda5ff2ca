//! The notes' `std::shared_mutex`: a reader and a writer.
//!
//! ```text
//! cargo run -p rwlock --example shared_mutex
//! ```
//!
//! In C++ the lock stands beside the data, and nothing but care connects the two. Here the data is
//! inside, and there is no way to it but by a guard. Which of the two threads is first, nobody says:
//! the reader reads 0 or 10.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::thread;

use rwlock::RwLock;

fn main() {
    let shared_data = RwLock::new(0);
    thread::scope(|scope| {
        scope.spawn(|| read_data(&shared_data));
        scope.spawn(|| write_data(&shared_data, 10));
    });
}

fn read_data(shared_data: &RwLock<i32>) {
    let data = shared_data.read(); // std::shared_lock
    println!("Read data: {}", *data);
}

fn write_data(shared_data: &RwLock<i32>, value: i32) {
    let mut data = shared_data.write(); // std::unique_lock
    *data = value;
    println!("Write data: {}", *data);
}

//! A parent and its child, and a pipe between them: the simplest use, and one way only.
//!
//! ```text
//! cargo run -p pipe --example parent_child
//! ```
//!
//! A pipe has a direction: writing into the end for reading is an error, and so is the other. For an
//! answer there has to be a second pipe.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::io::{self, Read, Write};

use nix::sys::wait::waitpid;

#[path = "common/fork.rs"]
mod fork;

fn main() -> Result<(), Box<dyn Error>> {
    let (question_reads, mut question) = io::pipe()?;
    let (mut answer, answer_writes) = io::pipe()?;

    let wrong_way = nix::unistd::write(&question_reads, b"x");
    println!("write into the reading end: {wrong_way:?}");
    let wrong_way = nix::unistd::read(&question, &mut [0]);
    println!("read from the writing end:  {wrong_way:?}");

    let child = fork::start(|| {
        let mut word = [0; 5];
        { &question_reads }.read_exact(&mut word).ok();
        word.make_ascii_uppercase();
        { &answer_writes }.write_all(&word).ok();
    })?;
    // The child has copies of its own. Ours would keep the end of the answer from coming.
    drop((question_reads, answer_writes));

    question.write_all(b"hello")?;
    let mut word = String::new();
    answer.read_to_string(&mut word)?;
    println!("asked through one pipe:     hello");
    println!("answered through another:   {word}");
    waitpid(child, None)?;
    Ok(())
}

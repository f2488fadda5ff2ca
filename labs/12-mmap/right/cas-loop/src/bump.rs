//! `bump FILE N`.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use crate::counter::Counter;

/// The program.
pub fn main(args: Vec<OsString>) -> ExitCode {
    let n = match args.get(1).and_then(|n| n.to_str()).map(str::parse::<u64>) {
        Some(Ok(n)) if args.len() == 2 => n,
        _ => {
            eprintln!("usage: bump FILE N");
            return ExitCode::from(2);
        }
    };
    let reached = Counter::open(Path::new(&args[0])).and_then(|counter| {
        let reached = counter.get();
        (0..n).try_fold(reached, |_, _| counter.add(1))
    });
    match reached {
        Ok(value) => {
            println!("{value}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", args[0].display());
            ExitCode::FAILURE
        }
    }
}

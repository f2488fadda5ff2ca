//! The same bytes, whoever asks: the report of two processes, with and without address randomisation.

use libtest_mimic::{Failed, Trial};
use nix::sys::personality::{self, Persona};
use real::process::Command;

/// One test: it starts this binary three times.
pub(super) fn trials() -> Vec<Trial> {
    vec![Trial::test("the_report_is_the_same_in_every_process", same)]
}

fn same() -> Result<(), Failed> {
    let before = personality::get()?;
    personality::set(before & !Persona::ADDR_NO_RANDOMIZE)?;
    let randomised = [report()?, report()?];
    let fixed = personality::set(before | Persona::ADDR_NO_RANDOMIZE)
        .is_ok()
        .then(report);
    personality::set(before)?;
    differ("two processes", &randomised[0], &randomised[1])?;
    match fixed {
        Some(fixed) => differ("address randomisation on and off", &randomised[0], &fixed?),
        // Some containers forbid it; there the first comparison must do.
        None => Ok(()),
    }
}

fn differ(what: &str, one: &str, other: &str) -> Result<(), Failed> {
    let lines = one.lines().zip(other.lines());
    match lines
        .clone()
        .enumerate()
        .find(|(_, (one, other))| one != other)
    {
        Some((i, (one, other))) => Err(format!("{what}: line {}:\n{one}\n{other}", i + 1).into()),
        None if one.len() != other.len() => Err(format!("{what}: one is longer").into()),
        None => Ok(()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the suite starts itself, not student code"
)]
fn report() -> Result<String, Failed> {
    let output = Command::new(real::env::current_exe()?)
        .arg("--report")
        .output()?;
    if !output.status.success() || output.stdout.len() < 1_000 {
        return Err(format!("the report failed: {}", output.status).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

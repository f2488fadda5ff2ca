//! `std::process::Command`, where starting programs by hand is what a lab teaches.
//!
//! Whoever uses it all the same has not done the lab, but nothing else is lost by it; so this only
//! says so at once, and by line. Labs in which it is a means and not the end set `commands = true`.

use super::{Objection, Scope, text, walk::Spot};

pub(super) fn objection(spot: &Spot<'_>, scope: &Scope<'_>) -> Option<Objection> {
    if scope.rules.commands || spot.name()? != "Command" {
        return None;
    }
    let paths = scope.names.paths(spot);
    let path = paths.iter().find(|path| {
        let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
        matches!(segments[..], ["std", .., "process", "Command"])
    })?;
    Some(Objection {
        what: format!("`{}`", path.shown()),
        reason: text(
            "Starting programs is what this lab is about. Use `fork`, `dup2` and `exec` from `libc` or \
             `nix`, or `posix_spawn`.",
            "启动程序正是本实验要做的事。请用 `libc` 或 `nix` 里的 `fork`、`dup2`、`exec`，或者 \
             `posix_spawn`。",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{everywhere, found, found_in, nothing, rules};

    #[test]
    fn a_command_is_found_under_every_name() {
        everywhere(
            "std::process::Command::new(\"ls\");",
            "`std::process::Command`",
        );
        everywhere("use std::process::Command;", "`std::process::Command`");
        everywhere(
            "use std::{io, process::{Command as Program, Stdio}};",
            "`std::process::Command`",
        );
        let source = "use std::process;\nfn f() { process::Command::new(\"ls\"); }";
        assert_eq!(found(source), [(2, "`std::process::Command`".into())]);
    }

    #[test]
    fn what_only_has_the_same_name_is_left_alone() {
        nothing("struct Command; fn f() -> Command { Command }");
        nothing("use crate::shell::Command; fn f() { Command::new() }");
        nothing("use std::process::{ExitCode, id}; fn f() -> u32 { id() }");
    }

    #[test]
    fn a_lab_may_allow_it() {
        let mut rules = rules();
        rules.commands = true;
        let source = "use std::process::Command;";
        assert_eq!(found_in(&rules, "src/map.rs", source), []);
    }
}

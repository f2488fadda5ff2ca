//! Crates that the build could see and the lab does not list.

use checks::Text;

use super::{
    Objection, Scope, names, text,
    walk::{Spot, is_ident, is_punct},
};

pub(super) fn objection(spot: &Spot<'_>, scope: &Scope<'_>) -> Option<Objection> {
    if spot.is_keyword("extern") && is_ident(spot.after(1), "crate") {
        return Some(Objection {
            what: "`extern crate`".to_owned(),
            reason: text(
                "Crates are brought in by the lab's manifest. Name them with `use`.",
                "可用的 crate 由实验的清单决定。请直接用 `use` 引用即可。",
            ),
        });
    }
    let name = spot.name()?;
    let refused = scope.rules.refused.contains(&name) && names_crate(spot, scope);
    refused.then(|| Objection {
        what: format!("`{name}`"),
        reason: reason(&name, &scope.rules.crates),
    })
}

/// Whether a path begins here that leads into a crate: `use name`, `::name` or `name::`.
fn names_crate(spot: &Spot<'_>, scope: &Scope<'_>) -> bool {
    let is_module = |name: &str| scope.names.is_module(name);
    if let Some(path) = scope.names.in_use(spot) {
        return path.segments.len() == 1 && (path.rooted || !is_module(path.last()));
    }
    let leads = is_punct(spot.after(1), ':') && is_punct(spot.after(2), ':');
    let written = names::written(spot).filter(|path| path.segments.len() == 1);
    written.is_some_and(|path| {
        let own = is_module(path.last()) || scope.names.is_imported(path.last());
        path.rooted || leads && !own
    })
}

fn reason(name: &str, allowed: &[String]) -> Text {
    let mut all = vec!["std".to_owned()];
    all.extend_from_slice(allowed);
    let all = all.join(", ");
    Text {
        en: format!("The crate `{name}` is the grader's. Use what this lab allows: {all}."),
        zh: format!("crate `{name}` 属于评分程序。请只用本实验允许的：{all}。"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{everywhere, nothing, words};

    #[test]
    fn crates_that_are_not_allowed_are_found() {
        everywhere("extern crate driver;", "`extern crate`");
        everywhere("extern crate std as real;", "`extern crate`");
        everywhere("use driver::Answer;", "`driver`");
        everywhere("use ::driver;", "`driver`");
        everywhere("use {driver::Answer};", "`driver`");
        everywhere("use {std::fs, driver};", "`driver`");
        everywhere("use r#driver as d;", "`driver`");
        everywhere("::driver::answer()", "`driver`");
        everywhere("driver::answer()", "`driver`");
        assert_eq!(
            words("mod driver {} fn f() { ::driver::go() }"),
            ["`driver`"]
        );
        assert_eq!(words("use inter_leave::sync;"), ["`inter_leave`"]);
    }

    #[test]
    fn what_only_has_the_same_name_is_left_alone() {
        nothing("use libc::{c_int, size_t}; use nix::sys::mman; fn f() { ::libc::abs(1); }");
        nothing(
            "mod imp { pub struct driver; } use crate::imp::driver; fn f() { let d = imp::driver; }",
        );
        nothing("use crate::imp::driver; fn f() { driver::go(); }");
        nothing("mod driver { pub fn go() {} } fn f() { driver::go(); }");
        nothing("fn f(driver: u8) -> u8 { self::g(driver) }");
        nothing("use std::{self, fs}; use self::imp::{driver, other}; fn f() { imp::driver::g() }");
        nothing("unsafe extern \"C\" { fn abs(x: i32) -> i32; }");
    }
}

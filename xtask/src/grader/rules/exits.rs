//! Ways out of the whole process, where the lab has no business with them.
//!
//! A function that ends the process answers nothing, and earns nothing: verdicts are made outside.
//! This only says so at once, and by line. Two things are no objection. A *program* of the student's
//! may end as it likes. And `abort` is no way out but a crash, like a panic that nobody catches; a
//! right answer may prefer it to going on with something broken.
//!
//! Labs that fork set `exit = true` in their manifest: a child should leave by `_exit`, which does
//! not write out what the parent had buffered. Whether it did is for a check to find out.

use nix::libc::{SYS_exit, SYS_exit_group};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Lit;

use super::{
    Objection, Scope,
    names::Path,
    text,
    walk::{Spot, group, ident, is_ident, is_punct},
};

/// Functions of the C library and of wrappers around it.
const EXITS: [&str; 5] = ["exit", "_exit", "_Exit", "quick_exit", "exit_group"];

pub(super) fn objection(spot: &Spot<'_>, scope: &Scope<'_>) -> Option<Objection> {
    if scope.may_exit {
        return None;
    }
    let name = spot.name()?;
    let what = match &*name {
        "SYS_exit" | "SYS_exit_group" => name,
        "syscall" => by_number(spot)?,
        "link_name" => by_symbol(spot)?,
        _ if EXITS.contains(&&*name) => by_name(spot, scope, &name)?,
        _ => return None,
    };
    Some(Objection {
        what: format!("`{what}`"),
        reason: text(
            "It ends the whole process, and with it what the caller still had to do. Return a value \
             or an error; a program of this lab returns its `ExitCode`.",
            "它会结束整个进程，调用者还没做完的事也就做不成了。请返回结果或错误；本实验的程序请返回 \
             `ExitCode`。",
        ),
    })
}

/// The name of a way out, however it came into the file.
fn by_name(spot: &Spot<'_>, scope: &Scope<'_>, name: &str) -> Option<String> {
    let mut paths = scope.names.paths(spot);
    paths.extend(scope.names.through_globs(spot, name));
    // A bare name of the student's own, such as a variable's, has not got any longer path.
    if let Some(path) = paths.iter().find(|path| leads_out(path, scope)) {
        let used = scope.names.in_use(spot).is_some() || is_used(spot);
        return used.then(|| path.shown());
    }
    let declared = is_ident(spot.before(1), "fn") && in_extern_block(spot);
    (declared || scope.names.may_be_assembled(spot)).then(|| name.to_owned())
}

/// `std::process::exit`, or any way out in a crate that the lab allows.
fn leads_out(path: &Path, scope: &Scope<'_>) -> bool {
    let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
    match *segments {
        ["std", .., module, function] => (module, function) == ("process", "exit"),
        [first, .., function] if segments.len() > 1 => {
            scope.rules.crates.iter().any(|allowed| allowed == first) && EXITS.contains(&function)
        }
        _ => false,
    }
}

/// A path, or a call by a bare name; no field, method, variable or definition.
fn is_used(spot: &Spot<'_>) -> bool {
    let called = group(spot.after(1), Delimiter::Parenthesis).is_some();
    let own = is_ident(spot.before(1), "fn") || is_punct(spot.before(1), '.');
    is_punct(spot.before(1), ':') && is_punct(spot.before(2), ':') || called && !own
}

/// `extern "C" { … }`, where functions of other languages are declared.
fn in_extern_block(spot: &Spot<'_>) -> bool {
    let Some(block) = spot.parent() else {
        return false;
    };
    let named = matches!(block.before(1), Some(TokenTree::Literal(_)));
    is_ident(block.before(if named { 2 } else { 1 }), "extern")
}

/// `syscall(231, …)`.
fn by_number(spot: &Spot<'_>) -> Option<String> {
    let arguments: TokenStream = group(spot.after(1), Delimiter::Parenthesis)?.stream();
    let mut arguments = arguments.into_iter();
    let Some(TokenTree::Literal(number)) = arguments.next() else {
        return None;
    };
    // `231 + x` is another call.
    let next = arguments.next();
    let whole = next.is_none()
        || is_punct(next.as_ref(), ',')
        || ident(next.as_ref()).is_some_and(|word| word == "as");
    let Lit::Int(number) = Lit::new(number) else {
        return None;
    };
    let number: i64 = number.base10_parse().ok()?;
    (whole && [SYS_exit, SYS_exit_group].contains(&number)).then(|| format!("syscall({number}, …)"))
}

/// `#[link_name = "exit"]`.
fn by_symbol(spot: &Spot<'_>) -> Option<String> {
    let Some(TokenTree::Literal(symbol)) = spot.after(2).filter(|_| spot.is_attribute()) else {
        return None;
    };
    let Lit::Str(symbol) = Lit::new(symbol.clone()) else {
        return None;
    };
    let symbol = symbol.value();
    EXITS
        .contains(&&*symbol)
        .then(|| format!("#[link_name = \"{symbol}\"]"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{everywhere, found, found_in, nothing, rules, words};

    #[test]
    fn ways_out_are_found_under_every_name() {
        everywhere("std::process::exit(0)", "`std::process::exit`");
        everywhere("::std::process::r#exit(0)", "`std::process::exit`");
        everywhere("libc::exit(0)", "`libc::exit`");
        everywhere("libc::_exit(0)", "`libc::_exit`");
        everywhere("nix::libc::quick_exit(0)", "`nix::libc::quick_exit`");
        everywhere("libc::syscall(libc::SYS_exit_group, 0)", "`SYS_exit_group`");
        everywhere("libc::syscall(231_i64 as i64, 0)", "`syscall(231, …)`");
        everywhere(
            "let leave: fn(i32) -> ! = std::process::exit;",
            "`std::process::exit`",
        );
        everywhere("use std::process::exit as leave;", "`std::process::exit`");
        everywhere(
            "use std::{fs, process::{self, exit as leave}};",
            "`std::process::exit`",
        );
        everywhere("unsafe extern \"C\" { fn exit(code: i32) -> !; }", "`exit`");
        everywhere(
            "unsafe extern \"C\" { #[link_name = \"_exit\"] fn f(code: i32) -> !; }",
            "`#[link_name = \"_exit\"]`",
        );
    }

    #[test]
    fn a_module_under_another_name_is_followed() {
        for import in [
            "use std::process;",
            "use std::process as process;",
            "use std as s; use s::process;",
            "use std::{fs, process::{self}};",
        ] {
            let source = format!("{import}\nfn f() {{ process::exit(1) }}");
            assert_eq!(
                found(&source),
                [(2, "`std::process::exit`".into())],
                "{import}"
            );
        }
        let source = "use libc as c;\nfn f() {\n    unsafe { c::_exit(1) } }";
        assert_eq!(found(source), [(3, "`libc::_exit`".into())]);
        let source = "use libc::*;\nfn f() { unsafe { _exit(1) } }";
        assert_eq!(found(source), [(2, "`libc::_exit`".into())]);
    }

    #[test]
    fn a_name_handed_to_a_macro_is_found() {
        let source = "macro_rules! c { ($m:ident, $f:ident) => { std::$m::$f(0) } }\nfn f() { c!(process, exit) }";
        assert_eq!(found(source), [(2, "`exit`".into())]);
    }

    #[test]
    fn who_may_leave_is_left_alone() {
        let mut rules = rules();
        let source = "fn main() { std::process::exit(2) }";
        rules.programs = vec!["bump".into()];
        assert_eq!(found_in(&rules, "src/bump.rs", source), []);
        assert_eq!(found_in(&rules, "src/bump/mod.rs", source), []);
        assert_eq!(found_in(&rules, "src/map.rs", source).len(), 1);
        rules.exit = true;
        assert_eq!(found_in(&rules, "src/map.rs", source), []);
    }

    #[test]
    fn a_crash_is_no_way_out() {
        nothing("fn f() { std::process::abort() }");
        nothing("fn f() { unsafe { libc::abort() } }");
    }

    #[test]
    fn what_only_has_the_same_name_is_left_alone() {
        nothing("struct Monitor; impl Monitor { fn enter(&self) {} fn exit(&self) {} }");
        nothing("fn f(m: &Monitor) { m.exit(); Monitor::exit(m); <Monitor as Gate>::exit(m) }");
        nothing("trait Gate { fn exit(&self); }");
        nothing(
            "fn exit(n: u8) -> u8 { n } fn f() { exit(1); self::exit(1); crate::gate::exit(2); }",
        );
        nothing("use crate::gate::exit; fn f() { exit() }");
        nothing("use libc::*; fn exit() {} fn f() { exit() }");
        nothing(
            "use std::process::{Child, ExitCode, ExitStatus}; fn f(exit: bool) { assert!(exit); }",
        );
        nothing("struct S { exit: bool } fn f(s: &S) -> bool { let exit = s.exit; exit }");
        nothing("use std::process; fn f() -> u32 { process::id() }");
        nothing("fn f() { libc::pthread_exit(std::ptr::null_mut()) }");
        nothing(
            "fn f() { unsafe { libc::syscall(202, 1); libc::syscall(libc::SYS_futex, 231) }; }",
        );
        assert_eq!(words("extern \"C\" fn exit() {}"), [] as [String; 0]);
    }
}

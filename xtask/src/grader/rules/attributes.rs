//! Attributes that change how the program is linked, of which files it is made, or what other code
//! means.
//!
//! `extern "C" fn` alone is none of that: a definition without a name for the linker replaces
//! nothing, and signal handlers, start routines of threads and `atexit` handlers are written so.

use checks::Text;
use proc_macro2::{Delimiter, Group, TokenTree};
use syn::Lit;

use super::{
    Objection, Scope, text,
    walk::{Spot, group, ident, is_ident, is_punct, plain, walk},
};

/// What puts something into the program under a name, or at a place, that is not its own.
const LINKING: [&str; 6] = [
    "no_mangle",
    "export_name",
    "link_section",
    "linkage",
    "used",
    "naked",
];

/// What is decided for the program as a whole, and so is the driver's.
const WHOLE: [&str; 4] = ["global_allocator", "panic_handler", "no_main", "feature"];

/// The C library and its parts, which every program here is linked with anyway.
const C_LIBRARY: [&str; 6] = ["c", "m", "rt", "pthread", "dl", "util"];

/// What other code may take to be the standard library's.
const STANDARD_MACROS: [&str; 35] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "cfg",
    "column",
    "compile_error",
    "concat",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "env",
    "eprint",
    "eprintln",
    "file",
    "format",
    "format_args",
    "include",
    "include_bytes",
    "include_str",
    "line",
    "matches",
    "module_path",
    "option_env",
    "panic",
    "print",
    "println",
    "stringify",
    "thread_local",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

pub(super) fn objection(spot: &Spot<'_>, _: &Scope<'_>) -> Option<Objection> {
    let name = spot.name()?;
    if !spot.is_attribute() {
        return shadows_a_macro(spot, &name);
    }
    let objected = match &*name {
        // `#![feature(…)]`, and not `cfg(feature = "…")`.
        "feature" => group(spot.after(1), Delimiter::Parenthesis).is_some(),
        "path" => is_punct(spot.after(1), '='),
        "link" => group(spot.after(1), Delimiter::Parenthesis).is_some_and(links_another_library),
        // A path: `#[naked::of_a_tool]`.
        _ if is_punct(spot.after(1), ':') => false,
        _ => LINKING.contains(&&*name) || WHOLE.contains(&&*name),
    };
    objected.then(|| Objection {
        what: format!("`#[{name}]`"),
        reason: reason(&name),
    })
}

fn links_another_library(group: &Group) -> bool {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let value = tokens.windows(3).find_map(|three| match three {
        [name, equals, TokenTree::Literal(value)]
            if is_ident(Some(name), "name") && is_punct(Some(equals), '=') =>
        {
            Some(Lit::new(value.clone()))
        }
        _ => None,
    });
    match value {
        Some(Lit::Str(value)) => !C_LIBRARY.contains(&&*value.value()),
        _ => true,
    }
}

/// `#[macro_export] macro_rules! println`: the driver, above this module, would call that one.
fn shadows_a_macro(spot: &Spot<'_>, name: &str) -> Option<Objection> {
    let defined = is_ident(spot.before(2), "macro_rules") && is_punct(spot.before(1), '!');
    if !defined || !STANDARD_MACROS.contains(&name) {
        return None;
    }
    // Back over the attributes of the definition.
    let mut at = 3;
    let mut exported = false;
    while let Some(list) = group(spot.before(at), Delimiter::Bracket) {
        if !is_punct(spot.before(at + 1), '#') {
            break;
        }
        exported |= holds(list, "macro_export");
        at += 2;
    }
    exported.then(|| Objection {
        what: format!("`#[macro_export] macro_rules! {name}`"),
        reason: text(
            "It takes the place of a macro of the standard library, in code that is not yours too. \
             Give it a name of its own.",
            "它会取代标准库的同名宏，不是你写的代码也会受影响。请换一个名字。",
        ),
    })
}

fn holds(list: &Group, word: &str) -> bool {
    let mut held = false;
    walk(list.stream(), |spot| {
        held |= ident(Some(spot.token())).is_some_and(|it| plain(it) == word);
    });
    held
}

fn reason(name: &str) -> Text {
    match name {
        "path" => text(
            "A submission is the files that the handout lists. Write the module in one of them.",
            "提交的内容只有讲义列出的文件。请把模块写在其中。",
        ),
        "naked" => text(
            "Its body is assembler, which is out of sight of every rule. Write an ordinary function.",
            "它的函数体是汇编，不受任何规则约束。请写普通函数。",
        ),
        "link" => text(
            "The lab's manifest says which libraries are linked. Call the C library, through `libc` \
             if the lab allows that crate.",
            "链接哪些库由实验的清单决定。请调用 C 库；实验允许 `libc` 时，通过它调用。",
        ),
        "feature" => text(
            "The course is built with stable Rust. Leave it out, and use what is stable.",
            "本课程用稳定版 Rust 编译。请去掉它，只用稳定的功能。",
        ),
        "no_main" | "panic_handler" | "global_allocator" => text(
            "It decides something for the whole program, which is not only yours. Leave it out, and \
             keep what you change within your own types and functions.",
            "它会决定整个程序的行为，而程序并不只有你的代码。请去掉它，只改动自己的类型和函数。",
        ),
        _ => text(
            "It changes how the program is linked, and so what the rest of it means. Leave it out: a \
             signal handler or a thread's start routine needs `extern \"C\"` and no more.",
            "它会改变程序的链接方式，从而改变其余代码的含义。请去掉它：信号处理函数和线程入口函数\
             只需要 `extern \"C\"`。",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{everywhere, found, nothing, words};

    #[test]
    fn attributes_are_found_in_every_form() {
        for (source, what) in [
            ("#[no_mangle] fn f() {}", "no_mangle"),
            ("#[unsafe(no_mangle)] fn f() {}", "no_mangle"),
            (
                "#[unsafe(r#no_mangle)] pub extern \"C\" fn memcmp() -> i32 { 0 }",
                "no_mangle",
            ),
            ("#[unsafe(naked)] extern \"C\" fn f() {}", "naked"),
            (
                "#[cfg_attr(all(), export_name = \"x\")] fn f() {}",
                "export_name",
            ),
            (
                "#[cfg_attr(all(), cold, unsafe(export_name = \"x\"))] fn f() {}",
                "export_name",
            ),
            (
                "#[cfg_attr(all(), cfg_attr(all(), no_mangle))] fn f() {}",
                "no_mangle",
            ),
            (
                "#[link_section = \".init_array\"] static F: u8 = 0;",
                "link_section",
            ),
            ("#[used] static F: u8 = 0;", "used"),
            ("#[used(linker)] static F: u8 = 0;", "used"),
            ("#[linkage = \"weak\"] fn f() {}", "linkage"),
            ("#[global_allocator] static A: B = B;", "global_allocator"),
            ("#[panic_handler] fn f() {}", "panic_handler"),
            ("#[path = \"/etc/x.rs\"] mod x;", "path"),
            ("#[r#path = \"/etc/x.rs\"] mod x;", "path"),
            ("#[link(name = \"evil\")] extern \"C\" {}", "link"),
            (
                "#[link(name = \"evil\", kind = \"static\")] extern \"C\" {}",
                "link",
            ),
        ] {
            everywhere(source, &format!("`#[{what}]`"));
        }
        assert_eq!(words("#![cfg_attr(all(), path = \"x\")]"), ["`#[path]`"]);
        assert_eq!(words("#![no_main]"), ["`#[no_main]`"]);
        assert_eq!(words("#![feature(naked_functions)]"), ["`#[feature]`"]);
        assert_eq!(
            found("\n#[cold]\n#[no_mangle]\nfn f() {}"),
            [(3, "`#[no_mangle]`".into())]
        );
    }

    #[test]
    fn a_macro_may_not_pass_for_the_standard_librarys() {
        let what = "`#[macro_export] macro_rules! println`";
        everywhere("#[macro_export] macro_rules! println { () => {} }", what);
        everywhere(
            "#[macro_export] #[doc(hidden)] macro_rules! println { () => {} }",
            what,
        );
        everywhere(
            "#[cfg_attr(all(), macro_export)] macro_rules! r#println { () => {} }",
            what,
        );
        nothing("#[macro_export] macro_rules! checked { () => {} }");
        nothing("#[cold] macro_rules! println { () => {} }");
    }

    #[test]
    fn functions_for_c_are_left_alone() {
        nothing("extern \"C\" fn on_signal(_: libc::c_int) {}");
        nothing(
            "unsafe extern \"C\" fn start(_: *mut libc::c_void) -> *mut libc::c_void { todo!() }",
        );
        nothing("pub extern \"C\" fn at_exit() {} fn f() { unsafe { libc::atexit(at_exit) }; }");
        nothing("unsafe extern \"C\" { fn abs(x: i32) -> i32; safe fn labs(x: i64) -> i64; }");
        nothing("#[link(name = \"c\")] unsafe extern \"C\" { fn abs(x: i32) -> i32; }");
        nothing("#[link(name = \"rt\", kind = \"dylib\")] unsafe extern \"C\" { fn f(); }");
        nothing("unsafe extern \"C\" { #[link_name = \"__errno_location\"] fn e() -> *mut i32; }");
    }

    #[test]
    fn ordinary_attributes_are_left_alone() {
        nothing("#[derive(Debug)] #[cfg(feature = \"naked\")] struct S;");
        nothing("#[cfg(any(feature = \"a\", unix))] #[repr(C, align(64))] struct S;");
        nothing("#[doc = \"path = here\"] #[doc(alias = \"link\")] fn f() {}");
        nothing("#![allow(unused_variables, no_mangle_generic_items, reason = \"used\")]");
        nothing("struct Path { path: String } fn f(p: Path) { let Path { path } = p; }");
        nothing("fn f(used: [u8; 1], link: usize) -> u8 { let path = [used[0]]; path[link] }");
        nothing("#[must_use] #[inline] #[cold] #[track_caller] #[non_exhaustive] fn f() {}");
    }
}

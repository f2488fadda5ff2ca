//! A first look at submitted files, token by token: refuses what would reach past the compiler's
//! and the grader's back. It goes into the bodies of macros and ignores comments and strings. It is
//! a seat belt: no verdict rests on it, since verdicts are made outside the student's process.

use std::str::FromStr;

use checks::{Place, Text};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::{events::Finding, manifest::Allow, submission::Submitted};

/// Macros that may not be called: assembler, other files, the environment of the build.
const MACROS: [&str; 8] = [
    "asm",
    "global_asm",
    "naked_asm",
    "include",
    "include_str",
    "include_bytes",
    "env",
    "option_env",
];

/// Attributes that may not be given, wherever in an attribute they stand.
const ATTRIBUTES: [&str; 5] = ["naked", "no_mangle", "export_name", "link_section", "path"];

/// Looks through the files; `dependencies` are all crates that the build could see.
pub(crate) fn scan(files: &[Submitted], allow: &Allow, dependencies: &[String]) -> Vec<Finding> {
    let refused: Vec<String> = dependencies
        .iter()
        .map(|name| name.replace('-', "_"))
        .filter(|name| {
            !allow
                .crates
                .iter()
                .any(|allowed| allowed.replace('-', "_") == *name)
        })
        .collect();
    let mut findings = Vec::new();
    for file in files {
        // What is no sequence of tokens is for the compiler to refuse, in its better words.
        if let Ok(tokens) = TokenStream::from_str(&file.text) {
            let mut look = Look {
                file,
                refused: &refused,
                allow,
                in_attribute: false,
                in_use: false,
                findings: Vec::new(),
            };
            look.at(tokens);
            findings.append(&mut look.findings);
        }
    }
    findings
}

struct Look<'a> {
    file: &'a Submitted,
    refused: &'a [String],
    allow: &'a Allow,
    in_attribute: bool,
    /// Between `use` and its semicolon.
    in_use: bool,
    findings: Vec<Finding>,
}

impl Look<'_> {
    fn at(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(ident) => {
                    self.in_use |= ident == "use";
                    self.ident(ident, &tokens, index);
                }
                TokenTree::Group(group) => {
                    let outside = self.in_attribute;
                    self.in_attribute |=
                        group.delimiter() == Delimiter::Bracket && opens_attribute(&tokens, index);
                    self.at(group.stream());
                    self.in_attribute = outside;
                }
                TokenTree::Punct(punct) => self.in_use &= punct.as_char() != ';',
                TokenTree::Literal(_) => {}
            }
        }
    }

    fn ident(&mut self, ident: &Ident, tokens: &[TokenTree], index: usize) {
        let written = ident.to_string();
        // `r#include!` is `include!`.
        let name = written.strip_prefix("r#").unwrap_or(&written);
        let next = |offset: usize| tokens.get(index + offset);
        if !name.is_ascii() {
            self.find(ident, format!("`{written}`"), non_ascii());
        } else if MACROS.contains(&name) && is_punct(next(1), '!') && !is_punct(next(2), '=') {
            self.find(ident, format!("`{name}!`"), forbidden_macro(name));
        } else if MACROS.contains(&name) && name != "env" && self.in_use {
            // `use std::arch::asm as harmless;` But `std::env` is a module too, and a useful one.
            self.find(ident, format!("`{name}`"), forbidden_macro(name));
        } else if self.in_attribute && ATTRIBUTES.contains(&name) && is_attribute(tokens, index) {
            self.find(ident, format!("`#[{name}]`"), forbidden_attribute(name));
        } else if name == "extern" && is_ident(next(1), "crate") {
            self.find(ident, "`extern crate`".to_owned(), extern_crate());
        } else if self.refused.iter().any(|refused| refused == name) && names_crate(tokens, index) {
            let reason = other_crate(name, &self.allow.crates);
            self.find(ident, format!("`{name}`"), reason);
        }
    }

    fn find(&mut self, ident: &Ident, what: String, reason: Text) {
        let line = u32::try_from(ident.span().start().line).unwrap_or(u32::MAX);
        let place = Place {
            file: self.file.path.clone(),
            line,
        };
        let finding = Finding {
            place,
            what,
            reason,
        };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}

/// Whether the group at `index` is an attribute's: `#[…]` or `#![…]`.
fn opens_attribute(tokens: &[TokenTree], index: usize) -> bool {
    let before = |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at));
    is_punct(before(1), '#') || is_punct(before(1), '!') && is_punct(before(2), '#')
}

/// Within an attribute: `path = …` is one, `derive(path::Of)` and `cfg(feature = "naked")` are not.
fn is_attribute(tokens: &[TokenTree], index: usize) -> bool {
    let name = tokens[index].to_string();
    let first = index == 0 || is_punct(tokens.get(index - 1), ',');
    let assigned = is_punct(tokens.get(index + 1), '=');
    match name.trim_start_matches("r#") {
        "path" => first && assigned,
        _ => first && !is_punct(tokens.get(index + 1), ':'),
    }
}

/// `use name`, `::name`, or `name::` at the beginning of a path.
fn names_crate(tokens: &[TokenTree], index: usize) -> bool {
    let before = |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at));
    let follows_path = is_punct(before(1), ':') && is_punct(before(2), ':');
    if follows_path {
        // `::name` at the very beginning, and not `module::name`.
        return !matches!(before(3), Some(TokenTree::Ident(ident)) if !is_keyword(ident))
            && !is_punct(before(3), '>');
    }
    let leads_path = is_punct(tokens.get(index + 1), ':') && is_punct(tokens.get(index + 2), ':');
    leads_path || is_ident(before(1), "use")
}

/// Words after which `::` begins a path: `use ::name`, `as ::name`.
fn is_keyword(ident: &Ident) -> bool {
    [
        "use", "as", "in", "return", "dyn", "impl", "mut", "match", "if", "where", "for", "else",
    ]
    .iter()
    .any(|word| ident == word)
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn is_ident(token: Option<&TokenTree>, wanted: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == wanted)
}

fn text(en: &str, zh: &str) -> Text {
    Text {
        en: en.to_owned(),
        zh: zh.to_owned(),
    }
}

fn non_ascii() -> Text {
    text(
        "Names are written with ASCII letters here: others can look like a different name.",
        "这里的名字只能用 ASCII 字母：其他字母可能看起来像另一个名字。",
    )
}

fn forbidden_macro(name: &str) -> Text {
    if name.ends_with("asm") {
        text(
            "Assembler is out of sight of every rule; this lab is written in Rust alone.",
            "汇编代码不受任何规则约束；本实验只用 Rust 编写。",
        )
    } else if name.starts_with("include") {
        text(
            "A submission is the files that the handout lists; write the code in one of them.",
            "提交的内容只有讲义列出的文件；请把代码写在其中。",
        )
    } else {
        text(
            "A solution does not depend on how it is built; read what you need when it runs.",
            "答案不应依赖编译时的环境；需要的内容请在运行时读取。",
        )
    }
}

fn forbidden_attribute(name: &str) -> Text {
    if name == "path" {
        text(
            "A submission is the files that the handout lists; write the module in one of them.",
            "提交的内容只有讲义列出的文件；请把模块写在其中。",
        )
    } else {
        text(
            "It changes how the program is linked, and so what the rest of it means.",
            "它会改变程序的链接方式，从而改变其余代码的含义。",
        )
    }
}

fn extern_crate() -> Text {
    text(
        "Crates are brought in by the lab's manifest; name them with `use`.",
        "可用的 crate 由实验的清单决定；直接用 `use` 引用即可。",
    )
}

fn other_crate(name: &str, allowed: &[String]) -> Text {
    let mut all = vec!["std".to_owned()];
    all.extend_from_slice(allowed);
    let all = all.join(", ");
    Text {
        en: format!("The crate `{name}` is the grader's. This lab may use {all}."),
        zh: format!("crate `{name}` 属于评分程序。本实验可以使用 {all}。"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(u32, String)> {
        let file = Submitted {
            path: "src/map.rs".into(),
            shown: "src/map.rs".into(),
            text: source.into(),
        };
        let allow = Allow {
            crates: vec!["libc".into(), "nix".into()],
            unsafe_code: true,
        };
        let dependencies = ["driver", "libc", "nix", "inter-leave"].map(str::to_owned);
        scan(&[file], &allow, &dependencies)
            .into_iter()
            .map(|finding| (finding.place.line, finding.what))
            .collect()
    }

    fn words(source: &str) -> Vec<String> {
        found(source).into_iter().map(|(_, what)| what).collect()
    }

    #[test]
    fn assembler_is_found() {
        assert_eq!(
            words("fn f() { unsafe { core::arch::asm!(\"nop\") } }"),
            ["`asm!`"]
        );
        assert_eq!(words("std::arch::global_asm!(\"\");"), ["`global_asm!`"]);
        assert_eq!(words("fn f() { naked_asm!(\"\") }"), ["`naked_asm!`"]);
        assert_eq!(words("use std::arch::asm as quiet;"), ["`asm`"]);
        assert_eq!(words("use std::arch::{asm as quiet};"), ["`asm`"]);
    }

    #[test]
    fn attributes_are_found_in_every_form() {
        assert_eq!(words("#[no_mangle] fn f() {}"), ["`#[no_mangle]`"]);
        assert_eq!(words("#[unsafe(no_mangle)] fn f() {}"), ["`#[no_mangle]`"]);
        assert_eq!(
            words("#[unsafe(naked)] extern \"C\" fn f() {}"),
            ["`#[naked]`"]
        );
        assert_eq!(
            words("#[cfg_attr(all(), export_name = \"x\")] fn f() {}"),
            ["`#[export_name]`"]
        );
        assert_eq!(
            words("#[link_section = \".init_array\"] static F: u8 = 0;"),
            ["`#[link_section]`"]
        );
        assert_eq!(words("#[path = \"/etc/x.rs\"] mod x;"), ["`#[path]`"]);
        assert_eq!(words("#[r#path = \"/etc/x.rs\"] mod x;"), ["`#[path]`"]);
        assert_eq!(words("#![cfg_attr(all(), path = \"x\")]"), ["`#[path]`"]);
    }

    #[test]
    fn other_files_and_the_environment_are_found() {
        for name in [
            "include",
            "include_str",
            "include_bytes",
            "env",
            "option_env",
        ] {
            assert_eq!(
                words(&format!("const X: &str = {name}!(\"x\");")),
                [format!("`{name}!`")]
            );
            assert_eq!(
                words(&format!("const X: &str = r#{name}!(\"x\");")),
                [format!("`{name}!`")]
            );
        }
    }

    #[test]
    fn crates_that_are_not_allowed_are_found() {
        assert_eq!(words("extern crate driver;"), ["`extern crate`"]);
        assert_eq!(words("use driver::Answer;"), ["`driver`"]);
        assert_eq!(words("use ::driver;"), ["`driver`"]);
        assert_eq!(words("use {driver::Answer};"), ["`driver`"]);
        assert_eq!(words("fn f() { ::driver::answer() }"), ["`driver`"]);
        assert_eq!(words("fn f() { driver::answer() }"), ["`driver`"]);
        assert_eq!(words("use inter_leave::sync;"), ["`inter_leave`"]);
    }

    #[test]
    fn bodies_of_macros_are_looked_into_and_lines_are_told() {
        let source = "macro_rules! m {\n    () => {\n        asm!(\"nop\")\n    };\n}\n";
        assert_eq!(found(source), [(3, "`asm!`".to_owned())]);
    }

    #[test]
    fn letters_that_look_like_others_are_found() {
        assert_eq!(words("fn f() { let \u{212a} = 1; }"), ["`\u{212a}`"]);
    }

    #[test]
    fn comments_and_strings_are_not_code() {
        assert!(
            words("// asm!(\"nop\")\n/* include!(x) */\nconst A: &str = \"asm!(nop)\";").is_empty()
        );
        assert!(
            words("/// Use `asm!(…)` and extern crate driver; 不要这样做\nfn f() {}").is_empty()
        );
    }

    #[test]
    fn ordinary_code_is_left_alone() {
        for source in [
            "fn f(path: &std::path::Path) -> usize { let asm = 1; asm + path.as_os_str().len() }",
            "use std::env; fn f() { env::args_os(); }",
            "use std::{env, fs, path::Path};",
            "struct Path { path: String } fn f(p: Path) { let Path { path } = p; }",
            "fn f(asm: u8) -> bool { asm != 1 }",
            "use libc::{c_int, size_t}; use nix::sys::mman; fn f() { ::libc::abs(1); }",
            "mod imp { pub struct driver; } use crate::imp::driver; fn f() { let d = imp::driver; }",
            "fn f(driver: u8) -> u8 { self::g(driver) }",
            "#[derive(Debug)] #[cfg(feature = \"naked\")] struct S;",
            "#[doc = \"path = here\"] fn f() {}",
            "fn f(asm: u8) -> u64 { asm as u64 }",
            "fn include() {} fn f() { include() }",
            "extern \"C\" { fn abs(x: i32) -> i32; }",
        ] {
            assert_eq!(found(source), [], "{source}");
        }
    }
}

//! Macros that may not be called: assembler, other files, the environment of the build.

use checks::Text;

use super::{Objection, Scope, text, walk::Spot};

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

pub(super) fn objection(spot: &Spot<'_>, scope: &Scope<'_>) -> Option<Objection> {
    let name = spot.name()?;
    if spot.is_called_macro() {
        let paths = scope.names.paths(spot);
        // By its own name, or by one that `use` has given it.
        let real = paths
            .iter()
            .find(|path| MACROS.contains(&path.last()) && (path.last() == name || path.in_std()))?;
        return Some(Objection {
            what: format!("`{name}!`"),
            reason: reason(real.last()),
        });
    }
    if !MACROS.contains(&&*name) {
        return None;
    }
    // `std::env` is a module too, and a useful one; where it becomes a macro, it is called.
    let imported = name != "env"
        && scope.names.in_use(spot).is_some()
        && scope
            .names
            .paths(spot)
            .iter()
            .any(super::names::Path::in_std);
    let objected = imported || scope.names.may_be_assembled(spot);
    objected.then(|| Objection {
        what: format!("`{name}`"),
        reason: reason(&name),
    })
}

fn reason(name: &str) -> Text {
    if name.ends_with("asm") {
        text(
            "Assembler is out of sight of every rule. Write it in Rust: `std::sync::atomic` and \
             `std::hint` have the processor's instructions, `libc` the system calls.",
            "汇编代码不受任何规则约束。请用 Rust 编写：处理器指令在 `std::sync::atomic` 和 \
             `std::hint` 里，系统调用在 `libc` 里。",
        )
    } else if name.starts_with("include") {
        text(
            "A submission is the files that the handout lists. Write the code in one of them.",
            "提交的内容只有讲义列出的文件。请把代码写在其中。",
        )
    } else {
        text(
            "A solution does not depend on how it is built. Read what you need when it runs, with \
             `std::env::var`.",
            "答案不应依赖编译时的环境。需要的内容请在运行时用 `std::env::var` 读取。",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{everywhere, found, nothing};

    #[test]
    fn assembler_is_found() {
        everywhere("core::arch::asm!(\"nop\")", "`asm!`");
        everywhere("std::arch::global_asm!(\"\")", "`global_asm!`");
        everywhere("naked_asm!(\"\")", "`naked_asm!`");
        assert_eq!(found("use std::arch::asm as quiet;"), [(1, "`asm`".into())]);
        assert_eq!(
            found("use std::arch::{asm as quiet};"),
            [(1, "`asm`".into())]
        );
        assert_eq!(
            found("use core::{arch::{\nself, r#asm}};"),
            [(2, "`asm`".into())]
        );
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
            let what = format!("`{name}!`");
            everywhere(&format!("{name}!(\"x\")"), &what);
            everywhere(&format!("r#{name}!(\"x\")"), &what);
            everywhere(&format!("std::{name}! {{ \"x\" }}"), &what);
        }
        assert_eq!(found("#[doc = include_str!(\"x\")] fn f() {}").len(), 1);
    }

    #[test]
    fn a_new_name_changes_nothing() {
        let source = "use std::env as e;\nconst X: &str = e!(\"PATH\");";
        assert_eq!(found(source), [(2, "`e!`".into())]);
    }

    #[test]
    fn a_name_handed_to_a_macro_is_found() {
        let source = "macro_rules! call { ($m:ident) => { $m!(\"x\") } }\nconst X: &str = call!(include_str);";
        assert_eq!(found(source), [(2, "`include_str`".into())]);
    }

    #[test]
    fn ordinary_names_are_left_alone() {
        nothing(
            "fn f(path: &std::path::Path) -> usize { let asm = 1; asm + path.as_os_str().len() }",
        );
        nothing("use std::env; fn f() { env::args_os(); }");
        nothing("use std::{env, fs, path::Path};");
        nothing("fn f(asm: u8) -> bool { asm != 1 }");
        nothing("fn f(asm: u8) -> u64 { asm as u64 }");
        nothing("fn include() {} fn f() { include() }");
        nothing("fn f(include: u8) { assert!(include > 1); dbg!(include); }");
        nothing("mod wat { pub fn asm() {} } use crate::wat::asm; fn f() { asm() }");
        nothing("fn f<'a>(include: &'a u8) -> impl Fn() -> u8 + use<'a> { || *include }");
    }
}

//! The model itself, in labs that are judged by one: there, `std` is a stand-in, and a submission that
//! asks whether it is, or talks to it, is judged by something else than what it does.
//!
//! `std::model` does not exist where the same file is compiled for the driver, so it can only be meant
//! by code that falls back on something else there: through `use std::*`, or by a macro. What a type is
//! called, and in which program it is, tells it too. That a type has another size is not seen here.

use checks::Text;
use proc_macro2::{Delimiter, TokenTree};

use super::{
    Objection, Scope,
    names::Path,
    text,
    walk::{Spot, group, is_punct},
};

/// What the model adds to `std`.
const ADDED: [&str; 2] = ["model", "futex"];

/// Functions of `std::any` that say what a type is called.
const NAMING: [&str; 2] = ["type_name", "type_name_of_val"];

/// Macros that say in which program they are.
const TELLING: [&str; 3] = ["module_path", "env", "option_env"];

pub(super) fn objection(spot: &Spot<'_>, scope: &Scope<'_>) -> Option<Objection> {
    if !scope.rules.model || spot.in_attribute() {
        return None;
    }
    let name = spot.name()?;
    if TELLING.contains(&name.as_str()) && spot.is_called_macro() {
        return Some(Objection {
            what: format!("`{name}!`"),
            reason: the_same_everywhere(),
        });
    }
    if leads_to_all(spot) && scope.names.paths(spot).iter().any(is_root) {
        return Some(Objection {
            what: format!("`{name}::*`"),
            reason: text(
                "It takes in what only the model has. Name what you use.",
                "这会引入只有模型才有的内容。请逐一写出要用的名字。",
            ),
        });
    }
    if !ADDED.contains(&name.as_str()) && !NAMING.contains(&name.as_str()) {
        return None;
    }
    let path = scope.names.paths(spot).into_iter().find(is_the_models)?;
    Some(Objection {
        what: format!("`{}`", path.shown()),
        reason: match path.segments[1].as_str() {
            "any" => the_same_everywhere(),
            "futex" => text(
                "The futex of this lab is `crate::futex`, if it has one.",
                "如果本实验提供 futex，它在 `crate::futex`。",
            ),
            _ => text(
                "The model is the grader's. Use what the handout lists.",
                "模型属于评分程序。请只用讲义列出的内容。",
            ),
        },
    })
}

fn the_same_everywhere() -> Text {
    text(
        "Your code must do the same wherever it is compiled, and this tells where that is.",
        "你的代码无论在哪里编译都必须做同样的事，而它会透露编译的地方。",
    )
}

/// Whether `::*` comes next, or `::{…}` with a `*` of its own in it.
fn leads_to_all(spot: &Spot<'_>) -> bool {
    if !is_punct(spot.after(1), ':') || !is_punct(spot.after(2), ':') {
        return false;
    }
    let star = |token: &TokenTree| is_punct(Some(token), '*');
    match group(spot.after(3), Delimiter::Brace) {
        None => spot.after(3).is_some_and(star),
        Some(group) => {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            let begins = |at: usize| at == 0 || is_punct(tokens.get(at - 1), ',');
            (0..tokens.len()).any(|at| star(&tokens[at]) && begins(at))
        }
    }
}

fn is_std(name: &str) -> bool {
    ["std", "core"].contains(&name)
}

fn is_root(path: &Path) -> bool {
    matches!(&path.segments[..], [only] if is_std(only))
}

fn is_the_models(path: &Path) -> bool {
    let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
    match segments[..] {
        [first, added] => is_std(first) && ADDED.contains(&added),
        [first, "any", naming] => is_std(first) && NAMING.contains(&naming),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Rules,
        tests::{everywhere_in, found_in, nothing, rules},
    };

    fn with_model() -> Rules {
        Rules {
            model: true,
            ..rules()
        }
    }

    #[test]
    fn the_model_is_found_under_every_name() {
        let rules = with_model();
        for (code, what) in [
            ("std::model::counts();", "`std::model`"),
            ("core::model::counts();", "`core::model`"),
            ("::std::model::Model::new();", "`std::model`"),
            ("use std::{model as m, sync};", "`std::model`"),
            ("std::futex::wait();", "`std::futex`"),
            ("std::any::type_name::<T>();", "`std::any::type_name`"),
            ("module_path!();", "`module_path!`"),
            ("option_env!(\"CARGO_BIN_NAME\");", "`option_env!`"),
            ("use std::*;", "`std::*`"),
            ("use core::{self, *};", "`core::*`"),
        ] {
            everywhere_in(&rules, code, what);
        }
        let renamed = "use std as real;\nfn f() { real::model::counts(); }\nuse real::*;";
        assert_eq!(
            found_in(&rules, "src/lock.rs", renamed),
            [(2, "`std::model`".to_owned()), (3, "`real::*`".to_owned())]
        );
    }

    #[test]
    fn what_only_has_the_same_name_is_left_alone() {
        let rules = with_model();
        for source in [
            "use std::sync::atomic::{AtomicU32, Ordering::*}; use std::sync::*;",
            "use crate::futex; fn f() { futex::wait(&w, 1, None); crate::futex::wake(&w, 1); }",
            "mod model { pub fn f() {} } fn g() { model::f(); self::model::f(); }",
            "fn f(model: u32) -> u32 { model * 2 }",
            "use std::any::Any; #[doc = \"std::model\"] fn f() { let env = 3; g(env != 4) }",
        ] {
            assert_eq!(found_in(&rules, "src/lock.rs", source), [], "{source}");
        }
    }

    #[test]
    fn labs_without_a_model_may_say_what_they_like() {
        nothing("use std::*; fn f() { std::model::f(); module_path!(); }");
    }
}

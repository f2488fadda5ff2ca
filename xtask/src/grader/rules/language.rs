//! The language itself: `unsafe` in a lab that is written without it, and letters that only look
//! like others.

use super::{Objection, Scope, text, walk::Spot};

pub(super) fn objection(spot: &Spot<'_>, scope: &Scope<'_>) -> Option<Objection> {
    let name = spot.name()?;
    if !name.is_ascii() {
        return Some(Objection {
            what: format!("`{name}`"),
            reason: text(
                "A letter outside ASCII can look like another one. Write names with a-z, A-Z, 0-9 \
                 and _; comments and strings may hold anything.",
                "ASCII 以外的字母可能看起来像另一个字母。名字请只用 a-z、A-Z、0-9 和 _；\
                 注释和字符串不受限制。",
            ),
        });
    }
    // `#[unsafe(…)]` is refused for what stands in it.
    let refused = !scope.rules.unsafe_code && spot.is_keyword("unsafe") && !spot.in_attribute();
    refused.then(|| Objection {
        what: "`unsafe`".to_owned(),
        reason: text(
            "This lab is written in safe Rust. Use what `std` and the crates of the lab offer; it can \
             be done with them.",
            "本实验只用安全的 Rust。用 `std` 和实验允许的 crate 就能完成。",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{everywhere, everywhere_in, found_in, nothing, rules};

    #[test]
    fn letters_that_look_like_others_are_found() {
        everywhere("let \u{212a} = 1;", "`\u{212a}`");
        everywhere("let r#\u{212a} = 1;", "`\u{212a}`");
        nothing("// 注释\nconst WORD: &str = \"单词\"; const LETTER: char = '\u{212a}';");
    }

    #[test]
    fn unsafe_is_found_where_the_lab_does_without() {
        let mut safe = rules();
        safe.unsafe_code = false;
        for source in [
            "unsafe { *p }",
            "unsafe fn f() {}",
            "unsafe impl Send for S {}",
            "unsafe extern \"C\" {}",
            "let f: unsafe fn() = g;",
        ] {
            everywhere_in(&safe, source, "`unsafe`");
            assert_eq!(found_in(&rules(), "src/map.rs", source), [], "{source}");
        }
        let raw = "/// unsafe\nfn r#unsafe() { let unsafely = \"unsafe\"; } #[deny(unsafe_code)] mod m {}";
        assert_eq!(found_in(&safe, "src/map.rs", raw), []);
    }
}

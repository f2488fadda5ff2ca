//! What holds for all families: that they look everywhere, and say what to do instead. Each family's
//! own tests stand beside it; that no known answer of any lab is refused is tested with those answers.

use super::*;

/// A lab that allows libc, nix and unsafe code, no exit and no commands; its build could see more.
pub(super) fn rules() -> Rules {
    Rules {
        crates: ["libc", "nix"].map(str::to_owned).to_vec(),
        refused: ["driver", "inter_leave"].map(str::to_owned).to_vec(),
        unsafe_code: true,
        exit: false,
        commands: false,
        model: false,
        programs: Vec::new(),
    }
}

fn findings_in(rules: &Rules, path: &str, source: &str) -> Vec<Finding> {
    rules.findings(&[Submitted {
        path: path.into(),
        shown: path.into(),
        text: source.into(),
    }])
}

pub(super) fn found_in(rules: &Rules, path: &str, source: &str) -> Vec<(u32, String)> {
    let findings = findings_in(rules, path, source).into_iter();
    findings
        .map(|finding| (finding.place.line, finding.what))
        .collect()
}

pub(super) fn found(source: &str) -> Vec<(u32, String)> {
    found_in(&rules(), "src/map.rs", source)
}

pub(super) fn words(source: &str) -> Vec<String> {
    found(source).into_iter().map(|(_, what)| what).collect()
}

pub(super) fn nothing(source: &str) {
    assert_eq!(found(source), [], "{source}");
}

/// The rule must see it wherever it stands: in plain code, in the body of a macro and among the
/// arguments of one.
pub(super) fn everywhere_in(rules: &Rules, code: &str, what: &str) {
    for (line, source) in [
        (1, code.to_owned()),
        (2, format!("mod inner {{\nfn f() {{ {code} }} }}")),
        (
            3,
            format!("macro_rules! m {{\n    () => {{\n        {code}\n    }};\n}}"),
        ),
        (2, format!("fn f() {{\n    vec![{{ {code} }}, 1]; }}")),
        (
            2,
            format!("fn f() {{\n    println!(\"{{}}\", {{ {code} }}); }}"),
        ),
    ] {
        let wanted = (line, what.to_owned());
        let found = found_in(rules, "src/map.rs", &source);
        assert!(found.contains(&wanted), "{source}: {found:?}");
        assert!(
            found.iter().all(|(_, found)| found == what),
            "{source}: {found:?}"
        );
    }
    for quiet in [
        format!("// {code}"),
        format!("/* {code} */ fn f() {{}}"),
        format!("/// {code}\nfn f() {{}}"),
        format!("const CODE: &str = r###\"say {code}\"###;"),
    ] {
        assert_eq!(found_in(rules, "src/map.rs", &quiet), [], "{quiet}");
    }
}

pub(super) fn everywhere(code: &str, what: &str) {
    everywhere_in(&rules(), code, what);
}

#[test]
fn every_objection_says_what_to_do_instead_in_both_languages() {
    let mut safe = rules();
    safe.unsafe_code = false;
    let source = "asm!(); include!(x); env!(x); #[no_mangle] #[naked] #[link(name = \"x\")] \
        #[feature(x)] #[global_allocator] #[path = \"x\"] mod m; \
        #[macro_export] macro_rules! vec { () => {} } extern crate x; use driver::x; \
        const \u{212a}: u8 = unsafe { std::process::exit(1) }; \"/proc/1\"; \"/proc/self/mem\"; \
        \"/proc/self/environ\"; \"/dev/fd/3\"; \".init_array\";";
    let findings = findings_in(&safe, "src/map.rs", source);
    assert_eq!(findings.len(), 20, "{findings:#?}");
    for finding in findings {
        let (en, zh) = (&finding.reason.en, &finding.reason.zh);
        let (_, instead) = en.split_once(". ").expect("a second sentence");
        assert!(instead.ends_with('.') && !en.contains("  "), "{en}");
        assert!(zh.ends_with('。') && zh.matches('。').count() > 1, "{zh}");
        assert!(zh.contains('请') || zh.contains("就能完成"), "{zh}");
    }
}

#[test]
fn a_construct_is_told_once_a_line() {
    assert_eq!(
        words("asm!(); asm!(); include!(x); asm!();"),
        ["`asm!`", "`include!`"]
    );
    assert_eq!(found("asm!();\nasm!();").len(), 2);
}

#[test]
fn what_is_no_rust_is_left_to_the_compiler() {
    nothing("fn f( { asm!(\"nop\")");
    nothing("'unterminated \" asm!()");
}

/// A walk that calls itself would overflow the stack here.
#[test]
fn depth_is_no_danger() {
    let deep = 100_000;
    let nested = format!("{}asm!(){}", "[".repeat(deep), "]".repeat(deep));
    assert_eq!(words(&nested), ["`asm!`"]);
    let nested = format!("use {}a{};", "b::{".repeat(deep), "}".repeat(deep));
    nothing(&nested);
}

#[test]
fn names_that_lead_in_circles_come_to_an_end() {
    nothing("use a as b; use b as a; use c::a as c; fn f() { b::exit(1); c::exit(1) }");
}

#[test]
fn a_flood_of_findings_is_cut() {
    assert_eq!(found(&"asm!();\n".repeat(MOST + 1)).len(), MOST);
}

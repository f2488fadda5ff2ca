//! Strings that are paths to where a submission has no business: the memory of a process, other
//! processes by number, descriptors that somebody else opened.
//!
//! Only whole paths, as written or as put together by `concat!`; a path that is made when the
//! program runs is not seen. `/proc/self/maps`, `/proc/self/fd` and the like are useful and left
//! alone: it is a fixed number of a descriptor that no honest file can know.

use checks::Text;
use proc_macro2::{Literal, TokenStream, TokenTree};
use syn::Lit;

use super::{
    Objection, Scope, text,
    walk::{Spot, is_punct, walk},
};

/// Standard input, output and error.
const STANDARD: u32 = 2;

/// Sections whose contents run before and after `main`.
const SECTIONS: [&str; 3] = [".init_array", ".fini_array", ".preinit_array"];

pub(super) fn objection(spot: &Spot<'_>, _: &Scope<'_>) -> Option<Objection> {
    if spot.in_attribute() {
        // Documentation, and the reasons of lints.
        return None;
    }
    let (what, reason) = match spot.token() {
        TokenTree::Literal(literal) => judge(&value(literal))?,
        _ if spot.name()? == "concat" && is_punct(spot.after(1), '!') => {
            let Some(TokenTree::Group(pieces)) = spot.after(2) else {
                return None;
            };
            judge(&joined(pieces.stream()))?
        }
        _ => return None,
    };
    Some(Objection { what, reason })
}

/// What a literal says, as a string; nothing for numbers with a fraction and the like.
fn value(literal: &Literal) -> String {
    match Lit::new(literal.clone()) {
        Lit::Str(string) => string.value(),
        Lit::ByteStr(bytes) => String::from_utf8_lossy(&bytes.value()).into_owned(),
        Lit::CStr(string) => string.value().to_string_lossy().into_owned(),
        Lit::Char(letter) => letter.value().to_string(),
        Lit::Int(number) => number.base10_digits().to_owned(),
        _ => String::new(),
    }
}

/// What `concat!` makes of its pieces, those of a `concat!` within it included.
fn joined(pieces: TokenStream) -> String {
    let mut whole = String::new();
    walk(pieces, |piece| {
        if let TokenTree::Literal(literal) = piece.token() {
            whole.push_str(&value(literal));
        }
    });
    whole
}

fn judge(text: &str) -> Option<(String, Text)> {
    // For C, a string ends at the first NUL.
    let path = text.split('\0').next().unwrap_or_default();
    if let Some(section) = SECTIONS.iter().find(|section| path.starts_with(**section)) {
        return Some((format!("`\"{section}\"`"), before_main()));
    }
    let parts = components(path)?;
    let number = |part: &str| part.parse::<u32>().ok();
    match *parts {
        ["dev", "fd", n, ..] | ["proc", _, "fd" | "fdinfo", n, ..]
            if number(n).is_some_and(|n| n > STANDARD) =>
        {
            Some((format!("`{}`", shown(&parts)), descriptor()))
        }
        ["proc", _, ref rest @ ..] if rest.contains(&"mem") => {
            Some(("`/proc/…/mem`".to_owned(), memory()))
        }
        ["proc", _, ref rest @ ..] if rest.contains(&"environ") => {
            Some(("`/proc/…/environ`".to_owned(), environment()))
        }
        ["proc", process, ..] => {
            let process = number(process)?;
            Some((format!("`/proc/{process}`"), other_process()))
        }
        _ => None,
    }
}

/// The components of an absolute path; `//`, `/./` and `/x/../` lead nowhere else.
fn components(path: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    for part in path.strip_prefix('/')?.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(parts)
}

/// For a report: nothing of a student's text but what has been recognised.
fn shown(parts: &[&str]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_{}".contains(c);
    parts
        .iter()
        .take(4)
        .map(|part| {
            if part.chars().all(plain) {
                *part
            } else {
                "…"
            }
        })
        .fold(String::new(), |path, part| format!("{path}/{part}"))
}

fn memory() -> Text {
    text(
        "It writes to memory past every rule of the language. Use the pointers and mappings that you \
         have.",
        "它可以绕过语言的一切规则写内存。请使用自己已有的指针和映射。",
    )
}

fn environment() -> Text {
    text(
        "It is a process's environment as it was at the start. Read your own with `std::env::var`.",
        "它是进程启动时的环境。自己的环境变量请用 `std::env::var` 读取。",
    )
}

fn descriptor() -> Text {
    text(
        "A descriptor with a fixed number is not one that you opened. Open the file yourself, and keep \
         what `open` returns.",
        "编号写死的描述符不是你打开的。请自己打开文件，并保存 `open` 的返回值。",
    )
}

fn other_process() -> Text {
    text(
        "A process with a fixed number is not one that you started. Use `/proc/self`, or the number \
         that `fork` or `spawn` returned.",
        "编号写死的进程不是你启动的。请用 `/proc/self`，或 `fork`、`spawn` 返回的进程号。",
    )
}

fn before_main() -> Text {
    text(
        "What is put there runs before or after `main`. Do what is to be done in the functions that \
         the handout asks for.",
        "放在那里的代码会在 `main` 之前或之后运行。请在讲义要求的函数里完成工作。",
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::{everywhere, found, nothing};

    #[test]
    fn paths_are_found_in_every_kind_of_string() {
        for literal in [
            "\"/proc/self/mem\"",
            "b\"/proc/self/mem\\0\"",
            "c\"/proc/self/mem\"",
            "r#\"/proc/self/mem\"#",
            "br\"/proc/self/mem\"",
            "cr\"/proc/self/mem\"",
            "\"\\x2fproc/\\u{73}elf/mem\"",
            "\"//proc/./self/../self/mem\"",
            "\"/proc/{pid}/mem\"",
            "\"/proc/thread-self/mem\"",
            "\"/proc/self/task/7/mem\"",
            "concat!(\"/proc\", \"/self/\", \"mem\")",
            "concat!(\"/pr\", concat!('o', \"c/self\"), \"/mem\")",
        ] {
            everywhere(&format!("f({literal})"), "`/proc/…/mem`");
        }
    }

    #[test]
    fn what_others_own_is_found() {
        everywhere("f(\"/proc/self/fd/3\")", "`/proc/self/fd/3`");
        everywhere("f(concat!(\"/proc/self/fd/\", 17))", "`/proc/self/fd/17`");
        everywhere("f(\"/dev/fd/3\")", "`/dev/fd/3`");
        everywhere("f(\"/proc/self/environ\")", "`/proc/…/environ`");
        everywhere("f(\"/proc/1/status\")", "`/proc/1`");
        everywhere("f(\".init_array.00001\")", "`\".init_array\"`");
        assert_eq!(
            found("const A: [&str; 2] = [\"\",\n\"/proc/self/mem\"];")[0].0,
            2
        );
    }

    #[test]
    fn nothing_of_the_string_but_the_path_is_told() {
        let odd = "f(\"/proc/\\u{1b}[2J/fd/7\")";
        everywhere(odd, "`/proc/…/fd/7`");
    }

    #[test]
    fn useful_paths_and_sentences_are_left_alone() {
        for literal in [
            "\"/proc/self/maps\"",
            "\"/proc/self/smaps_rollup\"",
            "\"/proc/meminfo\"",
            "\"/proc/self/fd\"",
            "\"/proc/self/fd/{fd}\"",
            "\"/proc/self/fd/1\"",
            "\"/proc/{}/status\"",
            "\"/proc/sys/kernel/pid_max\"",
            "\"/dev/fd/0\"",
            "\"/dev/zero\"",
            "\"/dev/mem0\"",
            "\"/tmp/proc/self/mem\"",
            "\"never opens /proc/self/mem\"",
            "\"proc/self/mem\"",
            "b\"\\xff\\xfe\"",
            "1.5",
        ] {
            nothing(&format!("fn f() {{ g({literal}) }}"));
        }
        nothing("/// `/proc/self/mem` would do, \"/proc/self/mem\".\n// \"/proc/1\"\nfn f() {}");
        nothing("#[expect(unsafe_code, reason = \"/proc/self/mem\")] fn f() {}");
    }
}

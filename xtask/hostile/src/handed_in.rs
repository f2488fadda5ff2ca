//! Attacks that are handed in: source files that aim at the compiler, and wrong answers that want to
//! pass. The first lines of each say what it tries and what has to become of it:
//!
//! ```text
//! //! what: reads the passwords of the machine while it is compiled
//! //! expect: refused
//! //! without the rules: does-not-compile
//! //! because: couldn't read
//! ```
//!
//! `expect` names one [`Fate`] or several with `|` between them. The static rules are a seat belt, so
//! a file that they refuse is graded a second time without them. `because` is what the compiler must
//! have said, so that a misspelt attack does not count as a stopped one. What a file holds after that
//! is nobody's concern here: it is neither compiled nor read.

use std::{fmt, fs, io, path::Path};

/// The lab that they are handed in for.
pub const LAB: &str = "12";

/// What is attacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The compiler, which runs whatever it compiles.
    Compile,
    /// The verdict.
    Forge,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Compile, Self::Forge];

    /// The folder of its files in this package, and the name of the family.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Compile => "compile",
            Self::Forge => "forge",
        }
    }

    /// The file of the lab that each of them is handed in as; the others are the reference's.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Compile => "src/bump.rs",
            Self::Forge => "src/counter.rs",
        }
    }

    /// The check that is run on what compiles: for a forgery, the one that an honest wrong answer
    /// fails.
    pub const fn check(self) -> &'static str {
        match self {
            Self::Compile => "private_cow",
            Self::Forge => "every_interleaving",
        }
    }

    /// All files of this kind, by name; `package` is the folder of this package.
    ///
    /// # Errors
    ///
    /// Fails if one cannot be read, or does not say what is expected.
    pub fn all(self, package: &Path) -> Result<Vec<HandedIn>, Malformed> {
        let folder = package.join(self.folder());
        let unreadable = |path: &Path, source: io::Error| Malformed {
            file: path.display().to_string(),
            why: source.to_string(),
        };
        let entries = fs::read_dir(&folder).map_err(|error| unreadable(&folder, error))?;
        let mut all = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(&folder, error))?.path();
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            all.push(HandedIn::read(self, &name, text)?);
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// The table of `docs/threats.md`.
    ///
    /// # Errors
    ///
    /// As [`Kind::all`].
    pub fn markdown(self, package: &Path) -> Result<String, Malformed> {
        let mut table =
            "| file | what it does | expected | without the rules |\n|---|---|---|---|\n"
                .to_owned();
        for file in self.all(package)? {
            let cell = |fates: &[Fate]| {
                let words: Vec<&str> = fates.iter().map(|fate| fate.told()).collect();
                words.join(" or ")
            };
            let without = match &file.without_rules {
                Some(fates) => cell(fates),
                None => "the same".to_owned(),
            };
            let (name, what, expected) = (&file.name, &file.what, cell(&file.expected));
            table += &format!("| `{name}` | {what} | {expected} | {without} |\n");
        }
        Ok(table)
    }
}

/// What became of a file that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The static rules refused it, and nothing was built.
    Refused,
    /// The compiler refused it.
    DoesNotCompile,
    /// The compiler came to one of its limits.
    Stopped,
    /// It compiles, which does no harm.
    Compiles,
    /// It compiles, and its check was failed.
    Caught,
}

impl Fate {
    const ALL: [Self; 5] = [
        Self::Refused,
        Self::DoesNotCompile,
        Self::Stopped,
        Self::Compiles,
        Self::Caught,
    ];

    /// The word for it in a file's first lines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::DoesNotCompile => "does-not-compile",
            Self::Stopped => "stopped-by-limit",
            Self::Compiles => "compiles",
            Self::Caught => "caught",
        }
    }

    const fn told(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::DoesNotCompile => "does not compile",
            Self::Stopped => "the compiler is stopped",
            Self::Compiles => "compiles, and learns nothing",
            Self::Caught => "the check fails",
        }
    }
}

/// A file, and what has to become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// What is attacked.
    pub kind: Kind,
    /// Its name without the ending.
    pub name: String,
    /// What it does, in one sentence.
    pub what: String,
    /// What may become of it.
    pub expected: Vec<Fate>,
    /// The same if the static rules are not asked; given exactly if they refuse it.
    pub without_rules: Option<Vec<Fate>>,
    /// If it does not compile, the compiler must have said this.
    pub because: Option<String>,
    /// All of it. `@REPOSITORY@` and `@VICTIM@` stand for the path of the checkout and the id of a
    /// process outside.
    pub text: String,
}

/// A file that does not say what is expected of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    file: String,
    why: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.why)
    }
}

impl std::error::Error for Malformed {}

impl HandedIn {
    /// Reads the first lines.
    ///
    /// # Errors
    ///
    /// Fails if they lack something, or say something unknown.
    pub fn read(kind: Kind, name: &str, text: String) -> Result<Self, Malformed> {
        let wrong = |why: String| Malformed {
            file: format!("xtask/hostile/{}/{name}.rs", kind.folder()),
            why,
        };
        let (mut what, mut expected, mut without_rules, mut because) = (None, None, None, None);
        for line in text.lines().map_while(|line| line.strip_prefix("//! ")) {
            let Some((key, value)) = line.split_once(": ") else {
                return Err(wrong(format!("`{line}` is no `key: value`")));
            };
            let value = value.trim();
            match key {
                "what" => what = Some(value.to_owned()),
                "expect" => expected = Some(fates(value).map_err(&wrong)?),
                "without the rules" => without_rules = Some(fates(value).map_err(&wrong)?),
                "because" => because = Some(value.to_owned()),
                _ => return Err(wrong(format!("`{key}` is not known"))),
            }
        }
        let missing = |key: &str| wrong(format!("`//! {key}:` is missing"));
        let what = what.ok_or_else(|| missing("what"))?;
        let expected = expected.ok_or_else(|| missing("expect"))?;
        if expected.contains(&Fate::Refused) != without_rules.is_some() {
            let why = "`without the rules` belongs to what the rules refuse, and only there";
            return Err(wrong(why.to_owned()));
        }
        Ok(Self {
            kind,
            name: name.to_owned(),
            what,
            expected,
            without_rules,
            because,
            text,
        })
    }
}

fn fates(words: &str) -> Result<Vec<Fate>, String> {
    let of = |word: &str| {
        let found = Fate::ALL.into_iter().find(|fate| fate.word() == word);
        found.ok_or_else(|| format!("`{word}` is no fate"))
    };
    words.split('|').map(|word| of(word.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<HandedIn, Malformed> {
        HandedIn::read(Kind::Compile, "x", text.to_owned())
    }

    #[test]
    fn the_first_lines_say_what_is_expected() {
        let text = "//! what: a bomb\n//! expect: refused\n\
                    //! without the rules: does-not-compile|stopped-by-limit\n\
                    //! because: couldn't read\n\n//! what: no more\n";
        let file = read(text).unwrap();
        assert_eq!(file.what, "a bomb");
        assert_eq!(file.expected, [Fate::Refused]);
        let without = [Fate::DoesNotCompile, Fate::Stopped];
        assert_eq!(file.without_rules.as_deref(), Some(&without[..]));
        assert_eq!(file.because.as_deref(), Some("couldn't read"));
    }

    #[test]
    fn what_is_missing_or_unknown_is_told_with_the_file() {
        for (text, why) in [
            ("", "`//! what:` is missing"),
            ("//! what: a bomb\n", "`//! expect:` is missing"),
            ("//! what: a bomb\n//! expect: harmless\n", "`harmless`"),
            (
                "//! what: a bomb\n//! expect: refused\n",
                "without the rules",
            ),
            (
                "//! what: a bomb\n//! expect: caught\n//! without the rules: caught\n",
                "only there",
            ),
            ("//! waht: a bomb\n", "`waht` is not known"),
            ("//! a bomb\n", "no `key: value`"),
        ] {
            let told = read(text).unwrap_err().to_string();
            assert!(told.starts_with("xtask/hostile/compile/x.rs: "), "{told}");
            assert!(told.contains(why), "{told}");
        }
    }

    #[test]
    fn every_file_says_what_is_expected_and_the_page_about_threats_holds_it() {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let page = fs::read_to_string(package.join("../../docs/threats.md")).unwrap();
        for kind in Kind::ALL {
            let table = kind.markdown(package).unwrap();
            assert!(
                page.contains(&table),
                "docs/threats.md: put in what `cargo run -p hostile -- table` prints"
            );
        }
    }
}

//! A first look at submitted files, before the build: refuses what would reach past the compiler's
//! and the grader's back, by line, with the reason and what to do instead.
//!
//! It is a seat belt. It reads tokens and knows no types, so it can be got around; no verdict rests
//! on it, since verdicts are made outside the student's process. In doubt it says nothing: a right
//! answer must never be refused.
//!
//! [`walk`] shows every token in its surroundings, [`names`] what a name means, and each family of
//! rules looks at one token at a time: [`macros`], [`attributes`], [`crates`], [`exits`],
//! [`commands`], [`paths`], [`language`], [`model`].

mod names;
mod walk;

mod attributes;
mod commands;
mod crates;
mod exits;
mod language;
mod macros;
mod model;
mod paths;

use std::{path::Path, str::FromStr};

use checks::{Place, Text};
use proc_macro2::TokenStream;

use self::{names::Names, walk::Spot};
use super::{events::Finding, lab::Lab, submission::Submitted};

/// The most that is told of one file.
const MOST: usize = 1000;

/// The rules of a lab.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// The crates that it allows, as code names them.
    crates: Vec<String>,
    /// Those that the build could see, and that it does not allow.
    refused: Vec<String>,
    unsafe_code: bool,
    exit: bool,
    commands: bool,
    /// Whether the lab is judged by the model as well.
    model: bool,
    /// The modules that are programs, and may end as they like.
    programs: Vec<String>,
}

/// What a family of rules says of a token.
#[derive(Debug)]
struct Objection {
    /// What stands there: "`asm!`".
    what: String,
    /// Why not, and what to do instead.
    reason: Text,
}

/// What holds for the file that is looked at.
#[derive(Debug)]
struct Scope<'a> {
    rules: &'a Rules,
    names: &'a Names,
    may_exit: bool,
}

type Family = fn(&Spot<'_>, &Scope<'_>) -> Option<Objection>;

/// The first to object to a token is told.
const FAMILIES: [Family; 8] = [
    language::objection,
    macros::objection,
    attributes::objection,
    crates::objection,
    exits::objection,
    commands::objection,
    paths::objection,
    model::objection,
];

impl Rules {
    /// The rules of a lab; `dependencies` are all crates that its build could see.
    pub(crate) fn of(lab: &Lab, dependencies: &[String]) -> Self {
        let manifest = &lab.manifest;
        let in_code = |name: &String| name.replace('-', "_");
        let crates: Vec<String> = manifest.allow.crates.iter().map(in_code).collect();
        let mut refused: Vec<String> = dependencies.iter().map(in_code).collect();
        refused.retain(|name| !crates.contains(name));
        Self {
            crates,
            refused,
            unsafe_code: manifest.allow.unsafe_code,
            exit: manifest.allow.exit,
            commands: manifest.allow.commands,
            model: lab.folder.has_model(),
            programs: manifest.programs.clone(),
        }
    }

    /// Looks through the files.
    pub(crate) fn findings(&self, files: &[Submitted]) -> Vec<Finding> {
        files.iter().flat_map(|file| self.look(file)).collect()
    }

    fn look(&self, file: &Submitted) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        // What is no sequence of tokens is for the compiler to refuse, in its better words.
        let Ok(tokens) = TokenStream::from_str(&file.text) else {
            return findings;
        };
        let scope = Scope {
            rules: self,
            names: &Names::of(tokens.clone()),
            may_exit: self.exit || self.is_program(&file.path),
        };
        walk::walk(tokens, |spot| {
            let Some(objection) = FAMILIES.iter().find_map(|family| family(spot, &scope)) else {
                return;
            };
            let line = spot.line();
            let on_this_line = findings
                .iter()
                .rev()
                .take_while(|finding| finding.place.line == line);
            let told = on_this_line.into_iter().any(|it| it.what == objection.what);
            if !told && findings.len() < MOST {
                findings.push(Finding {
                    place: Place {
                        file: file.path.clone(),
                        line,
                    },
                    what: objection.what,
                    reason: objection.reason,
                });
            }
        });
        findings
    }

    /// Whether a file is one of the lab's programs: `src/bump.rs` or `src/bump/mod.rs` for `bump`.
    fn is_program(&self, file: &str) -> bool {
        let module = Path::new(file).with_extension("");
        let module = match module.file_name() {
            Some(name) if name == "mod" => module.parent().and_then(Path::file_name),
            name => name,
        };
        self.programs
            .iter()
            .any(|program| module.is_some_and(|module| module == program.as_str()))
    }
}

fn text(en: &str, zh: &str) -> Text {
    Text {
        en: en.to_owned(),
        zh: zh.to_owned(),
    }
}

#[cfg(test)]
mod tests;

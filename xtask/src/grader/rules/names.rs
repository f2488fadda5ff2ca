//! What the names in a file mean, as far as tokens tell: which path each `use` brings in under which
//! name, and from where a path begins. `use std::process as p; p::exit(0)` calls
//! `std::process::exit`.
//!
//! It knows no scopes: what is imported anywhere in a file is taken to be imported everywhere in it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, LineColumn, TokenStream, TokenTree};

use super::walk::{Spot, group, ident, is_ident, is_punct, plain, walk};

/// Names lead to names; no honest file needs more steps.
const STEPS: usize = 8;
/// No honest path has so many segments, and no name so many meanings; it bounds what a dishonest
/// file costs.
const MANY: usize = 64;

/// The names of one file.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// What a name stands for, by `use`.
    imported: BTreeMap<String, Vec<Path>>,
    /// `use path::*`
    globs: Vec<Path>,
    /// The whole path to each identifier within a `use`.
    in_use: BTreeMap<(usize, usize), Path>,
    functions: BTreeSet<String>,
    /// The modules at the top of the file.
    modules: BTreeSet<String>,
    macros: BTreeSet<String>,
    /// Whether a macro calls `$name!` or continues a path with `::$name`.
    assembled: bool,
}

/// A path, from its first segment on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Path {
    pub(super) segments: Vec<String>,
    /// Whether `::` stands before it, so that the first segment is a crate.
    pub(super) rooted: bool,
}

impl Path {
    /// Its last segment.
    pub(super) fn last(&self) -> &str {
        self.segments.last().map_or("", String::as_str)
    }

    /// Whether it leads into the standard library.
    pub(super) fn in_std(&self) -> bool {
        let first = self.segments.first().map_or("", String::as_str);
        self.segments.len() > 1 && ["std", "core", "alloc"].contains(&first)
    }

    /// As one would write it.
    pub(super) fn shown(&self) -> String {
        self.segments.join("::")
    }
}

impl Names {
    pub(super) fn of(tokens: TokenStream) -> Self {
        let mut names = Self::default();
        walk(tokens, |spot| names.note(spot));
        names
    }

    fn note(&mut self, spot: &Spot<'_>) {
        let next = |places| ident(spot.after(places)).map(plain);
        if spot.in_attribute() {
        } else if spot.is_keyword("use") && !is_punct(spot.after(1), '<') {
            let ends =
                |token: &TokenTree| is_punct(Some(token), ';') || is_ident(Some(token), "use");
            let rest = (1..).map_while(|at| spot.after(at).filter(|it| !ends(it)).cloned());
            let rest: Vec<TokenTree> = rest.collect();
            self.tree(rest);
        } else if spot.is_keyword("fn") {
            self.functions.extend(next(1));
        } else if spot.is_keyword("mod") && spot.parent().is_none() {
            self.modules.extend(next(1));
        } else if spot.is_keyword("macro_rules") {
            self.macros.extend(next(2));
        } else if is_punct(Some(spot.token()), '$') && next(1).is_some() {
            self.assembled |= is_punct(spot.after(2), '!') || is_punct(spot.before(1), ':');
        }
    }

    /// Reads what stands between `use` and its semicolon.
    fn tree(&mut self, tokens: Vec<TokenTree>) {
        let mut open = vec![(Path::default(), tokens)];
        while let Some((prefix, tokens)) = open.pop() {
            let mut path = prefix.clone();
            // Whether there is something to import since the last comma.
            let mut named = false;
            let mut tokens = tokens.iter();
            while let Some(token) = tokens.next() {
                match token {
                    TokenTree::Ident(word) if word == "as" => {
                        let name = ident(tokens.next()).map(plain);
                        self.import(name, &path);
                        named = false;
                    }
                    TokenTree::Ident(word) => {
                        named = true;
                        if word != "self" || path.segments.is_empty() {
                            path.segments.push(plain(word));
                        }
                        self.in_use.insert(key(word.span().start()), path.clone());
                    }
                    TokenTree::Group(group) => {
                        open.push((path.clone(), group.stream().into_iter().collect()));
                        named = false;
                    }
                    _ if is_punct(Some(token), ':') => path.rooted |= path.segments.is_empty(),
                    _ if is_punct(Some(token), '*') => {
                        remember(&mut self.globs, &path);
                        named = false;
                    }
                    _ if is_punct(Some(token), ',') => {
                        if named {
                            self.import(None, &path);
                        }
                        path.clone_from(&prefix);
                        named = false;
                    }
                    _ => break,
                }
                if path.segments.len() > MANY {
                    return;
                }
            }
            if named {
                self.import(None, &path);
            }
        }
    }

    /// A path that `use` brings in, under a name of its own or its last one.
    fn import(&mut self, name: Option<String>, path: &Path) {
        let name = name.unwrap_or_else(|| path.last().to_owned());
        remember(self.imported.entry(name).or_default(), path);
    }

    /// The path to an identifier within a `use`, from the beginning of the tree.
    pub(super) fn in_use(&self, spot: &Spot<'_>) -> Option<&Path> {
        self.in_use.get(&key(spot.token().span().start()))
    }

    /// All paths that the path ending with this identifier may stand for.
    pub(super) fn paths(&self, spot: &Spot<'_>) -> Vec<Path> {
        let written = match self.in_use(spot) {
            Some(path) => Some(path.clone()),
            None => written(spot),
        };
        let mut paths: Vec<Path> = written.into_iter().collect();
        let mut done = 0;
        for _ in 0..STEPS {
            let known = paths.len();
            for index in done..known {
                let path = paths[index].clone();
                let first = path.segments.first().filter(|_| !path.rooted);
                for import in first
                    .and_then(|name| self.imported.get(name))
                    .into_iter()
                    .flatten()
                {
                    let mut longer = import.clone();
                    longer.segments.extend_from_slice(&path.segments[1..]);
                    remember(&mut paths, &longer);
                }
            }
            done = known;
        }
        paths
    }

    /// The paths that a call by this bare name may stand for through `use path::*`.
    pub(super) fn through_globs(&self, spot: &Spot<'_>, name: &str) -> Vec<Path> {
        let called = group(spot.after(1), Delimiter::Parenthesis).is_some();
        let bare = !is_punct(spot.before(1), ':') && !is_punct(spot.before(1), '.');
        if !called || !bare || self.functions.contains(name) {
            return Vec::new();
        }
        let leads_to = |path: &Path| {
            let mut path = path.clone();
            path.segments.push(name.to_owned());
            path
        };
        self.globs.iter().map(leads_to).collect()
    }

    /// Whether the file has a module of this name, which hides a crate of the same name.
    pub(super) fn is_module(&self, name: &str) -> bool {
        self.modules.contains(name)
    }

    /// Whether `use` brings in something of this name from elsewhere, which hides a crate too.
    pub(super) fn is_imported(&self, name: &str) -> bool {
        let mut paths = self.imported.get(name).into_iter().flatten();
        paths.any(|path| path.segments.len() > 1)
    }

    /// Whether a macro of the file is given this name as an argument, and may make a path or a call
    /// of it.
    pub(super) fn may_be_assembled(&self, spot: &Spot<'_>) -> bool {
        let parent = spot
            .parent()
            .filter(|parent| is_punct(parent.before(1), '!'));
        let called = parent.and_then(|parent| ident(parent.before(2)).map(plain));
        let alone = |token: Option<&TokenTree>| token.is_none() || is_punct(token, ',');
        self.assembled
            && called.is_some_and(|name| self.macros.contains(&name))
            && alone(spot.before(1))
            && alone(spot.after(1))
    }
}

/// Adds a path that is new.
fn remember(paths: &mut Vec<Path>, path: &Path) {
    if paths.len() < MANY && !paths.contains(path) {
        paths.push(path.clone());
    }
}

fn key(at: LineColumn) -> (usize, usize) {
    (at.line, at.column)
}

/// The path that ends with this identifier, as it is written; none for `<T>::name`.
pub(super) fn written(spot: &Spot<'_>) -> Option<Path> {
    let mut segments = vec![spot.name()?];
    let mut at = 1;
    let mut rooted = false;
    while segments.len() <= MANY
        && is_punct(spot.before(at), ':')
        && is_punct(spot.before(at + 1), ':')
    {
        let before = spot.before(at + 2);
        match ident(before).filter(|word| !leads_to_path(&plain(word))) {
            Some(word) => segments.push(plain(word)),
            None if is_punct(before, '>') => return None,
            None => {
                rooted = true;
                break;
            }
        }
        at += 3;
    }
    segments.reverse();
    Some(Path { segments, rooted })
}

/// Words after which `::` begins a path: `use ::name`, `as ::name`.
fn leads_to_path(word: &str) -> bool {
    [
        "use", "as", "in", "return", "dyn", "impl", "mut", "match", "if", "where", "for", "else",
    ]
    .contains(&word)
}

//! The walk over the tokens of a file: into every group, the bodies and arguments of macros among
//! them, since a macro's tokens may become code. It knows no rule.
//!
//! It keeps its own stack: a file of a hundred thousand open brackets is no reason to overflow ours.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// One group of tokens, and how far the walk has come in it.
#[derive(Debug)]
pub(super) struct Frame {
    tokens: Vec<TokenTree>,
    index: usize,
    in_attribute: bool,
}

/// A token in its surroundings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    frame: &'a Frame,
    outside: &'a [Frame],
}

/// Shows every token to `look`, in the order in which they stand in the file.
pub(super) fn walk(tokens: TokenStream, mut look: impl FnMut(&Spot<'_>)) {
    let mut stack = vec![Frame::of(tokens, false)];
    while let Some((frame, outside)) = stack.split_last() {
        if frame.index == frame.tokens.len() {
            stack.pop();
        } else {
            let spot = Spot { frame, outside };
            look(&spot);
            if let TokenTree::Group(group) = spot.token() {
                let in_attribute = spot.in_attribute() || spot.is_attribute_list(group);
                stack.push(Frame::of(group.stream(), in_attribute));
                continue;
            }
        }
        if let Some(frame) = stack.last_mut() {
            frame.index += 1;
        }
    }
}

impl Frame {
    fn of(tokens: TokenStream, in_attribute: bool) -> Self {
        Self {
            tokens: tokens.into_iter().collect(),
            index: 0,
            in_attribute,
        }
    }
}

impl<'a> Spot<'a> {
    pub(super) fn token(&self) -> &'a TokenTree {
        &self.frame.tokens[self.frame.index]
    }

    /// The token so many places further on in the same group.
    pub(super) fn after(&self, places: usize) -> Option<&'a TokenTree> {
        self.frame.tokens.get(self.frame.index + places)
    }

    /// The token so many places back in the same group.
    pub(super) fn before(&self, places: usize) -> Option<&'a TokenTree> {
        let index = self.frame.index.checked_sub(places)?;
        self.frame.tokens.get(index)
    }

    /// The group that this token stands in.
    pub(super) fn parent(&self) -> Option<Spot<'a>> {
        let (frame, outside) = self.outside.split_last()?;
        Some(Spot { frame, outside })
    }

    /// Whether it is within `#[…]`, at any depth. A documentation comment is an attribute too.
    pub(super) fn in_attribute(&self) -> bool {
        self.frame.in_attribute
    }

    pub(super) fn line(&self) -> u32 {
        let line = self.token().span().start().line;
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The identifier that it is. `r#include` and `include` are one name.
    pub(super) fn name(&self) -> Option<String> {
        ident(Some(self.token())).map(plain)
    }

    /// Whether it is that keyword. `r#unsafe` is none, but a name like any other.
    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        is_ident(Some(self.token()), keyword)
    }

    /// Whether it is the name of a macro that is called: `name!(…)`, and not `name != …`.
    pub(super) fn is_called_macro(&self) -> bool {
        is_punct(self.after(1), '!') && !is_punct(self.after(2), '=')
    }

    /// Whether it is the name of an attribute: in `#[name]`, `#[unsafe(name)]` or
    /// `#[cfg_attr(…, name)]`, but not in `#[derive(name)]`.
    pub(super) fn is_attribute(&self) -> bool {
        let Some(parent) = self.parent().filter(|_| self.in_attribute()) else {
            return false;
        };
        if !parent.in_attribute() {
            return self.frame.index == 0;
        }
        let given_by_condition =
            is_ident(parent.before(1), "cfg_attr") && is_punct(self.before(1), ',');
        let called_unsafe = is_ident(parent.before(1), "unsafe") && self.frame.index == 0;
        given_by_condition || called_unsafe
    }

    fn is_attribute_list(&self, group: &Group) -> bool {
        let inner = is_punct(self.before(1), '!') && is_punct(self.before(2), '#');
        group.delimiter() == Delimiter::Bracket && (is_punct(self.before(1), '#') || inner)
    }
}

/// The identifier that a token is.
pub(super) fn ident(token: Option<&TokenTree>) -> Option<&Ident> {
    match token {
        Some(TokenTree::Ident(ident)) => Some(ident),
        _ => None,
    }
}

/// An identifier's name without `r#`.
pub(super) fn plain(ident: &Ident) -> String {
    let written = ident.to_string();
    match written.strip_prefix("r#") {
        Some(name) => name.to_owned(),
        None => written,
    }
}

pub(super) fn is_ident(token: Option<&TokenTree>, wanted: &str) -> bool {
    ident(token).is_some_and(|ident| ident == wanted)
}

pub(super) fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

/// The group that a token is, with these delimiters.
pub(super) fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<&Group> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
        _ => None,
    }
}

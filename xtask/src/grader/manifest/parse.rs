//! The form of a manifest: which keys there are, and of which type. Whether what they say makes
//! sense is for [`super::validate`].

use checks::Text;
use serde::Deserialize;
use toml::Spanned;

use super::{Allow, Kind};

/// A manifest as written, with the places that a complaint may want to name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) format: Spanned<u32>,
    pub(super) number: Spanned<u32>,
    pub(super) name: Spanned<String>,
    pub(super) title: Text,
    pub(super) hours: u32,
    #[serde(default)]
    pub(super) needs: Vec<u32>,
    pub(super) submit: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) programs: Vec<String>,
    #[serde(default)]
    pub(super) allow: Allow,
    #[serde(default, rename = "check")]
    pub(super) checks: Vec<RawCheck>,
    /// The text itself, to turn offsets into lines.
    #[serde(skip)]
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCheck {
    pub(super) name: Spanned<String>,
    pub(super) title: Text,
    pub(super) kind: Kind,
    pub(super) points: Spanned<u32>,
    pub(super) deadline: Spanned<u64>,
    #[serde(default)]
    pub(super) requires: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) programs: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) hidden: bool,
    pub(super) hints: Spanned<RawHints>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHints {
    pub(super) en: Vec<String>,
    pub(super) zh: Vec<String>,
}

impl Raw {
    /// The line, from 1, on which a value begins.
    pub(super) fn line<T>(&self, value: &Spanned<T>) -> usize {
        line_at(&self.text, value.span().start)
    }
}

/// Reads the form; a mistake comes with its line.
pub(super) fn parse(text: &str) -> Result<Raw, (usize, String)> {
    let mut raw: Raw = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(0, |span| line_at(text, span.start));
        (line, error.message().to_owned())
    })?;
    text.clone_into(&mut raw.text);
    Ok(raw)
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

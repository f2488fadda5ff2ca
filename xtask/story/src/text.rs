//! A sentence in the languages of the course. Checks speak to students, so whatever they say they
//! say in each language; a report picks one. This module holds no sentence of its own.

use serde::{Deserialize, Serialize};

/// One sentence, or one term, in English and in Simplified Chinese.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Text {
    /// The same words in every language: a number, a name, a line of code.
    pub fn same(words: impl Into<String>) -> Self {
        let en = words.into();
        Self { zh: en.clone(), en }
    }

    /// A message that says it in both languages at once, as programs for the model do: `english / 中文`.
    /// One that does not is the same in each.
    ///
    /// ```
    /// let text = story::Text::of_both("two are inside / 两个线程同时在里面");
    /// assert_eq!((text.en.as_str(), text.zh.as_str()), ("two are inside", "两个线程同时在里面"));
    /// ```
    pub fn of_both(message: &str) -> Self {
        match message.split_once(" / ") {
            Some((en, zh)) => Self {
                en: en.to_owned(),
                zh: zh.to_owned(),
            },
            None => Self::same(message),
        }
    }
}

/// A [`Text`] from two format strings: `text!("{n} is lost"; "丢失了 {n}")`.
///
/// Both see the same variables; arguments beside those named inside the braces are not taken.
#[macro_export]
macro_rules! text {
    ($en:literal ; $zh:literal) => {
        $crate::Text {
            en: ::std::format!($en),
            zh: ::std::format!($zh),
        }
    };
}

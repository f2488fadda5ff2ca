//! The two languages of a counterexample. What is code in a sentence is the same in both.

use crate::model::Kind;

/// A language that counterexamples are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// 简体中文。
    Chinese,
}

impl Language {
    /// The one or the other.
    pub(super) fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }

    pub(super) fn kind(self, kind: Kind) -> String {
        match self {
            Language::English => kind.to_string(),
            Language::Chinese => match kind {
                Kind::Panic => "panic",
                Kind::Deadlock => "死锁",
                Kind::SpinsForEver => "永远自旋",
                Kind::Race => "数据竞争",
                Kind::UseAfterFree => "释放后使用",
                Kind::NoEnd => "不会结束",
            }
            .to_owned(),
        }
    }

    /// Between a title and what it is about.
    pub(super) fn colon(self) -> &'static str {
        match self {
            Language::English => ": ",
            Language::Chinese => "：",
        }
    }
}

//! The language of a report. Holds no word of any language: see [`super::words`].

use std::str::FromStr;

use checks::Text;

use super::words::{EN, Words, ZH};

/// A language that a report can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// The language of the user's locale (`LC_ALL`, `LC_MESSAGES`, `LANG`): Chinese if it begins
    /// with `zh`, or else English.
    pub(crate) fn from_locale() -> Self {
        sys_locale::get_locale().map_or(Self::En, |locale| Self::of_locale(&locale))
    }

    fn of_locale(locale: &str) -> Self {
        let language = locale
            .split(['-', '_', '.', '@'])
            .next()
            .unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") {
            Self::Zh
        } else {
            Self::En
        }
    }

    /// The sentence in this language.
    pub(crate) fn pick(self, text: &Text) -> &str {
        match self {
            Self::En => &text.en,
            Self::Zh => &text.zh,
        }
    }

    /// The machine's own words in this language.
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::En => &EN,
            Self::Zh => &ZH,
        }
    }
}

impl FromStr for Lang {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "en" => Ok(Self::En),
            "zh" => Ok(Self::Zh),
            _ => Err(format!(
                "`{name}` is not a language of this course; there are `en` and `zh`"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn every_chinese_locale_is_chinese_and_everything_else_is_english() {
        for locale in ["zh", "zh-CN", "zh_TW.UTF-8", "zh-Hans-SG"] {
            assert_eq!(Lang::of_locale(locale), Lang::Zh, "{locale}");
        }
        for locale in ["", "C", "POSIX", "en-US", "de-DE", "zhx"] {
            assert_eq!(Lang::of_locale(locale), Lang::En, "{locale}");
        }
    }

    #[test]
    fn an_unknown_language_is_refused_with_those_that_exist() {
        assert_eq!("zh".parse(), Ok(Lang::Zh));
        let refusal = "fr".parse::<Lang>().expect_err("French is not taught yet");
        assert!(refusal.contains("`en` and `zh`"), "{refusal}");
    }
}

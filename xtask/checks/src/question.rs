//! What a check asks a driver, and what comes back. Asking is the scene's business.

use std::fmt::Display;

use crate::{Failure, Judgement, text};

/// A question for a driver: a word and its fields, `question!["add", n]`.
#[macro_export]
macro_rules! question {
    ($word:expr $(, $field:expr)* $(,)?) => {
        $crate::line(&[&$word $(, &$field)*])
    };
}

/// The line of a question, without its number.
pub fn line(parts: &[&dyn Display]) -> String {
    parts
        .iter()
        .map(|part| driver::escape(&part.to_string()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The fields of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Vec<String>);

impl Fields {
    /// Field `at` as text.
    ///
    /// # Errors
    /// If there is no such field.
    pub fn text(&self, at: usize) -> Judgement<&str> {
        self.0
            .get(at)
            .map(String::as_str)
            .ok_or_else(|| senseless(&self.0.join(" ")))
    }

    /// Field `at` as a number.
    ///
    /// # Errors
    /// If it is not a number.
    pub fn number(&self, at: usize) -> Judgement<u64> {
        let field = self.text(at)?;
        field.parse().map_err(|_| senseless(field))
    }

    /// Field `at` as bytes.
    ///
    /// # Errors
    /// If it is not hexadecimal.
    pub fn bytes(&self, at: usize) -> Judgement<Vec<u8>> {
        let field = self.text(at)?;
        let digits = field.as_bytes();
        if !field.is_ascii() || !digits.len().is_multiple_of(2) {
            return Err(senseless(field));
        }
        (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&field[at..at + 2], 16).map_err(|_| senseless(field)))
            .collect()
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It went well.
    Ok(Fields),
    /// The student's code returned an error: its kind first.
    Err(Fields),
}

impl Reply {
    /// The fields of an answer that must be `Ok`.
    ///
    /// # Errors
    /// If the student's code returned an error.
    pub fn ok(self) -> Judgement<Fields> {
        match self {
            Self::Ok(fields) => Ok(fields),
            Self::Err(fields) => {
                let kind = fields.0.join(" ");
                Err(Failure::wrong(text!(
                    "an error where none was expected: {kind}";
                    "在不该出错的地方返回了错误：{kind}"
                )))
            }
        }
    }

    /// Reads an answer to question `number`; anything else on the channel is not one.
    pub(crate) fn read(line: &str, number: u64) -> Judgement<Self> {
        let mut parts = line.split(' ');
        let answered: Option<u64> = parts.next().and_then(|number| number.parse().ok());
        if answered != Some(number) {
            return Err(Failure::wrong(text!(
                "an answer that nobody asked for: {line}";
                "收到了没有提问的回答：{line}"
            )));
        }
        let kind = parts.next();
        let fields = parts.map(driver::unescape).collect::<Option<Vec<_>>>();
        match (kind, fields) {
            (Some("ok"), Some(fields)) => Ok(Self::Ok(Fields(fields))),
            (Some("err"), Some(fields)) => Ok(Self::Err(Fields(fields))),
            _ => Err(senseless(line)),
        }
    }
}

fn senseless(what: &str) -> Failure {
    Failure::wrong(text!("an answer that makes no sense: {what}"; "无法理解的回答：{what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn fields_survive_spaces_and_emptiness() {
        assert_eq!(question!["open", "a b", "", 7], r"open a\_b \e 7");
    }

    #[test]
    fn only_the_answer_to_this_question_counts() {
        assert!(
            matches!(Reply::read("7 ok 42", 7), Ok(Reply::Ok(fields)) if fields.number(0).is_ok_and(|n| n == 42))
        );
        assert!(matches!(Reply::read("7 err io 13", 7), Ok(Reply::Err(_))));
        for line in ["6 ok 42", "ok 42", "", "test result: ok", "7", "7 fine"] {
            let failure = Reply::read(line, 7).expect_err(line);
            assert_eq!(failure.0.verdict, Verdict::Failed, "{line}");
        }
    }

    #[test]
    fn bytes_are_hexadecimal() {
        let Ok(Reply::Ok(fields)) = Reply::read("1 ok 00ff zz \\e", 1) else {
            panic!("an answer")
        };
        assert_eq!(fields.bytes(0).ok(), Some(vec![0, 255]));
        assert!(fields.bytes(1).is_err());
        assert_eq!(fields.bytes(2).ok(), Some(vec![]));
    }
}

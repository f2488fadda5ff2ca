//! How the fields of a question and of an answer are written on one line. What they mean is not
//! this module's business.

/// Writes a field so that it holds neither a space nor a newline and is never empty.
///
/// ```
/// assert_eq!(driver::escape("two words\n"), r"two\_words\n");
/// assert_eq!(driver::escape(""), r"\e");
/// ```
pub fn escape(field: &str) -> String {
    if field.is_empty() {
        return r"\e".to_owned();
    }
    let mut line = String::with_capacity(field.len());
    for character in field.chars() {
        match character {
            '\\' => line.push_str(r"\\"),
            ' ' => line.push_str(r"\_"),
            '\n' => line.push_str(r"\n"),
            other => line.push(other),
        }
    }
    line
}

/// Reads back what [`escape`] has written; `None` if it cannot have written that.
///
/// ```
/// assert_eq!(driver::unescape(r"two\_words\n").as_deref(), Some("two words\n"));
/// assert_eq!(driver::unescape(r"\q"), None);
/// ```
pub fn unescape(line: &str) -> Option<String> {
    if line == r"\e" {
        return Some(String::new());
    }
    let mut field = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        field.push(match character {
            '\\' => match characters.next()? {
                '\\' => '\\',
                '_' => ' ',
                'n' => '\n',
                _ => return None,
            },
            other => other,
        });
    }
    Some(field)
}

/// Bytes as two hexadecimal digits each.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads back what [`to_hex`] has written.
pub(crate) fn from_hex(digits: &str) -> Option<Vec<u8>> {
    if !digits.is_ascii() || !digits.len().is_multiple_of(2) {
        return None;
    }
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_comes_back_as_it_was() {
        for field in [
            "",
            " ",
            "a b",
            "\\",
            "\\e",
            "\\_",
            "line\nline",
            "文件 名",
            "\\n",
        ] {
            let line = escape(field);
            assert!(!line.contains([' ', '\n']) && !line.is_empty(), "{line:?}");
            assert_eq!(unescape(&line).as_deref(), Some(field), "{line:?}");
        }
    }

    #[test]
    fn bytes_come_back_as_they_were() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(from_hex(&to_hex(&all)), Some(all));
        assert_eq!(from_hex("abc"), None);
        assert_eq!(from_hex("zz"), None);
    }
}

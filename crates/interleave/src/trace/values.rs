//! Values as people write them.

use crate::heap;
use crate::memory::location::Type;

/// Pointers by letters, in the order in which they appear: their numbers mean nothing to anybody.
#[derive(Debug, Default)]
pub(super) struct Values {
    pointers: Vec<u64>,
}

impl Values {
    pub(super) fn show(&mut self, value: u64, shown: Type) -> String {
        match shown {
            Type::Bool => (value != 0).to_string(),
            Type::Signed(bits) => {
                let unused = 64 - u32::from(bits);
                (((value << unused) as i64) >> unused).to_string()
            }
            Type::Pointer if value == 0 => "null".to_owned(),
            Type::Pointer => self.letter(value),
            Type::Unsigned if heap::contains(value as usize) => self.letter(value),
            Type::Unsigned => value.to_string(),
        }
    }

    fn letter(&mut self, pointer: u64) -> String {
        let known = self.pointers.iter().position(|&other| other == pointer);
        let index = known.unwrap_or_else(|| {
            self.pointers.push(pointer);
            self.pointers.len() - 1
        });
        let letter = char::from(b'A' + (index % 26) as u8);
        match index / 26 {
            0 => format!("&{letter}"),
            round => format!("&{letter}{round}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Type, Values};

    #[test]
    fn values_are_shown_by_their_type() {
        let mut values = Values::default();
        assert_eq!(values.show(1, Type::Bool), "true");
        assert_eq!(values.show(0xFFFF_FFFF, Type::Signed(32)), "-1");
        assert_eq!(values.show(7, Type::Signed(8)), "7");
        assert_eq!(values.show(u64::MAX, Type::Unsigned), u64::MAX.to_string());
        assert_eq!(values.show(0, Type::Pointer), "null");
        assert_eq!(values.show(64, Type::Pointer), "&A");
        assert_eq!(values.show(128, Type::Pointer), "&B");
        assert_eq!(values.show(64, Type::Pointer), "&A");
    }
}

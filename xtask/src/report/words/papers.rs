//! What stands on exam papers beside the questions, a table per language.

use super::en::count;

/// The words of `cargo xtask drill`.
pub(crate) struct Papers {
    /// The heading of a personal paper.
    pub(crate) paper: fn(usize) -> String,
    /// Where its owner signs.
    pub(crate) name: &'static str,
    /// Of the whole paper.
    pub(crate) of_points: fn(u32) -> String,
    /// Of a part.
    pub(crate) points: fn(u32) -> String,
    pub(crate) answer: &'static str,
    pub(crate) key: &'static str,
    pub(crate) number: &'static str,
    pub(crate) seed: &'static str,
}

/// The English table.
pub(super) const EN: Papers = Papers {
    paper: |number| format!("Paper {number}"),
    name: "Name: ______________________",
    of_points: |points| count(points as usize, "point", "points"),
    points: |points| count(points as usize, "point", "points"),
    answer: "Answer",
    key: "Key",
    number: "paper",
    seed: "seed",
};

/// The Chinese table.
pub(super) const ZH: Papers = Papers {
    paper: |number| format!("第 {number} 份试卷"),
    name: "姓名：______________________",
    of_points: |points| format!("共 {points} 分"),
    points: |points| format!("（{points} 分）"),
    answer: "解答",
    key: "答案",
    number: "试卷",
    seed: "种子",
};

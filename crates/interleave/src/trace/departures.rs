//! How an event departs from what a quiet machine would do, as a remark that can stand alone.

use super::words::Language;
use crate::search::path::Question;

/// A choice in a few words: what was asked, in whose operation, and whose event came of it.
pub(super) fn departure(
    question: Question,
    asked: usize,
    mover: usize,
    language: Language,
) -> String {
    let (english, chinese) = match question {
        Question::Preempt => ("T? is preempted, T! goes on", "T? 被抢占，T! 继续"),
        Question::Next => ("T! goes on out of turn", "T! 不按轮转顺序继续"),
        Question::Timer => ("a timer goes off before its time", "有定时器提前到期"),
        Question::Message => ("T? reads an old value", "T? 读到旧值"),
        Question::Spurious => (
            "T? fails or wakes up for no reason",
            "T? 无缘无故地失败或醒来",
        ),
        Question::Impatient => (
            "T? spins on, although others could run",
            "其他线程可以运行，T? 仍继续自旋",
        ),
        Question::Clock => ("an hour passes at once", "时钟突然前进一小时"),
        Question::Wake => (
            "T? wakes somebody who is not the first in the queue",
            "T? 唤醒的不是队首",
        ),
        Question::Death => ("T? dies here", "T? 在此死亡"),
    };
    let words = language.pick(english, chinese);
    words
        .replace("T?", &format!("T{asked}"))
        .replace("T!", &format!("T{mover}"))
}

//! A question of the search's in words, and where everybody stands while it waits for the answer.

use super::names::Names;
use super::source::Sources;
use super::telling::Writers;
use super::words::Language;
use crate::engine::Engine;
use crate::engine::asked::{Asked, Offers};
use crate::model::position::{Choice, Choosable, Standing};
use crate::model::story::{Place, Words};
use crate::search::path::Question;
use crate::threads::State;

/// Where each thread stands.
pub(crate) fn standings(engine: &Engine, given: &[(String, String)]) -> Vec<Standing> {
    let names = Names::new(engine, given);
    let mut writers = Writers::new(engine, &names);
    let mut sources = Sources::new(given);
    let threads = engine.threads.iter().enumerate();
    let standings = threads.map(|(index, thread)| {
        let stands = thread.place.filter(|_| thread.state != State::Finished);
        let place = stands.map(|place| Place {
            file: place.file().to_owned(),
            line: place.line(),
        });
        let source = place.as_ref().and_then(|place| {
            let line = sources.line(&place.file, place.line)?;
            Some(line.trim().to_owned())
        });
        Standing {
            ready: engine.is_ready(index),
            state: writers.words(|writer| writer.doing(thread)),
            place,
            source,
        }
    });
    standings.collect()
}

/// What is to be chosen.
pub(crate) fn choice(
    engine: &Engine,
    asked: &Asked,
    at: (u32, u8),
    given: &[(String, String)],
) -> Choice {
    let names = Names::new(engine, given);
    let mut writers = Writers::new(engine, &names);
    let thread = asked.thread;
    let question = writers.words(|writer| question(asked.question, thread, writer.language));
    let options = (0..asked.options).map(|option| match &asked.offers {
        Offers::Whether => Choosable {
            words: both(|language| match option {
                0 => language.pick("no", "否").to_owned(),
                _ => language.pick("yes", "是").to_owned(),
            }),
            thread: (option > 0).then_some(thread),
        },
        Offers::Threads(threads) => {
            let thread = threads.get(option).copied().unwrap_or(0);
            Choosable {
                words: both(|language| moves(engine, asked.question, thread, language)),
                thread: Some(thread),
            }
        }
        Offers::Timers(threads) => {
            let thread = option
                .checked_sub(1)
                .and_then(|at| threads.get(at))
                .copied();
            Choosable {
                words: both(|language| match thread {
                    Some(thread) => timer(thread, language),
                    None => language.pick("no timer", "没有定时器到期").to_owned(),
                }),
                thread,
            }
        }
        Offers::Values { location, values } => {
            let value = values.get(option).copied().unwrap_or(0);
            Choosable {
                words: writers.words(|writer| {
                    let shown = writer.value(*location, value);
                    let which = match option {
                        0 => writer.language.pick("the newest", "最新的"),
                        _ => writer.language.pick("an old one", "旧的"),
                    };
                    format!("{shown}{}{which}", writer.language.pick(", ", "，"))
                }),
                thread: Some(thread),
            }
        }
    });
    let options = options.collect();
    Choice {
        at,
        question,
        options,
    }
}

fn both(say: impl Fn(Language) -> String) -> Words {
    Words {
        english: say(Language::English),
        chinese: say(Language::Chinese),
    }
}

fn question(question: Question, thread: usize, language: Language) -> String {
    let (english, chinese) = match question {
        Question::Preempt | Question::Next => ("Who goes next?", "接下来由谁执行？"),
        Question::Timer => (
            "Does a timer go off before its time?",
            "有定时器提前到期吗？",
        ),
        Question::Message => ("Which value does T? read?", "T? 读到哪个值？"),
        Question::Spurious => (
            "Does T? fail or wake up for no reason?",
            "T? 会无缘无故地失败或醒来吗？",
        ),
        Question::Impatient => (
            "Does T? spin on alone, although others could run?",
            "其他线程可以运行，T? 仍独自继续自旋吗？",
        ),
        Question::Clock => (
            "Does an hour pass before T? looks?",
            "在 T? 看时钟之前过去一小时吗？",
        ),
        Question::Wake => ("Whom does T? wake?", "T? 唤醒谁？"),
        Question::Death => ("Does T? die here?", "T? 在此死亡吗？"),
    };
    let words = language.pick(english, chinese);
    words.replace("T?", &format!("T{thread}"))
}

/// That a thread is preferred, or woken.
fn moves(engine: &Engine, question: Question, thread: usize, language: Language) -> String {
    match language {
        _ if question == Question::Wake => format!("T{thread}"),
        _ if !engine.is_ready(thread) => timer(thread, language),
        Language::English => format!("T{thread} goes on"),
        Language::Chinese => format!("T{thread} 继续"),
    }
}

fn timer(thread: usize, language: Language) -> String {
    match language {
        Language::English => format!("T{thread}: its timer goes off"),
        Language::Chinese => format!("T{thread}：定时器到期"),
    }
}

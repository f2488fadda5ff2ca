//! The page as text: what is in it, and what a submission cannot put into it.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use checks::{Text, Verdict};
use probe::{Argument, Call, Event as Noted, Result, SourceLine, Timeline, Value, View, What};

use super::{super::fixtures, Trace};
use crate::{
    grader::events::{Event, Traced},
    report::{Lang, Report},
};

/// A place to write to that can be read afterwards.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The page of a grading.
pub(super) fn page(events: &[Event], lang: Lang) -> String {
    let out = Shared::default();
    let mut report = Trace::new(Box::new(out.clone()), lang);
    for event in events {
        report.event(event).expect("an event is taken in");
    }
    report.finish().expect("the page is written");
    let bytes = out.0.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8(bytes.clone()).expect("UTF-8")
}

pub(super) fn call(name: &str, target: &str, result: Result, line: Option<u32>) -> What {
    What::Call(Call {
        name: name.to_owned(),
        arguments: vec![Argument {
            name: "fd".to_owned(),
            value: Value::Descriptor {
                number: 3,
                target: Some(target.to_owned()),
            },
        }],
        result,
        returned_at: None,
        injected: None,
        line: line.map(|line| SourceLine {
            file: "/stage/src/counter.rs".to_owned(),
            line,
        }),
    })
}

/// A parent that writes into a pipe, a child that reads, fails to close, and ends.
pub(super) fn two_processes() -> Timeline {
    let started = What::Started {
        task: 3,
        thread: false,
    };
    let ended = What::Ended {
        how: "exit 0".to_owned(),
    };
    let events = [
        (2, call("mmap", "/lib/libc.so", Result::Returned(0), None)),
        (2, started),
        (2, call("write", "pipe:[7]", Result::Returned(5), Some(2))),
        (3, call("read", "pipe:[7]", Result::Returned(5), Some(3))),
        (
            3,
            call("close", "<b>&", Result::Failed { errno: 9 }, Some(3)),
        ),
        (3, ended),
    ];
    let event = |(process, what)| Noted {
        process,
        task: process,
        what,
    };
    Timeline {
        events: events.into_iter().map(event).collect(),
    }
}

/// A grading in which one check shows this view and the demo was traced.
pub(super) fn grading(view: View) -> Vec<Event> {
    let mut events = fixtures::half_right();
    let timeline = two_processes();
    for event in &mut events {
        if let Event::CheckFinished { name, record, .. } = event
            && name == "typed_errors"
        {
            record.verdict = Verdict::Failed;
            record.timeline = Some(view.clone());
            record.headline = Some(Text::same("</script><script>alert(1)</script>"));
        }
    }
    let source = "fn add() {\n    writer.write_all(b\"hello\")?;\n    drop(reader);\n}\n";
    events.push(Event::Traced {
        traced: Traced::Seen { timeline },
        sources: [("src/counter.rs".to_owned(), source.to_owned())].into(),
    });
    events
}

fn shown(lang: Lang) -> String {
    page(
        &grading(View {
            timeline: two_processes(),
            marked: Some(4),
        }),
        lang,
    )
}

#[test]
fn the_call_in_question_is_marked_and_its_line_is_quoted() {
    let page = shown(Lang::En);
    assert!(page.contains("id=\"check-typed_errors\""), "{page}");
    assert!(page.contains("data-marked=\"4\""), "{page}");
    assert!(page.contains("writer.write_all(b&quot;hello&quot;)?;"));
    assert!(page.contains("src/counter.rs:2"));
    assert!(page.contains("man2/close.2.html"));
}

#[test]
fn nothing_of_a_submission_becomes_markup() {
    let page = shown(Lang::En);
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains("<b>"));
    assert!(page.contains("&lt;b&gt;&amp;"));
}

#[test]
fn the_page_loads_nothing() {
    let page = shown(Lang::Zh);
    for loads in ["src=\"", "@import", "url(", "<link", "fetch(", "XMLHttp"] {
        assert!(!page.contains(loads), "{loads}");
    }
}

#[test]
fn it_speaks_the_language_that_was_asked_for() {
    assert!(shown(Lang::En).contains("<html lang=\"en\">"));
    let chinese = shown(Lang::Zh);
    assert!(chinese.contains("<html lang=\"zh-Hans\">"));
    for word in ["创建进程 3", "你的代码行", "请看这次调用", "手册页"] {
        assert!(chinese.contains(word), "{word}");
    }
    assert!(!chinese.contains("starts process"));
}

#[test]
fn the_steps_of_a_race_tell_their_instructions() {
    let page = page(&fixtures::half_right(), Lang::En);
    assert!(page.contains("<table class=\"steps\">"), "{page}");
    assert!(page.contains("look here"));
}

#[test]
fn a_machine_that_cannot_trace_says_so_on_the_page() {
    let mut events = fixtures::full_marks();
    events.push(Event::Traced {
        traced: Traced::Cannot {
            why: Text::same("ptrace is not allowed here"),
        },
        sources: [].into(),
    });
    assert!(page(&events, Lang::En).contains("ptrace is not allowed here"));
}

//! What led to what, in timelines that somebody wrote down.

use probe::{Argument, Call, Event, Link, Result, Tie, Timeline, Value, What};

fn call(name: &str, arguments: Vec<(&str, Value)>, result: i64, returned_at: usize) -> What {
    What::Call(Call {
        name: name.to_owned(),
        arguments: arguments
            .into_iter()
            .map(|(name, value)| Argument {
                name: name.to_owned(),
                value,
            })
            .collect(),
        result: Result::Returned(result),
        returned_at: Some(returned_at),
        injected: None,
        line: None,
    })
}

fn through(pipe: &str) -> Vec<(&'static str, Value)> {
    let target = Some(format!("pipe:[{pipe}]"));
    vec![("fd", Value::Descriptor { number: 3, target })]
}

fn timeline(events: Vec<(i32, What)>) -> Timeline {
    let event = |(process, what)| Event {
        process,
        task: process,
        what,
    };
    Timeline {
        events: events.into_iter().map(event).collect(),
    }
}

fn link(from: usize, to: usize, tie: Tie) -> Link {
    Link { from, to, tie }
}

fn started(task: i32) -> What {
    What::Started {
        task,
        thread: false,
    }
}

fn ended() -> What {
    What::Ended {
        how: "exit 0".to_owned(),
    }
}

#[test]
fn a_child_is_started_executes_ends_is_told_of_and_waited_for() {
    let seen = timeline(vec![
        (2, started(3)),
        (2, call("wait4", vec![("pid", Value::Number(3))], 3, 5)),
        (3, call("execve", vec![], 0, 4)),
        (
            3,
            What::Executed {
                path: "/bin/true".to_owned(),
            },
        ),
        (3, ended()),
        (
            2,
            What::Signalled {
                name: "SIGCHLD".to_owned(),
            },
        ),
    ]);
    assert_eq!(
        seen.links(),
        [
            link(0, 2, Tie::Start),
            link(2, 3, Tie::Execute),
            link(4, 1, Tie::Wait),
            link(4, 5, Tie::Signal),
        ]
    );
}

#[test]
fn a_signal_comes_from_the_call_that_sent_it_to_this_process() {
    let kill = |pid| call("kill", vec![("pid", Value::Number(pid))], 0, 0);
    let usr1 = || What::Signalled {
        name: "SIGUSR1".to_owned(),
    };
    let seen = timeline(vec![(2, kill(4)), (2, kill(3)), (3, usr1()), (4, usr1())]);
    assert_eq!(
        seen.links(),
        [link(0, 3, Tie::Signal), link(1, 2, Tie::Signal)]
    );
}

#[test]
fn a_signal_that_failed_to_be_sent_leads_nowhere() {
    let failed = What::Call(Call {
        name: "kill".to_owned(),
        arguments: vec![Argument {
            name: "pid".to_owned(),
            value: Value::Number(3),
        }],
        result: Result::Failed { errno: 3 },
        returned_at: Some(1),
        injected: None,
        line: None,
    });
    let usr1 = What::Signalled {
        name: "SIGUSR1".to_owned(),
    };
    assert_eq!(timeline(vec![(2, failed), (3, usr1)]).links(), []);
}

#[test]
fn bytes_leave_a_pipe_in_the_order_in_which_they_entered_it() {
    let seen = timeline(vec![
        (2, call("write", through("7"), 10, 1)),
        (3, call("write", through("7"), 5, 2)),
        (2, call("write", through("8"), 1, 3)),
        (4, call("read", through("7"), 12, 4)),
        (4, call("read", through("7"), 3, 5)),
        (4, call("read", through("7"), 0, 6)),
    ]);
    let data = |bytes| Tie::Data { bytes };
    assert_eq!(
        seen.links(),
        [
            link(0, 3, data(10)),
            link(1, 3, data(2)),
            link(1, 4, data(3)),
        ]
    );
}

#[test]
fn a_reader_that_waits_gets_what_is_written_later() {
    // The read began first, and returned after the write.
    let seen = timeline(vec![
        (3, call("read", through("7"), 4, 2)),
        (2, call("write", through("7"), 4, 2)),
    ]);
    assert_eq!(seen.links(), [link(1, 0, Tie::Data { bytes: 4 })]);
}

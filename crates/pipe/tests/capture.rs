//! What goes into a pipeline, what comes out, and what is left.

use std::io;

use pipe::{Exit, PipeError, Stage, capture};

/// `"tr a b | cat"`, without a shell.
fn stages(written: &str) -> Vec<Stage> {
    written
        .split(" | ")
        .map(|stage| Stage {
            argv: stage.split(' ').map(Into::into).collect(),
        })
        .collect()
}

#[test]
fn what_goes_in_comes_out_changed_by_each_stage() {
    let captured = capture(&stages("tr a-z A-Z | tr P p | cat"), b"pipe\n").unwrap();
    assert_eq!(captured.stdout, b"pIpE\n");
    assert_eq!(captured.statuses, [Exit::Code(0); 3]);
}

#[test]
fn far_more_than_pipes_hold_goes_through() {
    let input: Vec<u8> = (0..8_u32 << 20).map(|at| (at ^ (at >> 11)) as u8).collect();
    let captured = capture(&stages("cat | cat | cat"), &input).unwrap();
    assert!(captured.stdout == input, "the bytes are others");
}

#[test]
fn no_input_is_the_end_of_the_input() {
    let captured = capture(&stages("cat | cat"), b"").unwrap();
    assert_eq!(captured.stdout, b"");
}

#[test]
fn each_status_is_that_of_its_stage() {
    let captured = capture(&stages("false | yes | head -n 1 | true"), b"").unwrap();
    let last = Exit::Code(0);
    // `head` may find that nobody reads any more, or not.
    assert_eq!(
        captured.statuses[..2],
        [Exit::Code(1), Exit::Signal(libc::SIGPIPE)]
    );
    assert_eq!(captured.statuses[3], last);
}

#[test]
fn a_stage_that_reads_nothing_is_no_error() {
    let captured = capture(&stages("true"), &[b'x'; 1 << 20]).unwrap();
    assert_eq!(captured.statuses, [Exit::Code(0)]);
}

/// With 1000 ends open at once, 300 stages would meet the usual limit of 1024 descriptors.
#[test]
fn pipelines_of_3_30_and_300_stages_carry_a_mebibyte() {
    let input = vec![b'x'; 1 << 20];
    for number in [3, 30, 300] {
        let captured = capture(&stages(&vec!["cat"; number].join(" | ")), &input).unwrap();
        assert!(captured.stdout == input, "{number} stages");
        assert_eq!(captured.statuses, vec![Exit::Code(0); number]);
    }
}

#[test]
fn the_stage_that_cannot_be_started_is_named() {
    for (written, place, errno) in [
        ("no-such-program | cat", 0, libc::ENOENT),
        ("cat | cat | no-such-program", 2, libc::ENOENT),
        ("yes | /etc/passwd | cat", 1, libc::EACCES),
    ] {
        let Err(PipeError::Spawn { stage, source }) = capture(&stages(written), b"input") else {
            panic!("{written} has started");
        };
        assert_eq!(
            (stage, source.raw_os_error()),
            (place, Some(errno)),
            "{written}"
        );
    }
}

#[test]
fn without_a_stage_or_a_program_there_is_no_pipeline() {
    assert!(matches!(capture(&[], b""), Err(PipeError::Io(_))));
    let empty = [Stage { argv: Vec::new() }];
    assert!(matches!(
        capture(&empty, b""),
        Err(PipeError::Spawn { stage: 0, .. })
    ));
    let zero = [Stage {
        argv: vec!["a\0b".into()],
    }];
    let Err(PipeError::Spawn { source, .. }) = capture(&zero, b"") else {
        panic!("it has started");
    };
    assert_eq!(source.kind(), io::ErrorKind::InvalidInput);
}

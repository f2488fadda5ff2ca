//! The example runs, and its output says what its header promises.

use std::env::current_exe;

#[test]
fn four_ends() {
    let test = current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
    let done = assert_cmd::Command::new(profile.join("examples/four_ends"))
        .assert()
        .success()
        .stderr("");
    let output = String::from_utf8_lossy(&done.get_output().stdout).into_owned();
    let mut rest = output.as_str();
    for piece in [
        "Changed",
        "TimedOut, not early: true",
        "Interrupted",
        "Woken",
        "still           7",
        "0 woken",
    ] {
        let found = rest.split_once(piece);
        assert!(
            found.is_some(),
            "it does not say {piece:?} (in this place):\n{output}"
        );
        rest = found.map_or("", |(_, after)| after);
    }
}

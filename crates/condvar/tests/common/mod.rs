//! Where cargo has put the examples. It does not build them: `cargo test -p condvar` does, before any
//! test.

use std::env::current_exe;
use std::path::PathBuf;

/// The example's program, beside the folder of the tests: `target/PROFILE/examples/NAME`.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
    let example = profile.join("examples").join(name);
    assert!(
        example.exists(),
        "{} is missing: cargo build -p condvar --examples",
        example.display()
    );
    example
}

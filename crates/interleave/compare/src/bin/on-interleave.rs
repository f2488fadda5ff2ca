//! Checks a program with interleave.

#[macro_use]
extern crate interleave as std;
extern crate interleave as core;
extern crate std as real;

#[path = "../programs/mod.rs"]
#[allow(dead_code, reason = "not every program takes part")]
mod programs;

/// What std does not have.
mod world {
    pub(crate) use interleave::model::Tracked;
}

fn main() {
    programs::main(|run| {
        let report = interleave::model::Model::new().check(run);
        assert!(report.passed(), "{report}");
        report.executions
    });
}

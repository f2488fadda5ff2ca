//! What the hostile suite says before it starts anything. Its bombs are no part of any test.

use predicates::str::contains;

use crate::course::Course;

/// A course that holds an attack of each kind of files, and no package to build.
fn with_attacks() -> Course {
    let course = Course::new();
    let text = "//! what: nothing\n//! expect: compiles\n";
    course.write("xtask/hostile/compile/harmless.rs", text);
    course.write("xtask/hostile/forge/harmless.rs", text);
    course
}

#[test]
fn a_course_without_the_suite_says_so() {
    let course = Course::new();
    let refused = course.xtask(&["selftest", "hostile"]).assert().code(2);
    refused.stdout("").stderr(contains("no xtask/hostile here"));
    let arguments = ["selftest", "hostile", "--lang", "zh"];
    let refused = course.xtask(&arguments).assert().code(2);
    refused.stderr(contains("这里没有 xtask/hostile"));
}

#[test]
fn a_name_that_no_attack_has_is_refused() {
    let arguments = ["selftest", "hostile", "--only", "spoon-bomb"];
    let refused = with_attacks().xtask(&arguments).assert().code(2);
    refused
        .stdout("")
        .stderr(contains("no attack's name holds `spoon-bomb`"));
}

#[test]
fn an_unknown_suite_or_level_brings_those_that_exist() {
    let course = Course::new();
    let refused = course.xtask(&["selftest", "friendly"]).assert().code(2);
    refused.stderr(contains("hostile"));
    let arguments = ["selftest", "hostile", "--level", "perfect"];
    let refused = course.xtask(&arguments).assert().code(2);
    refused.stderr(contains("not one of namespaces, landlock, none"));
}

#[test]
fn a_file_that_does_not_say_what_is_expected_stops_the_suite() {
    let course = with_attacks();
    course.write("xtask/hostile/forge/vague.rs", "//! what: something\n");
    let refused = course.xtask(&["selftest", "hostile"]).assert().code(3);
    refused.stdout("").stderr(contains(
        "xtask/hostile/forge/vague.rs: `//! expect:` is missing",
    ));
}

#[test]
fn attacks_that_do_not_compile_are_the_graders_failure() {
    let course = with_attacks();
    // There is no package of this name to build.
    let refused = course.xtask(&["selftest", "hostile"]).assert().code(3);
    refused.stdout("").stderr(contains("hostile"));
}

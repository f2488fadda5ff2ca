//! The starter comes back, and nothing of the student's is lost.

use predicates::str::contains;

use crate::course::Course;

const SUM: &str = "labs/07-pair/src/sum.rs";

fn in_git() -> Course {
    let course = Course::new();
    course.write(".gitignore", "/target/\n/.interlock/\n");
    course.git(&["init", "--quiet"]);
    course.commit_all();
    course
}

#[test]
fn the_starter_comes_back_and_the_students_file_is_kept() {
    let course = in_git();
    let starter = course.read(SUM);
    for (round, text) in [(1, "// first try\n"), (2, "// second try\n")] {
        course.write(SUM, text);
        let reset = course.xtask(&["reset", "7"]).assert().code(0);
        let kept = format!(".interlock/kept/07-pair/{round}");
        reset.stdout(contains(SUM)).stdout(contains(&*kept));
        assert_eq!(course.read(SUM), starter);
        assert_eq!(course.read(&format!("{kept}/src/sum.rs")), text);
    }
}

#[test]
fn an_untouched_lab_is_left_alone() {
    let course = in_git();
    course
        .xtask(&["reset", "7"])
        .assert()
        .code(0)
        .stdout(contains("nothing was changed"));
    assert!(!course.path(".interlock/kept").exists());
}

#[test]
fn what_the_student_committed_is_not_taken_for_the_starter() {
    let course = in_git();
    let starter = course.read(SUM);
    course.write(SUM, "// mine\n");
    course.commit_all();
    course.xtask(&["reset", "7"]).assert().code(0);
    assert_eq!(course.read(SUM), starter);
}

#[test]
fn a_broken_package_comes_back_too() {
    let course = in_git();
    let package = course.read("labs/07-pair/Cargo.toml");
    course.write("labs/07-pair/Cargo.toml", "broken = [");
    course.xtask(&["reset", "7"]).assert().code(0);
    assert_eq!(course.read("labs/07-pair/Cargo.toml"), package);
}

#[test]
fn a_mere_copy_of_the_files_has_no_starter_to_give_back() {
    let course = Course::new();
    course.write(SUM, "// mine\n");
    course
        .xtask(&["reset", "7"])
        .assert()
        .code(2)
        .stderr(contains("clone of the course"));
    assert_eq!(course.read(SUM), "// mine\n");
}

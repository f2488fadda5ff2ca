//! English.

use arena::{Level, MemoryBound};

use super::{
    super::en::count,
    APT, Doctor, ENTER, GRADE_UPLOAD, LOOK,
    Piece::{Copy, Say},
    RUSTUP, STEP_DOCTOR, STEP_GRADE, STEP_NAMESPACES, STEP_RUST,
};
use crate::grader::machine::diagnosis::Effect;

/// The English table.
pub(crate) const EN: Doctor = Doctor {
    effect_label: |effect| match effect {
        Effect::Nothing => "OK",
        Effect::Weaker => "WEAKER",
        Effect::Ungradable => "LACKING",
    },
    level_label: "Level",
    labs_label: "Labs",
    level: |level| match level {
        Level::Namespaces => "namespaces: a submission sees a machine of its own",
        Level::Landlock => {
            "landlock: a submission reaches the system's programs and a folder of its own"
        }
        Level::None => {
            "none: limits and deadlines only; what others handed in is not run without --isolation none"
        }
    },
    memory: |memory| match memory {
        MemoryBound::Cgroup => "memory bounded by a control group",
        MemoryBound::Watch => "memory watched",
        MemoryBound::None => "the memory of each process bounded",
    },
    no_level: "not known",
    labs: |whole, of| match of - whole {
        0 => format!("all of {} can be graded", count(of, "lab", "labs")),
        _ => format!(
            "{whole} of {} can be graded as a whole",
            count(of, "lab", "labs")
        ),
    },
    ungradable: |lab| {
        let checks = lab.ungradable.join(", ");
        format!(
            "lab {} without {checks}: {} of 100 points",
            lab.number, lab.points
        )
    },
    more_labs: |labs| format!("... and {}", count(labs, "more lab", "more labs")),
    look_again: "look again, once that is done",
    gradescope: &[
        Say(
            "Gradescope starts a Docker container for each submission, as root. Docker refuses user \
             namespaces, so the level is landlock, or none on a kernel before 6.12: then add \
             --isolation none, since the container is a wall as well. Tracing children is allowed; \
             where Docker's filter refuses personality(ADDR_NO_RANDOMIZE), checks that step are not \
             graded. Nothing of this can be switched on: what doctor says inside is final.",
        ),
        Say("setup.sh, run once when the image is built. The course lies in /autograder/source:"),
        Copy(APT),
        Copy(RUSTUP),
        Copy(ENTER),
        Copy(LOOK),
        Say("run_autograder, for each submission:"),
        Copy(ENTER),
        Copy(GRADE_UPLOAD),
        Say(
            "Exit code 3 means that there is no score. Do not record 0 then: say that it was not \
             graded.",
        ),
    ],
    actions: &[
        Say(
            "GitHub's Ubuntu runners allow tracing, but from Ubuntu 24.04 on AppArmor keeps namespaces \
             from whoever is not root. The first of these steps changes that, and the level is \
             namespaces; without it, landlock:",
        ),
        Copy(STEP_NAMESPACES),
        Copy(STEP_RUST),
        Copy(STEP_DOCTOR),
        Copy(STEP_GRADE),
        Say(
            "The doctor ends the job if a lab cannot be graded. A job with `container:` runs in \
             Docker, which refuses namespaces, and may refuse stepping: \
             `options: --security-opt seccomp=unconfined` allows both but a private /proc.",
        ),
    ],
};

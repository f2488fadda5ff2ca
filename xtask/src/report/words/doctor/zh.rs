//! Simplified Chinese.

use arena::{Level, MemoryBound};

use super::{
    APT, Doctor, ENTER, GRADE_UPLOAD, LOOK,
    Piece::{Copy, Say},
    RUSTUP, STEP_DOCTOR, STEP_GRADE, STEP_NAMESPACES, STEP_RUST,
};
use crate::grader::machine::diagnosis::Effect;

/// The Chinese table.
pub(crate) const ZH: Doctor = Doctor {
    effect_label: |effect| match effect {
        Effect::Nothing => "正常",
        Effect::Weaker => "较弱",
        Effect::Ungradable => "缺少",
    },
    level_label: "级别",
    labs_label: "实验",
    level: |level| match level {
        Level::Namespaces => "namespaces：提交的程序只看到自己的一台机器",
        Level::Landlock => "landlock：提交的程序只能访问系统程序和自己的目录",
        Level::None => {
            "none：只有资源限制和时限；除非加 --isolation none，否则不运行他人提交的程序"
        }
    },
    memory: |memory| match memory {
        MemoryBound::Cgroup => "内存由控制组限制",
        MemoryBound::Watch => "定时查看内存用量",
        MemoryBound::None => "限制单个进程的内存",
    },
    no_level: "未知",
    labs: |whole, of| match of - whole {
        0 => format!("{of} 个实验全部可以评判"),
        _ => format!("{of} 个实验中有 {whole} 个可以完整评判"),
    },
    ungradable: |lab| {
        let checks = lab.ungradable.join("、");
        format!(
            "实验 {} 可评判 {} / 100 分，无法评判的检查：{checks}",
            lab.number, lab.points
        )
    },
    more_labs: |labs| format!("…… 还有 {labs} 个实验"),
    look_again: "补救之后再检查一次",
    gradescope: &[
        Say(
            "Gradescope 为每份提交启动一个 Docker 容器，以 root 身份运行。Docker 不允许用户命名空间，\
             所以级别是 landlock；内核早于 6.12 时是 none，这时请加 --isolation none，容器本身也是\
             一道墙。跟踪子进程是允许的；如果 Docker 的过滤器拒绝 \
             personality(ADDR_NO_RANDOMIZE)，单步检查就无法评判。这些设置无法更改，以在容器内运行 \
             doctor 的结果为准。",
        ),
        Say("setup.sh 在构建镜像时运行一次，课程位于 /autograder/source："),
        Copy(APT),
        Copy(RUSTUP),
        Copy(ENTER),
        Copy(LOOK),
        Say("run_autograder 对每份提交运行："),
        Copy(ENTER),
        Copy(GRADE_UPLOAD),
        Say("退出码 3 表示没有得分。这时不要记 0 分，而应注明未评分。"),
    ],
    actions: &[
        Say(
            "GitHub 的 Ubuntu 运行器允许跟踪进程，但从 Ubuntu 24.04 起，AppArmor 限制非 root 用户使用\
             命名空间。下面第一步解除这一限制，级别为 namespaces；不做这一步则为 landlock：",
        ),
        Copy(STEP_NAMESPACES),
        Copy(STEP_RUST),
        Copy(STEP_DOCTOR),
        Copy(STEP_GRADE),
        Say(
            "如果有实验无法评判，doctor 这一步会使任务失败。带有 `container:` 的任务在 Docker 中运行，\
             那里不允许命名空间，也可能不允许单步执行：加上 `options: --security-opt \
             seccomp=unconfined` 后两者都允许，但没有单独的 /proc。",
        ),
    ],
};

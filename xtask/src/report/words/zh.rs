//! Simplified Chinese. The names of calls, errors and commands are not translated.

use arena::Level;
use checks::Verdict;

use super::{Words, board, commands, doctor, errors, hostile, papers, trace};
use crate::grader::events::{Grade, Origin};

/// The Chinese table.
pub(crate) const ZH: Words = Words {
    lab: |number| format!("实验 {number:02}"),
    verdict: |verdict| match verdict {
        Verdict::Passed => "通过",
        Verdict::Failed => "未通过",
        Verdict::TimedOut => "超时",
        Verdict::Deadlocked => "死锁",
        Verdict::Crashed => "崩溃",
        Verdict::ExitedEarly => "提前退出",
        Verdict::Leaked => "泄漏",
        Verdict::NotGraded => "未评判",
        Verdict::GraderError => "评分故障",
    },
    withheld: "不计分",
    from: "提交",
    build: "编译",
    demo: "演示",
    todo: "待完成",
    score: "得分",
    worked: "检查内容",
    start: "建议",
    next: "下一步",
    refused: "拒绝",
    grader: "评分故障",
    stopped: "中断",

    origin: |origin| match origin {
        Origin::WorkingCopy { folder } => folder.clone(),
        Origin::Reference { folder } => format!("{folder}（参考实现）"),
        Origin::Folder { path } => path.clone(),
        Origin::Patch { path } => format!("{path}（应用于参考实现的补丁）"),
        Origin::SingleFile { path, others } => format!("{path}（其余文件取自 {others}）"),
    },
    outline: |points, hours, handout| format!("{points} 分，约 {hours} 小时，请先阅读 {handout}"),
    handout: |path| match path.strip_suffix("README.md") {
        Some(folder) => format!("{folder}README.zh-CN.md"),
        None => path.to_owned(),
    },
    build_time: |seconds| format!("编译 {seconds:.1} 秒"),
    build_line: |seconds, checks_built| {
        let checks = if checks_built {
            "检查程序也已编译"
        } else {
            "检查程序无需重新编译"
        };
        format!("你的代码 {seconds:.1} 秒，{checks}")
    },
    checks_time: |checks, seconds| format!("{checks} 项检查 {seconds:.1} 秒"),
    seed: |seed| format!("种子 {seed}"),
    isolation: |isolation| {
        match isolation.level {
            Level::Namespaces => "隔离：namespaces",
            Level::Landlock => "隔离：landlock，逐项检查",
            Level::None => "隔离：无",
        }
        .to_owned()
    },
    comma: "，",
    semicolon: "；",
    list_comma: "、",

    demo_unwritten: |function, place| match function {
        Some(function) => format!("中途停止：{function} 尚未实现（{place}）"),
        None => format!("中途停止：{place} 处尚未实现"),
    },
    demo_silent: "正常结束，没有输出",
    demo_left_out: |lines| format!("…… 还有 {lines} 行"),

    todo_head: ["尚未实现", "等待它的检查", "分值"],
    start_with: |function, checks, points| {
        format!("先写 {function}：有 {checks} 项检查（{points} 分）在等它")
    },

    reason: |verdict| match verdict {
        Verdict::Passed => "通过",
        Verdict::Failed => "结果不正确",
        Verdict::TimedOut => "时间用完时仍在运行",
        Verdict::Deadlocked => "所有任务都在睡眠，没有谁能唤醒它们",
        Verdict::Crashed => "被信号终止",
        Verdict::ExitedEarly => "还没有回答就退出了",
        Verdict::Leaked => "结果正确，但有东西没有清理",
        Verdict::NotGraded => "在这台机器上无法评判",
        Verdict::GraderError => "评分程序在这项检查中出错",
    },
    colon: "：",
    not_apart: |needs, open| {
        if open {
            format!("本身通过，但不能计分。它以“{needs}”通过为前提，而后者在这里无法评判。")
        } else {
            format!("不单独评判。它以“{needs}”通过为前提，碰运气得到的正确结果不给分。")
        }
    },
    repair_first: |needs| format!("它以“{needs}”通过为前提：请先修复后者，这一项可能随之解决。"),
    not_to_blame: "这不是你的代码的问题。这项检查的分值不计入。",
    printed: |shown, of| match (shown, of) {
        (shown, of) if shown < of => format!("程序输出了 {of} 行，最后 {shown} 行是："),
        _ => "程序的输出：".to_owned(),
    },
    rows_left_out: |rows| format!("此处省略 {rows} 行"),
    more_elsewhere: |command| format!("详情：{command}"),

    points: |score| {
        let (earned, gradable, possible) = (score.earned, score.gradable, score.possible);
        let open = score.open();
        match score.grade {
            Grade::OfGradable if open == 0 => format!("{earned} / {gradable} 分（全部可评判）"),
            Grade::OfGradable => {
                format!("{earned} / {gradable} 分（另有 {open} 分在这里无法评判）")
            }
            Grade::Scaled { points } => format!(
                "折算后 {points} / {possible} 分（可评判的 {gradable} 分中得 {earned} 分，\
                 {open} 分无法评判）"
            ),
            Grade::Provisional => {
                format!("暂定：已得 {earned} 分，保留 {open} 分，满分 {possible} 分")
            }
            Grade::Refused => {
                format!("没有得分：{possible} 分中有 {open} 分在这里无法评判，原因见上")
            }
        }
    },
    gradable_checks: |gradable, of| format!("{of} 项检查中有 {gradable} 项可在这里评判"),
    only_some: |checks| format!("本次只运行了 {checks} 项检查"),
    provisional: "暂定得分：无法评判的分值先保留",
    ask_doctor: "这台机器缺少什么，以及如何补救",
    cause: |cause| {
        let checks = match cause.checks {
            2 => "两项".to_owned(),
            3 => "三项".to_owned(),
            checks => format!("{checks} 项"),
        };
        format!("同一个原因，影响{checks}检查（{} 分）", cause.points)
    },
    best: |best| format!("历史最高：{best}"),

    hint: |hints| match hints {
        1 => "一条提示：只讲思路，不给答案".to_owned(),
        _ => format!("{hints} 条提示，先讲思路"),
    },
    replay: "原样重放这一次执行",
    same_cases: "只运行这一项检查，用例不变",
    again: "重新评分",
    again_elsewhere: "在能评判全部检查的机器上重新评分",
    all_checks: "运行全部检查",
    other_labs: "其他实验",
    own_files: "给你自己的代码评分",
    explain: "解释第一个错误",

    compiler_stopped: |reason| format!("编译器被中止：{reason}"),
    compiler_limits: "本实验的答案几秒内即可编译。请检查是否有无限增长的常量、类型或宏。",
    does_not_compile: |errors| format!("无法编译：{errors} 个错误"),
    lines_left_out: |lines| format!("编译器的输出还有 {lines} 行未显示"),
    refusal: |findings| format!("有 {findings} 处本实验不允许的写法，没有进行编译"),
    findings_left_out: |findings| format!("…… 还有 {findings} 处"),
    after_refusal: "改掉之后重新评分",
    grader_failed: "评分程序本身出错。这不是你的代码的问题，本次没有得分。",
    log: |path| format!("日志：{path}"),
    once_more: "再试一次；如果仍然失败，请附上日志报告",
    interrupted: "评分没有完成，没有得分",

    building: "正在编译",
    demoing: "正在运行演示",
    checking: |done, of, names| match names {
        "" => format!("已完成 {done} / {of} 项检查"),
        _ => format!("已完成 {done} / {of} 项检查，正在运行：{names}"),
    },

    commands: commands::ZH,
    hostile: hostile::ZH,
    diagnosis: doctor::ZH,
    trace: trace::ZH,
    board: board::ZH,
    papers: papers::ZH,
    error: "错误：",
    mistake: errors::zh,
    interrupted_command: "已中断：没有丢失任何内容，也没有遗留进程",
};

//! Simplified Chinese.

use checks::Verdict;

use super::Commands;
use crate::grader::verify::{Rebased, Round, Unexpected};

/// The Chinese table.
pub(crate) const ZH: Commands = Commands {
    course_label: "Interlock",
    standing: |done, labs, points| {
        format!(
            "共 {labs} 个实验，完成 {done} 个，得分 {points} / {}",
            labs * 100
        )
    },
    of_hundred: |points| format!("{points} / 100"),
    next_lab: |title, hours, handout| format!("{title}，约 {hours} 小时：先阅读 {handout}，然后"),
    all_done: "所有实验都已完成",
    grade: "编译、运行并评分",
    stuck: "卡住了？看下一条提示",
    all_labs: "全部实验",
    all_commands: "全部命令",

    list_head: ["实验", "名称", "小时", "检查", "最高", "主题"],
    read_and_grade: "编译、运行一个实验并评分",

    hint_label: |number| format!("提示 {number}"),
    hints_shown: |shown, of| format!("提示 {shown} / {of}"),
    no_hints: "这项检查没有提示：讲义里的说明已经足够。",
    next_hint: "下一条提示",
    only_this_check: "只运行这一项检查",

    reset_label: "重置",
    starter_again: |path| format!("{path} 已恢复为初始代码"),
    starter_already: |folder| format!("{folder} 本来就是初始代码，没有改动"),
    kept_label: "已保留",
    kept: |path| format!("你原来的文件在 {path}"),

    verdict,
    unexpected,
    durations: |median, slowest| format!("中位数 {median} 毫秒，最慢 {slowest} 毫秒"),
    explored_label: "单步",
    explored_head: ["步数", "毫秒"],
    spread_head: ["最小", "中位数", "最大"],
    summary: |summary| {
        let mut first = Vec::new();
        first.extend(
            summary
                .starter
                .map(|points| format!("初始代码 {points} 分")),
        );
        first.extend(
            summary
                .reference
                .map(|points| format!("参考实现 {points} 分")),
        );
        let mut second = Vec::new();
        let (wrong, right) = (summary.wrong, summary.right);
        if wrong.of > 0 {
            second.push(format!("错误答案识破 {} / {}", wrong.good, wrong.of));
        }
        if right.of > 0 {
            second.push(format!("正确答案通过 {} / {}", right.good, right.of));
        }
        let (runs, unexpected) = (summary.runs, summary.unexpected);
        let third = vec![format!("共运行 {runs} 次，意外结果 {unexpected} 个")];
        let lines = [first, second, third].into_iter();
        let told = lines.filter(|line| !line.is_empty());
        told.map(|line| line.join("，")).collect()
    },
    verified_label: "验证",
    verified: |labs, seconds, good| {
        let found = if good {
            "每份答案的结果都符合预期"
        } else {
            "有结果不符合预期，见上面标有“未通过”的行"
        };
        format!("{labs} 个实验，用时 {seconds:.0} 秒：{found}")
    },
    building_checks: |folder| format!("{folder} 的检查程序"),
    running: "正在运行",
    round_done: |round| {
        let Round {
            number,
            of,
            runs,
            unexpected,
        } = round;
        format!("第 {number} 轮，共 {of} 轮：运行 {runs} 次，意外结果 {unexpected} 个")
    },
    rebased: |rebased| match rebased {
        Rebased::AsItWas => "无变化",
        Rebased::Rewritten => "已更新",
        Rebased::DoesNotFit(_) => "未通过",
    },
    patches_stay: |folder| format!("{folder} 的补丁无法更新"),
};

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "通过",
        Verdict::Failed => "未通过",
        Verdict::TimedOut => "超时",
        Verdict::Deadlocked => "死锁",
        Verdict::Crashed => "崩溃",
        Verdict::ExitedEarly => "提前退出",
        Verdict::Leaked => "泄漏",
        Verdict::NotGraded => "未评判",
        Verdict::GraderError => "评分故障",
    }
}

fn unexpected(unexpected: &Unexpected) -> String {
    match unexpected {
        Unexpected::Verdict {
            check,
            verdict: got,
            times,
            runs,
            headline,
        } => {
            let why = headline
                .as_ref()
                .map(|headline| format!("：{}", headline.zh));
            let (got, why) = (verdict(*got), why.unwrap_or_default());
            format!("{check} 运行 {runs} 次，其中 {times} 次结果为“{got}”{why}")
        }
        Unexpected::FullMarks => "得了满分".to_owned(),
        Unexpected::Earns(points) => format!("只得 {points} / 100 分"),
        Unexpected::OtherStory { check, times, runs } => {
            format!("{check} 运行 {runs} 次，其中 {times} 次模型的说法与第一次不同")
        }
        Unexpected::NotRun(why) => format!("没有运行：{why}"),
    }
}

//! Mistakes of a student's in languages beside English, in which errors tell themselves. What only
//! the authors of a lab meet stays English.

use crate::grader::{
    error::{Error, Mistake},
    repository::RepositoryError,
    submission::SubmissionError,
};

/// In Simplified Chinese.
pub(super) fn zh(error: &Error) -> String {
    match error {
        Error::Repository(error) => repository(error),
        Error::Submission(error) => submission(error),
        Error::Mistake(mistake) => request(mistake),
        Error::BrokenPackage { path, reason } => format!(
            "cargo 无法读取 {path}：\n{reason}\n\
             这个文件属于评分程序，可以用 `git checkout -- {path}` 恢复"
        ),
        Error::Cargo { reason, log } => {
            format!("cargo 失败（{reason}），它的输出在 {}", log.display())
        }
        Error::Interrupted => "已中断".to_owned(),
        Error::Manifest(_) | Error::Io { .. } | Error::Arena(_) | Error::Broken(_) => {
            error.to_string()
        }
    }
}

fn repository(error: &RepositoryError) -> String {
    match error {
        RepositoryError::NotTheCourse { root } => format!(
            "{} 不是本课程的目录：其中没有 `labs`。请在课程目录内运行 `cargo xtask`",
            root.display()
        ),
        RepositoryError::Unreadable { path, .. } => format!("无法读取 {}", path.display()),
        RepositoryError::UnknownLab { wanted, nearest } => {
            let names: Vec<String> = nearest.iter().map(|name| format!("`{name}`")).collect();
            let offer = match &*names {
                [] => String::new(),
                names => format!("你要找的是 {} 吗？", names.join(" 或 ")),
            };
            format!("没有实验 `{wanted}`。{offer}用 `cargo xtask list` 查看全部实验")
        }
    }
}

fn submission(error: &SubmissionError) -> String {
    match error {
        SubmissionError::NoSuchPath { path } => format!(
            "没有 {}。--submission 后面是一个包含实验文件的目录，或其中一个文件",
            path.display()
        ),
        SubmissionError::Missing {
            file,
            folder,
            wanted,
        } => format!("{folder} 中缺少 {file}。本实验需要 {}", wanted.join("、")),
        SubmissionError::NoSuchAnswer { name, known } => {
            format!("本实验没有答案 `{name}`。有：{}", known.join("、"))
        }
        SubmissionError::Unreadable { path, .. } => format!("无法读取 {path}"),
        SubmissionError::NotAFile { path } => format!("{path} 不是文件"),
        SubmissionError::LeadsOut { path } => {
            format!("{path} 指向提交目录之外：请提交文件本身，不要用链接")
        }
        SubmissionError::NotUtf8 { path } => {
            format!("{path} 不是 UTF-8 文本：请存为 UTF-8 后重试")
        }
        SubmissionError::TooLarge { path } => format!("{path} 超过 1 MiB，不是要求提交的文件"),
        SubmissionError::NotHandedIn { path, wanted } => format!(
            "{path} 不是本实验的文件（{}）。请使用其中一个文件名，或提交整个目录",
            wanted.join("、")
        ),
        SubmissionError::Patch(error) => error.to_string(),
    }
}

fn request(mistake: &Mistake) -> String {
    match mistake {
        Mistake::UnknownCheck { lab, name, all } => {
            format!("实验 {lab} 没有检查 `{name}`。它有 {}", all.join("、"))
        }
        Mistake::NoSuchAnswer { only } => format!(
            "没有名字包含 `{only}` 的答案：它们叫 starter、reference、wrong/... 和 right/..."
        ),
        Mistake::NoSuchAttack { only } => {
            format!("没有名字包含 `{only}` 的攻击：docs/threats.md 列出了全部攻击")
        }
        Mistake::NoHostileSuite { path } => {
            format!("这里没有 {path}：只有完整的课程仓库才包含攻击测试")
        }
        Mistake::ReplayOfOther { program, check } => {
            format!("--replay {program}@... 是检查 {check} 的一次执行：请去掉 --check")
        }
        Mistake::UnknownProgram { lab, name, all } => format!(
            "实验 {lab} 没有名为 `{name}` 的模型程序。它有：{}",
            all.join("、")
        ),
        Mistake::NoDrill { lab } => format!("实验 {lab} 没有笔试题"),
        Mistake::NoModel { lab } => format!("实验 {lab} 不由模型检查器评判，没有可以调度的程序"),
        Mistake::ReplayOfMany => {
            "--replay 重放某一项检查的某一次执行：请用 --check 指定这项检查".to_owned()
        }
        Mistake::TwoOnStandardOutput => "只能有一个 --format 输出到标准输出：\
             其余的请指定文件，例如 --format json=result.json"
            .to_owned(),
        Mistake::Unwritable { path, .. } => format!("无法写入 {path}"),
        Mistake::NoStarter { reason } => format!(
            "git 无法给出初始代码：{reason}。初始代码保存在 git 历史中，\
             所以 `reset` 需要课程仓库的克隆，只复制文件是不够的"
        ),
        Mistake::NoSuchIsolation { level, reason } => format!(
            "这台机器不支持隔离级别 `{}`：{reason}。`cargo xtask doctor` 会说明缺少什么",
            level.name()
        ),
        Mistake::NotContained { reason } => format!(
            "这台机器无法把他人的代码与本机的文件和进程隔开（{reason}）。\
             `cargo xtask doctor` 会说明缺少什么；如果你信任这份代码，请加上 --isolation none"
        ),
        Mistake::OtherFolder { .. } => mistake.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_students_mistakes_are_told_in_chinese() {
        let wanted = || vec!["src/map.rs".to_owned()];
        let path = || "p".to_owned();
        let unknown_lab = RepositoryError::UnknownLab {
            wanted: "mmpa".to_owned(),
            nearest: vec!["12 mmap".to_owned()],
        };
        let missing = SubmissionError::Missing {
            file: path(),
            folder: path(),
            wanted: wanted(),
        };
        let unreadable = SubmissionError::Unreadable {
            path: path(),
            source: io::ErrorKind::PermissionDenied.into(),
        };
        let other_name = SubmissionError::NotHandedIn {
            path: path(),
            wanted: wanted(),
        };
        let unknown_check = Mistake::UnknownCheck {
            lab: "12-mmap".to_owned(),
            name: "c4".to_owned(),
            all: vec!["clean".to_owned()],
        };
        let broken = Error::BrokenPackage {
            path: path(),
            reason: path(),
        };
        let errors = [
            unknown_lab.into(),
            missing.into(),
            unreadable.into(),
            other_name.into(),
            SubmissionError::NotUtf8 { path: path() }.into(),
            SubmissionError::NotAFile { path: path() }.into(),
            unknown_check.into(),
            Mistake::ReplayOfMany.into(),
            Mistake::ReplayOfOther {
                program: path(),
                check: path(),
            }
            .into(),
            Mistake::UnknownProgram {
                lab: path(),
                name: path(),
                all: Vec::new(),
            }
            .into(),
            Mistake::NoSuchAttack { only: path() }.into(),
            Mistake::NoHostileSuite { path: path() }.into(),
            Mistake::TwoOnStandardOutput.into(),
            broken,
        ];
        for error in errors {
            let told = zh(&error);
            assert_ne!(told, error.to_string());
            assert!(!told.is_ascii(), "{told}");
        }
    }
}

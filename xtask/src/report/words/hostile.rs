//! What `cargo xtask selftest hostile` says, a table per language. The names of attacks and levels
//! are the same in all of them.

/// The words of the hostile suite. What ends in `_label` must fit into eleven cells.
pub(crate) struct Hostile {
    pub(crate) stopped: &'static str,
    /// It was not stopped, and the table says so.
    pub(crate) passed: &'static str,
    pub(crate) failed: &'static str,
    /// The line of a family: how many of its attacks came to what.
    pub(crate) counts: fn(Counts) -> String,
    pub(crate) family: fn(&str) -> &'static str,
    /// This level cannot be had.
    pub(crate) not_here: fn(&str) -> String,
    /// At this level nothing holds the compiler.
    pub(crate) no_box: &'static str,
    pub(crate) as_before: &'static str,
    /// What is on the machine now and was not before.
    pub(crate) left: fn(&str) -> String,
    pub(crate) machine_label: &'static str,
    pub(crate) done_label: &'static str,
    pub(crate) done: fn(attacks: usize, failed: usize, seconds: u64) -> String,
}

/// How many attacks of a family came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) stopped: usize,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Counts {
    pub(crate) fn all(self) -> usize {
        self.stopped + self.passed + self.failed
    }
}

/// The English table.
pub(super) const EN: Hostile = Hostile {
    stopped: "stopped",
    passed: "not stopped, as expected",
    failed: "NOT AS EXPECTED",
    counts: |counts| {
        let mut told = format!("{} of {} stopped", counts.stopped, counts.all());
        if counts.passed > 0 {
            told += &format!(", {} not stopped, as expected", counts.passed);
        }
        if counts.failed > 0 {
            told += &format!(", {} NOT AS EXPECTED", counts.failed);
        }
        told
    },
    family: |name| match name {
        "processes" => "processes, memory, time, signals",
        "files" => "files and disks",
        "spying" => "spying",
        "network" => "network",
        "privileges" => "privileges and the kernel",
        "leftovers" => "leftovers",
        "compile" => "on the compiler",
        _ => "forged verdicts",
    },
    not_here: |why| format!("not on this machine: {why}"),
    no_box: "at this level nothing holds the compiler: what is handed in was not tried",
    as_before: "processes, memory, queues, mounts, groups and folders are as before",
    left: |what| format!("left behind: {what}"),
    machine_label: "Machine",
    done_label: "Hostile",
    done: |attacks, failed, seconds| match failed {
        0 => format!("{attacks} attacks, all as expected, in {seconds} s"),
        _ => format!("{attacks} attacks, {failed} NOT AS EXPECTED, in {seconds} s"),
    },
};

/// The Chinese table.
pub(super) const ZH: Hostile = Hostile {
    stopped: "已阻止",
    passed: "未阻止（符合预期）",
    failed: "不符合预期",
    counts: |counts| {
        let mut told = format!("{} 种攻击阻止了 {} 种", counts.all(), counts.stopped);
        if counts.passed > 0 {
            told += &format!("，{} 种未阻止（符合预期）", counts.passed);
        }
        if counts.failed > 0 {
            told += &format!("，{} 种不符合预期", counts.failed);
        }
        told
    },
    family: |name| match name {
        "processes" => "进程、内存、时间、信号",
        "files" => "文件与磁盘",
        "spying" => "窥探",
        "network" => "网络",
        "privileges" => "特权与内核",
        "leftovers" => "残留",
        "compile" => "针对编译器",
        _ => "伪造判定",
    },
    not_here: |why| format!("本机无法提供：{why}"),
    no_box: "这一级别不隔离编译器：没有尝试需要提交的攻击",
    as_before: "进程、共享内存、队列、挂载、控制组和目录都与之前一样",
    left: |what| format!("残留：{what}"),
    machine_label: "本机",
    done_label: "攻击测试",
    done: |attacks, failed, seconds| match failed {
        0 => format!("{attacks} 次攻击，全部符合预期，用时 {seconds} 秒"),
        _ => format!("{attacks} 次攻击，{failed} 次不符合预期，用时 {seconds} 秒"),
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::width::cells;

    #[test]
    fn a_family_says_only_what_there_is_to_say() {
        let counts = |stopped, passed, failed| Counts {
            stopped,
            passed,
            failed,
        };
        assert_eq!((EN.counts)(counts(7, 0, 0)), "7 of 7 stopped");
        assert_eq!(
            (EN.counts)(counts(7, 2, 1)),
            "7 of 10 stopped, 2 not stopped, as expected, 1 NOT AS EXPECTED"
        );
        assert_eq!((ZH.counts)(counts(7, 0, 0)), "7 种攻击阻止了 7 种");
    }

    #[test]
    fn every_label_leaves_a_space_to_what_follows_it() {
        for words in [&EN, &ZH] {
            assert!(cells(words.machine_label) <= 11);
            assert!(cells(words.done_label) <= 11);
        }
    }
}

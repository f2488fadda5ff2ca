//! Simplified Chinese.

use super::Board;

/// The Chinese table.
pub(crate) const ZH: Board = Board {
    in_process: "模型检查：in-process",
    step_through: "逐步查看这一次执行，可进可退",
    as_page: "同一次执行的图示",
    play_it: "由你来当调度器",

    threads: "线程",
    memory: "内存",
    memory_about: "从旧到新；值旁边的线程还不知道更新的值",
    happened: "已发生",
    so_far: |moments| format!("{moments} 步"),
    earlier: |moments| format!("之前还有 {moments} 步"),

    acts_next: "下一步由它执行",
    goes_on: "稍后继续",
    not_begun: "尚未执行任何操作",
    finished: "已结束",
    no_history: "普通数据，只有一个值",

    replay_title: |lab, program| format!("{lab}：执行 {program}"),
    moment: |at, of| format!("第 {at} 步之后，共 {of} 步"),
    walk_keys: "→ ← 前进、后退   Home、End 首尾   s 内存   q 退出",
    nothing_wrong: "这一次执行没有出错。",

    play_title: |lab, program| format!("{lab}：由你调度 {program}"),
    which_program: "想让哪个程序出错？",
    programs_keys: "↑ ↓ 加回车，或直接按数字选择   q 退出",
    play_keys: "数字 选择  u 撤销  r 重来  e 更多选择  s 内存  p 程序列表  q 退出",
    line_keys: "输入数字选择；u 撤销，r 重来，e 更多或更少选择，s 内存，p 程序列表，q 退出",
    line_programs: "输入数字或名称；q 退出",
    prompt: "> ",
    not_understood: "请输入列出的数字或字母。",
    nothing_to_undo: "没有可以撤销的选择。",
    asks_everything: "现在一切由你决定：线程、旧值、无故唤醒、定时器。",
    asks_threads: "现在只问接下来由谁运行。",
    broken: "你让它出错了。",
    unwritten: "有函数尚未实现，还谈不上出错。",
    replay_it: "查看这一次执行的报告",
    over: "这一次执行已结束，没有出错。撤销几步，换一种走法。",
    over_keys: "u 撤销   r 重来   s 内存   p 程序列表   q 退出",
    trouble: |why| format!("无法继续：{why}"),
    refused: "代码中有本实验不允许的写法，因此没有编译",
    does_not_compile: "代码无法编译",
    see_report: "查看具体位置",

    page_title: |lab| format!("{lab}：各线程做了什么"),
    page_about: "时间自上而下，每个线程占一列。选中一步，可以看到这一步之后的内存。",
    reads_from: "值从写入处到读取处",
    wakes: "唤醒",
    old_read: "读到旧值",
    departs: "与安静的机器上不同",
    guilty: "看这里",
    page_keys: "按键：↑ ↓ 移动，Home 和 End 跳到首尾，n 跳到下一个关键步骤。",
    memory_after: ["第 ", " 步之后的内存"],
    replay: "重放这一次执行",
    at_the_end: "结束时",
};

//! What the machine's state comes to: of each fact, whether it limits anything, and the command that
//! helps. Reads nothing and runs nothing.

use arena::{Level, MemoryBound};
use checks::{Text, text};
use serde::Serialize;

use super::{Landlock, Machine};

/// The oldest kernel that the course is made for.
const OLDEST: (u32, u32) = (5, 13);

/// The first version of Landlock's interface that also keeps signals inside; Linux 6.12 has it.
const LANDLOCK: u32 = 6;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Fact {
    /// For programs: `ptrace`.
    pub(crate) name: &'static str,
    /// What was found, in a few words that need no others: "Landlock ABI 7".
    pub(crate) found: Text,
    pub(crate) effect: Effect,
    /// What it limits, if anything.
    pub(crate) limits: Option<Text>,
    /// The command that removes the limit, if there is one.
    pub(crate) remedy: Option<String>,
}

/// How far a fact limits grading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    /// Not at all.
    Nothing,
    /// A submission is kept less far from the machine, or something besides grading suffers.
    Weaker,
    /// Some checks cannot be judged.
    Ungradable,
}

impl Fact {
    fn fine(name: &'static str, found: Text) -> Self {
        Self {
            name,
            found,
            effect: Effect::Nothing,
            limits: None,
            remedy: None,
        }
    }

    fn limited(self, effect: Effect, limits: Text, remedy: Option<String>) -> Self {
        Self {
            effect,
            limits: Some(limits),
            remedy,
            ..self
        }
    }

    /// In a container, the remedy is a command for the machine around it, and says so.
    fn on_host(mut self, machine: &Machine) -> Self {
        if let (Some(_), Some(_), Some(limits)) = (machine.container, &self.remedy, &self.limits) {
            let Text { en, zh } = limits;
            self.limits = Some(text!("{en} On the host:"; "{zh}在宿主机上运行："));
        }
        self
    }
}

/// All facts, in the order in which they are told.
pub(crate) fn diagnose(machine: &Machine) -> Vec<Fact> {
    vec![
        kernel(machine),
        cores(machine),
        page(machine),
        ptrace(machine),
        namespaces(machine),
        landlock(machine),
        memory(machine),
        queues(machine),
    ]
}

fn kernel(machine: &Machine) -> Fact {
    let (kernel, processor) = (&machine.kernel, machine.processor);
    let place = machine.container;
    let place_en = place.map(|it| format!(" in {it}")).unwrap_or_default();
    let place_zh = place.map(|it| format!("（{it}）")).unwrap_or_default();
    let found = text!(
        "Linux {kernel}, {processor}{place_en}";
        "Linux {kernel}，{processor}{place_zh}"
    );
    let fact = Fact::fine("kernel", found);
    if version(kernel).is_some_and(|version| version >= OLDEST) {
        return fact;
    }
    let (major, minor) = OLDEST;
    fact.limited(
        Effect::Weaker,
        text!(
            "The course is made for Linux {major}.{minor} and later; nothing is promised here.";
            "本课程面向 Linux {major}.{minor} 及更高版本，在这里不作保证。"
        ),
        None,
    )
}

/// `6.18.4-generic` is (6, 18).
fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(['.', '-', '+']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn cores(machine: &Machine) -> Fact {
    let cores = machine.cores;
    let many = if cores == 1 { "core" } else { "cores" };
    Fact::fine("cores", text!("{cores} {many}"; "{cores} 个核"))
}

fn page(machine: &Machine) -> Fact {
    let bytes = machine.page;
    Fact::fine(
        "page_size",
        text!("pages of {bytes} bytes"; "页大小 {bytes} 字节"),
    )
}

fn ptrace(machine: &Machine) -> Fact {
    let Err(why) = &machine.stepping else {
        return Fact::fine("ptrace", text!("ptrace works"; "ptrace 可用"));
    };
    let found = text!("processes cannot be stepped: {why}"; "无法单步执行进程：{why}");
    let limits = text!(
        "Checks that hold, watch or step processes are not graded.";
        "需要停住、观察或单步执行进程的检查无法评判。"
    );
    let fact = Fact::fine("ptrace", found);
    let remedy = ptrace_remedy(machine, why);
    fact.limited(Effect::Ungradable, limits, remedy)
        .on_host(machine)
}

fn ptrace_remedy(machine: &Machine, why: &str) -> Option<String> {
    if machine.processor != "x86_64" {
        return None;
    }
    match machine.ptrace_scope {
        // It stays until the next start, so what sets it then must go.
        Some(3) => {
            let setting = "kernel.yama.ptrace_scope = 1";
            let file = "/etc/sysctl.d/99-interlock.conf";
            return Some(format!("echo '{setting}' | sudo tee {file} && sudo reboot"));
        }
        Some(2) if !machine.root => {
            return Some("sudo sysctl -w kernel.yama.ptrace_scope=1".to_owned());
        }
        _ => {}
    }
    // The filter lets some calls through for nobody, and ptrace(2) for who has the right.
    let option = if why.contains("personality") {
        "--security-opt seccomp=unconfined"
    } else if why.contains("ptrace") {
        "--cap-add=SYS_PTRACE"
    } else {
        return None;
    };
    match machine.container {
        Some("Docker") => Some(run("docker", option)),
        Some("Podman") => Some(run("podman", option)),
        _ => None,
    }
}

/// Starts the course in a container, from its folder on the host.
fn run(engine: &str, options: &str) -> String {
    format!("{engine} run --rm -it {options} -v \"$PWD\":/work -w /work rust:1")
}

fn namespaces(machine: &Machine) -> Fact {
    let settings = machine.namespaces;
    let (obstacle, remedy) = if settings.most.is_none() {
        let none = text!("the kernel has none"; "内核不支持");
        (Some(none), None)
    } else if settings.apparmor {
        let name = "kernel.apparmor_restrict_unprivileged_userns";
        let restricted = text!("AppArmor restricts them"; "被 AppArmor 限制");
        (Some(restricted), Some(format!("sudo sysctl -w {name}=0")))
    } else if settings.switched_off {
        let name = "kernel.unprivileged_userns_clone";
        let off = text!("switched off"; "已关闭");
        (Some(off), Some(format!("sudo sysctl -w {name}=1")))
    } else if settings.most == Some(0) {
        let zero = text!("none are allowed"; "允许的数目为 0");
        let remedy = "sudo sysctl -w user.max_user_namespaces=15000".to_owned();
        (Some(zero), Some(remedy))
    } else {
        (None, None)
    };
    match (machine.prospect(Level::Namespaces), obstacle) {
        // What works, works, whatever the settings say.
        (Some(Ok(_)), _) => Fact::fine(
            "user_namespaces",
            text!("user namespaces work"; "用户命名空间可用"),
        ),
        (None, None) => Fact::fine(
            "user_namespaces",
            text!("user namespaces allowed"; "允许用户命名空间"),
        ),
        (_, Some(obstacle)) => without_namespaces(machine, &obstacle, remedy),
        (Some(Err(why)), None) => {
            without_namespaces(machine, &Text::same(why), unconfined(machine))
        }
    }
}

fn without_namespaces(machine: &Machine, why: &Text, remedy: Option<String>) -> Fact {
    let Text { en, zh } = why;
    let found = text!("user namespaces: {en}"; "用户命名空间：{zh}");
    let limits = match machine.isolation().map(|it| it.level) {
        Some(Level::Landlock) => text!(
            "Submissions are kept in by Landlock, and share names and process numbers with the machine.";
            "提交的程序由 Landlock 约束，但与本机共享名字和进程号。"
        ),
        _ => text!(
            "Submissions cannot be given a machine of their own to look at.";
            "提交的程序看到的就是这台机器，无法单独隔离。"
        ),
    };
    let fact = Fact::fine("user_namespaces", found);
    fact.limited(Effect::Weaker, limits, remedy)
        .on_host(machine)
}

/// A container whose engine keeps its hands off, for what nothing else explains.
fn unconfined(machine: &Machine) -> Option<String> {
    let options = "--security-opt seccomp=unconfined --security-opt";
    match machine.container {
        Some("Docker") => Some(run("docker", &format!("{options} systempaths=unconfined"))),
        Some("Podman") => Some(run("podman", &format!("{options} unmask=ALL"))),
        _ => None,
    }
}

fn landlock(machine: &Machine) -> Fact {
    let (found, remedy) = match &machine.landlock {
        Landlock::Abi(version) => (
            text!("Landlock ABI {version}"; "Landlock ABI {version}"),
            None,
        ),
        Landlock::SwitchedOff(modules) => {
            let off = text!("Landlock is switched off"; "Landlock 未启用");
            (off, modules.as_deref().map(with_landlock))
        }
        Landlock::Missing if machine.container.is_some() && machine.filtered => {
            let hidden = text!("Landlock is hidden by the container"; "容器屏蔽了 Landlock");
            (hidden, unconfined(machine))
        }
        Landlock::Missing => (
            text!("no Landlock in this kernel"; "内核不支持 Landlock"),
            None,
        ),
    };
    let fact = Fact::fine("landlock", found);
    // A second wall behind namespaces; without these, the only one.
    let needed = !matches!(machine.prospect(Level::Namespaces), Some(Ok(_)));
    let found = matches!(machine.landlock, Landlock::Abi(_));
    let works = machine
        .prospect(Level::Landlock)
        .map_or(found, Result::is_ok);
    if works || !needed {
        return fact;
    }
    let limits = match machine.prospect(Level::Landlock) {
        _ if matches!(machine.landlock, Landlock::Abi(version) if version < LANDLOCK) => text!(
            "It takes ABI {LANDLOCK} (Linux 6.12) to keep a submission in. Grade only code that you trust.";
            "需要 ABI {LANDLOCK}（Linux 6.12）才能约束提交的程序。请只评判可信的代码。"
        ),
        Some(Err(why)) if found => text!(
            "It cannot keep a submission in: {why}";
            "无法用它约束提交的程序：{why}"
        ),
        _ => text!(
            "Nothing keeps a submission from your files. Grade only code that you trust.";
            "提交的程序可以访问你的文件。请只评判可信的代码。"
        ),
    };
    fact.limited(Effect::Weaker, limits, remedy)
        .on_host(machine)
}

/// For a machine that GRUB starts, as Debian, Ubuntu and others set it up; it counts from the next
/// start on.
fn with_landlock(modules: &str) -> String {
    format!(
        "sudo sed -i 's/^GRUB_CMDLINE_LINUX=\"/&lsm=landlock,{modules} /' /etc/default/grub && \
         sudo update-grub && sudo reboot"
    )
}

fn memory(machine: &Machine) -> Fact {
    let group = machine.cgroup.as_ref();
    let found = match group {
        None => text!("no control group that counts memory"; "没有可统计内存的控制组"),
        Some(group) => {
            let version = group.version;
            match group.ours {
                true => text!("control groups v{version}, writable"; "控制组 v{version}，可写"),
                false => {
                    text!("control groups v{version}, not writable"; "控制组 v{version}，不可写")
                }
            }
        }
    };
    let fact = Fact::fine("cgroup", found);
    let isolation = machine.isolation();
    let limits = match isolation.map(|it| (it.level, it.memory)) {
        // Without isolation, a bound on memory is the least that is missing.
        None | Some((Level::None, _) | (_, MemoryBound::Cgroup)) => return fact,
        Some((_, MemoryBound::Watch)) => text!(
            "The memory of a submission is watched: what it takes between two looks, it takes.";
            "只能定时查看提交程序的内存：两次查看之间占用的无法阻止。"
        ),
        Some((_, MemoryBound::None)) => text!(
            "Only each process of a submission has a bound on its memory, not all together.";
            "只限制提交程序单个进程的内存，不限制总和。"
        ),
    };
    let lent = group.is_some_and(|group| group.version == 2 && !group.ours) && machine.systemd;
    let user = if machine.root { "" } else { " --user" };
    let remedy = format!("systemd-run{user} --scope --property=Delegate=yes bash");
    fact.limited(Effect::Weaker, limits, lent.then_some(remedy))
}

fn queues(machine: &Machine) -> Fact {
    let queues = machine.queues;
    let Some(most) = queues.most else {
        let found = text!("no POSIX message queues in this kernel"; "内核不支持 POSIX 消息队列");
        let limits = text!(
            "Programs that make message queues fail.";
            "使用消息队列的程序会失败。"
        );
        return Fact::fine("mqueue", found).limited(Effect::Weaker, limits, None);
    };
    let figures = [queues.messages, queues.message_size, queues.bytes];
    let [messages, size, bytes] = figures.map(Option::unwrap_or_default);
    let found = text!(
        "{most} message queues of {messages} × {size} bytes, {bytes} bytes a user";
        "消息队列 {most} 个，每个 {messages} × {size} 字节，每个用户 {bytes} 字节"
    );
    let fact = Fact::fine("mqueue", found);
    match queues.remedy() {
        None => fact,
        remedy => fact.limited(
            Effect::Weaker,
            text!(
                "Less than Linux allows by itself: programs that make several queues may fail.";
                "低于 Linux 的默认值：创建多个队列的程序可能失败。"
            ),
            remedy,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::samples, *};

    fn fact(machine: &Machine, name: &str) -> Fact {
        let mut facts = diagnose(machine).into_iter();
        facts.find(|fact| fact.name == name).unwrap()
    }

    fn remedy(machine: &Machine, name: &str) -> String {
        fact(machine, name).remedy.unwrap()
    }

    #[test]
    fn a_fine_machine_is_limited_by_nothing() {
        for fact in diagnose(&samples::fine()) {
            assert_eq!(fact.effect, Effect::Nothing, "{fact:?}");
            assert_eq!((&fact.limits, &fact.remedy), (&None, &None));
        }
    }

    #[test]
    fn whatever_is_limited_says_what_it_limits() {
        for machine in [samples::ubuntu(), samples::docker()] {
            for fact in diagnose(&machine) {
                let limited = fact.effect != Effect::Nothing;
                assert_eq!(fact.limits.is_some(), limited, "{fact:?}");
            }
        }
    }

    #[test]
    fn each_obstacle_to_namespaces_has_its_own_remedy() {
        let mut machine = samples::ubuntu();
        let remedy = |machine: &Machine| remedy(machine, "user_namespaces");
        assert!(remedy(&machine).ends_with("kernel.apparmor_restrict_unprivileged_userns=0"));
        machine.namespaces.apparmor = false;
        machine.namespaces.switched_off = true;
        assert!(remedy(&machine).ends_with("kernel.unprivileged_userns_clone=1"));
        machine.namespaces.switched_off = false;
        machine.namespaces.most = Some(0);
        assert!(remedy(&machine).contains("user.max_user_namespaces="));
        assert!(remedy(&samples::docker()).contains("systempaths=unconfined"));
    }

    #[test]
    fn what_works_needs_no_remedy_whatever_the_settings_say() {
        let mut machine = samples::fine();
        machine.namespaces.apparmor = true;
        assert_eq!(fact(&machine, "user_namespaces").effect, Effect::Nothing);
    }

    #[test]
    fn an_obstacle_that_nobody_knows_is_told_in_its_own_words() {
        let mut machine = samples::ubuntu();
        machine.namespaces.apparmor = false;
        let fact = fact(&machine, "user_namespaces");
        assert!(fact.found.zh.contains("uid_map"), "{fact:?}");
        assert_eq!(fact.remedy, None);
    }

    #[test]
    fn landlock_matters_only_where_there_are_no_namespaces() {
        let mut machine = samples::fine();
        machine.landlock = Landlock::SwitchedOff(Some("lockdown,yama".to_owned()));
        machine.prospects[1].1 = Err("landlock_create_ruleset".to_owned());
        assert_eq!(fact(&machine, "landlock").effect, Effect::Nothing);
        machine.prospects[0].1 = Err("clone".to_owned());
        assert!(remedy(&machine, "landlock").contains("lsm=landlock,lockdown,yama "));
    }

    #[test]
    fn a_filter_and_a_missing_right_are_told_apart() {
        let mut machine = samples::docker();
        assert!(remedy(&machine, "ptrace").contains("seccomp=unconfined"));
        machine.stepping = Err("ptrace is not allowed here (EPERM)".to_owned());
        assert!(remedy(&machine, "ptrace").contains("--cap-add=SYS_PTRACE"));
        machine.stepping = Err("the arena's helper failed".to_owned());
        assert_eq!(fact(&machine, "ptrace").remedy, None);
        machine.container = None;
        machine.root = false;
        machine.ptrace_scope = Some(2);
        assert!(remedy(&machine, "ptrace").contains("sysctl -w kernel.yama.ptrace_scope=1"));
        machine.ptrace_scope = Some(3);
        assert!(remedy(&machine, "ptrace").ends_with("sudo reboot"));
        machine.processor = "aarch64";
        assert_eq!(fact(&machine, "ptrace").remedy, None);
    }

    #[test]
    fn a_remedy_for_a_container_is_for_the_machine_around_it() {
        let limits = fact(&samples::docker(), "ptrace").limits.unwrap();
        assert!(limits.en.ends_with("On the host:"), "{limits:?}");
        let limits = fact(&samples::ubuntu(), "user_namespaces").limits.unwrap();
        assert!(!limits.en.contains("host"), "{limits:?}");
    }

    #[test]
    fn systemd_can_lend_a_group_of_version_2() {
        let mut machine = samples::ubuntu();
        assert!(remedy(&machine, "cgroup").starts_with("systemd-run --user --scope"));
        machine.systemd = false;
        let fact = fact(&machine, "cgroup");
        assert_eq!((fact.effect, fact.remedy), (Effect::Weaker, None));
    }

    #[test]
    fn the_version_of_a_kernel_is_compared_by_its_numbers() {
        assert_eq!(version("6.18.4-generic"), Some((6, 18)));
        assert_eq!(version("5.9+"), Some((5, 9)));
        assert_eq!(version(""), None);
        let mut machine = samples::fine();
        machine.kernel = "4.4.0".to_owned();
        assert_eq!(fact(&machine, "kernel").effect, Effect::Weaker);
        machine.kernel = "5.13.0".to_owned();
        assert_eq!(fact(&machine, "kernel").effect, Effect::Nothing);
    }
}

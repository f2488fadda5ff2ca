//! What the settings say of namespaces for somebody without privileges. They can forbid, never
//! promise: whether it works is only known once it has been tried.

use super::{number, read};

/// The settings that can stand in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Namespaces {
    /// Ubuntu from 24.04 on: `AppArmor` takes all power from who makes one.
    pub(super) apparmor: bool,
    /// Debian's own switch, where it still exists.
    pub(super) switched_off: bool,
    /// How many there may be; nothing if the kernel knows none.
    pub(super) most: Option<u64>,
}

impl Namespaces {
    pub(super) fn look() -> Self {
        Self::of(
            |name| read(&format!("/proc/sys/{name}")),
            || number("/proc/sys/user/max_user_namespaces"),
        )
    }

    fn of(setting: impl Fn(&str) -> Option<String>, most: impl Fn() -> Option<u64>) -> Self {
        let is = |name, value| setting(name).is_some_and(|it| it == value);
        Self {
            apparmor: is("kernel/apparmor_restrict_unprivileged_userns", "1"),
            switched_off: is("kernel/unprivileged_userns_clone", "0"),
            most: most(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Namespaces;

    #[test]
    fn a_setting_that_does_not_exist_forbids_nothing() {
        let none = Namespaces::of(|_| None, || Some(96_365));
        assert!(!none.apparmor && !none.switched_off);
    }

    #[test]
    fn each_setting_forbids_by_its_own_value() {
        let ones = Namespaces::of(|_| Some("1".to_owned()), || Some(1));
        assert!(ones.apparmor && !ones.switched_off);
        let zeros = Namespaces::of(|_| Some("0".to_owned()), || Some(0));
        assert!(!zeros.apparmor && zeros.switched_off);
    }
}

//! Whether this runs in a container, by the signs that container engines leave. Some leave none.

use std::{env, fs};

/// The engine, as its users call it.
pub(super) fn look() -> Option<&'static str> {
    let exists = |path: &str| fs::exists(path).unwrap_or(false);
    let set = |name: &str| env::var(name).ok();
    engine(exists, set)
}

fn engine(
    exists: impl Fn(&str) -> bool,
    set: impl Fn(&str) -> Option<String>,
) -> Option<&'static str> {
    // Inside a pod there may be another engine's signs, too: whoever runs the pod sets the rules.
    if set("KUBERNETES_SERVICE_HOST").is_some() {
        return Some("Kubernetes");
    }
    if exists("/run/.containerenv") {
        return Some("Podman");
    }
    if exists("/.dockerenv") {
        return Some("Docker");
    }
    set("container").map(|name| match &*name {
        "podman" => "Podman",
        "docker" => "Docker",
        "lxc" => "LXC",
        "systemd-nspawn" => "systemd-nspawn",
        _ => "a container",
    })
}

#[cfg(test)]
mod tests {
    use super::engine;

    #[test]
    fn every_engine_has_its_sign() {
        let no = |_: &str| None;
        assert_eq!(engine(|_| false, no), None);
        assert_eq!(engine(|path| path == "/.dockerenv", no), Some("Docker"));
        assert_eq!(
            engine(|path| path == "/run/.containerenv", no),
            Some("Podman")
        );
        let pod = |name: &str| (name == "KUBERNETES_SERVICE_HOST").then(|| "10.0.0.1".to_owned());
        assert_eq!(engine(|_| true, pod), Some("Kubernetes"));
        let lxc = |name: &str| (name == "container").then(|| "lxc".to_owned());
        assert_eq!(engine(|_| false, lxc), Some("LXC"));
    }
}

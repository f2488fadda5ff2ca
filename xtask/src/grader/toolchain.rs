//! The Rust toolchain that builds submissions, found once for a box that shows nothing else of the
//! user's: the compiler, and the packages that cargo has downloaded.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::{
    error::Error,
    interrupt::Interrupt,
    process::{self, End},
};

/// What a build needs beside the package.
#[derive(Debug, Clone)]
pub(crate) struct Toolchain {
    /// The folder that holds `bin/rustc` and `lib/rustlib`.
    pub(super) sysroot: PathBuf,
    pub(super) cargo: PathBuf,
    /// Cargo's home: `~/.cargo` unless `CARGO_HOME` says otherwise.
    pub(super) home: PathBuf,
}

/// What of cargo's home a build needs. Nothing else in there is a submission's business, least of
/// all the keys to a registry.
const OF_HOME: [&str; 4] = ["registry", "git", "config.toml", "config"];

impl Toolchain {
    /// Finds it.
    ///
    /// # Errors
    ///
    /// Fails if the compiler does not say where it is, and at Ctrl-C.
    pub(super) fn find(interrupt: &Interrupt) -> Result<Self, Error> {
        // Cargo tells us which cargo it is; started by hand, the one in the path must do.
        let told = env::var_os("CARGO").map(PathBuf::from);
        let beside = told.as_deref().and_then(sysroot_of);
        let sysroot = match beside {
            Some(sysroot) => sysroot,
            None => ask_the_compiler(interrupt)?,
        };
        let own = sysroot.join("bin/cargo");
        let cargo = match own.is_file() {
            true => own,
            false => told.unwrap_or_else(|| "/usr/bin/cargo".into()),
        };
        let home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home
            .or_else(|| Some(env::home_dir()?.join(".cargo")))
            .ok_or_else(|| Error::Broken("cargo has no home: set CARGO_HOME".to_owned()))?;
        Ok(Self {
            sysroot,
            cargo,
            home,
        })
    }

    /// Everything of it that has to be seen.
    pub(super) fn sees(&self) -> Vec<PathBuf> {
        let of_home = OF_HOME.map(|name| self.home.join(name));
        let all = [self.sysroot.clone(), self.cargo.clone()];
        let all = all.into_iter().chain(of_home);
        all.filter(|path| path.exists() && !path.starts_with("/usr"))
            .collect()
    }
}

/// The folder around a cargo that came with a compiler.
fn sysroot_of(cargo: &Path) -> Option<PathBuf> {
    let sysroot = cargo.parent()?.parent()?;
    sysroot
        .join("lib/rustlib")
        .is_dir()
        .then(|| sysroot.to_path_buf())
}

fn ask_the_compiler(interrupt: &Interrupt) -> Result<PathBuf, Error> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = process::command(&rustc);
    command.args(["--print", "sysroot"]);
    let what = format!("{} cannot be started", rustc.display());
    let finished = process::run(command, None, None, interrupt).map_err(Error::io(what))?;
    match finished.end {
        End::Interrupted => Err(Error::Interrupted),
        End::Exited(status) if status.success() => {
            let path = String::from_utf8_lossy(&finished.stdout);
            Ok(PathBuf::from(path.trim_end()))
        }
        End::Exited(_) | End::Overran => Err(Error::Broken(format!(
            "{} does not say where it is",
            rustc.display()
        ))),
    }
}

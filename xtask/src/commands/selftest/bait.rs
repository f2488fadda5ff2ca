//! What there is to attack outside the box: ports that somebody listens at, a process that may be
//! killed, files that must not be read. All of it is the suite's own.

use std::{
    fs,
    io::{self, ErrorKind},
    net::{Ipv4Addr, TcpListener, UdpSocket},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixListener},
    },
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use hostile::Facts;

use crate::grader::repository::Repository;

/// In the environment of the victim, and nowhere else.
pub(super) const SECRET: &str = "interlock-hostile-secret";

/// The baits; dropped, they are taken in again.
#[derive(Debug)]
pub(super) struct Bait {
    tcp: TcpListener,
    udp: UdpSocket,
    named: UnixListener,
    name: String,
    at_path: UnixListener,
    folder: tempfile::TempDir,
    repository: PathBuf,
    victim: Child,
}

impl Bait {
    /// Lays them out.
    pub(super) fn lay(repository: &Repository) -> io::Result<Self> {
        // Whoever runs in the box must be able to reach it, or else only its owner was tested; the
        // suite's own temporary folder is closed to others.
        let folder = tempfile::Builder::new()
            .prefix("interlock-")
            .tempdir_in(std::env::temp_dir())?;
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(folder.path(), open)?;
        fs::write(folder.path().join("hidden"), b"what nobody may read\n")?;
        let name = format!("interlock-hostile-{}", std::process::id());
        let bait = Self {
            tcp: TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
            udp: UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?,
            named: UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name)?)?,
            name,
            at_path: UnixListener::bind(folder.path().join("socket"))?,
            repository: repository.root().to_owned(),
            folder,
            victim: victim()?,
        };
        bait.tcp.set_nonblocking(true)?;
        bait.udp.set_nonblocking(true)?;
        bait.named.set_nonblocking(true)?;
        bait.at_path.set_nonblocking(true)?;
        Ok(bait)
    }

    /// The process that may be killed.
    pub(super) fn victim_id(&self) -> u32 {
        self.victim.id()
    }

    /// What an attack is told of them.
    pub(super) fn arguments(&self) -> io::Result<Vec<String>> {
        let folder = self.folder.path().display();
        let repository = self.repository.display();
        let machine = fs::read_link("/proc/self/ns/pid")?;
        // What most homes have, and some keep secrets in.
        let home = std::env::home_dir().unwrap_or_default();
        let of_home = [".bashrc", ".profile", ".ssh/id_ed25519"]
            .map(|name| format!("hidden={}", home.join(name).display()));
        let mut all = vec![
            format!("tcp={}", self.tcp.local_addr()?.port()),
            format!("udp={}", self.udp.local_addr()?.port()),
            format!("abstract={}", self.name),
            format!("socket={folder}/socket"),
            format!("hidden={folder}/hidden"),
            format!("hidden={repository}/labs/12-mmap/tests/checks.rs"),
            format!("hidden={repository}/crates/mmap/src/counter.rs"),
            format!("outside={folder}"),
            format!("outside={repository}"),
            format!("victim={}", self.victim.id()),
            format!("secret={SECRET}"),
            format!("machine={}", machine.display()),
        ];
        all.extend(of_home);
        Ok(all)
    }

    /// Which of them were taken, since this was asked last.
    pub(super) fn look(&mut self, facts: &mut Facts) -> io::Result<()> {
        facts.note("outside.tcp", taken(self.tcp.accept())?);
        facts.note("outside.udp", taken(self.udp.recv_from(&mut [0; 16]))?);
        facts.note("outside.abstract", taken(self.named.accept())?);
        facts.note("outside.socket", taken(self.at_path.accept())?);
        let alive = self.victim.try_wait()?.is_none();
        facts.note("outside.victim", if alive { "alive" } else { "dead" });
        if !alive {
            self.victim = victim()?;
        }
        Ok(())
    }
}

impl Drop for Bait {
    fn drop(&mut self) {
        // If it is dead already there is only its status to be read.
        self.victim.kill().ok();
        self.victim.wait().ok();
    }
}

/// A process that does nothing but wait to be killed.
fn victim() -> io::Result<Child> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the suite's own, and meant to be outside of every box"
    )]
    let mut sleep = Command::new("sleep");
    sleep
        .arg("3600")
        .env("INTERLOCK_SECRET", SECRET)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

fn taken<T>(came: io::Result<T>) -> io::Result<&'static str> {
    match came {
        Ok(_) => Ok("hit"),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok("silent"),
        Err(error) => Err(error),
    }
}

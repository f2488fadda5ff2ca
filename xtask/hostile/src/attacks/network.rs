//! Reaching somebody outside: over the network, over sockets of this machine, and over families of
//! addresses that nobody thinks of.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr as UnixAddress, UnixStream},
    },
    time::Duration,
};

use hostile::Facts;
use nix::{
    errno::Errno,
    sys::socket::{AddressFamily, SockFlag, SockProtocol, SockType, socket},
};

use super::Attacking;
use crate::{
    given::Given,
    outcome::{NONE, list, told, told_io},
};

/// Longer than any answer from the same machine takes.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) const ATTACKS: &[(&str, Attacking)] = &[
    ("tcp-to-host", tcp_to_host),
    ("udp-to-host", udp_to_host),
    ("abstract-to-host", abstract_to_host),
    ("unix-to-host", unix_to_host),
    ("route-out", route_out),
    ("interfaces", interfaces),
    ("raw-sockets", raw_sockets),
    ("netlink", netlink),
    ("other-families", other_families),
    ("own-loopback", own_loopback),
];

fn tcp_to_host(given: &Given) -> Facts {
    let Some(port) = given.one("tcp") else {
        return Facts::of("v4", NONE).and("v6", NONE);
    };
    let connect = |address: SocketAddr| told_io(TcpStream::connect_timeout(&address, PATIENCE));
    Facts::of("v4", connect((Ipv4Addr::LOCALHOST, port).into()))
        .and("v6", connect((Ipv6Addr::LOCALHOST, port).into()))
}

/// Whether it arrived, only the other side knows.
fn udp_to_host(given: &Given) -> Facts {
    let Some(port) = given.one::<u16>("udp") else {
        return Facts::of("sent", NONE);
    };
    let sent = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.send_to(b"hostile", (Ipv4Addr::LOCALHOST, port)));
    Facts::of("sent", told_io(sent))
}

fn abstract_to_host(given: &Given) -> Facts {
    let name = given.one::<String>("abstract");
    let connected = name.map_or_else(
        || NONE.to_owned(),
        |name| {
            let address = UnixAddress::from_abstract_name(name.as_bytes());
            told_io(address.and_then(|address| UnixStream::connect_addr(&address)))
        },
    );
    Facts::of("connected", connected)
}

fn unix_to_host(given: &Given) -> Facts {
    let path = given.one::<String>("socket");
    let connected = path.map_or_else(
        || NONE.to_owned(),
        |path| told_io(UnixStream::connect(path)),
    );
    Facts::of("connected", connected)
}

/// To an address that is kept for documentation, so that nobody is there. A packet that left shows
/// by the silence, or by somebody on the way who sends it back; one that could not leave, by another
/// error at once.
fn route_out(_: &Given) -> Facts {
    let nobody = SocketAddr::from(([192, 0, 2, 1], 9));
    let word = match TcpStream::connect_timeout(&nobody, PATIENCE) {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::TimedOut | ErrorKind::ConnectionRefused
            ) =>
        {
            "left".to_owned()
        }
        other => told_io(other),
    };
    let sent = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.send_to(b"hostile", nobody));
    Facts::of("tcp", word).and("udp", told_io(sent))
}

/// The network cards of the machine, by name.
fn interfaces(_: &Given) -> Facts {
    let table = fs::read_to_string("/proc/net/dev").unwrap_or_default();
    let names = table.lines().filter_map(|line| line.split_once(':'));
    let names: Vec<String> = names
        .map(|(name, _)| name.trim().to_owned())
        .filter(|name| name != "lo")
        .collect();
    Facts::of("others", list(&names))
}

fn raw_sockets(_: &Given) -> Facts {
    let open = |family, kind, protocol: SockProtocol| {
        told(socket(family, kind, SockFlag::SOCK_CLOEXEC, protocol))
    };
    Facts::of(
        "icmp",
        open(AddressFamily::Inet, SockType::Raw, SockProtocol::Icmp),
    )
    .and(
        "packet",
        open(AddressFamily::Packet, SockType::Raw, SockProtocol::EthAll),
    )
}

/// The kernel's own protocol for its settings and events.
fn netlink(_: &Given) -> Facts {
    let open = |protocol| {
        told(socket(
            AddressFamily::Netlink,
            SockType::Raw,
            SockFlag::SOCK_CLOEXEC,
            protocol,
        ))
    };
    Facts::of("route", open(SockProtocol::NetlinkRoute))
        .and("audit", open(SockProtocol::NetlinkAudit))
        .and("events", open(SockProtocol::NetlinkKObjectUEvent))
        .and("netfilter", open(SockProtocol::NetlinkNetFilter))
}

/// Families that a network namespace does not hold back, or that bring much of the kernel with
/// them.
fn other_families(_: &Given) -> Facts {
    const FAMILIES: [(&str, AddressFamily, SockType); 8] = [
        ("vsock", AddressFamily::Vsock, SockType::Stream),
        ("alg", AddressFamily::Alg, SockType::SeqPacket),
        ("bluetooth", AddressFamily::Bluetooth, SockType::Raw),
        ("can", AddressFamily::Can, SockType::Raw),
        ("key", AddressFamily::Key, SockType::Raw),
        ("rds", AddressFamily::Rds, SockType::SeqPacket),
        ("tipc", AddressFamily::Tipc, SockType::SeqPacket),
        ("nfc", AddressFamily::Nfc, SockType::SeqPacket),
    ];
    let mut opened = Vec::new();
    for (name, family, kind) in FAMILIES {
        match socket(family, kind, SockFlag::SOCK_CLOEXEC, None) {
            Ok(_) => opened.push(name.to_owned()),
            // The kernel has it and only found the request strange.
            Err(Errno::EPROTONOSUPPORT | Errno::ESOCKTNOSUPPORT | Errno::EINVAL) => {
                opened.push(format!("{name}?"));
            }
            Err(_) => {}
        }
    }
    Facts::of("opened", list(&opened))
}

/// No attack, but what a network lab needs: to talk to itself.
fn own_loopback(_: &Given) -> Facts {
    let talked = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| {
        let mut ours = TcpStream::connect(listener.local_addr()?)?;
        let (mut theirs, _) = listener.accept()?;
        ours.write_all(b"!")?;
        theirs.read_exact(&mut [0])
    });
    let sent = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| {
        socket.send_to(b"!", socket.local_addr()?)?;
        socket.recv_from(&mut [0])
    });
    Facts::of("tcp", told_io(talked)).and("udp", told_io(sent))
}

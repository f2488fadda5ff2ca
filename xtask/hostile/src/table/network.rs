//! Reaching somebody outside.

use super::{
    Attack,
    Expected::{Depends, Passes, Stopped},
};
use crate::Sign::{All, Any, Is, Refused};

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "tcp-to-host",
        does: "connects to a TCP port of the machine",
        sign: All(&[Refused(&["v4", "v6"]), Is("outside.tcp", "silent")]),
        namespaces: Stopped("a network of its own, with nothing in it"),
        landlock: Stopped("Landlock's rule for TCP"),
        none: Passes("the network is the machine's"),
    },
    Attack {
        name: "udp-to-host",
        does: "sends a datagram to a UDP port of the machine",
        sign: Is("outside.udp", "silent"),
        namespaces: Stopped("a network of its own"),
        landlock: Stopped("the filter refuses datagram sockets, which Landlock does not know"),
        none: Passes("the network is the machine's"),
    },
    Attack {
        name: "abstract-to-host",
        does: "connects to an abstract Unix socket of the machine",
        sign: All(&[Refused(&["connected"]), Is("outside.abstract", "silent")]),
        namespaces: Stopped("abstract names belong to the network namespace"),
        landlock: Stopped("Landlock's scope for abstract sockets"),
        none: Passes("abstract names are for everybody"),
    },
    Attack {
        name: "unix-to-host",
        does: "connects to a Unix socket of the machine by its path",
        sign: All(&[Refused(&["connected"]), Is("outside.socket", "silent")]),
        namespaces: Stopped("not mounted"),
        landlock: Depends("older rules of Landlock do not ask for a path that is connected to"),
        none: Passes("whatever the user may connect to"),
    },
    Attack {
        name: "route-out",
        does: "sends to an address in the internet that nobody has",
        sign: Refused(&["tcp", "udp"]),
        namespaces: Stopped("no route"),
        landlock: Stopped("Landlock's rule for TCP, the filter for UDP"),
        none: Passes("the network is the machine's"),
    },
    Attack {
        name: "interfaces",
        does: "lists the network cards of the machine",
        sign: Is("others", "none"),
        namespaces: Stopped("a network of its own"),
        landlock: Depends("stopped if `/proc` is not among the folders it may read"),
        none: Passes("public"),
    },
    Attack {
        name: "raw-sockets",
        does: "opens sockets that see and forge packets",
        sign: Refused(&["icmp", "packet"]),
        namespaces: Stopped("no capability; the filter"),
        landlock: Stopped("no capability; the filter"),
        none: Depends("refused unless the grader runs as root"),
    },
    Attack {
        name: "netlink",
        does: "opens the kernel's protocol for settings and events",
        sign: Refused(&["audit", "events", "netfilter"]),
        namespaces: Stopped("the filter"),
        landlock: Stopped("the filter"),
        none: Passes("opening is for everybody; changing needs a capability"),
    },
    Attack {
        name: "other-families",
        does: "opens sockets of families that no lab needs: vsock, alg, Bluetooth, CAN",
        sign: Is("opened", "none"),
        namespaces: Stopped("the filter: a network namespace does not hold all of them back"),
        landlock: Stopped("the filter"),
        none: Depends("on the kernel's modules"),
    },
    Attack {
        name: "own-loopback",
        does: "no attack: talks to itself over 127.0.0.1, as a network lab must be able to",
        sign: Any(&[All(&[Is("tcp", "done"), Is("udp", "done")])]),
        namespaces: Stopped("works: its own loopback is up"),
        landlock: Passes("Landlock and the filter refuse it: network labs need `namespaces`"),
        none: Stopped("works"),
    },
];

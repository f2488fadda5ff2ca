//! How many POSIX message queues a user may make, and how large: see `mq_overview(7)`.

use nix::sys::resource::{Resource, getrlimit};

use super::number;

/// What Linux gives every user, and labs count on.
const BYTES: u64 = 819_200;
/// The same for the whole machine, or namespace.
const QUEUES: u64 = 256;

/// The limits; nothing where the kernel knows no message queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Queues {
    /// `fs.mqueue.queues_max`.
    pub(super) most: Option<u64>,
    /// `fs.mqueue.msg_max`: messages in one queue.
    pub(super) messages: Option<u64>,
    /// `fs.mqueue.msgsize_max`: bytes of one message.
    pub(super) message_size: Option<u64>,
    /// `RLIMIT_MSGQUEUE`: bytes of all queues of this user.
    pub(super) bytes: Option<u64>,
}

impl Queues {
    pub(super) fn look() -> Self {
        let limit = |name| number(&format!("/proc/sys/fs/mqueue/{name}"));
        Self {
            most: limit("queues_max"),
            messages: limit("msg_max"),
            message_size: limit("msgsize_max"),
            bytes: getrlimit(Resource::RLIMIT_MSGQUEUE).ok().map(|it| it.0),
        }
    }

    /// The command that raises the first limit which is lower than Linux sets it by itself.
    pub(super) fn remedy(&self) -> Option<String> {
        if self.most.is_some_and(|most| most < QUEUES) {
            return Some(format!("sudo sysctl -w fs.mqueue.queues_max={QUEUES}"));
        }
        let few = self.bytes.is_some_and(|bytes| bytes < BYTES);
        few.then(|| format!("sudo prlimit --pid $$ --msgqueue={BYTES}:{BYTES}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Queues;

    const USUAL: Queues = Queues {
        most: Some(256),
        messages: Some(10),
        message_size: Some(8192),
        bytes: Some(819_200),
    };

    #[test]
    fn the_usual_limits_need_no_remedy() {
        assert_eq!(USUAL.remedy(), None);
    }

    #[test]
    fn a_limit_that_was_lowered_can_be_raised() {
        let few = Queues {
            most: Some(3),
            ..USUAL
        };
        assert!(few.remedy().unwrap().ends_with("queues_max=256"));
        let small = Queues {
            bytes: Some(0),
            ..USUAL
        };
        assert!(small.remedy().unwrap().contains("--msgqueue=819200"));
    }
}

//! Shadow of `std::sync::mpsc`. What a message's sender knew, its receiver knows.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location as Place;
use std::sync::Arc;
pub use std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};
use std::time::Duration;

use super::shared::Shared;
use crate::engine::gate::Gate;
use crate::engine::locks::Handle;
use crate::engine::waiting::deadline;
use crate::objects::Sort;

/// A message on its way. It is boxed by its sender, since nothing may be allocated inside a gate.
struct Node<T> {
    value: T,
    sent: u32,
    next: Option<Box<Node<T>>>,
}

struct State<T> {
    first: Option<Box<Node<T>>>,
    length: usize,
    senders: usize,
    has_receiver: bool,
    /// Receivers that wait, for channels without room.
    waiting: usize,
    /// Messages taken so far, and put so far.
    taken: u64,
    put: u64,
}

struct Channel<T> {
    handle: Handle,
    state: Shared<State<T>>,
    /// How many messages fit in, if that is bounded.
    bound: Option<usize>,
}

impl<T> State<T> {
    fn push(&mut self, node: Box<Node<T>>) {
        let mut end = &mut self.first;
        while let Some(node) = end {
            end = &mut node.next;
        }
        *end = Some(node);
        self.length += 1;
        self.put += 1;
    }

    fn pop(&mut self) -> Option<Box<Node<T>>> {
        let mut node = self.first.take()?;
        self.first = node.next.take();
        self.length -= 1;
        self.taken += 1;
        Some(node)
    }
}

/// What came of an attempt to receive.
enum Taken<T> {
    Message(Box<Node<T>>),
    Empty,
    Disconnected,
}

impl<T> Channel<T> {
    fn new(bound: Option<usize>, place: &'static Place<'static>) -> Arc<Self> {
        let _ = place;
        Arc::new(Channel {
            handle: Handle::new(Sort::Channel),
            state: Shared::new(State {
                first: None,
                length: 0,
                senders: 1,
                has_receiver: true,
                waiting: 0,
                taken: 0,
                put: 0,
            }),
            bound,
        })
    }

    /// Puts a message in; a bounded channel waits for room, if `waits`.
    fn send(
        &self,
        value: T,
        waits: bool,
        place: &'static Place<'static>,
    ) -> Result<(), TrySendError<T>> {
        let node = Box::new(Node {
            value,
            sent: 0,
            next: None,
        });
        let node = Cell::new(Some(node));
        let mine = Cell::new(None);
        let outcome = self.handle.gate(None, place, |gate| {
            self.state.with(|state| {
                if let Some(number) = mine.get() {
                    // A channel without room: the sender leaves when its message is taken.
                    if state.taken > number {
                        gate.acquire(61);
                        return Some(Ok(()));
                    }
                    gate.look(62);
                    return if state.has_receiver {
                        None
                    } else {
                        Some(Ok(()))
                    };
                }
                if !state.has_receiver {
                    gate.look(63);
                    return Some(Err(false));
                }
                let room = match self.bound {
                    None => true,
                    Some(0) if waits => true,
                    Some(0) => state.waiting > state.length,
                    Some(bound) => state.length < bound,
                };
                if !room {
                    gate.look(64);
                    return if waits { None } else { Some(Err(true)) };
                }
                gate.event(65);
                gate.tell("send");
                if self.bound.is_some() {
                    gate.acquire(66);
                }
                if let Some(mut node) = node.take() {
                    node.sent = gate.send();
                    mine.set(Some(state.put));
                    state.push(node);
                }
                gate.open();
                let leaves = self.bound != Some(0) || !waits;
                leaves.then_some(Ok(()))
            })
        });
        let full = match outcome {
            Some(Ok(())) | None => return Ok(()),
            Some(Err(full)) => full,
        };
        match node.take() {
            Some(node) if full => Err(TrySendError::Full(node.value)),
            Some(node) => Err(TrySendError::Disconnected(node.value)),
            None => Ok(()),
        }
    }

    fn take(&self, gate: &mut Gate<'_>, state: &mut State<T>) -> Taken<T> {
        match state.pop() {
            Some(node) => {
                gate.event(67);
                gate.tell("receive");
                gate.receive(node.sent);
                if self.bound.is_some() {
                    gate.release(68);
                    gate.open();
                }
                Taken::Message(node)
            }
            None if state.senders == 0 => {
                gate.acquire(69);
                Taken::Disconnected
            }
            None => {
                gate.look(70);
                Taken::Empty
            }
        }
    }

    /// Takes a message out, and waits for one.
    fn receive(
        &self,
        timeout: Option<Duration>,
        place: &'static Place<'static>,
    ) -> Result<T, RecvTimeoutError> {
        let until = deadline(timeout);
        let waits = Cell::new(false);
        let taken = self.handle.gate(until, place, |gate| {
            self.state.with(|state| {
                if waits.replace(false) {
                    state.waiting -= 1;
                }
                match self.take(gate, state) {
                    Taken::Empty => {
                        waits.set(true);
                        state.waiting += 1;
                        None
                    }
                    taken => Some(taken),
                }
            })
        });
        if waits.get() {
            // The time was over in the queue.
            self.state.with(|state| state.waiting -= 1);
        }
        match taken {
            Some(Taken::Message(node)) => Ok(node.value),
            Some(Taken::Disconnected) => Err(RecvTimeoutError::Disconnected),
            Some(Taken::Empty) | None => Err(RecvTimeoutError::Timeout),
        }
    }

    fn try_receive(&self, place: &'static Place<'static>) -> Result<T, TryRecvError> {
        let taken = self.handle.gate(None, place, |gate| {
            Some(self.state.with(|state| self.take(gate, state)))
        });
        match taken {
            Some(Taken::Message(node)) => Ok(node.value),
            Some(Taken::Disconnected) => Err(TryRecvError::Disconnected),
            Some(Taken::Empty) | None => Err(TryRecvError::Empty),
        }
    }

    /// A sender or the receiver comes or goes.
    fn change(&self, place: &'static Place<'static>, change: impl Fn(&mut State<T>)) {
        self.handle.gate(None, place, |gate| {
            gate.release(71);
            self.state.with(&change);
            gate.open();
            Some(())
        });
    }
}

/// Shadow of [`std::sync::mpsc::channel`].
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let place = Place::caller();
    let channel = Channel::new(None, place);
    let receiver = Receiver {
        channel: Arc::clone(&channel),
        place,
        alone: PhantomData,
    };
    (Sender { channel, place }, receiver)
}

/// Shadow of [`std::sync::mpsc::sync_channel`].
#[track_caller]
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    let place = Place::caller();
    let channel = Channel::new(Some(bound), place);
    let receiver = Receiver {
        channel: Arc::clone(&channel),
        place,
        alone: PhantomData,
    };
    (SyncSender { channel, place }, receiver)
}

/// Shadow of [`std::sync::mpsc::Sender`].
pub struct Sender<T> {
    channel: Arc<Channel<T>>,
    place: &'static Place<'static>,
}

/// Shadow of [`std::sync::mpsc::SyncSender`].
pub struct SyncSender<T> {
    channel: Arc<Channel<T>>,
    place: &'static Place<'static>,
}

impl<T> Sender<T> {
    /// Puts a message in.
    ///
    /// # Errors
    ///
    /// The message, if the receiver is gone.
    #[track_caller]
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        send(&self.channel, value, Place::caller())
    }
}

impl<T> SyncSender<T> {
    /// Puts a message in, and waits for room.
    ///
    /// # Errors
    ///
    /// The message, if the receiver is gone.
    #[track_caller]
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        send(&self.channel, value, Place::caller())
    }

    /// Puts a message in, if there is room.
    ///
    /// # Errors
    ///
    /// The message, if there is none, or the receiver is gone.
    #[track_caller]
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        self.channel.send(value, false, Place::caller())
    }
}

fn send<T>(
    channel: &Channel<T>,
    value: T,
    place: &'static Place<'static>,
) -> Result<(), SendError<T>> {
    channel
        .send(value, true, place)
        .map_err(|error| match error {
            TrySendError::Full(value) | TrySendError::Disconnected(value) => SendError(value),
        })
}

macro_rules! sender {
    ($name:ident) => {
        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                self.channel.change(self.place, |state| state.senders += 1);
                $name {
                    channel: Arc::clone(&self.channel),
                    place: self.place,
                }
            }
        }

        impl<T> Drop for $name<T> {
            fn drop(&mut self) {
                self.channel.change(self.place, |state| state.senders -= 1);
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

sender!(Sender);
sender!(SyncSender);

/// Shadow of [`std::sync::mpsc::Receiver`].
pub struct Receiver<T> {
    channel: Arc<Channel<T>>,
    place: &'static Place<'static>,
    /// It goes from thread to thread, and is not shared.
    alone: PhantomData<Cell<()>>,
}

#[expect(
    unsafe_code,
    reason = "a receiver can go to another thread, and cannot be shared"
)]
mod receiver {
    // SAFETY: messages are `Send`, and the channel's state is protected by its gate.
    unsafe impl<T: Send> Send for super::Receiver<T> {}
    // SAFETY: a channel hands messages from one thread to another.
    unsafe impl<T: Send> Sync for super::Channel<T> {}
    // SAFETY: as above.
    unsafe impl<T: Send> Send for super::Channel<T> {}
}

impl<T> Receiver<T> {
    /// Takes a message out, and waits for one.
    ///
    /// # Errors
    ///
    /// If none is there, and all senders are gone.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        self.channel
            .receive(None, Place::caller())
            .map_err(|_| RecvError)
    }

    /// Takes a message out, if one is there.
    ///
    /// # Errors
    ///
    /// If none is there; whether all senders are gone.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.channel.try_receive(Place::caller())
    }

    /// Takes a message out, and waits so long for one.
    ///
    /// # Errors
    ///
    /// If none came; whether all senders are gone.
    #[track_caller]
    pub fn recv_timeout(&self, time: Duration) -> Result<T, RecvTimeoutError> {
        self.channel.receive(Some(time), Place::caller())
    }

    /// All messages, until the senders are gone.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self)
    }

    /// The messages that are there.
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter(self)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.channel
            .change(self.place, |state| state.has_receiver = false);
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

/// Shadow of [`std::sync::mpsc::Iter`].
#[derive(Debug)]
pub struct Iter<'a, T>(&'a Receiver<T>);

/// Shadow of [`std::sync::mpsc::TryIter`].
#[derive(Debug)]
pub struct TryIter<'a, T>(&'a Receiver<T>);

/// Shadow of [`std::sync::mpsc::IntoIter`].
#[derive(Debug)]
pub struct IntoIter<T>(Receiver<T>);

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<T> Iterator for TryIter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.try_recv().ok()
    }
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}

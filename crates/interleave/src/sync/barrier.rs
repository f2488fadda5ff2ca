//! Shadow of `std::sync::Barrier`.

use std::fmt;
use std::panic::Location as Place;

use super::shared::Shared;
use crate::engine::locks::Handle;
use crate::objects::Sort;

/// Shadow of [`std::sync::Barrier`].
pub struct Barrier {
    handle: Handle,
    parties: usize,
    state: Shared<Round>,
}

struct Round {
    arrived: usize,
    number: usize,
}

/// Shadow of [`std::sync::BarrierWaitResult`].
#[derive(Debug)]
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// Whether this thread was the last to arrive.
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl Barrier {
    /// A barrier for so many threads.
    #[track_caller]
    pub const fn new(parties: usize) -> Self {
        Barrier {
            handle: Handle::new(Sort::Barrier),
            parties,
            state: Shared::new(Round {
                arrived: 0,
                number: 0,
            }),
        }
    }

    /// Waits until as many have arrived.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        self.state.prepare(&self.handle);
        let mut mine = None;
        let leads = self.handle.gate(None, Place::caller(), |gate| {
            self.state.with(|round| {
                let Some(number) = mine else {
                    gate.synchronise(50);
                    gate.tell("wait");
                    round.arrived += 1;
                    if round.arrived < self.parties {
                        mine = Some(round.number);
                        return None;
                    }
                    round.arrived = 0;
                    round.number = round.number.wrapping_add(1);
                    gate.open();
                    return Some(true);
                };
                gate.acquire(51);
                (number != round.number).then_some(false)
            })
        });
        BarrierWaitResult(leads.unwrap_or(false))
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barrier").finish_non_exhaustive()
    }
}

//! Who releases serves the queue: it grants to all that can go on now, in the order in which they
//! came.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex};

use crate::banker::{BankError, Banker, Decision};

#[derive(Debug)]
pub struct Bank {
    desk: Mutex<Desk>,
    served: Condvar,
}

#[derive(Debug)]
struct Desk {
    banker: Banker,
    next: u64,
    /// Ticket, process, request.
    queue: Vec<(u64, usize, Vec<u32>)>,
    done: BTreeSet<u64>,
}

impl Bank {
    pub fn new(b: Banker) -> Bank {
        let desk = Desk {
            banker: b,
            next: 0,
            queue: Vec::new(),
            done: BTreeSet::new(),
        };
        Bank {
            desk: Mutex::new(desk),
            served: Condvar::new(),
        }
    }

    pub fn acquire(&self, p: usize, req: &[u32]) -> Result<(), BankError> {
        let mut desk = self.desk.lock().unwrap();
        if desk.banker.request(p, req)? == Decision::Granted {
            return Ok(());
        }
        let ticket = desk.next;
        desk.next += 1;
        desk.queue.push((ticket, p, req.to_vec()));
        while !desk.done.remove(&ticket) {
            desk = self.served.wait(desk).unwrap();
        }
        Ok(())
    }

    pub fn release(&self, p: usize, rel: &[u32]) -> Result<(), BankError> {
        let mut desk = self.desk.lock().unwrap();
        desk.banker.release(p, rel)?;
        let Desk {
            banker,
            queue,
            done,
            ..
        } = &mut *desk;
        // A grant only ever makes less: once through the queue is enough.
        queue.retain(|(ticket, p, req)| match banker.request(*p, req) {
            Ok(Decision::Granted) => {
                done.insert(*ticket);
                false
            }
            _ => true,
        });
        self.served.notify_all();
        Ok(())
    }
}

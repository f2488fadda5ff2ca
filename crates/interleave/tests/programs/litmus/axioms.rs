//! The allowed results of a litmus test, from the axioms of RC11, by trying every execution graph.
//!
//! Nothing here executes anything. An *execution graph* says which store each load reads from (`rf`) and in which order
//! the stores to each location come (`mo`). For each graph of a test the axioms are checked; the results of the
//! graphs that satisfy them are the allowed ones. The names of relations are those of the paper (*Repairing
//! Sequential Consistency in C/C++11*, section 3), so that the two can be read side by side.
//!
//! The number of graphs grows fast: this serves tests of up to a dozen operations.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::notation::{Act, NONE, Outcome, PLACES, Test, VALUES};

/// Why a result that the axioms allow needs more than executing the operations one after the other.
///
/// In order of difficulty: of several graphs with one result, the easiest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Some order of execution exists in which each operation comes after those it depends on.
    Nothing,
    /// A store comes, in its location's order, before one that was executed earlier.
    WriteOrder,
    /// A load reads from a store that is executed later.
    LoadBuffering,
}

/// The allowed results, and what each needs.
pub(crate) fn allowed(test: &Test) -> BTreeMap<Outcome, Need> {
    let exchanges = test
        .threads
        .iter()
        .flatten()
        .filter(|op| is_exchange(op.act))
        .count();
    let mut found = BTreeMap::new();
    for successes in 0..1_u32 << exchanges {
        Graph::of(test, successes).all_orders(0, &mut found);
    }
    found
}

fn is_exchange(act: Act) -> bool {
    matches!(act, Act::Exchange(..))
}

/// A relation between events: row `a` has bit `b` if `a` comes before `b`.
#[derive(Clone)]
struct Relation(Vec<u32>);

impl Relation {
    fn empty(n: usize) -> Relation {
        Relation(vec![0; n])
    }

    fn add(&mut self, a: usize, b: usize) {
        self.0[a] |= 1 << b;
    }

    fn has(&self, a: usize, b: usize) -> bool {
        self.0[a] >> b & 1 == 1
    }

    fn or(&self, other: &Relation) -> Relation {
        Relation(self.0.iter().zip(&other.0).map(|(a, b)| a | b).collect())
    }

    fn then(&self, other: &Relation) -> Relation {
        let reach = |row: &u32| {
            (0..other.0.len())
                .filter(|b| row >> b & 1 == 1)
                .fold(0, |all, b| all | other.0[b])
        };
        Relation(self.0.iter().map(reach).collect())
    }

    fn or_same(&self) -> Relation {
        Relation(
            self.0
                .iter()
                .enumerate()
                .map(|(a, row)| row | 1 << a)
                .collect(),
        )
    }

    fn closed(&self) -> Relation {
        let mut all = self.clone();
        for middle in 0..all.0.len() {
            let onward = all.0[middle];
            for row in &mut all.0 {
                if *row >> middle & 1 == 1 {
                    *row |= onward;
                }
            }
        }
        all
    }

    fn only(&self, keep: impl Fn(usize, usize) -> bool) -> Relation {
        let n = self.0.len();
        let mut kept = Relation::empty(n);
        for a in 0..n {
            for b in (0..n).filter(|&b| self.has(a, b) && keep(a, b)) {
                kept.add(a, b);
            }
        }
        kept
    }

    fn reflexive_somewhere(&self) -> bool {
        self.0.iter().enumerate().any(|(a, row)| row >> a & 1 == 1)
    }

    fn cyclic(&self) -> bool {
        self.closed().reflexive_somewhere()
    }
}

/// One event: an operation of the test, or the initial store of a location.
#[derive(Clone, Copy)]
struct Event {
    /// `None` for an initial store, which comes before everything.
    thread: Option<usize>,
    act: Act,
    place: Option<usize>,
    order: Ordering,
    reads: bool,
    writes: bool,
}

impl Event {
    fn fence(&self) -> bool {
        self.act == Act::Fence
    }
    fn releases(&self) -> bool {
        matches!(
            self.order,
            Ordering::Release | Ordering::AcqRel | Ordering::SeqCst
        )
    }
    fn acquires(&self) -> bool {
        matches!(
            self.order,
            Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst
        )
    }
    fn strong(&self) -> bool {
        self.order == Ordering::SeqCst
    }
}

/// A graph that is being filled in.
struct Graph<'a> {
    test: &'a Test,
    events: Vec<Event>,
    sb: Relation,
    /// The stores of each location in order, the initial one first.
    mo: Vec<Vec<usize>>,
    /// The store that each event reads from.
    source: Vec<usize>,
    value: Vec<u8>,
}

impl<'a> Graph<'a> {
    /// The events of the test, where the exchanges whose bit is set succeed.
    fn of(test: &'a Test, successes: u32) -> Graph<'a> {
        let initial = |place| Event {
            thread: None,
            act: Act::Store(0),
            place: Some(place),
            order: Ordering::Relaxed,
            reads: false,
            writes: true,
        };
        let mut events: Vec<Event> = (0..PLACES).map(initial).collect();
        let mut exchange = 0;
        for (thread, op) in test
            .threads
            .iter()
            .enumerate()
            .flat_map(|(t, ops)| ops.iter().map(move |op| (t, op)))
        {
            let fails = is_exchange(op.act) && {
                exchange += 1;
                successes >> (exchange - 1) & 1 == 0
            };
            events.push(Event {
                thread: Some(thread),
                act: op.act,
                place: (op.act != Act::Fence).then_some(op.place),
                order: if fails { Ordering::Relaxed } else { op.order },
                reads: op.reads(),
                writes: !fails && !matches!(op.act, Act::Load | Act::Fence),
            });
        }
        let mut sb = Relation::empty(events.len());
        for (b, later) in events.iter().enumerate() {
            for (a, earlier) in events.iter().enumerate().take(b) {
                if earlier.thread.is_none() && later.thread.is_some()
                    || earlier.thread == later.thread && later.thread.is_some()
                {
                    sb.add(a, b);
                }
            }
        }
        let n = events.len();
        let mo = (0..PLACES).map(|place| vec![place]).collect();
        Graph {
            test,
            events,
            sb,
            mo,
            source: vec![usize::MAX; n],
            value: vec![0; n],
        }
    }

    /// Every order of stores, one location after the other; then every source of every load.
    fn all_orders(&mut self, place: usize, found: &mut BTreeMap<Outcome, Need>) {
        if place == PLACES {
            if self.values() {
                self.all_sources(PLACES, found);
            }
            return;
        }
        let left = |graph: &Self, e: usize| {
            graph.events[e].writes
                && graph.events[e].place == Some(place)
                && !graph.mo[place].contains(&e)
        };
        let rest: Vec<usize> = (PLACES..self.events.len())
            .filter(|&e| left(self, e))
            .collect();
        if rest.is_empty() {
            return self.all_orders(place + 1, found);
        }
        for &next in &rest {
            // Against the program order would break coherence at once.
            if rest.iter().all(|&other| !self.sb.has(other, next)) {
                self.mo[place].push(next);
                self.all_orders(place, found);
                self.mo[place].pop();
            }
        }
    }

    /// The values written, along each location's order; false if an exchange cannot succeed there.
    fn values(&mut self) -> bool {
        for order in &self.mo {
            for pair in order.windows(2) {
                let (before, event) = (self.value[pair[0]], pair[1]);
                if self.events[event].reads {
                    self.source[event] = pair[0];
                }
                self.value[event] = match self.events[event].act {
                    Act::Store(value) | Act::Swap(value) => value,
                    Act::Add(value) => before.wrapping_add(value),
                    Act::Exchange(from, to) if from == before => to,
                    Act::Exchange(..) => return false,
                    Act::Load | Act::Fence => before,
                };
            }
        }
        true
    }

    fn all_sources(&mut self, event: usize, found: &mut BTreeMap<Outcome, Need>) {
        if event == self.events.len() {
            let outcome = self.outcome();
            if found.get(&outcome) != Some(&Need::Nothing)
                && let Some(need) = self.consistent()
            {
                let best = found.entry(outcome).or_insert(need);
                *best = need.min(*best);
            }
            return;
        }
        let this = self.events[event];
        let Some(place) = this.place.filter(|_| this.reads && !this.writes) else {
            return self.all_sources(event + 1, found);
        };
        for source in self.mo[place].clone() {
            if matches!(this.act, Act::Exchange(from, _) if from == self.value[source]) {
                continue;
            }
            self.source[event] = source;
            self.all_sources(event + 1, found);
        }
    }

    fn outcome(&self) -> Outcome {
        let mut outcome = [NONE; VALUES];
        let reads = (PLACES..self.events.len()).filter(|&e| self.events[e].reads);
        let finals = self
            .test
            .finals
            .iter()
            .map(|&place| *self.mo[place].last().unwrap_or(&place));
        let values = reads
            .map(|e| self.value[self.source[e]])
            .chain(finals.map(|e| self.value[e]));
        for (slot, value) in outcome.iter_mut().zip(values) {
            *slot = value;
        }
        outcome
    }

    /// Checks the axioms: coherence, atomicity (by construction) and SC; says what the graph needs.
    fn consistent(&self) -> Option<Need> {
        let n = self.events.len();
        let (mut rf, mut mo, mut fr) = (Relation::empty(n), Relation::empty(n), Relation::empty(n));
        for order in &self.mo {
            for (i, &a) in order.iter().enumerate() {
                for &b in &order[i + 1..] {
                    mo.add(a, b);
                }
            }
        }
        for read in (0..n).filter(|&e| self.events[e].reads) {
            rf.add(self.source[read], read);
            for write in (0..n).filter(|&w| w != read && mo.has(self.source[read], w)) {
                fr.add(read, write);
            }
        }
        let hb = self.sb.or(&self.sw()).closed();
        let eco = rf.or(&mo).or(&fr).closed();
        if hb.reflexive_somewhere() || hb.then(&eco).reflexive_somewhere() {
            return None;
        }
        if self.psc(&hb, &eco, &mo, &fr).cyclic() {
            return None;
        }
        Some(if self.sb.or(&rf).cyclic() {
            Need::LoadBuffering
        } else if self.sb.or(&rf).or(&mo).cyclic() {
            Need::WriteOrder
        } else {
            Need::Nothing
        })
    }

    /// sw = \[rel\]; (\[F\]; sb)?; rs; rf; (sb; \[F\])?; \[acq\], where rs = \[W\]; (rf; rmw)*.
    fn sw(&self) -> Relation {
        let n = self.events.len();
        let mut sw = Relation::empty(n);
        for read in (0..n).filter(|&e| self.events[e].reads) {
            let is_sink = |&e: &usize| {
                let fence = self.events[e].fence() && self.sb.has(read, e);
                (e == read || fence) && self.events[e].acquires()
            };
            let sinks: Vec<usize> = (0..n).filter(is_sink).collect();
            let mut write = self.source[read];
            loop {
                let is_head = |&e: &usize| {
                    let fence = self.events[e].fence() && self.sb.has(e, write);
                    (e == write || fence) && self.events[e].releases()
                };
                for head in (0..n).filter(is_head) {
                    sinks.iter().for_each(|&sink| sw.add(head, sink));
                }
                if !self.events[write].reads {
                    break;
                }
                write = self.source[write];
            }
        }
        sw
    }

    /// psc: the order that `SeqCst` operations and fences must agree on.
    fn psc(&self, hb: &Relation, eco: &Relation, mo: &Relation, fr: &Relation) -> Relation {
        let at = |e: usize| &self.events[e];
        let same = |a: usize, b: usize| at(a).place.is_some() && at(a).place == at(b).place;
        let elsewhere = self.sb.only(|a, b| !same(a, b));
        let scb = self
            .sb
            .or(&elsewhere.then(hb).then(&elsewhere))
            .or(&hb.only(same))
            .or(mo)
            .or(fr);
        let same_event = Relation::empty(self.events.len()).or_same();
        let strong = same_event.only(|a, _| at(a).strong());
        let strong_fence = same_event.only(|a, _| at(a).strong() && at(a).fence());
        let from = strong.or(&strong_fence.then(&hb.or_same()));
        let to = strong.or(&hb.or_same().then(&strong_fence));
        let base = from.then(&scb).then(&to);
        let fences = strong_fence
            .then(&hb.or(&hb.then(eco).then(hb)))
            .then(&strong_fence);
        base.or(&fences)
    }
}

//! Busy loops that run beside the checks, since no verdict may depend on how busy the machine is.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam::thread::Scope;

/// Tells its loops to end when it is dropped, however that comes about.
#[derive(Debug)]
pub(super) struct Load<'a> {
    stop: &'a AtomicBool,
}

impl<'a> Load<'a> {
    /// Starts so many loops, a thread each.
    pub(super) fn start(scope: &Scope<'a>, loops: usize, stop: &'a AtomicBool) -> Self {
        for _ in 0..loops {
            scope.spawn(move |_| {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::black_box(0_u64);
                }
            });
        }
        Self { stop }
    }
}

impl Drop for Load<'_> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

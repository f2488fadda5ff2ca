//! As much of std as the compared programs use, made of loom.
//!
//! loom has no scoped threads: they are made of its plain ones, which are joined before the scope ends.

use std::sync::Arc;

pub use std::{array, ptr};

/// Spinning.
pub mod hint {
    pub use loom::hint::spin_loop;
}

/// Atomics.
pub mod sync {
    pub use loom::sync::atomic;
}

/// Threads.
pub mod thread {
    use std::cell::RefCell;
    use std::marker::PhantomData;
    use std::rc::Rc;
    use std::sync::{Arc, Mutex};

    pub use loom::thread::yield_now;

    type Handle = Rc<RefCell<Option<loom::thread::JoinHandle<()>>>>;

    /// See `std::thread::Scope`.
    #[derive(Debug)]
    pub struct Scope<'scope, 'env: 'scope> {
        handles: RefCell<Vec<Handle>>,
        scope: PhantomData<&'scope mut &'scope ()>,
        env: PhantomData<&'env mut &'env ()>,
    }

    /// See `std::thread::ScopedJoinHandle`.
    #[derive(Debug)]
    pub struct ScopedJoinHandle<'scope, T> {
        handle: Handle,
        result: Arc<Mutex<Option<T>>>,
        scope: PhantomData<&'scope ()>,
    }

    /// See `std::thread::scope`.
    pub fn scope<'env, T>(body: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T) -> T {
        let scope = Scope {
            handles: RefCell::new(Vec::new()),
            scope: PhantomData,
            env: PhantomData,
        };
        let result = body(&scope);
        for handle in scope.handles.borrow().iter() {
            let handle = handle.take();
            if let Some(handle) = handle {
                handle.join().expect("a panic ends a loom model");
            }
        }
        result
    }

    impl<'scope> Scope<'scope, '_> {
        /// See `std::thread::Scope::spawn`.
        pub fn spawn<T: Send + 'scope>(
            &'scope self,
            body: impl FnOnce() -> T + Send + 'scope,
        ) -> ScopedJoinHandle<'scope, T> {
            let result = Arc::new(Mutex::new(None));
            let slot = Arc::clone(&result);
            let run: Box<dyn FnOnce() + Send + 'scope> = Box::new(move || {
                let value = body();
                *slot.lock().expect("nobody panics here") = Some(value);
            });
            // SAFETY: the thread is joined before the scope ends. A panic in the scope ends the model.
            let run: Box<dyn FnOnce() + Send + 'static> = unsafe { std::mem::transmute(run) };
            let handle: Handle = Rc::new(RefCell::new(Some(loom::thread::spawn(run))));
            self.handles.borrow_mut().push(Rc::clone(&handle));
            ScopedJoinHandle {
                handle,
                result,
                scope: PhantomData,
            }
        }
    }

    impl<T> ScopedJoinHandle<'_, T> {
        /// See `std::thread::ScopedJoinHandle::join`.
        pub fn join(self) -> std::thread::Result<T> {
            let handle = self.handle.take();
            if let Some(handle) = handle {
                handle.join()?;
            }
            Ok(self
                .result
                .lock()
                .expect("nobody panics here")
                .take()
                .expect("it has ended"))
        }
    }
}

/// The payload whose races are seen.
#[derive(Debug)]
pub struct Tracked<T>(loom::cell::UnsafeCell<T>);

// SAFETY: loom checks the accesses.
unsafe impl<T: Send> Sync for Tracked<T> {}

impl<T> Tracked<T> {
    /// A payload of this value.
    pub fn new(value: T) -> Self {
        Tracked(loom::cell::UnsafeCell::new(value))
    }

    /// Its value.
    #[track_caller]
    pub fn get(&self) -> T
    where
        T: Copy,
    {
        // SAFETY: loom panics if there is a race.
        self.0.with(|value| unsafe { *value })
    }

    /// Replaces its value.
    #[track_caller]
    pub fn set(&self, new: T) {
        // SAFETY: loom panics if there is a race.
        self.0.with_mut(|value| unsafe { *value = new });
    }
}

/// One check; panics or aborts if something is found.
pub fn check(run: fn()) -> u64 {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.max_branches = 10_000;
    // It stops without a word when the time is over, and counts as passed.
    model.max_duration = Some(std::time::Duration::from_secs(20));
    let executions = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let count = Arc::clone(&executions);
    model.check(move || {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        run();
    });
    executions.load(std::sync::atomic::Ordering::Relaxed)
}

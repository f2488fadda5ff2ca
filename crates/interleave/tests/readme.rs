//! The five lines of the README.

#[expect(unused_imports, reason = "these five lines need no macro of std")]
#[macro_use]
extern crate interleave as std;
extern crate interleave as core;
#[path = "given/spin.rs"]
mod spin;

#[test]
fn a_model() {
    std::model::Model::new()
        .check(|| {
            let lock = spin::Lock::new(std::model::Tracked::new(0));
            std::thread::scope(|s| {
                for _ in 0..2 {
                    s.spawn(|| {
                        let n = lock.lock();
                        n.set(n.get() + 1);
                    });
                }
            });
        })
        .unwrap();
}

//! Processes that outlive the check that started them: this program adopts them, and ends them
//! before it ends itself.

use std::io;

/// From now on, orphans among our descendants become our children.
///
/// # Errors
///
/// Fails if the system cannot do that.
pub(crate) fn adopt() -> io::Result<()> {
    arena::adopt_orphans()
}

/// Ends everything that is left, and removes what its boxes left in the kernel. Only when nothing of
/// ours runs any more.
pub(crate) fn reap() -> usize {
    let reaped = arena::reap_orphans();
    arena::sweep_groups();
    reaped
}

//! A mapping costs addresses; memory comes page by page, when it is touched.
//!
//! ```text
//! cargo run -p mmap --example demand_paging
//! ```
//!
//! Maps 64 fresh pages and asks `mincore` how many are in memory, and `getrusage` how many page
//! faults there were, before and after touching ten of them. Then the same with a file that is in
//! the page cache already: all is in memory before the first touch, and one fault brings in several
//! neighbours ("fault around").

#![expect(unsafe_code, reason = "mincore has no safe wrapper")]
#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::error::Error;
use std::io::{self, Write};

use mmap::{Map, Mode};
use nix::sys::resource::{UsageWho, getrusage};
use nix::unistd::{SysconfVar, sysconf};

const PAGES: usize = 64;
const TOUCHED: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let page = sysconf(SysconfVar::PAGE_SIZE)?.ok_or("no page size")? as usize;

    let anonymous = Map::anon_bsd(PAGES * page)?;
    report("anonymous", &anonymous, page)?;

    let mut file = tempfile::tempfile()?;
    file.write_all(&vec![1; PAGES * page])?;
    let cached = Map::range(&file, 0, PAGES * page, Mode::SharedRead)?;
    report("cached file", &cached, page)
}

fn report(name: &str, map: &Map, page: usize) -> Result<(), Box<dyn Error>> {
    println!(
        "{name}: {} of {PAGES} pages in memory before the first touch",
        resident(map, page)?
    );
    let before = getrusage(UsageWho::RUSAGE_SELF)?;
    for n in 0..TOUCHED {
        let mut byte = [0];
        map.read(n * page, &mut byte);
    }
    let after = getrusage(UsageWho::RUSAGE_SELF)?;
    println!(
        "{name}: {TOUCHED} pages touched: {} minor faults, {} major faults, {} pages in memory",
        after.minor_page_faults() - before.minor_page_faults(),
        after.major_page_faults() - before.major_page_faults(),
        resident(map, page)?,
    );
    Ok(())
}

/// How many pages of the mapping are in memory. For a file: in the page cache, whoever brought them
/// there.
fn resident(map: &Map, page: usize) -> io::Result<usize> {
    let mut pages = vec![0; map.len().div_ceil(page)];
    // SAFETY: the mapping is alive, and there is a byte for each of its pages.
    match unsafe { libc::mincore(map.as_ptr().cast(), map.len(), pages.as_mut_ptr()) } {
        0 => Ok(pages.iter().filter(|state| **state & 1 == 1).count()),
        _ => Err(io::Error::last_os_error()),
    }
}

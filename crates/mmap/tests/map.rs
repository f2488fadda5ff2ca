//! `Map`: its bytes, its errors, and what it leaves behind.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use mmap::{Map, MapError, Mode};
use tempfile::NamedTempFile;

const LEN: usize = 3 * 65_536 + 100;

/// A file whose bytes tell their place, longer than three pages of any size.
fn patterned() -> (NamedTempFile, Vec<u8>) {
    let bytes: Vec<u8> = (0..LEN).map(|i| (i % 251) as u8).collect();
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(&bytes).expect("written");
    (file, bytes)
}

fn read_only(file: &NamedTempFile) -> File {
    File::open(file.path()).expect("opened again")
}

fn all(map: &Map) -> Vec<u8> {
    let mut bytes = vec![0; map.len()];
    map.read(0, &mut bytes);
    bytes
}

/// Lines of `/proc/self/maps` that name this file.
fn mappings_of(path: &Path) -> usize {
    let maps = fs::read_to_string("/proc/self/maps").expect("/proc");
    maps.lines()
        .filter(|line| line.ends_with(path.to_str().expect("UTF-8")))
        .count()
}

#[test]
fn a_range_holds_the_bytes_of_the_file_at_any_offset() {
    let (file, bytes) = patterned();
    for offset in [0, 1, 4095, 4096, 4097, 65_535, 65_536, 100_000, LEN - 1] {
        for len in [1, 2, 4096, 70_000, LEN] {
            let len = len.min(LEN - offset);
            let map = Map::range(file.as_file(), offset as u64, len, Mode::SharedRead).unwrap();
            assert_eq!(map.len(), len);
            assert!(
                all(&map) == bytes[offset..offset + len],
                "{len} bytes at {offset}"
            );
        }
    }
}

#[test]
fn the_file_may_be_closed() {
    let file = tempfile::tempfile().unwrap();
    file.set_len(3).unwrap();
    let map = Map::range(&file, 0, 3, Mode::SharedWrite).unwrap();
    drop(file);
    map.write(0, b"abc");
    assert_eq!(all(&map), b"abc");
}

#[test]
fn a_shared_write_reaches_the_file_and_other_mappings() {
    let (file, mut bytes) = patterned();
    let writer = Map::range(file.as_file(), 5000, 10, Mode::SharedWrite).unwrap();
    let reader = Map::range(&read_only(&file), 5001, 2, Mode::SharedRead).unwrap();
    writer.write(1, b"xy");
    bytes[5001..5003].copy_from_slice(b"xy");
    assert_eq!(all(&reader), b"xy");
    assert!(fs::read(file.path()).unwrap() == bytes);
}

#[test]
fn a_private_write_is_seen_nowhere_else_and_needs_no_writable_file() {
    let (file, bytes) = patterned();
    let private = Map::range(&read_only(&file), 5000, 10, Mode::PrivateWrite).unwrap();
    let other = Map::range(file.as_file(), 5000, 10, Mode::PrivateWrite).unwrap();
    private.write(0, b"mine");
    assert_eq!(all(&private)[..4], *b"mine");
    assert_eq!(all(&other), bytes[5000..5010]);
    assert!(fs::read(file.path()).unwrap() == bytes);
}

#[test]
fn an_empty_mapping_is_an_error() {
    let (file, _) = patterned();
    let range = Map::range(file.as_file(), 7, 0, Mode::SharedRead);
    assert!(matches!(range, Err(MapError::Empty)), "{range:?}");
    assert!(matches!(Map::anon_bsd(0), Err(MapError::Empty)));
    assert!(matches!(Map::anon_svr4(0), Err(MapError::Empty)));
}

#[test]
fn a_range_past_the_end_is_an_error_that_tells_both_ends() {
    let (file, _) = patterned();
    for (offset, len, reached) in [
        (LEN as u64, 1, LEN as u64 + 1),
        (0, LEN + 1, LEN as u64 + 1),
        (1 << 40, 10, (1 << 40) + 10),
        (u64::MAX, 1, u64::MAX),
        (u64::MAX - 5, usize::MAX, u64::MAX),
    ] {
        match Map::range(file.as_file(), offset, len, Mode::SharedRead) {
            Err(MapError::PastEof { end, file }) => assert_eq!((end, file), (reached, LEN as u64)),
            other => panic!("{len} bytes at {offset}: {other:?}"),
        }
    }
}

#[test]
fn a_shared_write_needs_a_file_open_for_reading_and_writing() {
    let (file, _) = patterned();
    let write_only = File::options().write(true).open(file.path()).unwrap();
    for refused in [read_only(&file), write_only] {
        let map = Map::range(&refused, 4097, 4, Mode::SharedWrite);
        assert!(matches!(map, Err(MapError::ReadOnlyFile)), "{map:?}");
    }
}

#[test]
fn other_errors_keep_their_number() {
    let (file, _) = patterned();
    let write_only = File::options().write(true).open(file.path()).unwrap();
    let error = Map::range(&write_only, 0, 4, Mode::SharedRead).unwrap_err();
    assert_eq!(io::Error::from(error).raw_os_error(), Some(libc::EACCES));
}

#[test]
fn an_anonymous_map_is_zeros_that_can_be_written() {
    for map in [Map::anon_bsd(5000).unwrap(), Map::anon_svr4(5000).unwrap()] {
        assert!(all(&map) == [0; 5000]);
        map.write(4999, b"x");
        assert_eq!(all(&map)[4999], b'x');
    }
}

#[test]
fn two_maps_of_dev_zero_are_distinct() {
    let (one, other) = (Map::anon_svr4(1).unwrap(), Map::anon_svr4(1).unwrap());
    one.write(0, b"x");
    assert_eq!(all(&other), [0]);
}

#[test]
#[should_panic(expected = "2 bytes at 4 are not inside")]
fn reading_past_the_range_panics() {
    Map::anon_bsd(5).unwrap().read(4, &mut [0; 2]);
}

#[test]
#[should_panic(expected = "1 bytes at 18446744073709551615 are not inside")]
fn writing_past_the_range_panics() {
    Map::anon_bsd(5).unwrap().write(usize::MAX, b"x");
}

#[test]
#[should_panic(expected = "read-only")]
fn writing_to_a_read_only_map_panics() {
    let (file, _) = patterned();
    Map::range(file.as_file(), 0, 5, Mode::SharedRead)
        .unwrap()
        .write(0, b"x");
}

#[test]
fn sync_takes_any_bytes_of_the_range() {
    let (file, _) = patterned();
    let map = Map::range(file.as_file(), 4000, 70_000, Mode::SharedWrite).unwrap();
    map.write(10_000, b"x");
    for (at, len) in [(0, 70_000), (10_000, 1), (69_999, 1), (70_000, 0)] {
        map.sync(at, len).unwrap();
    }
}

#[test]
fn dropping_unmaps_everything() {
    let (file, _) = patterned();
    let map = Map::range(file.as_file(), 65_535, 65_538, Mode::SharedRead).unwrap();
    assert_eq!(mappings_of(file.path()), 1);
    drop(map);
    assert_eq!(mappings_of(file.path()), 0);
}

#[test]
fn a_map_may_be_sent_to_another_thread() {
    let map = Map::anon_bsd(1).unwrap();
    std::thread::spawn(move || map.write(0, b"x"))
        .join()
        .unwrap();
}

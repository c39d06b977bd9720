//! What must hold whoever else uses the folder, and whatever happens to its files.

use super::*;
use crate::KeyMaker;
use proptest::prelude::*;
use std::{
    os::unix::fs::PermissionsExt,
    process::{Child, Command},
};

fn key(number: u64) -> Key {
    KeyMaker::new("test").field("number", &number.to_le_bytes()).finish()
}

/// A content that tells its number, of any length.
fn content(number: u64, length: usize) -> Vec<u8> {
    number.to_le_bytes().into_iter().cycle().take(length).collect()
}

/// Sets an entry's last use to so many seconds ago.
fn age(cache: &Cache, key: &Key, seconds: u64) {
    let file = File::options().append(true).open(cache.path(key)).expect("an entry");
    file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).expect("set");
}

#[test]
fn an_entry_is_found_until_it_is_cleared() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::new(folder.path().join("not/yet"), 1 << 20);
    assert_eq!(cache.usage().expect("read"), Usage::default());
    assert_eq!(cache.get(&key(1)).expect("read"), Found::Nothing);
    assert_eq!(cache.put(&key(1), b"one").expect("written"), Stored::Kept);
    assert_eq!(cache.put(&key(1), b"one").expect("written again"), Stored::Kept);
    assert_eq!(cache.get(&key(1)).expect("read"), Found::Entry(b"one".to_vec()));
    assert_eq!(cache.usage().expect("read"), Usage { entries: 1, bytes: HEADER as u64 + 3 });
    assert!(folder.path().join("not/yet/CACHEDIR.TAG").is_file());
    assert_eq!(cache.clear().expect("cleared"), 1);
    assert_eq!(cache.get(&key(1)).expect("read"), Found::Nothing);
}

#[test]
fn a_damaged_entry_is_told_once_and_can_be_written_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::new(folder.path(), 1 << 20);
    cache.put(&key(1), b"content").expect("written");
    let path = cache.path(&key(1));
    let whole = fs::read(&path).expect("read");
    let damages = [
        (whole[..10].to_vec(), Damage::Header),
        (whole[..whole.len() - 1].to_vec(), Damage::Length { said: 7, found: 6 }),
        ([&whole[..whole.len() - 1], b"!"].concat(), Damage::Checksum),
        (Vec::new(), Damage::Header),
    ];
    for (bytes, damage) in damages {
        fs::write(&path, bytes).expect("damaged");
        assert_eq!(cache.get(&key(1)).expect("read"), Found::Damaged(damage));
        assert_eq!(cache.get(&key(1)).expect("read"), Found::Nothing, "it is gone");
        cache.put(&key(1), b"content").expect("written");
        assert_eq!(cache.get(&key(1)).expect("read"), Found::Entry(b"content".to_vec()));
    }
}

#[test]
fn what_was_used_last_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    // A shard holds two entries.
    let cache = Cache::new(folder.path(), 16 * 2 * (HEADER as u64 + 100));
    let same_shard: Vec<u64> = (0..).filter(|number| key(*number).0[0] >> 4 == 7).take(4).collect();
    for (place, number) in same_shard.iter().enumerate() {
        cache.put(&key(*number), &content(*number, 100)).expect("written");
        age(&cache, &key(*number), 1000 - place as u64);
    }
    // Asking is use.
    assert!(matches!(cache.get(&key(same_shard[0])), Ok(Found::Entry(_))));
    assert_eq!(cache.settle().expect("settled"), 2);
    let there = |number: u64| matches!(cache.get(&key(number)), Ok(Found::Entry(_)));
    assert_eq!(same_shard.iter().map(|number| there(*number)).collect::<Vec<_>>(), [true, false, false, true]);
    assert_eq!(cache.settle().expect("settled"), 0, "nothing was put since");
}

#[test]
fn what_is_too_large_is_not_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::new(folder.path(), 16 * 1000);
    assert_eq!(cache.put(&key(1), &content(1, 1000)).expect("no error"), Stored::TooLarge);
    assert_eq!(cache.put(&key(1), &content(1, 1000 - HEADER)).expect("written"), Stored::Kept);
    assert_eq!(Cache::new(folder.path(), 0).put(&key(2), b"").expect("no error"), Stored::TooLarge);
}

#[test]
fn a_folder_that_is_none_is_an_error_and_not_a_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "x").expect("written");
    let error = Cache::new(&file, 1 << 20).put(&key(1), b"one").expect_err("no folder");
    assert!(error.to_string().starts_with("cannot "), "{error}");
    assert!(error.to_string().contains("file"), "{error}");
    assert!(Cache::new(&file, 1 << 20).get(&key(1)).is_err());
}

#[test]
fn files_of_killed_processes_go_after_an_hour() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::new(folder.path(), 1 << 20);
    cache.put(&key(1), b"one").expect("written");
    let (old, new) = (cache.path(&key(1)).with_file_name(".old.1-0"), cache.path(&key(1)).with_file_name(".new.1-0"));
    for path in [&old, &new] {
        fs::write(path, "half").expect("written");
    }
    let file = File::options().append(true).open(&old).expect("there");
    file.set_modified(SystemTime::now() - Duration::from_secs(7200)).expect("set");
    cache.prune().expect("pruned");
    assert_eq!((old.exists(), new.exists()), (false, true));
    assert_eq!(cache.usage().expect("read").entries, 1);
}

#[test]
fn entries_can_be_read_by_others_as_the_umask_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::new(folder.path(), 1 << 20);
    cache.put(&key(1), b"one").expect("written");
    let mode = fs::metadata(cache.path(&key(1))).expect("there").permissions().mode();
    assert_eq!(mode & 0o111, 0, "an entry is no program");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn the_limit_holds_and_what_is_left_is_whole(lengths in prop::collection::vec(0..3000_usize, 1..40), limit in 0..60_000_u64) {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path(), limit);
        for (number, length) in lengths.iter().enumerate() {
            cache.put(&key(number as u64), &content(number as u64, *length)).expect("written");
        }
        cache.settle().expect("settled");
        prop_assert!(cache.usage().expect("read").bytes <= limit);
        for (number, length) in lengths.iter().enumerate() {
            match cache.get(&key(number as u64)).expect("read") {
                Found::Nothing => {}
                found => prop_assert_eq!(found, Found::Entry(content(number as u64, *length))),
            }
        }
    }
}

/// Says to a copy of this test program what it is to do, and where.
const WORKER: &str = "ROPT_CACHE_TEST_WORKER";
const KEYS: u64 = 40;

/// A process among several: puts and gets the same keys, damages some, clears and settles.
#[test]
fn worker() {
    let Some(folder) = std::env::var_os(WORKER) else { return };
    let cache = Cache::new(folder, 16 * 4096);
    let mut state = u64::from(std::process::id());
    for _ in 0..2000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (number, what) = ((state >> 33) % KEYS, (state >> 50) % 64);
        let length = 500 + 20 * number as usize;
        match what {
            0 => drop(cache.clear().expect("cleared")),
            1 => drop(cache.settle().expect("settled")),
            // Another one may remove it at the same time.
            2 => drop(fs::write(cache.path(&key(number)), b"damage")),
            3..24 => drop(cache.put(&key(number), &content(number, length)).expect("written")),
            _ => match cache.get(&key(number)).expect("read") {
                Found::Entry(found) => assert!(found == content(number, length), "entry {number} holds another one's"),
                Found::Nothing | Found::Damaged(_) => {}
            },
        }
    }
}

#[test]
fn processes_share_a_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = |_| {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["--exact", "store::tests::worker", "--nocapture"]).env(WORKER, folder.path());
        command.spawn().expect("it starts")
    };
    let workers: Vec<Child> = (0..6).map(start).collect();
    for mut worker in workers {
        assert!(worker.wait().expect("it ends").success(), "a worker's own words are above");
    }
    let cache = Cache::new(folder.path(), 16 * 4096);
    cache.prune().expect("pruned");
    assert!(cache.usage().expect("read").bytes <= 16 * 4096);
    for number in 0..KEYS {
        cache.put(&key(number), &content(number, 100)).expect("written");
        assert_eq!(cache.get(&key(number)).expect("read"), Found::Entry(content(number, 100)));
    }
}

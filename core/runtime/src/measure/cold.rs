//! Cold caches: every processor streams over more memory than the last-level cache holds, and so does the device.

use std::{hint::black_box, path::Path};

/// What is done before every cold call.
#[derive(Debug)]
pub struct Flush {
    /// Memory to stream over; every byte was written once, so that it is memory of its own.
    memory: Vec<u64>,
    /// Processors that stream: those that this process may use.
    processors: Vec<usize>,
    /// Bytes of the last-level cache; None when the system does not say.
    cache: Option<u64>,
}

/// What is streamed over where the system does not tell the size of its caches.
const UNKNOWN_CACHE: u64 = 64 << 20;
/// Devices with memory of their own are given this much to fill: more than any second-level cache of a GPU.
const DEVICE_BYTES: u64 = 256 << 20;
const CACHE_LINE: usize = 64;

impl Flush {
    /// Reads the size of the caches and takes the memory.
    #[must_use]
    pub fn new() -> Self {
        let cache = last_level_cache();
        let bytes = cache.unwrap_or(UNKNOWN_CACHE) * 2;
        Self { memory: vec![1; (bytes / 8) as usize], processors: allowed_processors(), cache }
    }

    /// Bytes that each processor reads.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.memory.len() as u64 * 8
    }

    /// Bytes that the device named so writes: on a CPU as many as each processor reads.
    pub(crate) fn device_bytes(&self, device: &str) -> u64 {
        if device.starts_with("cpu") { self.bytes() } else { DEVICE_BYTES.max(self.bytes()) }
    }

    /// For people: what is flushed, before each call on the device of this name.
    #[must_use]
    pub fn describe(&self, device: &str) -> String {
        let mib = |bytes: u64| bytes >> 20;
        let cache = match self.cache {
            Some(bytes) => format!("twice the last-level cache of {} MiB", mib(bytes)),
            None => "the system does not tell the caches' sizes".to_owned(),
        };
        format!(
            "before every call each of {} processors read {} MiB ({cache}) and the device wrote {} MiB",
            self.processors.len(),
            mib(self.bytes()),
            mib(self.device_bytes(device))
        )
    }

    /// Streams, on all processors at a time: their private caches hold data as well.
    pub(crate) fn stream(&self) {
        std::thread::scope(|scope| {
            for &processor in &self.processors {
                scope.spawn(move || {
                    pin(processor);
                    black_box(
                        self.memory.iter().step_by(CACHE_LINE / 8).fold(0, |sum: u64, word| sum.wrapping_add(*word)),
                    )
                });
            }
        });
    }
}

impl Default for Flush {
    fn default() -> Self {
        Self::new()
    }
}

/// Bytes of the first processor's last cache, from sysfs.
pub(super) fn last_level_cache() -> Option<u64> {
    let folder = Path::new("/sys/devices/system/cpu/cpu0/cache");
    let read = |index: &Path, name: &str| std::fs::read_to_string(index.join(name)).ok();
    let caches = folder.read_dir().ok()?.flatten().filter_map(|entry| {
        let index = entry.path();
        let level: u32 = read(&index, "level")?.trim().parse().ok()?;
        let kind = read(&index, "type")?;
        (kind.trim() != "Instruction").then_some((level, cache_size(read(&index, "size")?.trim())?))
    });
    caches.max().map(|(_, bytes)| bytes).filter(|&bytes| bytes > 0)
}

/// `32768K` and the like, in bytes.
fn cache_size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// Numbers of the processors that this process may run on.
pub(super) fn allowed_processors() -> Vec<usize> {
    // SAFETY: a set of bits, for which zero is the empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the set is as large as it says.
    let result = unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut set) };
    if result != 0 {
        return (0..std::thread::available_parallelism().map_or(1, usize::from)).collect();
    }
    // SAFETY: the numbers are below the set's size.
    (0..libc::CPU_SETSIZE as usize).filter(|&processor| unsafe { libc::CPU_ISSET(processor, &set) }).collect()
}

/// Keeps this thread on a processor, if the system lets it: otherwise it streams wherever it is put.
fn pin(processor: usize) {
    // SAFETY: a set of bits, for which zero is the empty set; the number came out of such a set.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(processor, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cache_sizes_are_read_with_their_unit() {
        assert_eq!(cache_size("32768K"), Some(32 << 20));
        assert_eq!(cache_size("1M"), Some(1 << 20));
        assert_eq!(cache_size("512"), Some(512));
        assert_eq!(cache_size("many"), None);
        assert_eq!(cache_size("1T"), None);
    }

    #[test]
    fn every_processor_streams_over_more_than_the_cache() {
        let flush = Flush::new();
        assert!(!flush.processors.is_empty());
        assert!(flush.bytes() >= 2 * last_level_cache().unwrap_or(UNKNOWN_CACHE));
        assert!(flush.device_bytes("cuda:0") >= DEVICE_BYTES);
        flush.stream();
        let text = flush.describe("cpu-sync");
        assert!(text.contains(&format!("{} MiB", flush.bytes() >> 20)), "{text}");
    }
}

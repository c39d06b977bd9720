//! Memory of the device: blocks of size classes, kept for the next request of the class.
//!
//! Repeated calls of a program ask for the same sizes again; giving them the same pages saves the page faults, which
//! cost more than most kernels. Four classes to a power of two waste at most a quarter.

use std::{
    alloc::{Layout, alloc, dealloc},
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// Alignment of every block: a cache line, and a vector register of AVX-512.
const ALIGNMENT: usize = 64;
/// From here on blocks are mapped, so that the system can back them with huge pages.
const MAP_FROM: usize = 2 << 20;

/// Blocks in use, and blocks kept for later.
#[derive(Default)]
pub(crate) struct Pool {
    live: HashMap<u64, u32, BuildHasherDefault<AddressHasher>>,
    free: Vec<Vec<u64>>,
    kept: u64,
}

/// Why a request failed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MemoryError {
    #[error("cannot allocate {bytes} bytes: this machine has {physical} bytes of memory")]
    Exhausted { bytes: u64, physical: u64 },
    #[error("the program released {address:#x}, which is not the start of an allocation in use")]
    Unknown { address: u64 },
}

impl Pool {
    /// A block of at least `bytes` bytes, contents undefined.
    pub(crate) fn allocate(&mut self, bytes: u64) -> Result<u64, MemoryError> {
        let class = class_of(bytes);
        let kept = self.free.get_mut(class as usize).and_then(Vec::pop);
        let address = match kept {
            Some(address) => {
                self.kept -= class_size(class);
                address
            }
            None => map(class_size(class)).ok_or_else(|| MemoryError::Exhausted { bytes, physical: physical() })?,
        };
        self.live.insert(address, class);
        Ok(address)
    }

    /// Takes a block back.
    pub(crate) fn release(&mut self, address: u64) -> Result<(), MemoryError> {
        let class = self.live.remove(&address).ok_or(MemoryError::Unknown { address })?;
        let size = class_size(class);
        if self.kept + size > physical() / 4 {
            unmap(address, size);
            return Ok(());
        }
        let slot = class as usize;
        if self.free.len() <= slot {
            self.free.resize_with(slot + 1, Vec::new);
        }
        self.free[slot].push(address);
        self.kept += size;
        Ok(())
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for (&address, &class) in &self.live {
            unmap(address, class_size(class));
        }
        for (class, blocks) in (0..).zip(&self.free) {
            for &address in blocks {
                unmap(address, class_size(class));
            }
        }
    }
}

/// Number of the smallest class that holds `bytes`.
fn class_of(bytes: u64) -> u32 {
    if bytes <= 64 {
        return 0;
    }
    let last = bytes - 1;
    let top = last.ilog2();
    let quarter = (last >> (top - 2)) & 3;
    (top - 6) * 4 + quarter as u32 + 1
}

/// Bytes of a class; saturates for requests that no machine can serve.
fn class_size(class: u32) -> u64 {
    if class == 0 {
        return 64;
    }
    let (power, quarter) = ((class - 1) / 4 + 6, u64::from((class - 1) % 4));
    (5 + quarter).saturating_mul(1 << (power - 2))
}

fn layout(size: u64) -> Option<Layout> {
    Layout::from_size_align(usize::try_from(size).ok()?, ALIGNMENT).ok()
}

fn map(size: u64) -> Option<u64> {
    // Refused here: the system would promise such memory and end the process when it is touched.
    if size > physical() {
        return None;
    }
    let layout = layout(size)?;
    if layout.size() < MAP_FROM {
        // SAFETY: the size is not 0.
        let block = unsafe { alloc(layout) };
        return (!block.is_null()).then_some(block as u64);
    }
    // SAFETY: a fresh private mapping touches no memory of ours.
    let block = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            layout.size(),
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if block == libc::MAP_FAILED {
        return None;
    }
    // SAFETY: the range was mapped above. The advice may be refused: it only changes the speed.
    unsafe { libc::madvise(block, layout.size(), libc::MADV_HUGEPAGE) };
    Some(block as u64)
}

fn unmap(address: u64, size: u64) {
    let Some(layout) = layout(size) else { return };
    if layout.size() < MAP_FROM {
        // SAFETY: `map` allocated the block with the same layout.
        unsafe { dealloc(address as *mut u8, layout) };
    } else {
        // SAFETY: `map` mapped the range with the same size.
        unsafe { libc::munmap(address as *mut libc::c_void, layout.size()) };
    }
}

/// Bytes of memory of the machine.
pub(crate) fn physical() -> u64 {
    static BYTES: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    *BYTES.get_or_init(|| {
        // SAFETY: sysconf has no preconditions.
        let (pages, page) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
        u64::try_from(pages).unwrap_or(0).saturating_mul(u64::try_from(page).unwrap_or(0))
    })
}

/// Addresses differ in their middle bits: a multiplication spreads them well enough.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_released_block_serves_the_next_request() {
        let mut pool = Pool::default();
        for bytes in [0, 1, 64, 100_000, 5 << 20] {
            let first = pool.allocate(bytes).expect("fits");
            assert_eq!(first % ALIGNMENT as u64, 0);
            pool.release(first).expect("in use");
            assert_eq!(pool.allocate(bytes), Ok(first));
        }
    }

    #[test]
    fn wrong_addresses_and_sizes_are_errors() {
        let mut pool = Pool::default();
        let block = pool.allocate(10).expect("fits");
        assert_eq!(pool.release(block + 8), Err(MemoryError::Unknown { address: block + 8 }));
        pool.release(block).expect("in use");
        assert_eq!(pool.release(block), Err(MemoryError::Unknown { address: block }));
        for bytes in [u64::MAX, 1 << 62, physical() + 1] {
            assert!(matches!(pool.allocate(bytes), Err(MemoryError::Exhausted { .. })), "{bytes}");
        }
    }

    proptest! {
        #[test]
        fn a_class_holds_its_requests_and_wastes_at_most_a_quarter(bytes in 64_u64..1 << 50) {
            let size = class_size(class_of(bytes));
            prop_assert!(size >= bytes && size <= bytes + bytes / 4 + 16);
        }

        #[test]
        fn blocks_in_use_do_not_overlap(sizes in proptest::collection::vec(0_u64..5000, 1..40)) {
            let mut pool = Pool::default();
            let mut blocks: Vec<_> = sizes.iter().map(|&size| (pool.allocate(size).expect("fits"), size)).collect();
            blocks.sort_unstable();
            for pair in blocks.windows(2) {
                prop_assert!(pair[0].0 + pair[0].1 <= pair[1].0);
            }
        }
    }
}

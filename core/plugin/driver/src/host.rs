//! For devices whose memory is the host's: allocation, copies, and kernels that the system's loader opens.
//!
//! Owns what every such driver would write again. A driver with memory of its own takes nothing of it.
//!
//! ```
//! use ropt_driver::host::HostMemory;
//!
//! let mut memory = HostMemory::default();
//! let block = memory.allocate(16)?;
//! // SAFETY: the block has the 16 bytes.
//! unsafe { ropt_driver::host::fill(block, 7, 4, 4)? };
//! memory.release(block)?;
//! assert!(memory.release(block).is_err(), "it is given back already");
//! # Ok::<(), ropt_driver::driver::DriverError>(())
//! ```

mod kernels;
mod strided;

use std::{
    alloc::{Layout, alloc, dealloc},
    collections::HashMap,
    ffi::c_void,
};

use crate::driver::{DriverError, DriverResult};

pub use self::{kernels::Kernels, strided::copy_strided};

/// What every block is aligned to, as [`crate::driver::Device::allocate`] asks: a cache line.
const ALIGNMENT: usize = 64;

/// The blocks of a device that are in use; dropping it frees them.
#[derive(Debug, Default)]
pub struct HostMemory {
    blocks: HashMap<u64, Layout>,
    /// Memory that belongs to the program.
    imported: Vec<u64>,
}

impl HostMemory {
    /// A block of at least `bytes` bytes, contents undefined.
    ///
    /// # Errors
    /// When the system has no such block.
    pub fn allocate(&mut self, bytes: u64) -> DriverResult<u64> {
        let refused = || DriverError::new(format!("cannot allocate {bytes} bytes"));
        let size = usize::try_from(bytes.max(1)).map_err(|_| refused())?;
        let layout = Layout::from_size_align(size, ALIGNMENT).map_err(|_| refused())?;
        // SAFETY: the size is not 0.
        let block = unsafe { alloc(layout) } as u64;
        if block == 0 {
            return Err(refused());
        }
        self.blocks.insert(block, layout);
        Ok(block)
    }

    /// Takes back what `allocate` or `import` gave.
    ///
    /// # Errors
    /// When the address is neither.
    pub fn release(&mut self, address: u64) -> DriverResult {
        if let Some(index) = self.imported.iter().position(|&imported| imported == address) {
            self.imported.swap_remove(index);
            return Ok(());
        }
        let layout = self.blocks.remove(&address).ok_or_else(|| {
            DriverError::new(format!("{address:#x} was released, which is not the start of an allocation in use"))
        })?;
        // SAFETY: `allocate` made the block with this layout, and it was in use until now.
        unsafe { dealloc(address as *mut u8, layout) };
        Ok(())
    }

    /// Memory of the program as memory of the device: the same address.
    pub fn import(&mut self, host: *const c_void) -> u64 {
        self.imported.push(host as u64);
        host as u64
    }
}

impl Drop for HostMemory {
    fn drop(&mut self) {
        for (&address, &layout) in &self.blocks {
            // SAFETY: as in `release`; nobody uses a device's memory behind its end.
            unsafe { dealloc(address as *mut u8, layout) };
        }
    }
}

/// Copies between two ranges.
///
/// # Safety
/// Both ranges are valid memory.
pub unsafe fn copy(dst: u64, src: u64, bytes: u64) {
    // SAFETY: as the caller promises. Overlap is not allowed, but costs nothing to get right.
    unsafe { std::ptr::copy(src as *const u8, dst as *mut u8, bytes as usize) };
}

/// Writes the low `pattern_bytes` (1, 2, 4 or 8) of `pattern`, `count` times. Destinations need no alignment.
///
/// # Safety
/// The range is valid memory.
///
/// # Errors
/// For another width.
pub unsafe fn fill(dst: u64, pattern: u64, pattern_bytes: u32, count: u64) -> DriverResult {
    let (bytes, count) = (pattern.to_le_bytes(), count as usize);
    // SAFETY: as the caller promises.
    unsafe {
        match pattern_bytes {
            1 => std::ptr::write_bytes(dst as *mut u8, bytes[0], count),
            2 => fill_with(dst, [bytes[0], bytes[1]], count),
            4 => fill_with(dst, [bytes[0], bytes[1], bytes[2], bytes[3]], count),
            8 => fill_with(dst, bytes, count),
            other => return Err(DriverError::new(format!("cannot fill with a pattern of {other} bytes"))),
        }
    }
    Ok(())
}

/// Writes a pattern `count` times.
///
/// # Safety
/// The range is valid memory.
unsafe fn fill_with<const N: usize>(dst: u64, pattern: [u8; N], count: usize) {
    let dst = dst as *mut [u8; N];
    for index in 0..count {
        // SAFETY: inside the range; byte arrays need no alignment.
        unsafe { dst.add(index).write(pattern) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_aligned_and_known() {
        let mut memory = HostMemory::default();
        for bytes in [0, 1, 100, 1 << 20] {
            let block = memory.allocate(bytes).expect("fits");
            assert_eq!(block % ALIGNMENT as u64, 0);
            assert!(memory.release(block + 1).is_err(), "not a start");
            memory.release(block).expect("in use");
        }
        assert!(memory.allocate(u64::MAX).is_err());
        let mine = [0_u8; 4];
        let imported = memory.import(mine.as_ptr().cast());
        memory.release(imported).expect("imported");
        assert!(memory.release(imported).is_err(), "given back already");
    }

    #[test]
    fn patterns_of_every_width() {
        let mut bytes = [0_u8; 8];
        let at = bytes.as_mut_ptr() as u64;
        // SAFETY: each range lies in the array.
        unsafe {
            fill(at, 0x0102, 2, 3).expect("a width");
            assert_eq!(bytes, [2, 1, 2, 1, 2, 1, 0, 0]);
            fill(at, 0xff, 1, 1).expect("a width");
            fill(at + 1, 0x0a0b_0c0d, 4, 1).expect("a width");
            assert_eq!(bytes, [0xff, 0xd, 0xc, 0xb, 0xa, 1, 0, 0]);
            assert!(fill(at, 0, 3, 1).is_err());
        }
    }
}

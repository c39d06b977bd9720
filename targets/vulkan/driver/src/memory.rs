//! Device memory under addresses of our own.
//!
//! Vulkan 1.1 names memory by buffer and offset. Every buffer gets a range of a 64-bit space that is never used twice,
//! with a gap behind it, so that any address inside of an allocation finds its buffer, and a stale one finds nothing.
//! Released buffers are kept by size class for the next request: commands run in order, so that reuse needs no waiting.

use std::collections::{BTreeMap, HashMap};

use ash::vk;
use gpu_allocator::{
    MemoryLocation,
    vulkan::{Allocation, AllocationCreateDesc, AllocationScheme, Allocator},
};

use crate::error::{Result, VulkanError, What};

/// Addresses begin here: no host address of a small program, and never 0.
const FIRST: u64 = 1 << 40;
/// Alignment of every address, and the least gap between two allocations.
const ALIGNMENT: u64 = 256;

/// A buffer with its memory.
pub(crate) struct Buffer {
    pub(crate) raw: vk::Buffer,
    pub(crate) bytes: u64,
    memory: Allocation,
}

/// A place in a buffer.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) buffer: vk::Buffer,
    pub(crate) offset: u64,
    /// Where the host sees it, if it does without detours.
    pub(crate) host: Option<*mut u8>,
}

/// All memory of a device.
pub(crate) struct Memory {
    live: BTreeMap<u64, Buffer>,
    /// Released buffers by size.
    kept: HashMap<u64, Vec<Buffer>>,
    next: u64,
    allocator: Allocator,
    device: ash::Device,
}

impl Memory {
    pub(crate) fn new(allocator: Allocator, device: ash::Device) -> Self {
        Self { live: BTreeMap::new(), kept: HashMap::new(), next: FIRST, allocator, device }
    }

    /// New memory; its address.
    pub(crate) fn allocate(&mut self, bytes: u64) -> Result<u64> {
        let size = class(bytes);
        let buffer = match self.kept.get_mut(&size).and_then(Vec::pop) {
            Some(buffer) => buffer,
            None => match self.buffer(size, MemoryLocation::GpuOnly) {
                Err(VulkanError::Memory { .. }) if !self.kept.is_empty() => {
                    self.forget_kept()?;
                    self.buffer(size, MemoryLocation::GpuOnly)?
                }
                other => other?,
            },
        };
        let address = self.next;
        self.next += size.next_multiple_of(ALIGNMENT) + ALIGNMENT;
        self.live.insert(address, buffer);
        Ok(address)
    }

    /// Takes memory back. Commands that use it may still be pending: it is only given to later ones.
    pub(crate) fn release(&mut self, address: u64) -> Result {
        let buffer = self.live.remove(&address).ok_or(VulkanError::NotAllocated { address })?;
        self.kept.entry(buffer.bytes).or_default().push(buffer);
        Ok(())
    }

    /// Where a range lies.
    pub(crate) fn find(&self, address: u64, bytes: u64) -> Result<Place> {
        let outside = VulkanError::Address { address, bytes };
        let Some((start, buffer)) = self.live.range(..=address).next_back() else { return Err(outside) };
        let offset = address - start;
        if offset.checked_add(bytes).is_none_or(|end| end > buffer.bytes) {
            return Err(outside);
        }
        Ok(Place { buffer: buffer.raw, offset, host: buffer.host().map(|host| host.wrapping_add(offset as usize)) })
    }

    /// A buffer of its own.
    pub(crate) fn buffer(&mut self, bytes: u64, location: MemoryLocation) -> Result<Buffer> {
        let usage = vk::BufferUsageFlags::STORAGE_BUFFER
            | vk::BufferUsageFlags::UNIFORM_BUFFER
            | vk::BufferUsageFlags::TRANSFER_SRC
            | vk::BufferUsageFlags::TRANSFER_DST;
        let info = vk::BufferCreateInfo::default().size(bytes).usage(usage);
        // SAFETY: the device is alive as long as the memory is; so in all calls here.
        let raw = unsafe { self.device.create_buffer(&info, None) };
        let raw = raw.map_err(|result| VulkanError::Buffer { bytes, result })?;
        // SAFETY: the buffer was just made.
        let requirements = unsafe { self.device.get_buffer_memory_requirements(raw) };
        let description = AllocationCreateDesc {
            name: "ropt",
            requirements,
            location,
            linear: true,
            allocation_scheme: AllocationScheme::GpuAllocatorManaged,
        };
        let memory = match self.allocator.allocate(&description) {
            Ok(memory) => memory,
            Err(reason) => {
                // SAFETY: nobody uses the buffer.
                unsafe { self.device.destroy_buffer(raw, None) };
                return Err(VulkanError::Memory { bytes, reason });
            }
        };
        // SAFETY: memory of the right type and size, bound once.
        unsafe { self.device.bind_buffer_memory(raw, memory.memory(), memory.offset()) }.what("bind memory")?;
        Ok(Buffer { raw, bytes, memory })
    }

    /// Frees a buffer that no command uses any more.
    pub(crate) fn free(&mut self, buffer: Buffer) {
        // SAFETY: as the caller says.
        unsafe { self.device.destroy_buffer(buffer.raw, None) };
        // The allocator only fails for memory that is not its own.
        let _freed = self.allocator.free(buffer.memory);
    }

    /// Frees what was kept for later, after the work that may use it.
    fn forget_kept(&mut self) -> Result {
        // SAFETY: the device is alive.
        unsafe { self.device.device_wait_idle() }.what("wait for the device")?;
        for buffer in std::mem::take(&mut self.kept).into_values().flatten() {
            self.free(buffer);
        }
        Ok(())
    }

    /// Frees everything; the device is idle.
    pub(crate) fn close(&mut self) {
        let live = std::mem::take(&mut self.live).into_values();
        let kept = std::mem::take(&mut self.kept).into_values().flatten();
        for buffer in live.chain(kept).collect::<Vec<_>>() {
            self.free(buffer);
        }
    }
}

impl Buffer {
    /// Where the host reads and writes it at full speed; none for memory that it sees uncached or not at all.
    pub(crate) fn host(&self) -> Option<*mut u8> {
        let fast = vk::MemoryPropertyFlags::HOST_COHERENT | vk::MemoryPropertyFlags::HOST_CACHED;
        let mapped = self.memory.mapped_ptr().filter(|_| self.memory.memory_properties().contains(fast));
        mapped.map(|pointer| pointer.as_ptr().cast())
    }

    /// Where the host sees it at all.
    pub(crate) fn mapped(&self) -> Option<*mut u8> {
        self.memory.mapped_ptr().map(|pointer| pointer.as_ptr().cast())
    }
}

/// Four size classes to a power of two: at most a quarter is wasted, and requests find what others released.
fn class(bytes: u64) -> u64 {
    let bytes = bytes.max(ALIGNMENT);
    let step = (1 << bytes.ilog2()) / 4;
    bytes.next_multiple_of(step.max(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_the_request_and_waste_little() {
        for bytes in (0..100_000).chain([u64::from(u32::MAX), 1 << 40]) {
            let size = class(bytes);
            assert!(size >= bytes && size.is_multiple_of(4), "{bytes}");
            assert!(bytes < ALIGNMENT || size <= bytes + bytes / 4 + 4, "{bytes}");
            assert_eq!(class(size), size);
        }
    }
}

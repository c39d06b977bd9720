//! Copies between the host and memory that the host does not see: through two buffers that both see.

use ash::vk;
use gpu_allocator::MemoryLocation;

use crate::{
    error::{Result, VulkanError},
    memory::{Buffer, Memory},
    queue::Queue,
};

/// Bytes of each staging buffer; longer copies go in pieces.
const BYTES: u64 = 16 << 20;

/// The two buffers, made when first needed.
#[derive(Default)]
pub(crate) struct Staging {
    up: Option<Buffer>,
    /// Bytes of `up` that pending commands may still read.
    used: u64,
    down: Option<Buffer>,
}

impl Staging {
    /// Copies `data` to a device address.
    pub(crate) fn upload(
        &mut self,
        device: &ash::Device,
        memory: &mut Memory,
        queue: &mut Queue,
        address: u64,
        data: &[u8],
    ) -> Result {
        if self.up.is_none() {
            self.up = Some(memory.buffer(BYTES, MemoryLocation::CpuToGpu)?);
        }
        let (Some(buffer), mut done) = (&self.up, 0) else { return Ok(()) };
        while done < data.len() {
            if queue.is_idle() {
                self.used = 0;
            }
            if self.used == BYTES {
                queue.wait()?;
                self.used = 0;
            }
            let bytes = (data.len() - done).min((BYTES - self.used) as usize);
            let place = memory.find(address + done as u64, bytes as u64)?;
            let host = mapped(buffer, self.used)?;
            // SAFETY: the range of the staging buffer is mapped, and no pending command reads it.
            unsafe { std::ptr::copy_nonoverlapping(data[done..].as_ptr(), host, bytes) };
            let region = [vk::BufferCopy { src_offset: self.used, dst_offset: place.offset, size: bytes as u64 }];
            let commands = queue.command()?;
            // SAFETY: both ranges lie inside their buffers, which live until the command is done.
            unsafe { device.cmd_copy_buffer(commands, buffer.raw, place.buffer, &region) };
            self.used = (self.used + bytes as u64).next_multiple_of(4).min(BYTES);
            done += bytes;
        }
        Ok(())
    }

    /// Copies from a device address to `data`, and waits for it.
    pub(crate) fn download(
        &mut self,
        device: &ash::Device,
        memory: &mut Memory,
        queue: &mut Queue,
        address: u64,
        data: &mut [u8],
    ) -> Result {
        if self.down.is_none() {
            self.down = Some(memory.buffer(BYTES, MemoryLocation::GpuToCpu)?);
        }
        let Some(buffer) = &self.down else { return Ok(()) };
        for (piece, start) in data.chunks_mut(BYTES as usize).zip((address..).step_by(BYTES as usize)) {
            let place = memory.find(start, piece.len() as u64)?;
            let region = [vk::BufferCopy { src_offset: place.offset, dst_offset: 0, size: piece.len() as u64 }];
            let commands = queue.command()?;
            // SAFETY: both ranges lie inside their buffers, which live until the command is done.
            unsafe { device.cmd_copy_buffer(commands, place.buffer, buffer.raw, &region) };
            queue.wait()?;
            let host = mapped(buffer, 0)?;
            // SAFETY: the buffer is mapped and coherent, and the copy into it is done.
            unsafe { std::ptr::copy_nonoverlapping(host, piece.as_mut_ptr(), piece.len()) };
        }
        Ok(())
    }

    /// Gives the buffers back; the device is idle.
    pub(crate) fn close(&mut self, memory: &mut Memory) {
        for buffer in [self.up.take(), self.down.take()].into_iter().flatten() {
            memory.free(buffer);
        }
    }
}

fn mapped(buffer: &Buffer, offset: u64) -> Result<*mut u8> {
    let start = buffer.mapped().ok_or(VulkanError::Address { address: 0, bytes: BYTES })?;
    Ok(start.wrapping_add(offset as usize))
}

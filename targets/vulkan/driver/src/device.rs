//! The open device: what the runtime calls, put together from memory, queue and pipelines.

use std::{
    collections::HashMap,
    ffi::c_void,
    sync::{Mutex, PoisonError},
};

use ash::vk;
use gpu_allocator::vulkan::{Allocator, AllocatorCreateDesc};
use ropt_driver::driver::{Binding, Device, DriverResult, Executable as Source, View};

use crate::{
    error::{Result, VulkanError, What},
    features,
    instance::{Instance, Physical},
    matrices,
    memory::{Memory, Place},
    pipelines::{Executable, Pipelines},
    queue::Queue,
    staging::Staging,
    strided,
};

/// Time marks that are remembered.
const MARKS: u64 = 4096;
/// Bytes of a pattern that is written by copies, repeated.
const PATTERN_BYTES: usize = 64 << 10;
/// Pieces of one copy command.
const PIECES: usize = 4096;

/// An open Vulkan device.
pub(crate) struct VulkanDevice {
    device: ash::Device,
    limits: vk::PhysicalDeviceLimits,
    /// Threads of a subgroup.
    subgroup: u32,
    /// Element types of cooperative matrices.
    matrices: Vec<&'static str>,
    /// Time marks; none where the queue has no clock.
    marks: Option<vk::QueryPool>,
    next_mark: u64,
    executables: HashMap<u64, Executable>,
    next_executable: u64,
    pipelines: Pipelines,
    staging: Staging,
    queue: Queue,
    memory: std::mem::ManuallyDrop<Memory>,
}

/// Held while a device is opened or closed. NVIDIA's driver (580.159) ends a thread of its own while it closes a device, and
/// waits for it for ever when another thread opens or closes one meanwhile.
static OPENING: Mutex<()> = Mutex::new(());

impl VulkanDevice {
    /// Opens a device with the features that kernels may use, as far as it has them.
    pub(crate) fn open(instance: &Instance, physical: &Physical) -> Result<Self> {
        let _one = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
        let features::Opened { device, lacking, matrices } = features::create(instance, physical)?;
        let description = AllocatorCreateDesc {
            instance: instance.raw.clone(),
            device: device.clone(),
            physical_device: physical.raw,
            debug_settings: gpu_allocator::AllocatorDebugSettings::default(),
            buffer_device_address: false,
            allocation_sizes: gpu_allocator::AllocationSizes::default(),
        };
        let allocator = Allocator::new(&description).map_err(|reason| VulkanError::Memory { bytes: 0, reason })?;
        let info = vk::QueryPoolCreateInfo::default().query_type(vk::QueryType::TIMESTAMP).query_count(MARKS as u32);
        let marks = if physical.timestamp_bits == 0 {
            None
        } else {
            // SAFETY: the device was just made.
            Some(unsafe { device.create_query_pool(&info, None) }.what("create time marks")?)
        };
        Ok(Self {
            limits: physical.properties.limits,
            subgroup: physical.subgroup,
            matrices,
            marks,
            next_mark: 0,
            executables: HashMap::new(),
            next_executable: 0,
            pipelines: Pipelines::new(&device, physical, lacking)?,
            staging: Staging::default(),
            queue: Queue::new(&instance.raw, &device, physical.family)?,
            memory: std::mem::ManuallyDrop::new(Memory::new(allocator, device.clone())),
            device,
        })
    }

    fn upload(&mut self, address: u64, data: &[u8]) -> Result {
        let place = self.memory.find(address, data.len() as u64)?;
        if let Some(host) = place.host {
            self.queue.wait()?;
            // SAFETY: mapped memory inside of a live buffer, which no command uses now.
            unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), host, data.len()) };
            return Ok(());
        }
        self.staging.upload(&self.device, &mut self.memory, &mut self.queue, address, data)
    }

    fn copy_pieces(&mut self, dst: Place, src: Place, pieces: &[vk::BufferCopy]) -> Result {
        for pieces in pieces.chunks(PIECES) {
            let commands = self.queue.command()?;
            // SAFETY: the caller has checked that all pieces lie inside of both buffers.
            unsafe { self.device.cmd_copy_buffer(commands, src.buffer, dst.buffer, pieces) };
        }
        Ok(())
    }

    fn copy_range(&mut self, dst: u64, src: u64, bytes: u64) -> Result {
        let (to, from) = (self.memory.find(dst, bytes)?, self.memory.find(src, bytes)?);
        let piece = vk::BufferCopy { src_offset: from.offset, dst_offset: to.offset, size: bytes };
        self.copy_pieces(to, from, &[piece])
    }

    fn fill_range(&mut self, dst: u64, pattern: u64, width: u32, count: u64) -> Result {
        let bytes = pattern.to_le_bytes();
        let pattern = match width {
            1 | 2 | 4 | 8 => bytes[..width as usize].repeat(8 / width as usize),
            bytes => return Err(VulkanError::Pattern { bytes }),
        };
        let total = count * u64::from(width);
        let place = self.memory.find(dst, total)?;
        let aligned = place.offset.is_multiple_of(4) && total.is_multiple_of(4);
        if aligned && pattern[..4] == pattern[4..] {
            let word = u32::from_le_bytes([pattern[0], pattern[1], pattern[2], pattern[3]]);
            let commands = self.queue.command()?;
            // SAFETY: the range lies inside of the buffer, and is aligned as the command wants it.
            unsafe { self.device.cmd_fill_buffer(commands, place.buffer, place.offset, total, word) };
            return Ok(());
        }
        // What Vulkan cannot fill is written once and doubled.
        let mut done = total.min(PATTERN_BYTES as u64);
        let first = pattern.repeat(PATTERN_BYTES / 8);
        self.upload(dst, &first[..done as usize])?;
        while done < total {
            let bytes = done.min(total - done);
            self.copy_range(dst + done, dst, bytes)?;
            done += bytes;
        }
        Ok(())
    }

    fn run(
        &mut self,
        executable: u64,
        ordinal: u32,
        grid: [u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> Result {
        let executable = self.executables.get(&executable).ok_or(VulkanError::NoExecutable { executable })?;
        let export = executable.export(ordinal)?;
        let name = || export.name.to_string();
        if bindings.len() != export.bindings.len() || constants.len() != export.constants as usize {
            return Err(VulkanError::Arguments {
                export: name(),
                bindings: export.bindings.len(),
                constants: export.constants as usize,
                given_bindings: bindings.len(),
                given_constants: constants.len(),
            });
        }
        let limit = self.limits.max_compute_work_group_count;
        if grid.iter().zip(&limit).any(|(extent, limit)| extent > limit) {
            return Err(VulkanError::Grid { export: name(), grid, limit });
        }
        if grid.contains(&0) {
            return Ok(());
        }
        // Bindings that begin where the device cannot bind go through memory of their own.
        let mut detours = Vec::new();
        let mut places = Vec::with_capacity(bindings.len());
        for (binding, (kind, reached)) in bindings.iter().zip(&export.bindings) {
            let uniform = *kind == vk::DescriptorType::UNIFORM_BUFFER;
            let (limit, alignment) = if uniform {
                (self.limits.max_uniform_buffer_range, self.limits.min_uniform_buffer_offset_alignment)
            } else {
                (self.limits.max_storage_buffer_range, self.limits.min_storage_buffer_offset_alignment)
            };
            if binding.length > u64::from(limit) {
                return Err(VulkanError::Binding { export: name(), bytes: binding.length, limit: limit.into() });
            }
            if binding.length > *reached {
                return Err(VulkanError::Reach { export: name(), bytes: binding.length, reached: *reached });
            }
            let place = self.memory.find(binding.address, binding.length)?;
            if place.offset.is_multiple_of(alignment) {
                places.push(place);
                continue;
            }
            let address = self.memory.allocate(binding.length)?;
            detours.push((address, *binding));
            places.push(self.memory.find(address, binding.length)?);
        }
        let (layout, pipeline, set, name) =
            (export.layout, export.pipeline, export.set, std::rc::Rc::clone(&export.name));
        let kinds: Vec<_> = export.bindings.iter().map(|(kind, _)| *kind).collect();
        for (address, binding) in &detours {
            self.copy_range(*address, binding.address, binding.length)?;
        }
        self.queue.name(&name);
        let set = self.queue.descriptors(set)?;
        // The open batch has the set; should the next command begin another batch, the set stays with a pending one.
        self.bind(set, &kinds, &places, bindings);
        let commands = self.queue.command()?;
        let words: Vec<u8> = constants.iter().flat_map(|word| word.to_le_bytes()).collect();
        // SAFETY: pipeline, layout and set belong together and live until the commands are done; the grid is inside
        // of the device's limits; what the kernel does inside of its bindings is the caller's promise.
        unsafe {
            let point = vk::PipelineBindPoint::COMPUTE;
            self.device.cmd_bind_pipeline(commands, point, pipeline);
            self.device.cmd_bind_descriptor_sets(commands, point, layout, 0, &[set], &[]);
            if !words.is_empty() {
                self.device.cmd_push_constants(commands, layout, vk::ShaderStageFlags::COMPUTE, 0, &words);
            }
            self.device.cmd_dispatch(commands, grid[0], grid[1], grid[2]);
        }
        for (address, binding) in detours {
            self.copy_range(binding.address, address, binding.length)?;
            self.memory.release(address)?;
        }
        Ok(())
    }

    fn bind(&self, set: vk::DescriptorSet, kinds: &[vk::DescriptorType], places: &[Place], bindings: &[Binding]) {
        let buffers: Vec<_> = places
            .iter()
            .zip(bindings)
            .map(|(place, binding)| {
                // A range of no bytes is not allowed; the buffer has at least these.
                let range = binding.length.next_multiple_of(4).max(4);
                [vk::DescriptorBufferInfo { buffer: place.buffer, offset: place.offset, range }]
            })
            .collect();
        let writes: Vec<_> = (0..)
            .zip(kinds.iter().zip(&buffers))
            .map(|(number, (kind, buffer))| {
                vk::WriteDescriptorSet::default()
                    .dst_set(set)
                    .dst_binding(number)
                    .descriptor_type(*kind)
                    .buffer_info(buffer)
            })
            .collect();
        // SAFETY: the set was just allocated and is in no command yet; the buffers are alive.
        unsafe { self.device.update_descriptor_sets(&writes, &[]) };
    }

    fn mark(&mut self) -> Result<Option<u64>> {
        let Some(marks) = self.marks else { return Ok(None) };
        let (mark, slot) = (self.next_mark, (self.next_mark % MARKS) as u32);
        let commands = self.queue.command()?;
        // SAFETY: the pool has the slot, and is alive until the commands are done.
        unsafe {
            self.device.cmd_reset_query_pool(commands, marks, slot, 1);
            self.device.cmd_write_timestamp(commands, vk::PipelineStageFlags::BOTTOM_OF_PIPE, marks, slot);
        }
        self.next_mark += 1;
        Ok(Some(mark))
    }

    fn between(&mut self, from: u64, to: u64) -> Result<f64> {
        let marks = self.marks.ok_or(VulkanError::NoClock)?;
        let ticks = [from, to].map(|mark| {
            if mark >= self.next_mark || mark + MARKS < self.next_mark {
                return Err(VulkanError::NoMark { mark });
            }
            let (mut ticks, flags) = ([0_u64], vk::QueryResultFlags::TYPE_64 | vk::QueryResultFlags::WAIT);
            let slot = (mark % MARKS) as u32;
            // SAFETY: the slot was written by a command that was submitted.
            unsafe { self.device.get_query_pool_results(marks, slot, &mut ticks, flags) }.what("read time marks")?;
            Ok(ticks[0])
        });
        let [from, to] = ticks;
        Ok(to?.saturating_sub(from?) as f64 * f64::from(self.limits.timestamp_period))
    }
}

/// Whether the device has what a target's attribute, ours or IREE's, says that kernels ask for.
fn takes(target: &str, limits: &vk::PhysicalDeviceLimits, subgroup: u32) -> bool {
    let number = |key: &str| {
        let rest = target.split_once(&format!("{key} = "))?.1;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok()
    };
    number("workgroup_threads").is_none_or(|threads| threads <= limits.max_compute_work_group_invocations)
        && number("subgroup_size").is_none_or(|wanted| wanted == subgroup)
        && number("grid").is_none_or(|grid| limits.max_compute_work_group_count.iter().all(|most| grid <= *most))
}

impl Device for VulkanDevice {
    fn allocate(&mut self, bytes: u64) -> DriverResult<u64> {
        Ok(self.memory.allocate(bytes)?)
    }

    fn release(&mut self, address: u64) -> DriverResult {
        Ok(self.memory.release(address)?)
    }

    unsafe fn import(&mut self, host: *const c_void, bytes: u64) -> DriverResult<u64> {
        let address = self.memory.allocate(bytes)?;
        // SAFETY: as the caller promises.
        unsafe { self.write(address, host, bytes) }?;
        Ok(address)
    }

    unsafe fn copy(&mut self, dst: u64, src: u64, bytes: u64) -> DriverResult {
        if bytes > 0 {
            self.copy_range(dst, src, bytes)?;
        }
        Ok(())
    }

    unsafe fn copy_strided(&mut self, element_bytes: u32, sizes: &[i64], dst: View<'_>, src: View<'_>) -> DriverResult {
        let width = u64::from(element_bytes);
        let to = self.memory.find(dst.address, strided::extent(width, sizes, dst.strides))?;
        let from = self.memory.find(src.address, strided::extent(width, sizes, src.strides))?;
        let pieces = strided::pieces(width, sizes, (to.offset, dst.strides), (from.offset, src.strides))
            .ok_or(VulkanError::Address { address: src.address, bytes: 0 })?;
        Ok(self.copy_pieces(to, from, &pieces)?)
    }

    unsafe fn fill(&mut self, dst: u64, pattern: u64, pattern_bytes: u32, count: u64) -> DriverResult {
        if count > 0 {
            self.fill_range(dst, pattern, pattern_bytes, count)?;
        }
        Ok(())
    }

    unsafe fn read(&mut self, host: *mut c_void, src: u64, bytes: u64) -> DriverResult {
        if bytes == 0 {
            return Ok(self.queue.wait()?);
        }
        let place = self.memory.find(src, bytes)?;
        // SAFETY: as the caller promises.
        let data = unsafe { std::slice::from_raw_parts_mut(host.cast::<u8>(), bytes as usize) };
        if let Some(from) = place.host {
            self.queue.wait()?;
            // SAFETY: mapped memory inside of a live buffer, which no command uses now.
            unsafe { std::ptr::copy_nonoverlapping(from, data.as_mut_ptr(), data.len()) };
            return Ok(());
        }
        Ok(self.staging.download(&self.device, &mut self.memory, &mut self.queue, src, data)?)
    }

    unsafe fn write(&mut self, dst: u64, host: *const c_void, bytes: u64) -> DriverResult {
        if bytes == 0 {
            return Ok(());
        }
        // SAFETY: as the caller promises.
        let data = unsafe { std::slice::from_raw_parts(host.cast::<u8>(), bytes as usize) };
        Ok(self.upload(dst, data)?)
    }

    fn load(&mut self, executable: &Source<'_>) -> DriverResult<u64> {
        let loaded = self.pipelines.load(executable)?;
        let handle = self.next_executable;
        self.executables.insert(handle, loaded);
        self.next_executable += 1;
        Ok(handle)
    }

    fn unload(&mut self, executable: u64) -> DriverResult {
        self.queue.wait()?;
        let found = self.executables.remove(&executable).ok_or(VulkanError::NoExecutable { executable })?;
        self.pipelines.unload(found);
        Ok(())
    }

    unsafe fn dispatch(
        &mut self,
        executable: u64,
        ordinal: u32,
        grid: [u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> DriverResult {
        Ok(self.run(executable, ordinal, grid, constants, bindings)?)
    }

    fn end(&mut self) -> DriverResult {
        Ok(self.queue.flush()?)
    }

    fn query(&mut self, category: &str, key: &str) -> Option<i64> {
        (category == "hal.executable.target")
            .then(|| i64::from(takes(key, &self.limits, self.subgroup) && matrices::takes(key, &self.matrices)))
    }

    fn synchronize(&mut self) -> DriverResult {
        Ok(self.queue.wait()?)
    }

    fn timestamp(&mut self) -> Option<u64> {
        self.mark().ok().flatten()
    }

    fn elapsed(&mut self, from: u64, to: u64) -> DriverResult<f64> {
        Ok(self.between(from, to)?)
    }
}

impl Drop for VulkanDevice {
    fn drop(&mut self) {
        let _one = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the device is alive until the end of this function, in which all that lives in it goes first. What a
        // lost device answers does not matter any more.
        unsafe {
            let _idle = self.device.device_wait_idle();
            for (_, executable) in self.executables.drain() {
                self.pipelines.unload(executable);
            }
            self.pipelines.close();
            if let Some(marks) = self.marks.take() {
                self.device.destroy_query_pool(marks, None);
            }
            self.queue.close();
            self.staging.close(&mut self.memory);
            self.memory.close();
            // The allocator frees its blocks when dropped, which needs the device.
            std::mem::ManuallyDrop::drop(&mut self.memory);
            self.device.destroy_device(None);
        }
    }
}

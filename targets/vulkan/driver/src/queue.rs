//! The compute queue: commands are collected, submitted in batches, and waited for by a timeline semaphore.
//!
//! Commands take effect in order: a memory barrier stands before each. Batches whose work is done are used again.

use std::{collections::VecDeque, rc::Rc};

use ash::{khr::timeline_semaphore, vk};

use crate::error::{Result, VulkanError, What};

/// Commands in a batch, after which it is submitted so that the device does not idle.
const BATCH: u32 = 128;
/// Descriptor sets of a pool.
const SETS: u32 = 64;
/// Descriptors of each type that a pool has for each of its sets.
const DESCRIPTORS: u32 = 16;

/// A command buffer and what its commands refer to.
struct Batch {
    commands: vk::CommandBuffer,
    pools: Vec<vk::DescriptorPool>,
    /// Pools of `pools` that are full.
    full: usize,
    recorded: u32,
}

/// The queue of an open device.
pub(crate) struct Queue {
    device: ash::Device,
    timelines: timeline_semaphore::Device,
    raw: vk::Queue,
    pool: vk::CommandPool,
    timeline: vk::Semaphore,
    /// Value that the last batch submitted will signal.
    submitted: u64,
    open: Option<Batch>,
    pending: VecDeque<(u64, Batch)>,
    idle: Vec<Batch>,
    /// The last kernel recorded, for messages.
    kernel: Rc<str>,
}

impl Queue {
    pub(crate) fn new(instance: &ash::Instance, device: &ash::Device, family: u32) -> Result<Self> {
        let pool = vk::CommandPoolCreateInfo::default()
            .queue_family_index(family)
            .flags(vk::CommandPoolCreateFlags::RESET_COMMAND_BUFFER);
        let mut kind = vk::SemaphoreTypeCreateInfo::default().semaphore_type(vk::SemaphoreType::TIMELINE);
        let semaphore = vk::SemaphoreCreateInfo::default().push_next(&mut kind);
        // SAFETY: the device was made with one queue of the family and with timeline semaphores.
        let (raw, pool, timeline) = unsafe {
            (
                device.get_device_queue(family, 0),
                device.create_command_pool(&pool, None).what("create a command pool")?,
                device.create_semaphore(&semaphore, None).what("create a semaphore")?,
            )
        };
        Ok(Self {
            device: device.clone(),
            timelines: timeline_semaphore::Device::new(instance, device),
            raw,
            pool,
            timeline,
            submitted: 0,
            open: None,
            pending: VecDeque::new(),
            idle: Vec::new(),
            kernel: "a copy".into(),
        })
    }

    /// Whether no work is collected or under way, as far as was looked.
    pub(crate) fn is_idle(&self) -> bool {
        self.open.is_none() && self.pending.is_empty()
    }

    /// Names the kernel that is recorded next.
    pub(crate) fn name(&mut self, kernel: &Rc<str>) {
        self.kernel = Rc::clone(kernel);
    }

    /// The command buffer for one more command, which sees what all commands before it wrote.
    pub(crate) fn command(&mut self) -> Result<vk::CommandBuffer> {
        if self.open.as_ref().is_some_and(|batch| batch.recorded >= BATCH) {
            self.flush()?;
        }
        let mut batch = match self.open.take() {
            Some(batch) => batch,
            None => self.begin()?,
        };
        batch.recorded += 1;
        let commands = batch.commands;
        self.open = Some(batch);
        let writes = vk::AccessFlags::SHADER_WRITE | vk::AccessFlags::TRANSFER_WRITE;
        let reads = vk::AccessFlags::SHADER_READ | vk::AccessFlags::UNIFORM_READ | vk::AccessFlags::TRANSFER_READ;
        self.barrier(commands, WORK, (writes, reads | writes));
        Ok(commands)
    }

    /// A descriptor set for the command that is recorded next.
    pub(crate) fn descriptors(&mut self, layout: vk::DescriptorSetLayout) -> Result<vk::DescriptorSet> {
        if self.open.is_none() {
            self.open = Some(self.begin()?);
        }
        let Some(batch) = &mut self.open else { return Err(VulkanError::NoDevice) };
        let layouts = [layout];
        let mut fresh = false;
        loop {
            if batch.full == batch.pools.len() {
                let sizes = [vk::DescriptorType::STORAGE_BUFFER, vk::DescriptorType::UNIFORM_BUFFER]
                    .map(|ty| vk::DescriptorPoolSize { ty, descriptor_count: SETS * DESCRIPTORS });
                let info = vk::DescriptorPoolCreateInfo::default().max_sets(SETS).pool_sizes(&sizes);
                // SAFETY: the device is alive; so in all calls here.
                let pool = unsafe { self.device.create_descriptor_pool(&info, None) };
                batch.pools.push(pool.what("create a descriptor pool")?);
                fresh = true;
            }
            let info =
                vk::DescriptorSetAllocateInfo::default().descriptor_pool(batch.pools[batch.full]).set_layouts(&layouts);
            // SAFETY: pool and layout are alive.
            match unsafe { self.device.allocate_descriptor_sets(&info) } {
                Ok(sets) => return Ok(sets[0]),
                Err(vk::Result::ERROR_OUT_OF_POOL_MEMORY | vk::Result::ERROR_FRAGMENTED_POOL) if !fresh => {
                    batch.full += 1;
                }
                Err(result) => return Err(VulkanError::Call { what: "allocate descriptors", result }),
            }
        }
    }

    /// Submits what was collected.
    pub(crate) fn flush(&mut self) -> Result {
        let Some(batch) = self.open.take() else { return Ok(()) };
        let writes = vk::AccessFlags::SHADER_WRITE | vk::AccessFlags::TRANSFER_WRITE;
        self.barrier(batch.commands, vk::PipelineStageFlags::HOST, (writes, vk::AccessFlags::HOST_READ));
        let (buffers, signals, value) = ([batch.commands], [self.timeline], [self.submitted + 1]);
        let mut values = vk::TimelineSemaphoreSubmitInfo::default().signal_semaphore_values(&value);
        let submit =
            vk::SubmitInfo::default().command_buffers(&buffers).signal_semaphores(&signals).push_next(&mut values);
        // SAFETY: the buffer was begun and is not pending; all that its commands name is alive until it is done.
        unsafe {
            self.device.end_command_buffer(batch.commands).what("record commands")?;
            let submitted = self.device.queue_submit(self.raw, &[submit], vk::Fence::null());
            submitted.map_err(|result| self.failed("submit work", result))?;
        }
        self.submitted += 1;
        self.pending.push_back((self.submitted, batch));
        Ok(())
    }

    /// Submits what was collected, and waits for all work.
    pub(crate) fn wait(&mut self) -> Result {
        self.flush()?;
        if self.pending.is_empty() {
            return Ok(());
        }
        let (semaphores, values) = ([self.timeline], [self.submitted]);
        let info = vk::SemaphoreWaitInfo::default().semaphores(&semaphores).values(&values);
        // SAFETY: the semaphore is alive, and a batch that signals the value was submitted.
        let waited = unsafe { self.timelines.wait_semaphores(&info, u64::MAX) };
        waited.map_err(|result| self.failed("wait for the device", result))?;
        for (_, mut batch) in std::mem::take(&mut self.pending) {
            for pool in &batch.pools {
                // SAFETY: the commands that used the pool's sets are done.
                let reset = unsafe { self.device.reset_descriptor_pool(*pool, vk::DescriptorPoolResetFlags::empty()) };
                reset.what("reset a descriptor pool")?;
            }
            (batch.full, batch.recorded) = (0, 0);
            self.idle.push(batch);
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<Batch> {
        let batch = match self.idle.pop() {
            Some(batch) => batch,
            None => {
                let info = vk::CommandBufferAllocateInfo::default().command_pool(self.pool).command_buffer_count(1);
                // SAFETY: the pool is alive.
                let commands = unsafe { self.device.allocate_command_buffers(&info) };
                let commands = commands.what("allocate a command buffer")?[0];
                Batch { commands, pools: Vec::new(), full: 0, recorded: 0 }
            }
        };
        let info = vk::CommandBufferBeginInfo::default().flags(vk::CommandBufferUsageFlags::ONE_TIME_SUBMIT);
        // SAFETY: the buffer is not pending; beginning resets it.
        unsafe { self.device.begin_command_buffer(batch.commands, &info) }.what("begin a command buffer")?;
        Ok(batch)
    }

    fn barrier(
        &self,
        commands: vk::CommandBuffer,
        then: vk::PipelineStageFlags,
        (writes, reads): (vk::AccessFlags, vk::AccessFlags),
    ) {
        let barrier = [vk::MemoryBarrier::default().src_access_mask(writes).dst_access_mask(reads)];
        // SAFETY: the buffer is being recorded.
        unsafe {
            self.device.cmd_pipeline_barrier(commands, WORK, then, vk::DependencyFlags::empty(), &barrier, &[], &[]);
        }
    }

    fn failed(&self, what: &'static str, result: vk::Result) -> VulkanError {
        match result {
            vk::Result::ERROR_DEVICE_LOST => VulkanError::Lost { kernel: self.kernel.to_string() },
            result => VulkanError::Call { what, result },
        }
    }

    /// Destroys everything; the device is idle.
    pub(crate) fn close(&mut self) {
        let pending = std::mem::take(&mut self.pending).into_iter().map(|(_, batch)| batch);
        let batches = self.idle.drain(..).chain(pending).chain(self.open.take());
        // SAFETY: the device is idle and alive; command buffers go with their pool.
        unsafe {
            for pool in batches.flat_map(|batch| batch.pools).collect::<Vec<_>>() {
                self.device.destroy_descriptor_pool(pool, None);
            }
            self.device.destroy_command_pool(self.pool, None);
            self.device.destroy_semaphore(self.timeline, None);
        }
    }
}

/// The stages of everything that is ever recorded.
const WORK: vk::PipelineStageFlags = vk::PipelineStageFlags::from_raw(
    vk::PipelineStageFlags::COMPUTE_SHADER.as_raw() | vk::PipelineStageFlags::TRANSFER.as_raw(),
);

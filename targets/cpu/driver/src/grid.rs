//! Running a range of a grid's workgroups on the current thread.

use std::{
    alloc::{Layout, alloc, dealloc, handle_alloc_error},
    ffi::c_void,
    ops::Range,
};

use ropt_abi::kernel::{DispatchState, Environment, Kernel, LOCAL_MEMORY_DEFAULT, WorkgroupState};

/// A dispatch: a kernel, its state, and the number of its workgroups.
pub(crate) struct Grid<'a> {
    pub(crate) kernel: Kernel,
    pub(crate) environment: &'a Environment,
    pub(crate) state: &'a DispatchState,
    pub(crate) count: u64,
    /// Tells dispatches of other sizes apart: made of the number of workgroups and the lengths of the bindings.
    pub(crate) work: u64,
    /// Scratch bytes that the kernel asks for.
    pub(crate) local_memory: u32,
}

/// A kernel returned something else than 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) workgroup: [u32; 3],
    pub(crate) code: i32,
}

impl Grid<'_> {
    /// Runs the workgroups `range` (x fastest) in order; stops at the first failure.
    ///
    /// # Safety
    /// The kernel follows `ropt/kernel.h`, and the state's pointers are what it expects.
    pub(crate) unsafe fn run(&self, range: Range<u64>, scratch: &mut Scratch, processor: u32) -> Result<(), Failure> {
        if range.is_empty() {
            return Ok(());
        }
        let (columns, rows) = (u64::from(self.state.workgroup_count_x), u64::from(self.state.workgroup_count_y));
        let local_memory = scratch.at_least(self.local_memory);
        // The remainders are below the counts, which have 32 and 16 bits.
        let mut workgroup = WorkgroupState {
            workgroup_id_x: (range.start % columns) as u32,
            workgroup_id_y: (range.start / columns % rows) as u32,
            workgroup_id_z: (range.start / columns / rows) as u16,
            reserved: 0,
            processor_id: processor,
            local_memory,
            local_memory_size: scratch.size(),
        };
        for _ in range {
            // SAFETY: the caller vouches for kernel and state; a copy, so that the kernel cannot change the loop.
            let code = unsafe { (self.kernel)(self.environment, self.state, &WorkgroupState { ..workgroup }) };
            if code != 0 {
                let id = [workgroup.workgroup_id_x, workgroup.workgroup_id_y, u32::from(workgroup.workgroup_id_z)];
                return Err(Failure { workgroup: id, code });
            }
            workgroup.workgroup_id_x += 1;
            if workgroup.workgroup_id_x == self.state.workgroup_count_x {
                workgroup.workgroup_id_x = 0;
                workgroup.workgroup_id_y += 1;
                if workgroup.workgroup_id_y == self.state.workgroup_count_y {
                    workgroup.workgroup_id_y = 0;
                    workgroup.workgroup_id_z = workgroup.workgroup_id_z.wrapping_add(1);
                }
            }
        }
        Ok(())
    }
}

/// Scratch memory of one thread, for one workgroup after the other.
pub(crate) struct Scratch {
    block: *mut u8,
    layout: Layout,
}

// SAFETY: the block belongs to the value alone.
unsafe impl Send for Scratch {}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self::with_size(LOCAL_MEMORY_DEFAULT)
    }

    fn with_size(size: u32) -> Self {
        let Ok(layout) = Layout::from_size_align((size as usize).max(1), 64) else {
            unreachable!("32-bit sizes fit the address space")
        };
        // SAFETY: the size is not 0.
        let block = unsafe { alloc(layout) };
        if block.is_null() {
            handle_alloc_error(layout);
        }
        Self { block, layout }
    }

    fn at_least(&mut self, size: u32) -> *mut c_void {
        if self.layout.size() < size as usize {
            *self = Self::with_size(size);
        }
        self.block.cast()
    }

    fn size(&self) -> u32 {
        u32::try_from(self.layout.size()).unwrap_or(u32::MAX)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // SAFETY: `with_size` allocated the block with this layout.
        unsafe { dealloc(self.block, self.layout) };
    }
}

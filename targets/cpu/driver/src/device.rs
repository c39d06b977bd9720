//! The open device: memory, executables, and the dispatch path.

use std::{ffi::c_void, sync::atomic::Ordering::Relaxed};

use ropt_abi::kernel::{DispatchState, SHORT_BINDING, limits};
use ropt_driver::{
    driver::{Binding, Device, DriverError, DriverResult, Executable, View},
    host,
};

use crate::{
    clock::{nanoseconds, ticks},
    grid::{Failure, Grid, Scratch},
    library::{Export, Library},
    memory::Pool,
    query::query,
    threads::Threads,
};

/// A dispatch that is expected to take no longer runs on the calling thread: some four microseconds, the price of
/// waking a thread.
const INLINE_TICKS: u64 = 12_000;
/// A dispatch that took less, for the same amount of work, is not even measured again: reading the clock would cost a
/// good part of it.
const UNMEASURED_TICKS: u64 = INLINE_TICKS / 4;
/// Bindings that fit the stack; more are rare and cost an allocation.
const FEW_BINDINGS: usize = 16;

/// An open CPU device. Everything is done when a call returns.
pub(crate) struct CpuDevice {
    memory: Pool,
    /// Host memory that the device may read.
    imported: Vec<u64>,
    libraries: Vec<Option<Library>>,
    /// None: all on the calling thread.
    threads: Option<Threads>,
    scratch: Scratch,
}

impl CpuDevice {
    /// A device of `threads` threads, the calling one included.
    pub(crate) fn new(threads: usize) -> Self {
        let threads = (threads > 1).then(|| Threads::start(threads - 1));
        Self { memory: Pool::default(), imported: Vec::new(), libraries: Vec::new(), threads, scratch: Scratch::new() }
    }

    /// Runs a grid: short ones here, long ones with the pool.
    ///
    /// # Safety
    /// As for [`Grid::run`].
    unsafe fn run(
        threads: Option<&mut Threads>,
        scratch: &mut Scratch,
        grid: &Grid<'_>,
        export: &Export,
    ) -> Result<(), Failure> {
        let Some(threads) = threads.filter(|_| grid.count > 1) else {
            // SAFETY: as the caller promises.
            return unsafe { grid.run(0..grid.count, scratch, 0) };
        };
        let expected = export.ticks.load(Relaxed);
        let same = export.work.load(Relaxed) == grid.work;
        export.work.store(grid.work, Relaxed);
        let mut done = 0;
        if same && expected != 0 && expected.saturating_mul(grid.count) <= UNMEASURED_TICKS {
            // SAFETY: as the caller promises.
            return unsafe { grid.run(0..grid.count, scratch, 0) };
        }
        if expected != 0 && expected.saturating_mul(grid.count) <= INLINE_TICKS {
            let (start, mut piece) = (ticks(), 16);
            loop {
                let end = (done + piece).min(grid.count);
                // SAFETY: as the caller promises.
                unsafe { grid.run(done..end, scratch, 0)? };
                (done, piece) = (end, piece * 2);
                let elapsed = ticks() - start;
                if done == grid.count {
                    export.ticks.store((elapsed / grid.count).max(1), Relaxed);
                    return Ok(());
                }
                if elapsed > INLINE_TICKS {
                    break;
                }
            }
        }
        // SAFETY: as the caller promises; kernels may run concurrently by contract.
        let share = unsafe { threads.run(grid, done, scratch) };
        if let Some(each) = share.ticks.checked_div(share.workgroups) {
            export.ticks.store(each.max(1), Relaxed);
        }
        share.result
    }
}

impl Device for CpuDevice {
    fn allocate(&mut self, bytes: u64) -> DriverResult<u64> {
        self.memory.allocate(bytes).map_err(|error| DriverError::new(error.to_string()))
    }

    fn release(&mut self, address: u64) -> DriverResult {
        if let Some(index) = self.imported.iter().position(|&imported| imported == address) {
            self.imported.swap_remove(index);
            return Ok(());
        }
        self.memory.release(address).map_err(|error| DriverError::new(error.to_string()))
    }

    unsafe fn import(&mut self, host: *const c_void, _bytes: u64) -> DriverResult<u64> {
        self.imported.push(host as u64);
        Ok(host as u64)
    }

    unsafe fn copy(&mut self, dst: u64, src: u64, bytes: u64) -> DriverResult {
        // SAFETY: as the caller promises. Overlap is not allowed, but costs nothing to get right.
        unsafe { std::ptr::copy(src as *const u8, dst as *mut u8, bytes as usize) };
        Ok(())
    }

    unsafe fn copy_strided(&mut self, element_bytes: u32, sizes: &[i64], dst: View<'_>, src: View<'_>) -> DriverResult {
        // SAFETY: as the caller promises.
        unsafe { host::copy_strided(element_bytes as usize, sizes, dst, src) };
        Ok(())
    }

    unsafe fn fill(&mut self, dst: u64, pattern: u64, pattern_bytes: u32, count: u64) -> DriverResult {
        // SAFETY: as the caller promises.
        unsafe { host::fill(dst, pattern, pattern_bytes, count) }
    }

    unsafe fn read(&mut self, host: *mut c_void, src: u64, bytes: u64) -> DriverResult {
        // SAFETY: as the caller promises.
        unsafe { std::ptr::copy(src as *const u8, host.cast(), bytes as usize) };
        Ok(())
    }

    unsafe fn write(&mut self, dst: u64, host: *const c_void, bytes: u64) -> DriverResult {
        // SAFETY: as the caller promises.
        unsafe { std::ptr::copy(host.cast(), dst as *mut u8, bytes as usize) };
        Ok(())
    }

    fn load(&mut self, executable: &Executable<'_>) -> DriverResult<u64> {
        let library = Library::load(executable).map_err(|error| DriverError::new(error.to_string()))?;
        self.libraries.push(Some(library));
        Ok(self.libraries.len() as u64 - 1)
    }

    fn unload(&mut self, executable: u64) -> DriverResult {
        let slot = usize::try_from(executable).ok().and_then(|index| self.libraries.get_mut(index));
        match slot.and_then(Option::take) {
            Some(_unloaded) => Ok(()),
            None => Err(DriverError::new(format!("there is no executable number {executable}"))),
        }
    }

    unsafe fn dispatch(
        &mut self,
        executable: u64,
        ordinal: u32,
        grid: [u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> DriverResult {
        let library = self.libraries.get(executable as usize).and_then(Option::as_ref);
        let Some(library) = library else {
            return Err(DriverError::new(format!("there is no executable number {executable}")));
        };
        let Some(export) = library.export(ordinal) else {
            return Err(DriverError::new(format!("executable '{}' has no export number {ordinal}", library.name)));
        };
        let count = check(export, grid, constants, bindings)?;
        if count == 0 {
            return Ok(());
        }
        let (mut few_pointers, mut few_lengths) = ([std::ptr::null_mut::<c_void>(); FEW_BINDINGS], [0; FEW_BINDINGS]);
        let (mut many_pointers, mut many_lengths) = (Vec::new(), Vec::new());
        let (pointers, lengths) = if bindings.len() <= FEW_BINDINGS {
            (few_pointers.as_mut_slice(), few_lengths.as_mut_slice())
        } else {
            many_pointers.resize(bindings.len(), std::ptr::null_mut());
            many_lengths.resize(bindings.len(), 0);
            (many_pointers.as_mut_slice(), many_lengths.as_mut_slice())
        };
        let mut work = count;
        for ((pointer, length), binding) in pointers.iter_mut().zip(lengths.iter_mut()).zip(bindings) {
            (*pointer, *length) = (binding.address as *mut c_void, binding.length as usize);
            work = work.rotate_left(5) ^ binding.length;
        }
        let state = DispatchState {
            workgroup_size_x: 1,
            workgroup_size_y: 1,
            workgroup_size_z: 1,
            // `check` has seen to it that the counts fit.
            constant_count: constants.len() as u16,
            workgroup_count_x: grid[0],
            workgroup_count_y: grid[1],
            workgroup_count_z: grid[2] as u16,
            max_concurrency: self.threads.as_ref().map_or(1, |threads| threads.count() as u8 + 1),
            binding_count: bindings.len() as u8,
            constants: constants.as_ptr(),
            binding_ptrs: pointers.as_ptr(),
            binding_lengths: lengths.as_ptr(),
        };
        let grid = Grid {
            kernel: export.kernel,
            environment: &library.environment,
            state: &state,
            count,
            work,
            local_memory: export.local_memory,
        };
        // SAFETY: the caller vouches for the bindings, the executable's contract for the kernel.
        let result = unsafe { Self::run(self.threads.as_mut(), &mut self.scratch, &grid, export) };
        result.map_err(|Failure { workgroup: [x, y, z], code }| {
            let short = code.checked_sub(SHORT_BINDING).and_then(|index| bindings.get(usize::try_from(index).ok()?));
            if let Some(binding) = short {
                return DriverError::new(format!(
                    "export '{}' of executable '{}' needs more of binding {} than the {} bytes that the dispatch gives it",
                    export.name,
                    library.name,
                    code - SHORT_BINDING,
                    binding.length
                ));
            }
            DriverError::new(format!(
                "export '{}' of executable '{}' returned {code} in workgroup ({x}, {y}, {z})",
                export.name, library.name
            ))
        })
    }

    fn query(&mut self, category: &str, key: &str) -> Option<i64> {
        query(category, key, self.threads.as_ref().map_or(1, |threads| threads.count() + 1))
    }

    fn timestamp(&mut self) -> Option<u64> {
        Some(nanoseconds())
    }

    fn elapsed(&mut self, from: u64, to: u64) -> DriverResult<f64> {
        Ok(to.saturating_sub(from) as f64)
    }
}

/// Checks a dispatch against the export and the limits of the kernel's calling convention; gives the number of its
/// workgroups.
fn check(export: &Export, grid: [u32; 3], constants: &[u32], bindings: &[Binding]) -> DriverResult<u64> {
    let name = &export.name;
    if bindings.len() != export.bindings || constants.len() != export.constants as usize {
        return Err(DriverError::new(format!(
            "export '{name}' takes {} bindings and {} constants, but the program passes {} and {}",
            export.bindings,
            export.constants,
            bindings.len(),
            constants.len()
        )));
    }
    if bindings.len() > limits::BINDINGS || constants.len() > limits::CONSTANTS || grid[2] > limits::GRID_Z {
        return Err(DriverError::new(format!(
            "export '{name}': {} bindings, {} constants and {} workgroups along z are beyond the limits of CPU kernels \
             ({}, {}, {})",
            bindings.len(),
            constants.len(),
            grid[2],
            limits::BINDINGS,
            limits::CONSTANTS,
            limits::GRID_Z
        )));
    }
    if let Some(index) = bindings.iter().position(|binding| binding.address == 0 && binding.length != 0) {
        return Err(DriverError::new(format!("binding {index} of export '{name}' has no memory")));
    }
    let plane = u64::from(grid[0]) * u64::from(grid[1]);
    // The program says the largest number for every one that is no smaller, and for negative ones.
    let all = plane.checked_mul(u64::from(grid[2])).filter(|_| !grid.contains(&u32::MAX));
    all.ok_or_else(|| {
        DriverError::new(format!(
            "the grid of export '{name}', {} x {} x {}, is too large: a count must be less than {}",
            grid[0],
            grid[1],
            grid[2],
            u32::MAX
        ))
    })
}

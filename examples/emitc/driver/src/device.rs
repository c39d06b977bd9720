//! The open device: the host's memory, and the executables that were compiled.

use std::ffi::c_void;

use ropt_driver::{
    driver::{Binding, Device, DriverError, DriverResult, Executable, View},
    host::{self, HostMemory, Kernels},
};

use crate::compile::Compiler;

/// Everything is done when a call returns.
pub(crate) struct CDevice {
    compiler: Compiler,
    memory: HostMemory,
    loaded: Vec<Option<Kernels>>,
}

impl CDevice {
    pub(crate) fn new(compiler: Compiler) -> Self {
        Self { compiler, memory: HostMemory::default(), loaded: Vec::new() }
    }

    fn kernels(&mut self, executable: u64) -> DriverResult<&mut Option<Kernels>> {
        let slot = usize::try_from(executable).ok().and_then(|index| self.loaded.get_mut(index));
        slot.filter(|slot| slot.is_some())
            .ok_or_else(|| DriverError::new(format!("there is no executable number {executable}")))
    }
}

impl Device for CDevice {
    fn allocate(&mut self, bytes: u64) -> DriverResult<u64> {
        self.memory.allocate(bytes)
    }

    fn release(&mut self, address: u64) -> DriverResult {
        self.memory.release(address)
    }

    unsafe fn import(&mut self, host: *const c_void, _bytes: u64) -> DriverResult<u64> {
        Ok(self.memory.import(host))
    }

    unsafe fn copy(&mut self, dst: u64, src: u64, bytes: u64) -> DriverResult {
        // SAFETY: as the caller promises.
        unsafe { host::copy(dst, src, bytes) };
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
        // SAFETY: as the caller promises; memory of the host and of the device are the same.
        unsafe { host::copy(host as u64, src, bytes) };
        Ok(())
    }

    unsafe fn write(&mut self, dst: u64, host: *const c_void, bytes: u64) -> DriverResult {
        // SAFETY: as the caller promises; memory of the host and of the device are the same.
        unsafe { host::copy(dst, host as u64, bytes) };
        Ok(())
    }

    fn load(&mut self, executable: &Executable<'_>) -> DriverResult<u64> {
        let image = self.compiler.compile(executable.name, executable.data)?;
        self.loaded.push(Some(Kernels::load(executable, &image)?));
        Ok(self.loaded.len() as u64 - 1)
    }

    fn unload(&mut self, executable: u64) -> DriverResult {
        *self.kernels(executable)? = None;
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
        let kernels = self.kernels(executable)?;
        // SAFETY: as the caller promises.
        kernels.as_mut().map_or(Ok(()), |kernels| unsafe { kernels.dispatch(ordinal, grid, constants, bindings) })
    }
}

//! A safe face for a driver's tables.

use std::ffi::c_void;

use ropt_abi::{
    abi_stable::std_types::{RResult, RSlice, RString},
    driver::{DeviceTableRef, DriverDescriptorRef, ExecutableSource, ExportInfo, RawDevice, Status},
    program::{Binding, Variant},
};
use thiserror::Error;

use crate::fault::{self, Guard, Place};

/// A driver call failed.
#[derive(Debug, Clone, Error)]
#[error("{message}")]
pub struct DeviceError {
    /// What the driver says: one sentence.
    pub message: String,
}

/// A device that can be opened.
#[derive(Debug, Clone)]
pub struct DeviceInfo {
    /// What `--device=` takes.
    pub name: String,
    /// Product name.
    pub description: String,
    /// Bytes of memory; 0 when unknown.
    pub memory: u64,
    /// Further facts.
    pub properties: Vec<(String, String)>,
}

/// A driver that is loaded.
#[derive(Clone, Copy)]
pub(crate) struct Driver {
    pub(crate) table: DriverDescriptorRef,
    /// For the message when it crashes.
    pub(crate) place: &'static Place,
}

/// An open device; closed when dropped.
pub struct Device {
    name: String,
    formats: Vec<String>,
    table: DeviceTableRef,
    raw: RawDevice,
    place: &'static Place,
}

fn result<T>(result: RResult<T, RString>) -> Result<T, DeviceError> {
    result.into_result().map_err(|message| DeviceError { message: message.into() })
}

/// The driver's devices, the default one first.
pub(crate) fn devices(driver: Driver) -> Result<Vec<DeviceInfo>, DeviceError> {
    let _guard = fault::enter_driver(driver.place);
    let devices = result(driver.table.devices()())?;
    let info = |device: ropt_abi::driver::DeviceInfo| DeviceInfo {
        name: device.name.into(),
        description: device.description.into(),
        memory: device.memory,
        properties: device.properties.into_iter().map(|pair| (pair.0.into(), pair.1.into())).collect(),
    };
    Ok(devices.into_iter().map(info).collect())
}

/// The formats that the driver's devices load, best first.
pub(crate) fn formats(driver: Driver) -> Vec<String> {
    let _guard = fault::enter_driver(driver.place);
    driver.table.formats()().into_iter().map(|format| format.as_str().to_owned()).collect()
}

impl Device {
    /// Opens a driver's device.
    pub(crate) fn open(driver: Driver, index: u32, name: &str, options: &str) -> Result<Self, DeviceError> {
        let Driver { table, place } = driver;
        let _guard = fault::enter_driver(place);
        let raw = result(table.open()(index, options.into()))?;
        Ok(Self { name: name.to_owned(), formats: formats(driver), table: table.device(), raw, place })
    }

    /// The name it was opened by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Executable formats that it loads, best first.
    #[must_use]
    pub fn formats(&self) -> &[String] {
        &self.formats
    }

    fn enter(&self) -> Guard {
        fault::enter_driver(self.place)
    }

    /// New memory of as many bytes; its address.
    ///
    /// # Errors
    /// When the memory cannot be had.
    pub fn allocate(&self, bytes: u64) -> Result<u64, DeviceError> {
        let _guard = self.enter();
        // SAFETY: `raw` is open until `self` is dropped; so in all functions here.
        result(unsafe { self.table.allocate()(self.raw, bytes) })
    }

    /// Gives back what `allocate` or `import` returned.
    ///
    /// # Errors
    /// When the address is neither.
    pub fn release(&self, address: u64) -> Result<(), DeviceError> {
        let _guard = self.enter();
        // SAFETY: open, see `allocate`.
        result(unsafe { self.table.release()(self.raw, address) })
    }

    /// Makes host memory readable by the device, until it is released.
    ///
    /// # Errors
    /// When the driver refuses or the device failed.
    ///
    /// # Safety
    /// The memory stays valid and unchanged as long as the device is open.
    pub unsafe fn import(&self, host: *const c_void, bytes: u64) -> Result<u64, DeviceError> {
        let _guard = self.enter();
        // SAFETY: open; the caller vouches for the memory.
        result(unsafe { self.table.import()(self.raw, host, bytes) })
    }

    /// Copies between ranges that do not overlap.
    ///
    /// # Errors
    /// When the driver refuses or the device failed.
    ///
    /// # Safety
    /// The ranges are valid.
    pub unsafe fn copy(&self, dst: u64, src: u64, bytes: u64) -> Result<(), DeviceError> {
        let _guard = self.enter();
        // SAFETY: open; the caller vouches for the ranges.
        result(unsafe { self.table.copy()(self.raw, dst, src, bytes) })
    }

    /// Copies elements between strided views of the same sizes; strides are in elements.
    ///
    /// # Errors
    /// When the driver refuses or the device failed.
    ///
    /// # Safety
    /// The views are valid and have as many strides as there are sizes.
    pub unsafe fn copy_strided(
        &self,
        element_bytes: u32,
        sizes: &[i64],
        (dst, dst_strides): (u64, &[i64]),
        (src, src_strides): (u64, &[i64]),
    ) -> Result<(), DeviceError> {
        let _guard = self.enter();
        let call = self.table.copy_strided();
        let _guard = self.enter();
        // SAFETY: open; the caller vouches for the views.
        result(unsafe { call(self.raw, element_bytes, sizes.into(), dst, dst_strides.into(), src, src_strides.into()) })
    }

    /// Writes the low `width` bytes of a pattern, `count` times.
    ///
    /// # Errors
    /// When the driver refuses or the device failed.
    ///
    /// # Safety
    /// The range is valid.
    pub unsafe fn fill(&self, dst: u64, pattern: u64, width: u32, count: u64) -> Result<(), DeviceError> {
        let _guard = self.enter();
        // SAFETY: open; the caller vouches for the range.
        result(unsafe { self.table.fill()(self.raw, dst, pattern, width, count) })
    }

    /// Copies to host memory, after the work submitted before.
    ///
    /// # Errors
    /// When the driver refuses or the device failed.
    ///
    /// # Safety
    /// The ranges are valid.
    pub unsafe fn read(&self, host: *mut c_void, src: u64, bytes: u64) -> Result<(), DeviceError> {
        let _guard = self.enter();
        // SAFETY: open; the caller vouches for the ranges.
        result(unsafe { self.table.read()(self.raw, host, src, bytes) })
    }

    /// Copies from host memory.
    ///
    /// # Errors
    /// When the driver refuses or the device failed.
    ///
    /// # Safety
    /// The ranges are valid.
    pub unsafe fn write(&self, dst: u64, host: *const c_void, bytes: u64) -> Result<(), DeviceError> {
        let _guard = self.enter();
        // SAFETY: open; the caller vouches for the ranges.
        result(unsafe { self.table.write()(self.raw, dst, host, bytes) })
    }

    /// A number that the device knows; None also from drivers that are too old to be asked.
    pub(crate) fn query(&self, category: &str, key: &str) -> Option<i64> {
        let _guard = self.enter();
        // SAFETY: open, see `allocate`.
        unsafe { self.table.query()?(self.raw, category.into(), key.into()) }.into()
    }

    /// Loads a variant's binary with the words of its kernels' environment; gives its handle.
    ///
    /// # Errors
    /// When the binary is none that the driver can load for these exports.
    pub fn load(&self, executable: &str, variant: &Variant, data: &[u8], words: &[u32]) -> Result<u64, DeviceError> {
        let _guard = self.enter();
        let bindings: Vec<Vec<RString>> = variant
            .exports
            .iter()
            .map(|export| export.bindings.iter().map(|text| text.as_str().into()).collect())
            .collect();
        let exports: Vec<ExportInfo<'_>> = variant
            .exports
            .iter()
            .zip(&bindings)
            .map(|(export, bindings)| ExportInfo {
                name: export.name.as_str().into(),
                ordinal: export.ordinal,
                constants: export.constants,
                bindings: RSlice::from_slice(bindings),
            })
            .collect();
        let source = ExecutableSource {
            name: executable.into(),
            format: variant.format.as_str().into(),
            target: variant.target.as_str().into(),
            data: data.into(),
            exports: RSlice::from_slice(&exports),
        };
        if words.is_empty() {
            // SAFETY: open, see `allocate`.
            return result(unsafe { self.table.load()(self.raw, &source) });
        }
        let Some(specialize) = self.table.specialize() else {
            let message =
                format!("the driver of '{}' is too old for executable '{executable}' with constants", self.name);
            return Err(DeviceError { message });
        };
        let _guard = self.enter();
        // SAFETY: open, see `allocate`.
        result(unsafe { specialize(self.raw, &source, words.into()) })
    }

    /// Frees an executable.
    ///
    /// # Errors
    /// When there is none of that handle.
    pub fn unload(&self, executable: u64) -> Result<(), DeviceError> {
        let _guard = self.enter();
        // SAFETY: open, see `allocate`.
        result(unsafe { self.table.unload()(self.raw, executable) })
    }

    /// Runs an export on a grid of workgroups.
    ///
    /// # Safety
    /// The bindings are valid and what the kernel expects, or the driver refuses the dispatch.
    #[inline]
    pub unsafe fn dispatch(
        &self,
        executable: u64,
        ordinal: u32,
        grid: &[u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> Status {
        let _guard = self.enter();
        // SAFETY: open; the caller vouches for the bindings.
        unsafe { self.table.dispatch()(self.raw, executable, ordinal, grid, constants.into(), bindings.into()) }
    }

    /// Work up to [`Device::end`] may be submitted as one piece.
    ///
    /// # Errors
    /// When the device failed.
    pub fn begin(&self) -> Result<(), DeviceError> {
        let _guard = self.enter();
        // SAFETY: open, see `allocate`.
        result(unsafe { self.table.begin()(self.raw) })
    }

    /// Submits what was collected since [`Device::begin`].
    ///
    /// # Errors
    /// When the device failed.
    pub fn end(&self) -> Result<(), DeviceError> {
        let _guard = self.enter();
        // SAFETY: open, see `allocate`.
        result(unsafe { self.table.end()(self.raw) })
    }

    /// Waits for all work.
    ///
    /// # Errors
    /// The first error of it.
    pub fn synchronize(&self) -> Result<(), DeviceError> {
        let _guard = self.enter();
        // SAFETY: open, see `allocate`.
        result(unsafe { self.table.synchronize()(self.raw) })
    }

    /// A mark behind the work submitted so far; None when the device has no clock.
    #[must_use]
    pub fn timestamp(&self) -> Option<u64> {
        let _guard = self.enter();
        let call = self.table.timestamp()?;
        let _guard = self.enter();
        // SAFETY: open, see `allocate`.
        unsafe { call(self.raw) }.into()
    }

    /// Nanoseconds between two marks; None when the device has no clock.
    #[must_use]
    pub fn elapsed(&self, from: u64, to: u64) -> Option<f64> {
        let _guard = self.enter();
        let call = self.table.elapsed()?;
        let _guard = self.enter();
        // SAFETY: open, see `allocate`.
        unsafe { call(self.raw, from, to) }.ok().into()
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let _guard = self.enter();
        // SAFETY: open, and closed only here.
        unsafe { self.table.close()(self.raw) };
    }
}

//! The CUDA driver: runs PTX kernels through NVIDIA's driver API, which is opened at run time.
//!
//! Owns the devices `cuda:N`. A machine without NVIDIA's driver has no CUDA device, which is one sentence and no failure.
//! Knows nothing of MLIR, programs or files.

mod capability;
mod detours;
mod device;
mod error;
mod graphs;
mod launches;
mod local_memory;
mod management;
mod module;
mod rows;
mod workgroups;

use cudarc::driver::{result, sys};
use ropt_driver::driver::{DeviceInfo, Driver, DriverResult};

use crate::{
    device::CudaDevice,
    error::{CudaError, Result, What},
};

/// The driver.
struct CudaDriver;

ropt_driver::plugin!("driver-cuda");
ropt_driver::register_driver!("cuda", "runs PTX kernels on NVIDIA GPUs", CudaDriver);

impl Driver for CudaDriver {
    const FORMATS: &'static [&'static str] = &["cuda-nvptx-fb"];
    type Device = CudaDevice;

    fn devices() -> DriverResult<Vec<DeviceInfo>> {
        let count = start()?;
        Ok((0..count).map(info).collect::<Result<Vec<_>>>()?)
    }

    /// `options` are parts between commas: the device's number; `graphs=off` launches every kernel by itself.
    fn open(index: u32, options: &str) -> DriverResult<CudaDevice> {
        let (mut index, mut graphs) = (i32::try_from(index).unwrap_or(i32::MAX), true);
        for part in options.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part {
                "graphs=off" => graphs = false,
                "graphs=on" => graphs = true,
                number => index = number.parse().map_err(|_| CudaError::Options { text: number.to_owned() })?,
            }
        }
        let count = start()?;
        if !(0..count).contains(&index) {
            return Err(CudaError::NoDevice { index, count }.into());
        }
        Ok(CudaDevice::open(index, graphs)?)
    }
}

/// Opens NVIDIA's library and gives the number of devices. cudarc panics where there is no library, so it is looked for
/// first.
fn start() -> Result<i32> {
    // SAFETY: loads the system's CUDA driver, whose initialisers are trusted as those of any library.
    if !unsafe { sys::is_culib_present() } {
        return Err(CudaError::NoLibrary);
    }
    result::init().what("start CUDA")?;
    match result::device::get_count().what("count the devices")? {
        0 => Err(CudaError::NoDevices),
        count => Ok(count),
    }
}

/// What `ropt-run devices` shows.
fn info(index: i32) -> Result<DeviceInfo> {
    use sys::CUdevice_attribute as Attribute;
    let device = result::device::get(index).what("open a device")?;
    let ask = |attribute| {
        // SAFETY: the device was just given by the driver.
        unsafe { result::device::get_attribute(device, attribute) }.what("ask for an attribute")
    };
    let major = ask(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)?;
    let minor = ask(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)?;
    let facts = [
        ("compute-capability", format!("{major}.{minor}")),
        ("multiprocessors", ask(Attribute::CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)?.to_string()),
        ("workgroup-threads", ask(Attribute::CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK)?.to_string()),
        ("workgroup-memory", ask(Attribute::CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK)?.to_string()),
        ("l2-cache", ask(Attribute::CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE)?.to_string()),
    ];
    // SAFETY: as above.
    let memory = unsafe { result::device::total_mem(device) }.what("ask for the memory")?;
    Ok(DeviceInfo {
        name: format!("cuda:{index}"),
        description: result::device::get_name(device).what("ask for the name")?,
        memory: memory as u64,
        properties: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_a_device_says_so_in_a_sentence() {
        if let Err(error) = CudaDriver::devices() {
            let text = error.to_string();
            assert!(text.contains("CUDA"), "{text}");
            assert!(CudaDriver::open(0, "").is_err());
        }
    }

    #[test]
    fn unknown_options_are_refused() {
        let text = CudaDriver::open(0, "0,graph").err().expect("an error").to_string();
        assert!(text.contains("`graph`") && text.contains("graphs=off"), "{text}");
    }
}

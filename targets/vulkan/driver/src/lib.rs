//! The Vulkan driver: runs SPIR-V kernels on the compute queue of any Vulkan 1.1 device.
//!
//! Owns the devices `vulkan:N`. The loader is opened at run time: a machine without one has no Vulkan device, which is
//! one sentence and no failure. Knows nothing of MLIR, programs or files other than its pipeline cache.

mod capabilities;
mod device;
mod error;
mod features;
mod instance;
mod matrices;
mod memory;
mod options;
mod pipelines;
mod queue;
mod reach;
mod staging;
mod strided;
#[cfg(test)]
mod tests;
mod validation;

use ropt_driver::driver::{DeviceInfo, Driver, DriverResult};

use crate::{device::VulkanDevice, instance::Instance, options::Options};

/// The driver.
struct VulkanDriver;

ropt_driver::plugin!("driver-vulkan");
ropt_driver::register_driver!("vulkan", "runs SPIR-V kernels on Vulkan devices", VulkanDriver);

impl Driver for VulkanDriver {
    const FORMATS: &'static [&'static str] = &["vulkan-spirv-fb"];
    type Device = VulkanDevice;

    fn devices() -> DriverResult<Vec<DeviceInfo>> {
        let instance = Instance::shared(false)?;
        let info = |(index, physical): (usize, &instance::Physical)| {
            Ok(physical.info(index, &matrices::supported(instance, physical)?))
        };
        instance.devices()?.iter().enumerate().map(info).collect()
    }

    /// `options` is empty, or parts between commas: a number, a part of the device's name, `validation`.
    fn open(index: u32, options: &str) -> DriverResult<VulkanDevice> {
        let options = Options::parse(options);
        let instance = Instance::shared(options.validation)?;
        let devices = instance.devices()?;
        let index = match &options.device {
            Some(device) => device.choose(&devices)?,
            None => index as usize,
        };
        let physical = devices.into_iter().nth(index).ok_or(error::VulkanError::NoDevice)?;
        Ok(VulkanDevice::open(instance, &physical)?)
    }
}

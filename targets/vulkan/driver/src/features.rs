//! Opening a device with the extensions and features that kernels may use, as far as it has them.

use std::ffi::CStr;

use ash::{khr, vk};

use crate::{
    capabilities::{Has, Lacking},
    error::{Result, VulkanError, What},
    instance::{Instance, Physical},
    matrices::{self, Bfloat16},
};

/// An open device.
pub(crate) struct Opened {
    pub(crate) device: ash::Device,
    /// What kernels cannot ask of it.
    pub(crate) lacking: Lacking,
    /// Element types of its cooperative matrices.
    pub(crate) matrices: Vec<&'static str>,
}

/// The device with its compute queue, and what kernels can and cannot ask of it.
pub(crate) fn create(instance: &Instance, physical: &Physical) -> Result<Opened> {
    let missing = |what| VulkanError::Missing { device: physical.name(), what };
    let mut extensions = vec![khr::timeline_semaphore::NAME];
    if !instance.has(physical, khr::timeline_semaphore::NAME)? {
        return Err(missing("timeline semaphores (VK_KHR_timeline_semaphore)"));
    }
    let mut optional = |name: &'static CStr| -> Result<bool> {
        let there = instance.has(physical, name)?;
        if there {
            extensions.push(name);
        }
        Ok(there)
    };
    let bytes = optional(khr::_8bit_storage::NAME)?;
    let arithmetic = optional(khr::shader_float16_int8::NAME)?;
    optional(khr::storage_buffer_storage_class::NAME)?;
    let types = matrices::supported(instance, physical)?;
    if !types.is_empty() {
        extensions.push(khr::cooperative_matrix::NAME);
    }
    if types.contains(&"bf16") {
        extensions.push(matrices::BFLOAT16);
    }
    let mut cooperative = vk::PhysicalDeviceCooperativeMatrixFeaturesKHR::default();
    let mut model = vk::PhysicalDeviceVulkanMemoryModelFeatures::default();
    let mut brain = Bfloat16::default();
    let mut storage_16 = vk::PhysicalDevice16BitStorageFeatures::default();
    let mut pointers = vk::PhysicalDeviceVariablePointersFeatures::default();
    let mut storage_8 = vk::PhysicalDevice8BitStorageFeatures::default();
    let mut small = vk::PhysicalDeviceShaderFloat16Int8Features::default();
    let mut timeline = vk::PhysicalDeviceTimelineSemaphoreFeatures::default();
    let mut features = vk::PhysicalDeviceFeatures2::default()
        .push_next(&mut storage_16)
        .push_next(&mut pointers)
        .push_next(&mut timeline);
    if bytes {
        features = features.push_next(&mut storage_8);
    }
    if arithmetic {
        features = features.push_next(&mut small);
    }
    if !types.is_empty() {
        features = features.push_next(&mut cooperative).push_next(&mut model);
    }
    if types.contains(&"bf16") {
        features = features.push_next(&mut brain);
    }
    // SAFETY: the device was listed by the instance, and has the extensions of the structures asked.
    unsafe { instance.raw.get_physical_device_features2(physical.raw, &mut features) };
    let has = features.features;
    // All that arithmetic needs; the rest costs speed, or is for drawing.
    features.features = vk::PhysicalDeviceFeatures {
        shader_float64: has.shader_float64,
        shader_int64: has.shader_int64,
        shader_int16: has.shader_int16,
        ..Default::default()
    };
    let priorities = [1.0];
    let queues =
        [vk::DeviceQueueCreateInfo::default().queue_family_index(physical.family).queue_priorities(&priorities)];
    let names: Vec<_> = extensions.iter().map(|name| name.as_ptr()).collect();
    let info = vk::DeviceCreateInfo::default()
        .queue_create_infos(&queues)
        .enabled_extension_names(&names)
        .push_next(&mut features);
    // SAFETY: extensions and features are those that the device said it has.
    let device = unsafe { instance.raw.create_device(physical.raw, &info, None) }.what("open the device")?;
    if timeline.timeline_semaphore == vk::FALSE {
        // SAFETY: nobody uses the device.
        unsafe { device.destroy_device(None) };
        return Err(missing("timeline semaphores"));
    }
    let has = Has {
        core: &has,
        storage_16: &storage_16,
        storage_8: &storage_8,
        small: &small,
        pointers: &pointers,
        subgroups: physical.subgroup_operations,
    };
    let mut lacking = has.lacking();
    lacking.extend(matrices::lacking(&types));
    Ok(Opened { device, lacking, matrices: types })
}

//! The loader, an instance, and the devices it shows.

use std::{
    ffi::{CStr, CString, c_char},
    sync::{Mutex, PoisonError},
};

use ash::vk;
use ropt_driver::driver::DeviceInfo;

use crate::{
    error::{Result, VulkanError, What},
    validation,
};

/// The loader with an instance.
pub(crate) struct Instance {
    // Functions of the instance live in the loader, so it is kept.
    pub(crate) entry: ash::Entry,
    pub(crate) raw: ash::Instance,
}

/// A device with a compute queue.
pub(crate) struct Physical {
    pub(crate) raw: vk::PhysicalDevice,
    pub(crate) properties: vk::PhysicalDeviceProperties,
    /// Family of the queue to use: one that only computes where there is one.
    pub(crate) family: u32,
    /// Bits that the queue's time stamps have; 0: none.
    pub(crate) timestamp_bits: u32,
    /// Threads of a subgroup.
    pub(crate) subgroup: u32,
    /// What subgroups can do in compute shaders.
    pub(crate) subgroup_operations: vk::SubgroupFeatureFlags,
    memory: u64,
}

impl Instance {
    /// The process's instance, with the validation layer when it is wanted. It stays: the loader unloads the drivers with the
    /// last instance, and finds NVIDIA's no more after some dozens of times.
    pub(crate) fn shared(validation: bool) -> Result<&'static Self> {
        static SHARED: [Mutex<Option<&Instance>>; 2] = [const { Mutex::new(None) }; 2];
        let mut shared = SHARED[usize::from(validation)].lock().unwrap_or_else(PoisonError::into_inner);
        match *shared {
            Some(instance) => Ok(instance),
            None => Ok(*shared.insert(Box::leak(Box::new(Self::open(validation)?)))),
        }
    }

    fn open(validation: bool) -> Result<Self> {
        // SAFETY: loads the system's Vulkan loader, whose initialisers are trusted as those of any library.
        let entry = unsafe { ash::Entry::load() }.map_err(|reason| VulkanError::NoLoader { reason })?;
        let application = vk::ApplicationInfo::default()
            .application_name(c"ropt")
            .engine_name(c"ropt")
            .api_version(vk::API_VERSION_1_3);
        let (mut layers, mut extensions) = (Vec::<*const c_char>::new(), Vec::<*const c_char>::new());
        if validation {
            // SAFETY: the loader is open.
            let there = unsafe { entry.enumerate_instance_layer_properties() }.what("list Vulkan's layers")?;
            if !there.iter().any(|layer| layer.layer_name_as_c_str() == Ok(validation::LAYER)) {
                return Err(VulkanError::NoValidation);
            }
            layers.push(validation::LAYER.as_ptr());
            extensions.push(validation::EXTENSION.as_ptr());
        }
        let info = vk::InstanceCreateInfo::default()
            .application_info(&application)
            .enabled_layer_names(&layers)
            .enabled_extension_names(&extensions);
        // SAFETY: the structures live during the call.
        let raw = unsafe { entry.create_instance(&info, None) }.map_err(|result| match result {
            vk::Result::ERROR_INCOMPATIBLE_DRIVER => VulkanError::NoDriver,
            result => VulkanError::Call { what: "create a Vulkan instance", result },
        })?;
        let instance = Self { entry, raw };
        if validation {
            validation::listen(&instance.entry, &instance.raw)?;
        }
        Ok(instance)
    }

    /// Devices with a compute queue: discrete ones first, processors last, otherwise in the loader's order.
    pub(crate) fn devices(&self) -> Result<Vec<Physical>> {
        // SAFETY: the instance is alive, here and below.
        let all = unsafe { self.raw.enumerate_physical_devices() }.what("list Vulkan devices")?;
        let mut devices: Vec<_> = all.into_iter().filter_map(|raw| self.physical(raw)).collect();
        devices.sort_by_key(|device| match device.properties.device_type {
            vk::PhysicalDeviceType::DISCRETE_GPU => 0,
            vk::PhysicalDeviceType::INTEGRATED_GPU => 1,
            vk::PhysicalDeviceType::VIRTUAL_GPU => 2,
            vk::PhysicalDeviceType::CPU => 4,
            _ => 3,
        });
        if devices.is_empty() { Err(VulkanError::NoDevice) } else { Ok(devices) }
    }

    fn physical(&self, raw: vk::PhysicalDevice) -> Option<Physical> {
        // SAFETY: `raw` was listed by this instance; so in the calls below.
        let families = unsafe { self.raw.get_physical_device_queue_family_properties(raw) };
        let computes = |family: &vk::QueueFamilyProperties| family.queue_flags.contains(vk::QueueFlags::COMPUTE);
        let draws = |family: &vk::QueueFamilyProperties| family.queue_flags.contains(vk::QueueFlags::GRAPHICS);
        let own = families.iter().position(|family| computes(family) && !draws(family));
        let family = own.or_else(|| families.iter().position(computes))?;
        let mut subgroup = vk::PhysicalDeviceSubgroupProperties::default();
        let mut properties = vk::PhysicalDeviceProperties2::default().push_next(&mut subgroup);
        // SAFETY: as above.
        unsafe { self.raw.get_physical_device_properties2(raw, &mut properties) };
        let properties = properties.properties;
        if properties.api_version < vk::API_VERSION_1_1 {
            return None;
        }
        // SAFETY: as above.
        let memory = unsafe { self.raw.get_physical_device_memory_properties(raw) };
        let local = |heap: &&vk::MemoryHeap| heap.flags.contains(vk::MemoryHeapFlags::DEVICE_LOCAL);
        let heaps = &memory.memory_heaps[..memory.memory_heap_count as usize];
        Some(Physical {
            raw,
            family: u32::try_from(family).ok()?,
            timestamp_bits: families[family].timestamp_valid_bits,
            subgroup: subgroup.subgroup_size,
            subgroup_operations: if subgroup.supported_stages.contains(vk::ShaderStageFlags::COMPUTE) {
                subgroup.supported_operations
            } else {
                vk::SubgroupFeatureFlags::empty()
            },
            memory: heaps.iter().filter(local).map(|heap| heap.size).sum(),
            properties,
        })
    }

    /// Whether the device has an extension.
    pub(crate) fn has(&self, device: &Physical, extension: &CStr) -> Result<bool> {
        // SAFETY: the device was listed by this instance.
        let there = unsafe { self.raw.enumerate_device_extension_properties(device.raw) }
            .what("list the device's extensions")?;
        Ok(there.iter().any(|found| found.extension_name_as_c_str() == Ok(extension)))
    }
}

impl Physical {
    /// The product's name.
    pub(crate) fn name(&self) -> String {
        let name: CString = self.properties.device_name_as_c_str().unwrap_or(c"unknown").into();
        name.to_string_lossy().into_owned()
    }

    /// What `ropt-run devices` shows; `matrices` are the element types of its cooperative matrices.
    pub(crate) fn info(&self, index: usize, matrices: &[&str]) -> DeviceInfo {
        let (version, limits) = (self.properties.api_version, &self.properties.limits);
        let kind = match self.properties.device_type {
            vk::PhysicalDeviceType::DISCRETE_GPU => "discrete GPU",
            vk::PhysicalDeviceType::INTEGRATED_GPU => "integrated GPU",
            vk::PhysicalDeviceType::VIRTUAL_GPU => "virtual GPU",
            vk::PhysicalDeviceType::CPU => "processor",
            _ => "device",
        };
        let grid = limits.max_compute_work_group_count.map(|extent| extent.to_string()).join("×");
        let fact = |name: &str, value: String| (name.to_owned(), value);
        DeviceInfo {
            name: format!("vulkan:{index}"),
            description: format!("{}, {kind}", self.name()),
            memory: self.memory,
            properties: vec![
                fact("vulkan", format!("{}.{}", vk::api_version_major(version), vk::api_version_minor(version))),
                fact("subgroup-size", self.subgroup.to_string()),
                fact("workgroup-threads", limits.max_compute_work_group_invocations.to_string()),
                fact("workgroup-memory", limits.max_compute_shared_memory_size.to_string()),
                fact("cooperative-matrix", if matrices.is_empty() { "none".to_owned() } else { matrices.join(",") }),
                fact("grid", grid),
                fact("push-constant-bytes", limits.max_push_constants_size.to_string()),
                fact("binding-bytes", limits.max_storage_buffer_range.to_string()),
            ],
        }
    }
}

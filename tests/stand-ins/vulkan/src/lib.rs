//! A Vulkan loader that passes everything on to the machine's, for tests of what the driver says when calls fail.
//!
//! As `libvulkan.so.1` on the library path it comes first. Calls fail as `STAND_IN_FAIL` says (`../fault.rs`), with codes
//! of `VkResult`; devices lack what it names as a feature or an extension (`shaderFloat64:0`,
//! `VK_KHR_timeline_semaphore:0`).

#![expect(non_snake_case, reason = "the function has Vulkan's name")]
#![expect(clippy::missing_safety_doc, reason = "each function asks for what Vulkan's specification says of it")]

use ash::vk;
use std::{
    ffi::{CStr, c_char},
    mem::transmute,
    sync::OnceLock,
};

include!("../../fault.rs");

/// Where loaders lie. A name without a folder would find this one again.
const LOADERS: [&str; 3] =
    ["/usr/lib/x86_64-linux-gnu/libvulkan.so.1", "/usr/lib64/libvulkan.so.1", "/usr/lib/libvulkan.so.1"];

static NEXT: OnceLock<vk::PFN_vkGetInstanceProcAddr> = OnceLock::new();

fn next() -> vk::PFN_vkGetInstanceProcAddr {
    *NEXT.get_or_init(|| {
        // SAFETY: loads the machine's Vulkan loader, which stays loaded.
        unsafe {
            let library = LOADERS.iter().find_map(|path| libloading::Library::new(*path).ok());
            let library: &'static libloading::Library =
                Box::leak(Box::new(library.expect("the machine has a Vulkan loader")));
            *library.get(c"vkGetInstanceProcAddr").expect("a Vulkan loader has vkGetInstanceProcAddr")
        }
    })
}

/// Functions of a device that fail when they are told to, and otherwise are the next one's.
macro_rules! calls {
    ($($slot:ident = $name:ident: $pfn:ident($($arg:ident: $ty:ty),*))*) => {
        $(
            static $slot: OnceLock<vk::$pfn> = OnceLock::new();

            unsafe extern "system" fn $name($($arg: $ty),*) -> vk::Result {
                match fault(stringify!($name)) {
                    Some(code) => vk::Result::from_raw(code),
                    // SAFETY: the caller gives what Vulkan asks for, and the slot was filled when this was handed out.
                    None => unsafe { $slot.get().expect("filled before")($($arg),*) },
                }
            }
        )*

        /// What stands in the place of the next one's function, if anything does.
        unsafe fn instead(name: &CStr, found: vk::PFN_vkVoidFunction) -> vk::PFN_vkVoidFunction {
            let found = found?;
            $(
                if name.to_bytes() == stringify!($name).as_bytes() {
                    // SAFETY: Vulkan's functions are found by name, and this name has this type.
                    unsafe {
                        $slot.get_or_init(|| transmute::<unsafe extern "system" fn(), vk::$pfn>(found));
                        return Some(transmute::<vk::$pfn, unsafe extern "system" fn()>($name));
                    }
                }
            )*
            Some(found)
        }
    };
}

calls! {
    SUBMIT = vkQueueSubmit: PFN_vkQueueSubmit(queue: vk::Queue, count: u32, submits: *const vk::SubmitInfo<'_>, fence: vk::Fence)
    WAIT = vkWaitSemaphoresKHR: PFN_vkWaitSemaphores(device: vk::Device, info: *const vk::SemaphoreWaitInfo<'_>, timeout: u64)
    ALLOCATE = vkAllocateMemory: PFN_vkAllocateMemory(device: vk::Device, info: *const vk::MemoryAllocateInfo<'_>, host: *const vk::AllocationCallbacks<'_>, memory: *mut vk::DeviceMemory)
    SHADER = vkCreateShaderModule: PFN_vkCreateShaderModule(device: vk::Device, info: *const vk::ShaderModuleCreateInfo<'_>, host: *const vk::AllocationCallbacks<'_>, shader: *mut vk::ShaderModule)
    PIPELINES = vkCreateComputePipelines: PFN_vkCreateComputePipelines(device: vk::Device, cache: vk::PipelineCache, count: u32, infos: *const vk::ComputePipelineCreateInfo<'_>, host: *const vk::AllocationCallbacks<'_>, pipelines: *mut vk::Pipeline)
    DEVICE = vkCreateDevice: PFN_vkCreateDevice(physical: vk::PhysicalDevice, info: *const vk::DeviceCreateInfo<'_>, host: *const vk::AllocationCallbacks<'_>, device: *mut vk::Device)
}

static DEVICE_PROC: OnceLock<vk::PFN_vkGetDeviceProcAddr> = OnceLock::new();
static FEATURES: OnceLock<vk::PFN_vkGetPhysicalDeviceFeatures2> = OnceLock::new();
static EXTENSIONS: OnceLock<vk::PFN_vkEnumerateDeviceExtensionProperties> = OnceLock::new();

unsafe extern "system" fn device_proc(device: vk::Device, name: *const c_char) -> vk::PFN_vkVoidFunction {
    // SAFETY: the caller gives a device and a name, and the slot was filled when this was handed out.
    unsafe { instead(CStr::from_ptr(name), DEVICE_PROC.get().expect("filled before")(device, name)) }
}

unsafe extern "system" fn features(device: vk::PhysicalDevice, features: *mut vk::PhysicalDeviceFeatures2<'_>) {
    // SAFETY: as above; the structure is the caller's to write.
    unsafe {
        FEATURES.get().expect("filled before")(device, features);
        if fault("shaderFloat64").is_some() {
            (*features).features.shader_float64 = vk::FALSE;
        }
    }
}

unsafe extern "system" fn extensions(
    device: vk::PhysicalDevice,
    layer: *const c_char,
    count: *mut u32,
    properties: *mut vk::ExtensionProperties,
) -> vk::Result {
    // SAFETY: as above; the list is as long as the count that comes back.
    unsafe {
        let result = EXTENSIONS.get().expect("filled before")(device, layer, count, properties);
        if !properties.is_null() && fault("VK_KHR_timeline_semaphore").is_some() {
            for property in std::slice::from_raw_parts_mut(properties, *count as usize) {
                if property.extension_name_as_c_str() == Ok(ash::khr::timeline_semaphore::NAME) {
                    property.extension_name[3] = b'_' as c_char;
                }
            }
        }
        result
    }
}

/// The loader's one function that is looked up by name.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn vkGetInstanceProcAddr(
    instance: vk::Instance,
    name: *const c_char,
) -> vk::PFN_vkVoidFunction {
    // SAFETY: the caller gives an instance and a name; Vulkan's functions are found by name, each of one type.
    unsafe {
        let found = next()(instance, name)?;
        match CStr::from_ptr(name).to_bytes() {
            b"vkGetInstanceProcAddr" => {
                Some(transmute::<vk::PFN_vkGetInstanceProcAddr, unsafe extern "system" fn()>(vkGetInstanceProcAddr))
            }
            b"vkGetDeviceProcAddr" => {
                DEVICE_PROC.get_or_init(|| transmute(found));
                Some(transmute::<vk::PFN_vkGetDeviceProcAddr, unsafe extern "system" fn()>(device_proc))
            }
            b"vkGetPhysicalDeviceFeatures2" => {
                FEATURES.get_or_init(|| transmute(found));
                Some(transmute::<vk::PFN_vkGetPhysicalDeviceFeatures2, unsafe extern "system" fn()>(features))
            }
            b"vkEnumerateDeviceExtensionProperties" => {
                EXTENSIONS.get_or_init(|| transmute(found));
                Some(transmute::<vk::PFN_vkEnumerateDeviceExtensionProperties, unsafe extern "system" fn()>(extensions))
            }
            _ => instead(CStr::from_ptr(name), Some(found)),
        }
    }
}

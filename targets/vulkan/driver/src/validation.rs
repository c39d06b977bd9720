//! What the validation layer says: one line each, on standard error, where it does not mix with results.

use std::ffi::{CStr, c_void};

use ash::{ext::debug_utils, vk};

use crate::error::{Result, What};

/// The layer that checks every call.
pub(crate) const LAYER: &CStr = c"VK_LAYER_KHRONOS_validation";
/// What lets it speak to us; the layer brings it.
pub(crate) const EXTENSION: &CStr = debug_utils::NAME;

/// Passes messages on until it is dropped, which must be before the instance is.
pub(crate) struct Messages {
    functions: debug_utils::Instance,
    messenger: vk::DebugUtilsMessengerEXT,
}

impl Messages {
    /// Listens to the layer of an instance that was made with it and the extension.
    pub(crate) fn listen(entry: &ash::Entry, instance: &ash::Instance) -> Result<Self> {
        let functions = debug_utils::Instance::new(entry, instance);
        let info = vk::DebugUtilsMessengerCreateInfoEXT::default()
            .message_severity(
                vk::DebugUtilsMessageSeverityFlagsEXT::ERROR | vk::DebugUtilsMessageSeverityFlagsEXT::WARNING,
            )
            .message_type(
                vk::DebugUtilsMessageTypeFlagsEXT::VALIDATION | vk::DebugUtilsMessageTypeFlagsEXT::PERFORMANCE,
            )
            .pfn_user_callback(Some(said));
        // SAFETY: the instance is alive and has the extension; the callback lives as long as this library.
        let messenger = unsafe { functions.create_debug_utils_messenger(&info, None) };
        Ok(Self { functions, messenger: messenger.what("listen to the validation layer")? })
    }
}

impl Drop for Messages {
    fn drop(&mut self) {
        // SAFETY: the owner drops the messages before the instance.
        unsafe { self.functions.destroy_debug_utils_messenger(self.messenger, None) };
    }
}

unsafe extern "system" fn said(
    severity: vk::DebugUtilsMessageSeverityFlagsEXT,
    _types: vk::DebugUtilsMessageTypeFlagsEXT,
    data: *const vk::DebugUtilsMessengerCallbackDataEXT<'_>,
    _user: *mut c_void,
) -> vk::Bool32 {
    // SAFETY: the layer gives a message that lives during the call.
    let text = unsafe { data.as_ref().and_then(|data| data.message_as_c_str()) };
    let level = if severity == vk::DebugUtilsMessageSeverityFlagsEXT::ERROR { "error" } else { "warning" };
    eprintln!("{level}: Vulkan validation: {}", text.unwrap_or_default().to_string_lossy());
    vk::FALSE
}

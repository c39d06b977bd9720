//! What the validation layer says: one line each, on standard error, where it does not mix with results.

use std::ffi::{CStr, c_void};

use ash::{ext::debug_utils, vk};

use crate::error::{Result, What};

/// The layer that checks every call.
pub(crate) const LAYER: &CStr = c"VK_LAYER_KHRONOS_validation";
/// What lets it speak to us; the layer brings it.
pub(crate) const EXTENSION: &CStr = debug_utils::NAME;

/// Listens to the layer of an instance that was made with it and the extension, for as long as the instance lives.
pub(crate) fn listen(entry: &ash::Entry, instance: &ash::Instance) -> Result {
    let info = vk::DebugUtilsMessengerCreateInfoEXT::default()
        .message_severity(vk::DebugUtilsMessageSeverityFlagsEXT::ERROR | vk::DebugUtilsMessageSeverityFlagsEXT::WARNING)
        .message_type(vk::DebugUtilsMessageTypeFlagsEXT::VALIDATION | vk::DebugUtilsMessageTypeFlagsEXT::PERFORMANCE)
        .pfn_user_callback(Some(said));
    let functions = debug_utils::Instance::new(entry, instance);
    // SAFETY: the instance is alive and has the extension; the callback lives as long as this library.
    unsafe { functions.create_debug_utils_messenger(&info, None) }.what("listen to the validation layer")?;
    Ok(())
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

//! What can go wrong with Vulkan, with the words for it.

use ash::vk;
use ropt_driver::driver::DriverError;
use thiserror::Error;

/// Why a call failed.
#[derive(Debug, Error)]
pub(crate) enum VulkanError {
    #[error(
        "there is no Vulkan loader ({reason}); install one (Debian: libvulkan1) and a driver (mesa-vulkan-drivers, or the GPU's)"
    )]
    NoLoader { reason: ash::LoadingError },
    #[error("the Vulkan loader found no driver (set VK_DRIVER_FILES to a driver's .json, or install one)")]
    NoDriver,
    #[error("no Vulkan device with a compute queue was found")]
    NoDevice,
    #[error("no Vulkan device is called `{asked}`; there are {known}")]
    UnknownDevice { asked: String, known: String },
    #[error("the validation layer VK_LAYER_KHRONOS_validation is not installed (Debian: vulkan-validationlayers)")]
    NoValidation,
    #[error("device '{device}' lacks {what}")]
    Missing { device: String, what: &'static str },
    #[error("cannot {what}: {result}")]
    Call { what: &'static str, result: vk::Result },
    #[error("the device was lost while it worked on '{kernel}' (a kernel that faults or never ends does this)")]
    Lost { kernel: String },
    #[error("cannot allocate {bytes} bytes of device memory: {result}")]
    Buffer { bytes: u64, result: vk::Result },
    #[error("cannot allocate {bytes} bytes of device memory: {reason}")]
    Memory { bytes: u64, reason: gpu_allocator::AllocationError },
    #[error("address {address:#x} with {bytes} bytes is not inside an allocation of this device")]
    Address { address: u64, bytes: u64 },
    #[error("the program released {address:#x}, which is not the start of an allocation in use")]
    NotAllocated { address: u64 },
    #[error("executable '{executable}' is no SPIR-V module: {reason}")]
    NotSpirv { executable: String, reason: String },
    #[error("executable '{executable}' needs {what}, which device '{device}' lacks")]
    Capability { executable: String, device: String, what: &'static str },
    #[error("cannot build the pipeline of export '{export}' of executable '{executable}': {result}")]
    Pipeline { executable: String, export: String, result: vk::Result },
    #[error("export '{export}' needs {bytes} bytes of push constants, the device has {limit}")]
    PushConstants { export: String, bytes: u32, limit: u32 },
    #[error("there is no executable number {executable}")]
    NoExecutable { executable: u64 },
    #[error("executable '{executable}' has no export number {ordinal}")]
    NoExport { executable: String, ordinal: u32 },
    #[error(
        "export '{export}' takes {bindings} bindings and {constants} constants, but the program passes {given_bindings} and {given_constants}"
    )]
    Arguments { export: String, bindings: usize, constants: usize, given_bindings: usize, given_constants: usize },
    #[error("export '{export}': a grid of {}×{}×{} workgroups is beyond the device's {}×{}×{}", grid[0], grid[1], grid[2], limit[0], limit[1], limit[2])]
    Grid { export: String, grid: [u32; 3], limit: [u32; 3] },
    #[error("export '{export}': a binding of {bytes} bytes is beyond the device's limit of {limit}")]
    Binding { export: String, bytes: u64, limit: u64 },
    #[error(
        "export '{export}': a binding of {bytes} bytes is more than the {reached} that its 32-bit indices reach; pass it in pieces"
    )]
    Reach { export: String, bytes: u64, reached: u64 },
    #[error("cannot fill with a pattern of {bytes} bytes")]
    Pattern { bytes: u32 },
    #[error("there is no time mark number {mark}")]
    NoMark { mark: u64 },
    #[error("the device has no clock")]
    NoClock,
}

/// Result of the driver's own functions.
pub(crate) type Result<T = (), E = VulkanError> = std::result::Result<T, E>;

/// Names the call that failed.
pub(crate) trait What<T> {
    /// The error is "cannot `what`: …".
    fn what(self, what: &'static str) -> Result<T>;
}

impl<T> What<T> for std::result::Result<T, vk::Result> {
    fn what(self, what: &'static str) -> Result<T> {
        self.map_err(|result| VulkanError::Call { what, result })
    }
}

impl From<VulkanError> for DriverError {
    fn from(error: VulkanError) -> Self {
        Self::new(error.to_string())
    }
}

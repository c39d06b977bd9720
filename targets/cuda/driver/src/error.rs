//! What can go wrong with CUDA, with the words for it.

use cudarc::driver::result::DriverError as Failure;
use ropt_driver::driver::DriverError;
use thiserror::Error;

/// Why a call failed.
#[derive(Debug, Error)]
pub(crate) enum CudaError {
    #[error("there is no CUDA driver (libcuda.so.1); it comes with NVIDIA's driver for the GPU")]
    NoLibrary,
    #[error("the CUDA driver finds no device")]
    NoDevices,
    #[error("there is no CUDA device number {index}; there are {count}, counted from 0")]
    NoDevice { index: i32, count: i32 },
    #[error("`{text}` is no option of a CUDA device: give its number, or graphs=off")]
    Options { text: String },
    #[error("cannot {what}: {}", words(*failure))]
    Call { what: &'static str, failure: Failure },
    #[error("CUDA failed while or after it ran '{kernel}': {}", words(*failure))]
    Kernel { kernel: String, failure: Failure },
    #[error("cannot allocate {bytes} bytes of device memory, {free} of {total} are free: {}", words(*failure))]
    Memory { bytes: u64, free: usize, total: usize, failure: Failure },
    #[error("the program released {address:#x}, which is not the start of an allocation in use")]
    NotAllocated { address: u64 },
    #[error("CUDA does not load executable '{executable}': {}{log}", words(*failure))]
    Load { executable: String, failure: Failure, log: String },
    #[error("executable '{executable}' has no kernel '{export}': {}", words(*failure))]
    NoKernel { executable: String, export: String, failure: Failure },
    #[error("executable '{executable}' does not say how many threads a workgroup of '{export}' has")]
    NoWorkgroup { executable: String, export: String },
    #[error("'{export}' needs {bytes} bytes of shared memory for each workgroup, more than the device gives: {}", words(*failure))]
    Shared { export: String, bytes: u32, failure: Failure },
    #[error("there is no executable number {executable}")]
    NoExecutable { executable: u64 },
    #[error("executable '{executable}' has no export number {ordinal}")]
    NoExport { executable: String, ordinal: u32 },
    #[error(
        "export '{export}' takes {bindings} bindings and {constants} constants, but the program passes {given_bindings} and {given_constants}"
    )]
    Arguments { export: String, bindings: usize, constants: usize, given_bindings: usize, given_constants: usize },
    #[error("cannot fill with a pattern of {bytes} bytes")]
    Pattern { bytes: u32 },
    #[error("there is no time mark number {mark}")]
    NoMark { mark: u64 },
}

/// Result of the driver's own functions.
pub(crate) type Result<T = (), E = CudaError> = std::result::Result<T, E>;

/// Names the call that failed.
pub(crate) trait What<T> {
    /// The error is "cannot `what`: …".
    fn what(self, what: &'static str) -> Result<T>;
}

impl<T> What<T> for std::result::Result<T, Failure> {
    fn what(self, what: &'static str) -> Result<T> {
        self.map_err(|failure| CudaError::Call { what, failure })
    }
}

/// The driver's own name and sentence.
fn words(failure: Failure) -> String {
    let text = |text: std::result::Result<&std::ffi::CStr, Failure>| {
        text.map_or_else(|_| "an unknown error".to_owned(), |text| text.to_string_lossy().into_owned())
    };
    format!("{} ({})", text(failure.error_string()), text(failure.error_name()))
}

impl From<CudaError> for DriverError {
    fn from(error: CudaError) -> Self {
        Self::new(error.to_string())
    }
}

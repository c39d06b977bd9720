//! Executables: a CUDA module and its kernels.

use std::{
    ffi::{CString, c_void},
    rc::Rc,
};

use cudarc::driver::{result, sys};
use ropt_driver::driver::Executable as Source;

use crate::{
    error::{CudaError, Result},
    local_memory::{allow, local_memory},
    workgroups::{marks, workgroup},
};

/// A kernel of a loaded executable.
pub(crate) struct Export {
    pub(crate) name: Rc<str>,
    pub(crate) bindings: usize,
    pub(crate) constants: usize,
    pub(crate) workgroup: [u32; 3],
    /// Bytes of shared memory that a launch gives.
    pub(crate) shared: u32,
    pub(crate) function: sys::CUfunction,
}

/// A loaded executable.
pub(crate) struct Executable {
    pub(crate) name: String,
    exports: Vec<(u32, Export)>,
    module: sys::CUmodule,
}

/// Bytes for what the JIT compiler says.
const LOG: usize = 16 << 10;

impl Executable {
    /// Loads PTX, which the driver compiles for the device, or a cubin.
    pub(crate) fn load(source: &Source<'_>) -> Result<Self> {
        let mut image = source.data.to_vec();
        image.push(0);
        let marks = marks(source.data);
        let mut loaded = Self { name: source.name.to_owned(), exports: Vec::new(), module: jit(source.name, &image)? };
        for export in &source.exports {
            let name = CString::new(export.name).unwrap_or_default();
            let missing = |failure| CudaError::NoKernel {
                executable: source.name.to_owned(),
                export: export.name.to_owned(),
                failure,
            };
            // SAFETY: the module was just loaded.
            let function = unsafe { result::module::get_function(loaded.module, name) }.map_err(missing)?;
            let workgroup = workgroup(&marks, export.name).ok_or_else(|| CudaError::NoWorkgroup {
                executable: source.name.to_owned(),
                export: export.name.to_owned(),
            })?;
            let shared = local_memory(source.data, export.name);
            allow(function, shared).map_err(|failure| CudaError::Shared {
                export: export.name.to_owned(),
                bytes: shared,
                failure,
            })?;
            loaded.exports.push((
                export.ordinal,
                Export {
                    name: export.name.into(),
                    bindings: export.bindings.len(),
                    constants: export.constants as usize,
                    workgroup,
                    shared,
                    function,
                },
            ));
        }
        Ok(loaded)
    }

    pub(crate) fn export(&self, ordinal: u32) -> Result<&Export> {
        let found = self.exports.iter().find(|(number, _)| *number == ordinal);
        found.map(|(_, export)| export).ok_or_else(|| CudaError::NoExport { executable: self.name.clone(), ordinal })
    }
}

impl Drop for Executable {
    fn drop(&mut self) {
        // SAFETY: loaded once, unloaded once; the device waits for its work before it drops executables.
        let _unloaded = unsafe { result::module::unload(self.module) };
    }
}

/// Loads an image that ends with a zero byte, with the compiler's log in the error.
fn jit(executable: &str, image: &[u8]) -> Result<sys::CUmodule> {
    use sys::CUjit_option_enum as Option;
    let mut log = vec![0_u8; LOG];
    let mut options = [Option::CU_JIT_ERROR_LOG_BUFFER, Option::CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES];
    let mut values = [log.as_mut_ptr().cast::<c_void>(), LOG as *mut c_void];
    let mut module = std::ptr::null_mut();
    // SAFETY: the image ends with a zero, options and values are as many as is said, the log lives during the call.
    let loaded = unsafe {
        sys::cuModuleLoadDataEx(&raw mut module, image.as_ptr().cast(), 2, options.as_mut_ptr(), values.as_mut_ptr())
    };
    loaded.result().map_err(|failure| {
        let text = String::from_utf8_lossy(&log);
        let text = text.trim_end_matches('\0').trim();
        let log = if text.is_empty() { String::new() } else { format!("\n{text}") };
        CudaError::Load { executable: executable.to_owned(), failure, log }
    })?;
    Ok(module)
}

//! Kernels of `ropt/kernel.h` in an ELF library: opened from memory, called once a workgroup on the calling thread.

use std::ffi::c_void;

use ropt_abi::{
    elf,
    kernel::{
        DispatchState, Environment, Kernel, LOCAL_MEMORY_DEFAULT, LOCAL_MEMORY_SUFFIX, SHORT_BINDING, WorkgroupState,
        limits,
    },
    library::Library,
    program::Binding,
};

use crate::driver::{DriverError, DriverResult, Executable};

/// A loaded executable.
#[derive(Debug)]
pub struct Kernels {
    name: String,
    exports: Vec<Export>,
    environment: Environment,
    /// Scratch memory of a workgroup, in 64-byte lines.
    scratch: Vec<Line>,
    // What the environment's constants point to, and the code that the exports point into.
    _words: Box<[u32]>,
    _library: Library,
}

#[derive(Debug)]
struct Export {
    name: String,
    ordinal: u32,
    kernel: Kernel,
    constants: u32,
    bindings: usize,
}

#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

impl Kernels {
    /// Opens an ELF library that has a function of `ropt/kernel.h` for each of the executable's exports. `image` is the
    /// executable's data, or what a driver made of them.
    ///
    /// # Errors
    /// When the library is damaged, for another machine, or lacks an export.
    pub fn load(executable: &Executable<'_>, image: &[u8]) -> DriverResult<Self> {
        let name = executable.name.to_owned();
        let refused = |reason: String| DriverError::new(format!("cannot load executable '{name}': {reason}"));
        elf::check(image).map_err(|error| refused(format!("its binary is {error}")))?;
        let library = Library::open(&name, image).map_err(&refused)?;
        let (mut exports, mut scratch) = (Vec::new(), LOCAL_MEMORY_DEFAULT);
        for export in &executable.exports {
            let address = library.symbol(export.name);
            let address = address.ok_or_else(|| refused(format!("its binary has no function '{}'", export.name)))?;
            // SAFETY: the contract of an executable: a symbol named like an export is a kernel.
            let kernel = unsafe { std::mem::transmute::<*mut c_void, Kernel>(address) };
            let asked = library.symbol(&format!("{}{LOCAL_MEMORY_SUFFIX}", export.name));
            // SAFETY: the contract of `ROPT_LOCAL_MEMORY`: the symbol is a 32-bit number.
            scratch = scratch.max(asked.map_or(0, |word| unsafe { word.cast::<u32>().read_unaligned() }));
            exports.push(Export {
                name: export.name.to_owned(),
                ordinal: export.ordinal,
                kernel,
                constants: export.constants,
                bindings: export.bindings.len(),
            });
        }
        let words: Box<[u32]> = executable.words.into();
        let environment = Environment {
            constants: if words.is_empty() { std::ptr::null() } else { words.as_ptr() },
            import_thunk: std::ptr::null(),
            imports: std::ptr::null(),
            processor: [0; 8],
        };
        let scratch = vec![Line([0; 64]); scratch.div_ceil(64) as usize];
        Ok(Self { name, exports, environment, scratch, _words: words, _library: library })
    }

    /// Runs export `ordinal` on a grid of workgroups, one after the other.
    ///
    /// # Safety
    /// The bindings are valid memory, and what the kernel expects.
    ///
    /// # Errors
    /// When the program passes something else than the export takes, or a workgroup reports an error.
    pub unsafe fn dispatch(
        &mut self,
        ordinal: u32,
        grid: [u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> DriverResult {
        let name = &self.name;
        let export = self.exports.iter().find(|export| export.ordinal == ordinal);
        let export = export.ok_or_else(|| DriverError::new(format!("executable '{name}' has no export {ordinal}")))?;
        let refused =
            |reason: String| DriverError::new(format!("export '{}' of executable '{name}' {reason}", export.name));
        if (constants.len(), bindings.len()) != (export.constants as usize, export.bindings) {
            return Err(refused(format!(
                "takes {} constants and {} bindings, but the program passes {} and {}",
                export.constants,
                export.bindings,
                constants.len(),
                bindings.len()
            )));
        }
        let fits =
            constants.len() <= limits::CONSTANTS && bindings.len() <= limits::BINDINGS && grid[2] <= limits::GRID_Z;
        if !fits {
            return Err(refused("is dispatched beyond the limits of ropt/kernel.h".to_owned()));
        }
        let pointers: Vec<_> = bindings.iter().map(|binding| binding.address as *mut c_void).collect();
        let lengths: Vec<_> = bindings.iter().map(|binding| binding.length as usize).collect();
        let state = DispatchState {
            workgroup_size_x: 1,
            workgroup_size_y: 1,
            workgroup_size_z: 1,
            // The limits above are those of the fields.
            constant_count: constants.len() as u16,
            workgroup_count_x: grid[0],
            workgroup_count_y: grid[1],
            workgroup_count_z: grid[2] as u16,
            max_concurrency: 1,
            binding_count: bindings.len() as u8,
            constants: constants.as_ptr(),
            binding_ptrs: pointers.as_ptr(),
            binding_lengths: lengths.as_ptr(),
        };
        let (scratch, bytes) = (self.scratch.as_mut_ptr(), self.scratch.len() * size_of::<Line>());
        for z in 0..grid[2] {
            for y in 0..grid[1] {
                for x in 0..grid[0] {
                    let workgroup = WorkgroupState {
                        workgroup_id_x: x,
                        workgroup_id_y: y,
                        workgroup_id_z: z as u16,
                        reserved: 0,
                        processor_id: 0,
                        local_memory: scratch.cast(),
                        local_memory_size: bytes as u32,
                    };
                    // SAFETY: the caller vouches for the bindings, the executable's contract for the kernel; the library
                    // is open as long as `self`.
                    let code = unsafe { (export.kernel)(&self.environment, &state, &workgroup) };
                    if code != 0 {
                        return Err(refused(failure(code, [x, y, z], bindings)));
                    }
                }
            }
        }
        Ok(())
    }
}

/// What a code says that a kernel returned.
fn failure(code: i32, [x, y, z]: [u32; 3], bindings: &[Binding]) -> String {
    let index = code.checked_sub(SHORT_BINDING).and_then(|index| usize::try_from(index).ok());
    match index.and_then(|index| bindings.get(index).map(|binding| (index, binding.length))) {
        Some((index, length)) => {
            format!("needs more of binding {index} than the {length} bytes that the dispatch gives it")
        }
        None => format!("returned {code} in workgroup ({x}, {y}, {z})"),
    }
}

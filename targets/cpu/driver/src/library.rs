//! A kernel library: an ELF image in memory, opened by the system's loader, with its kernels by ordinal.

use std::{ffi::c_void, sync::atomic::AtomicU64};

use ropt_abi::{
    elf::{self, ElfError},
    kernel::{Environment, Kernel, LOCAL_MEMORY_DEFAULT, LOCAL_MEMORY_SUFFIX},
    library::Library as Image,
};
use ropt_driver::driver::Executable;
use thiserror::Error;

/// A loaded executable.
pub(crate) struct Library {
    pub(crate) name: String,
    pub(crate) environment: Environment,
    /// By ordinal; ordinals may be sparse.
    exports: Vec<Option<Export>>,
    /// What the environment's constants point to.
    _words: Box<[u32]>,
    // Behind the kernels, which point into it.
    _image: Image,
}

/// A kernel and what the program was promised about it.
pub(crate) struct Export {
    pub(crate) name: String,
    pub(crate) kernel: Kernel,
    pub(crate) constants: u32,
    pub(crate) bindings: usize,
    /// Scratch bytes of a workgroup.
    pub(crate) local_memory: u32,
    /// Clock ticks that a workgroup took the last time; 0: not known yet.
    pub(crate) ticks: AtomicU64,
    /// [`crate::grid::Grid::work`] of the last dispatch.
    pub(crate) work: AtomicU64,
}

/// Why an executable cannot be loaded.
#[derive(Debug, Error)]
pub(crate) enum LoadError {
    #[error("cannot load executable '{name}': its binary is {error}")]
    Elf { name: String, error: ElfError },
    #[error("cannot load executable '{name}': {reason}")]
    System { name: String, reason: String },
    #[error("cannot load executable '{name}': its binary has no function '{export}'; it has {}", list(.available))]
    Missing { name: String, export: String, available: Vec<String> },
    #[error("cannot load executable '{name}': export '{export}' has ordinal {ordinal}, at most {most} are supported")]
    Ordinal { name: String, export: String, ordinal: u32, most: u32 },
}

/// Far beyond any real executable; keeps a damaged manifest from taking all memory.
const MOST_EXPORTS: u32 = 1 << 16;

fn list(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        names if names.len() > 12 => format!("'{}' and {} more", names[..12].join("', '"), names.len() - 12),
        names => format!("'{}'", names.join("', '")),
    }
}

impl Library {
    /// Loads an executable and finds all its exports.
    pub(crate) fn load(executable: &Executable<'_>) -> Result<Self, LoadError> {
        let name = executable.name.to_owned();
        elf::check(executable.data).map_err(|error| LoadError::Elf { name: name.clone(), error })?;
        let image =
            Image::open(&name, executable.data).map_err(|reason| LoadError::System { name: name.clone(), reason })?;
        let mut exports = Vec::new();
        for export in &executable.exports {
            if export.ordinal >= MOST_EXPORTS {
                return Err(LoadError::Ordinal {
                    name,
                    export: export.name.to_owned(),
                    ordinal: export.ordinal,
                    most: MOST_EXPORTS,
                });
            }
            let Some(address) = image.symbol(export.name) else {
                let available = elf::exported_functions(executable.data);
                return Err(LoadError::Missing { name, export: export.name.to_owned(), available });
            };
            // SAFETY: the contract of an executable: a symbol named like an export is a kernel.
            let kernel = unsafe { std::mem::transmute::<*mut c_void, Kernel>(address) };
            let asked = image.symbol(&format!("{}{LOCAL_MEMORY_SUFFIX}", export.name));
            // SAFETY: the contract of `ROPT_LOCAL_MEMORY`: the symbol is a 32-bit number.
            let local_memory = asked.map_or(0, |word| unsafe { word.cast::<u32>().read_unaligned() });
            let slot = export.ordinal as usize;
            if exports.len() <= slot {
                exports.resize_with(slot + 1, || None);
            }
            exports[slot] = Some(Export {
                name: export.name.to_owned(),
                kernel,
                constants: export.constants,
                bindings: export.bindings.len(),
                local_memory: local_memory.max(LOCAL_MEMORY_DEFAULT),
                ticks: AtomicU64::new(0),
                work: AtomicU64::new(0),
            });
        }
        let words: Box<[u32]> = executable.words.into();
        let environment = Environment {
            constants: if words.is_empty() { std::ptr::null() } else { words.as_ptr() },
            import_thunk: std::ptr::null(),
            imports: std::ptr::null(),
            processor: [0; 8],
        };
        Ok(Self { name, environment, exports, _words: words, _image: image })
    }

    /// The export with this ordinal.
    #[inline]
    pub(crate) fn export(&self, ordinal: u32) -> Option<&Export> {
        self.exports.get(ordinal as usize)?.as_ref()
    }
}

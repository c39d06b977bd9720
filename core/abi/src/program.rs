//! Rust mirror of `ropt/program.h`: the compiled program, its manifest and its runtime table.
//!
//! The types say what is written; checking what was read is the runtime's business.

use core::ffi::{c_char, c_void};

use serde::{Deserialize, Serialize};

/// ELF section with the JSON [`Manifest`].
pub const SECTION: &str = ".ropt.program";
/// Exported variable that receives the address of the [`RuntimeTable`].
pub const RUNTIME_SYMBOL: &str = "ropt_runtime";
/// Optional exported function that is run once before the first call.
pub const INITIALIZE_SYMBOL: &str = "ropt_initialize";
/// Version of the manifest and of the table.
pub const VERSION: u32 = 1;

/// Contents of the `.ropt.program` section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`VERSION`].
    pub version: u32,
    /// Name of the module that was compiled.
    #[serde(default)]
    pub module: String,
    /// Tool and versions that wrote the program.
    #[serde(default)]
    pub producer: String,
    /// Functions that can be called.
    #[serde(default)]
    pub functions: Vec<Function>,
    /// Executables that the functions dispatch; indexed by `dispatch` and `variant`.
    #[serde(default)]
    pub executables: Vec<Executable>,
}

/// A function that can be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Name for people and for `--function=`.
    pub name: String,
    /// Exported ELF symbol.
    pub symbol: String,
    /// MLIR types: `tensor<4x?xf32>`, `i32`, `index`, …
    #[serde(default)]
    pub arguments: Vec<String>,
    /// MLIR types of the results.
    #[serde(default)]
    pub results: Vec<String>,
    /// Set for a function that measures one export. Its only argument, of type i32, is the number of dispatches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<Benchmark>,
}

/// What a benchmark function dispatches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benchmark {
    /// Symbol name of the executable.
    pub executable: String,
    /// Symbol name of the variant that the benchmark was made for.
    pub variant: String,
    /// Symbol name of the export.
    pub export: String,
    /// The workload of each dispatch.
    #[serde(default)]
    pub workload: Vec<i64>,
    /// Bytes of the bindings that a dispatch may read.
    #[serde(default)]
    pub bytes_read: u64,
    /// Bytes of the bindings that a dispatch may write.
    #[serde(default)]
    pub bytes_written: u64,
}

/// An executable in all its variants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Executable {
    /// Symbol name of the executable.
    pub name: String,
    /// One for each target it was compiled for.
    pub variants: Vec<Variant>,
}

/// An executable compiled for one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Symbol name of the variant.
    pub name: String,
    /// Target backend, for example `llvm-cpu`.
    pub backend: String,
    /// Format of the binary; a driver says which ones it loads.
    pub format: String,
    /// Exported ELF data symbol that holds the binary.
    pub data: String,
    /// Bytes of the binary.
    pub size: u64,
    /// Text of the target attribute.
    #[serde(default)]
    pub target: String,
    /// Exported function (`ropt_condition_t`) that says whether the device suits the variant; empty: every device does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub condition: String,
    /// Exported function (`ropt_specialize_t`) that computes the words of the kernels' environment; empty: there are
    /// none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub specialize: String,
    /// How many words `specialize` writes.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub words: u32,
    /// Entry points.
    #[serde(default)]
    pub exports: Vec<Export>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(words: &u32) -> bool {
    *words == 0
}

/// An entry point of an executable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Symbol of the entry point in the binary.
    pub name: String,
    /// Number used by `dispatch`.
    pub ordinal: u32,
    /// Push constants, in 32-bit words.
    #[serde(default)]
    pub constants: u32,
    /// Descriptor type and flags of each binding.
    #[serde(default)]
    pub bindings: Vec<String>,
}

/// `ropt_binding_t`: a range of device memory.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, abi_stable::StableAbi)]
pub struct Binding {
    /// First byte.
    pub address: u64,
    /// Bytes.
    pub length: u64,
}

/// `ropt_function_t`.
pub type FunctionPointer = unsafe extern "C" fn(args: *mut *mut c_void, results: *mut *mut c_void);
/// `ropt_condition_t`.
pub type ConditionPointer = unsafe extern "C" fn() -> i32;
/// `ropt_specialize_t`.
pub type SpecializePointer = unsafe extern "C" fn(words: *mut u32);
/// `ropt_initialize`.
pub type InitializePointer = unsafe extern "C" fn() -> i32;

/// `ropt_runtime_table_t`; see `program.h` for what each function does.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the fields are documented once, in program.h")]
pub struct RuntimeTable {
    pub size: u32,
    pub version: u32,
    pub context: *mut c_void,
    pub allocate: unsafe extern "C" fn(*mut c_void, u64) -> u64,
    pub release: unsafe extern "C" fn(*mut c_void, u64),
    pub copy: unsafe extern "C" fn(*mut c_void, u64, u64, u64),
    pub copy_strided: unsafe extern "C" fn(*mut c_void, u32, u32, *const i64, u64, *const i64, u64, *const i64),
    pub fill: unsafe extern "C" fn(*mut c_void, u64, u64, u32, u64),
    pub read: unsafe extern "C" fn(*mut c_void, *mut c_void, u64, u64),
    pub write: unsafe extern "C" fn(*mut c_void, u64, *const c_void, u64),
    pub constant: unsafe extern "C" fn(*mut c_void, *const c_void, u64) -> u64,
    pub variant: unsafe extern "C" fn(*mut c_void, u32) -> u32,
    pub dispatch: unsafe extern "C" fn(*mut c_void, u32, u32, *const u32, *const u32, u32, *const Binding, u32),
    pub fail: unsafe extern "C" fn(*mut c_void, *const c_char),
    pub query: unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char, *mut i64) -> i32,
}

#[cfg(target_pointer_width = "64")]
const _: () = {
    use core::mem::{offset_of, size_of};
    assert!(size_of::<Binding>() == 16);
    assert!(size_of::<RuntimeTable>() == 112);
    assert!(offset_of!(RuntimeTable, context) == 8);
    assert!(offset_of!(RuntimeTable, fail) == 96);
    assert!(offset_of!(RuntimeTable, query) == 104);
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifest_reads_what_it_writes() {
        let manifest = Manifest {
            version: VERSION,
            module: "m".into(),
            producer: "ropt".into(),
            functions: vec![Function {
                name: "main".into(),
                symbol: "ropt_fn_main".into(),
                arguments: vec!["tensor<4xf32>".into()],
                results: vec![],
                benchmark: Some(Benchmark {
                    executable: "e".into(),
                    variant: "v".into(),
                    export: "k".into(),
                    workload: vec![4, -1],
                    bytes_read: 16,
                    bytes_written: 0,
                }),
            }],
            executables: vec![Executable {
                name: "e".into(),
                variants: vec![Variant {
                    name: "v".into(),
                    backend: "llvm-cpu".into(),
                    format: "embedded-elf-x86_64".into(),
                    data: "ropt_exe_0_0".into(),
                    size: 3,
                    target: String::new(),
                    condition: "ropt_condition_0_0".into(),
                    specialize: "ropt_specialize_0_0".into(),
                    words: 2,
                    exports: vec![Export {
                        name: "k".into(),
                        ordinal: 0,
                        constants: 2,
                        bindings: vec!["storage_buffer ReadOnly".into()],
                    }],
                }],
            }],
        };
        let text = serde_json::to_string(&manifest).expect("serializes");
        assert_eq!(serde_json::from_str::<Manifest>(&text).expect("parses"), manifest);
    }

    #[test]
    fn fields_that_a_newer_compiler_adds_are_ignored() {
        let text = r#"{"version":1,"later":[1,2],"functions":[{"name":"f","symbol":"s","hint":"x"}]}"#;
        let manifest: Manifest = serde_json::from_str(text).expect("parses");
        assert_eq!(manifest.functions[0].name, "f");
        assert_eq!(manifest.functions[0].benchmark, None);
    }
}

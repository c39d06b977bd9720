//! `hal-emit-program`: the lowered host code, the executables' binaries and the constants become one ELF object.
//!
//! A copy of the host code gets entry points in C's convention ([`wrappers`]) and the start-up code ([`initialize`]),
//! goes through upstream's conversions to LLVM, and meets the definitions of the runtime's functions ([`runtime`]).
//! Binaries, constants and the manifest go into an object of their own ([`data`]). lld links both. The module itself
//! stays as it was.

mod code;
mod constants;
mod data;
mod initialize;
mod manifest;
mod output;
mod runtime;
mod wrappers;

pub(crate) use code::HostCode;
pub(crate) use wrappers::descriptor;

use std::path::Path;

use ropt_abi::program::Manifest;
use ropt_mlir::{
    ir::edit::{Op, erase, pin_mut},
    llvm::{LinkInput, LinkOptions, link_shared},
};
use ropt_plugin::prelude::*;

use crate::{lower_host::executables, ops::functions};

/// Host code in terms of func, scf and memref becomes LLVM dialect.
const TO_LLVM: &str = "arith-expand,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-math-to-llvm,\
    convert-math-to-libm,finalize-memref-to-llvm,convert-index-to-llvm,convert-cf-to-llvm,convert-arith-to-llvm,\
    convert-ub-to-llvm,convert-func-to-llvm,reconcile-unrealized-casts";

/// Writes the program that ropt-run loads: an ELF shared object with the host code, the binaries of all executables,
/// the constants and a readable table of functions and exports. Runs after hal-lower-host; the module stays.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-emit-program",
    anchor = "builtin.module",
    dialects("affine", "arith", "cf", "func", "hal", "index", "llvm", "math", "memref", "scf", "ub"),
    needs("host-code"),
    slot(phase = "end", order = 20, options = "path={o}")
)]
struct EmitProgram {
    /// The file to write.
    #[option]
    path: String,
    /// Bytes of the program.
    #[statistic]
    bytes: Counter,
}

/// The pipelines that emission runs.
pub(crate) const PIPELINES: [&str; 1] = [TO_LLVM];

impl RunPass for EmitProgram {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        self.bytes.add(emit(pin_mut(&op), &self.path, "hal-emit-program", cx)?.1);
        cx.preserve_all();
        Ok(())
    }
}

/// What a program is made of besides its executables' binaries.
pub(crate) struct Parts {
    pub(crate) manifest: Manifest,
    /// Constants by symbol, in order.
    pub(crate) constants: Vec<(String, Vec<u8>)>,
    pub(crate) code: code::HostCode,
}

/// Emits a module that `hal-lower-host` has lowered; the program's parts and its bytes.
///
/// # Errors
/// When the module is not lowered, or the program cannot be made or written.
pub(crate) fn emit(module: Op<'_>, path: &str, pass: &str, cx: &PassContext<'_>) -> PassResult<(Parts, u64)> {
    has_path(path, pass)?;
    code::is_lowered(module)?;
    let executables = executables(module);
    let mut data = data::Data::new();
    let mut manifest = manifest::executables(module, &executables, &mut data)?;
    manifest.module = manifest::module_name(module);
    manifest.functions = manifest::functions(&functions(module))?;
    data.add_section(ropt_abi::program::SECTION, serde_json::to_vec(&manifest)?);

    let copy = code::copy(module)?;
    let mut constants = Vec::new();
    let code = host_code(copy, &manifest, &mut constants, cx);
    erase(copy);
    let parts = Parts { manifest, constants, code: code? };
    let bytes = link(&parts, data, path)?;
    Ok((parts, bytes))
}

/// Emits a program of parts that were made before, with the binaries that the module has now; its bytes.
///
/// # Errors
/// As [`emit`]. Parts of another module are a mistake of the caller's.
pub(crate) fn emit_parts(module: Op<'_>, mut parts: Parts, path: &str) -> PassResult<u64> {
    let mut data = data::Data::new();
    let now = manifest::executables(module, &executables(module), &mut data)?;
    for (before, now) in parts.manifest.executables.iter_mut().zip(now.executables) {
        for (before, now) in before.variants.iter_mut().zip(now.variants) {
            before.size = now.size;
        }
    }
    data.add_section(ropt_abi::program::SECTION, serde_json::to_vec(&parts.manifest)?);
    link(&parts, data, path)
}

/// Whether the pass was told where to write.
///
/// # Errors
/// When not.
pub(crate) fn has_path(path: &str, pass: &str) -> PassResult {
    match path {
        "" => Err(PassError::usage(format!("{pass} needs a file to write"))
            .help(format!("give it one: {pass}{{path=program.so}}"))),
        _ => Ok(()),
    }
}

fn link(parts: &Parts, mut data: data::Data, path: &str) -> PassResult<u64> {
    for (symbol, bytes) in &parts.constants {
        data.add(symbol, bytes, false);
    }
    let code = &parts.code;
    let mut inputs = vec![
        LinkInput::Bytes { name: "host.o".into(), data: code.bytes.clone() },
        LinkInput::Bytes { name: "data.o".into(), data: data.finish()? },
    ];
    inputs.extend(code.builtins.clone().map(|data| LinkInput::Bytes { name: "builtins.o".into(), data }));
    let options = LinkOptions {
        exports: manifest::exports(&parts.manifest),
        needed: code.libraries.clone(),
        allow_undefined: true,
        ..LinkOptions::default()
    };
    let program = link_shared(&inputs, &options)?;
    output::write(Path::new(path), &program).map_err(output::OutputError::told)?;
    Ok(program.len() as u64)
}

/// Compiles the copy of the host code.
fn host_code(
    copy: Op<'_>,
    manifest: &Manifest,
    constants: &mut Vec<(String, Vec<u8>)>,
    cx: &PassContext<'_>,
) -> PassResult<code::HostCode> {
    code::rename(copy);
    let state = constants::lower(copy, constants)?;
    wrappers::add(copy, &manifest.functions)?;
    wrappers::add_variants(copy, manifest)?;
    initialize::add(copy, &state)?;
    let scalars = code::runtime_scalars(copy);
    cx.run_pipeline(TO_LLVM, copy)?;
    code::define_runtime(copy, &scalars)?;
    code::compile(copy, &manifest::exports(manifest))
}

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

pub(crate) use wrappers::descriptor;

use std::path::Path;

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

impl RunPass for EmitProgram {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        if self.path.is_empty() {
            return Err(PassError::usage("hal-emit-program needs a file to write")
                .help("give it one: hal-emit-program{path=program.so}"));
        }
        let module = pin_mut(&op);
        code::is_lowered(module)?;
        let executables = executables(module);
        let mut data = data::Data::new();
        let mut manifest = manifest::executables(module, &executables, &mut data)?;
        manifest.module = manifest::module_name(module);
        manifest.functions = manifest::functions(&functions(module))?;
        data.add_section(ropt_abi::program::SECTION, serde_json::to_vec(&manifest)?);

        let copy = code::copy(module)?;
        let code = host_code(copy, &manifest, &mut data, cx);
        erase(copy);
        let code = code?;
        let mut inputs = vec![
            LinkInput::Bytes { name: "host.o".into(), data: code.bytes },
            LinkInput::Bytes { name: "data.o".into(), data: data.finish()? },
        ];
        inputs.extend(code.builtins.map(|data| LinkInput::Bytes { name: "builtins.o".into(), data }));
        let options = LinkOptions {
            exports: manifest::exports(&manifest),
            needed: code.libraries,
            allow_undefined: true,
            ..LinkOptions::default()
        };
        let program = link_shared(&inputs, &options)?;
        output::write(Path::new(&self.path), &program).map_err(output::OutputError::told)?;
        self.bytes.add(program.len() as u64);
        cx.preserve_all();
        Ok(())
    }
}

/// Compiles the copy of the host code.
fn host_code(
    copy: Op<'_>,
    manifest: &ropt_abi::program::Manifest,
    data: &mut data::Data,
    cx: &PassContext<'_>,
) -> PassResult<code::HostCode> {
    code::rename(copy);
    let state = constants::lower(copy, data)?;
    wrappers::add(copy, &manifest.functions)?;
    wrappers::add_variants(copy, manifest)?;
    initialize::add(copy, &state)?;
    let scalars = code::runtime_scalars(copy);
    cx.run_pipeline(TO_LLVM, copy)?;
    code::define_runtime(copy, &scalars)?;
    code::compile(copy, &manifest::exports(manifest))
}

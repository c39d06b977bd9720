//! `hal-lower-host`: host functions on tensors become functions on buffers that call the runtime.
//!
//! In order: other dialects' functions and state become func and memref ([`inputs`], [`globals`]); upstream's one-shot
//! bufferization gives each tensor a buffer; copies that nobody needs go ([`copies`]); upstream places the
//! deallocations, which are made plain ([`deallocations`]); buffers of known size share storage ([`storage`]); and at
//! last every op on memory, and every dispatch, becomes a call ([`memory`], [`dispatches`]). Kernels are not touched.

mod bounds;
mod calls;
mod checks;
mod copies;
mod count;
mod deallocations;
mod dispatches;
mod executables;
mod failures;
mod globals;
mod host_regions;
mod inputs;
mod layout;
mod memory;
mod reshapes;
mod returns;
mod signatures;
mod state;
mod storage;

pub(crate) use executables::{Executable, Export, executables};

use ropt_mlir::ir::edit::{Op, pin_mut};
use ropt_plugin::prelude::*;

/// Every tensor gets a buffer. Arguments are never written, so that callers may keep them.
const BUFFERIZE: &str = "func.func(lift-cf-to-scf,canonicalize,cse),\
    one-shot-bufferize{bufferize-function-boundaries allow-return-allocs-from-loops \
    function-boundary-type-conversion=identity-layout-map unknown-type-conversion=identity-layout-map},\
    func.func(canonicalize,cse)";

/// What no kernel does is done by loops on the host.
const LOOPS: &str = "func.func(convert-linalg-to-loops,lower-affine,canonicalize)";

/// A function's results belong to its caller, and are no argument, constant or global.
const DEALLOCATE: &str = "ownership-based-buffer-deallocation,func.func(canonicalize)";

/// What is known of deallocations at compile time is decided.
const SIMPLIFY: &str = "buffer-deallocation-simplification,func.func(canonicalize)";

/// Deallocations move up to the last use.
const SHORTEN: &str = "func.func(canonicalize,cse,optimize-allocation-liveness)";

/// Addresses of views and affine maps of grids become arithmetic, and what is not needed goes.
const TIDY: &str = "func.func(lower-affine,canonicalize,cse)";

/// Lowers host code to calls of the runtime: tensors get buffers, reused where their lives allow it, and dispatches
/// become calls with the grid, the constants and the bindings. Runs after the executables are serialized.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-lower-host",
    anchor = "builtin.module",
    dialects(
        "affine",
        "arith",
        "bufferization",
        "cf",
        "func",
        "hal",
        "linalg",
        "llvm",
        "math",
        "memref",
        "ropt",
        "scf",
        "tensor",
        "ub"
    ),
    needs("executable-binaries"),
    establishes("host-code: the host's functions call the runtime's table"),
    ends("executables", "executable-variants", "executable-binaries"),
    slot(phase = "end", order = 10)
)]
pub(crate) struct LowerHost {
    /// Dispatches that became calls.
    #[statistic]
    pub(crate) dispatches: Counter,
    /// Copies of whole buffers that were not needed.
    #[statistic]
    pub(crate) copies_avoided: Counter,
    /// Buffers that share another one's storage.
    #[statistic]
    pub(crate) buffers_shared: Counter,
}

/// The pipelines that lowering runs.
pub(crate) const PIPELINES: [&str; 6] = [BUFFERIZE, LOOPS, DEALLOCATE, SIMPLIFY, SHORTEN, TIDY];

impl RunPass for LowerHost {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        self.lower(pin_mut(&op), cx)
    }
}

impl LowerHost {
    /// Lowers a module.
    ///
    /// # Errors
    /// When it holds something that no program can.
    pub(crate) fn lower(&mut self, module: Op<'_>, cx: &PassContext<'_>) -> PassResult {
        checks::executables(module)?;
        inputs::convert(module)?;
        checks::functions_fit(module)?;
        checks::ops(module)?;
        signatures::record(module)?;
        globals::lower(module)?;
        host_regions::lower(module)?;
        failures::lower(module)?;
        signatures::borrow_arguments(module);
        cx.run_pipeline(BUFFERIZE, module)?;
        reshapes::lower(module)?;
        self.copies_avoided.add(copies::forward(module));
        cx.run_pipeline(DEALLOCATE, module)?;
        deallocations::lower_certain(module);
        cx.run_pipeline(SIMPLIFY, module)?;
        deallocations::lower(module)?;
        returns::separate(module)?;
        cx.run_pipeline(SHORTEN, module)?;
        self.buffers_shared.add(storage::share(module)?);
        bounds::check(module)?;
        memory::lower_whole(module)?;
        cx.run_pipeline(LOOPS, module)?;
        memory::lower_elements(module)?;
        self.dispatches.add(dispatches::lower(module)?);
        cx.run_pipeline(TIDY, module)?;
        checks::leftovers(module)
    }
}

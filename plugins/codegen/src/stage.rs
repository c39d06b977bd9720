//! Running one stage of every variant's target.

use ropt_mlir::{
    ir::edit::{context_of, pin_mut},
    mlir_sys::mlirContextLoadAllAvailableDialects,
};
use ropt_plugin::prelude::*;

use crate::{limits::Limits, variants::Variant};

/// Runs a stage on every variant that still has a module; how many there were.
///
/// The work is a nested pipeline, so that MLIR spreads the executables over its threads.
pub(crate) fn run(stage: &str, limits: Limits, op: &OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult<u64> {
    let module = pin_mut(op);
    let variants = Variant::all(module);
    let count = variants.iter().filter(|variant| variant.inner("builtin.module").is_some()).count();
    if count == 0 {
        return Ok(0);
    }
    for variant in &variants {
        // Targets are loaded here, on one thread.
        variant.target(cx)?;
    }
    // A target's passes bring dialects, and a dialect can not be loaded while other threads read the context.
    // SAFETY: the context is live, and no other thread works on it yet.
    unsafe { mlirContextLoadAllAvailableDialects(context_of(module).to_raw()) };
    let Limits { seconds, megabytes } = limits;
    let pipeline = format!(
        "hal.executable(hal.executable.variant(hal-run-target-stage{{stage={stage} timeout-s={seconds} memory-mb={megabytes}}}))"
    );
    cx.run_pipeline(&pipeline, module)?;
    Ok(count as u64)
}

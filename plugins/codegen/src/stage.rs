//! Running one stage of every variant's target.

use ropt_mlir::{
    ir::edit::{context_of, pin_mut},
    mlir_sys::mlirContextLoadAllAvailableDialects,
};
use ropt_plugin::{prelude::*, ropt_abi::quote};

use crate::{limits::Limits, variants::Variant};

/// Runs a stage on every variant that still has a module; how many there were.
///
/// The work is a nested pipeline, so that MLIR spreads the executables over its threads.
///
/// `own` are `TARGET:PIPELINE` texts that take the place of the targets' own.
///
/// # Errors
/// When a variant's target is unknown, a text names none, or the stage fails.
pub(crate) fn run(
    stage: &str,
    own: &[String],
    limits: Limits,
    op: &OperationRefMut<'_, '_>,
    cx: &PassContext<'_>,
) -> PassResult<u64> {
    let module = pin_mut(op);
    let variants = Variant::all(module);
    for text in own {
        let target = text.split_once(':').map(|(target, _)| target).ok_or_else(|| {
            PassError::usage(format!("target-pipelines: `{text}` is not TARGET:PIPELINE"))
                .help("for example target-pipelines={'llvm-cpu:builtin.module(cse)'}")
        })?;
        cx.target(target).map_err(|error| PassError::usage(format!("target-pipelines: {error}")))?;
    }
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
    let mut options = format!("stage={stage} timeout-s={seconds} memory-mb={megabytes}");
    if !own.is_empty() {
        let texts = quote::list(own.iter().map(String::as_str))?;
        options.push_str(&format!(" target-pipelines={texts}"));
    }
    let pipeline = format!("hal.executable(hal.executable.variant(hal-run-target-stage{{{options}}}))");
    cx.run_pipeline(&pipeline, module)?;
    Ok(count as u64)
}

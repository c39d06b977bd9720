//! Running one stage of every variant's target.

use ropt_mlir::{ir::edit::pin_mut, mlir_sys::mlirContextLoadAllAvailableDialects};
use ropt_plugin::{prelude::*, ropt_abi::quote, target::TargetHandle};

use crate::{limits::Limits, variants::Variant};
use std::collections::HashSet;

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
    check_own("target-pipelines", own, cx)?;
    let count = variants.iter().filter(|variant| variant.inner("builtin.module").is_some()).count();
    if count == 0 {
        return Ok(0);
    }
    prepare(&variants, cx)?;
    let pipeline = format!("hal.executable(hal.executable.variant({}))", element(stage, own, limits)?);
    cx.run_pipeline(&pipeline, module)?;
    Ok(count as u64)
}

/// Whether each text of an option is `TARGET:PIPELINE` of a target that there is.
///
/// # Errors
/// The first that is not.
pub(crate) fn check_own(option: &str, own: &[String], cx: &PassContext<'_>) -> PassResult {
    own.iter().try_for_each(|text| {
        let target = text.split_once(':').map(|(target, _)| target).ok_or_else(|| {
            PassError::usage(format!("{option}: `{text}` is not TARGET:PIPELINE"))
                .help(format!("for example {option}={{'llvm-cpu:builtin.module(cse)'}}"))
        })?;
        let found = cx.target(target);
        found.map(drop).map_err(|error| PassError::usage(format!("{option}: {error}")))
    })
}

/// Loads every dialect that there is. A target's passes bring dialects, and none can be loaded while several threads read
/// the context, as they may when a pass of this plugin runs: the module may be one of several.
pub(crate) fn load_dialects(context: &Context) {
    // SAFETY: the context is live, and passes are prepared on one thread.
    unsafe { mlirContextLoadAllAvailableDialects(context.to_raw()) };
}

/// Finds the targets of these variants, which loads their plugins, before several threads ask for them.
///
/// # Errors
/// When a variant's target is unknown.
pub(crate) fn prepare(variants: &[Variant<'_>], cx: &PassContext<'_>) -> PassResult {
    let mut known = HashSet::new();
    for variant in variants.iter().filter(|variant| known.insert(variant.target_key())) {
        variant.target(cx)?;
    }
    Ok(())
}

/// `hal-run-target-stage` for a stage, as an element of a pipeline on variants.
///
/// # Errors
/// When a text cannot be written in a pipeline.
pub(crate) fn element(stage: &str, own: &[String], limits: Limits) -> PassResult<String> {
    let Limits { seconds, megabytes } = limits;
    let mut options = format!("stage={stage} timeout-s={seconds} memory-mb={megabytes}");
    if !own.is_empty() {
        let texts = quote::list(own.iter().map(String::as_str))?;
        options.push_str(&format!(" target-pipelines={texts}"));
    }
    Ok(format!("hal-run-target-stage{{{options}}}"))
}

/// The pipeline of a stage, the user's own before the target's; and the one to take when that fails, or nothing.
///
/// # Errors
/// The target's.
pub(crate) fn pipelines(
    stage: &str,
    own: &[String],
    target: TargetHandle,
    attribute: &str,
    cx: &PassContext<'_>,
) -> PassResult<(String, String)> {
    let own = own.iter().filter_map(|text| text.split_once(':'));
    let mut own = own.filter_map(|(name, text)| Some((cx.target(name).ok()?.name(), text)));
    match own.rfind(|(name, _)| *name == target.name()) {
        // Who gives a pipeline wants to see that one fail.
        Some((_, text)) => Ok((text.to_owned(), String::new())),
        None => Ok((target.pipeline(stage, attribute)?, target.pipeline(&format!("{stage}-plain"), attribute)?)),
    }
}

//! `hal-run-target-stage`.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Op, context_of, erase, move_to_end, pin_mut},
        ops_in, quietly,
    },
    melior::ir::{Operation, RegionLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use crate::{
    limits::{self, Limits, Watch},
    stage,
    variants::Variant,
};

/// Runs a stage (configure, translate, …) of the target that the variant names, under limits.
///
/// When a stage fails, or goes beyond a limit, and the target has a pipeline for the stage with `-plain` behind its name,
/// the variant is translated again by that one: with a remark, or beyond a limit with a warning.
#[derive(Pass, Clone, Default)]
#[pass(name = "hal-run-target-stage", anchor = "hal.executable.variant", dialects("hal"), needs("executable-variants"))]
struct RunTargetStage {
    /// The stage.
    #[option(default = "translate")]
    stage: String,
    /// Pipelines to run instead of a target's own, as `TARGET:PIPELINE`.
    #[option(name = "target-pipelines")]
    target_pipelines: Vec<String>,
    /// Seconds that one variant may take; 0 is no limit.
    #[option(name = "timeout-s", default = 300)]
    timeout_s: u64,
    /// MiB that the process may hold meanwhile; 0 is no limit.
    #[option(name = "memory-mb", default = 8192)]
    memory_mb: u64,
    /// Variants that took the plain pipeline.
    #[statistic]
    plain: Counter,
}

impl RunPass for RunTargetStage {
    fn prepare(&mut self, context: &Context) {
        stage::load_dialects(context);
    }

    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let Some(variant) = Variant::of(pin_mut(&op)) else { return Ok(()) };
        if variant.inner("builtin.module").is_none() {
            // Its contents are objects, or it is serialized already.
            return Ok(());
        }
        let target = variant.target(cx)?;
        let attribute = variant.attribute();
        let (pipeline, fallback) = stage::pipelines(&self.stage, &self.target_pipelines, target, &attribute, cx)?;
        if pipeline.is_empty() {
            return Ok(());
        }
        let what =
            format!("stage {} of the executable @{} for @{}", self.stage, variant.executable_name(), variant.name());
        let done = if fallback.is_empty() {
            let _watch = Watch::start(self.limits(), what.clone());
            cx.run_pipeline(&pipeline, variant.op)
        } else {
            self.with_fallback(variant, &what, &pipeline, &fallback, cx)
        };
        done.map_err(|error| error.note(format!("in {what}")))
    }
}

impl RunTargetStage {
    fn limits(&self) -> Limits {
        Limits { seconds: self.timeout_s, megabytes: self.memory_mb }
    }

    fn with_fallback(
        &mut self,
        variant: Variant<'_>,
        what: &str,
        pipeline: &str,
        fallback: &str,
        cx: &PassContext<'_>,
    ) -> PassResult {
        let spare = clone_mapped(variant.op, &[], &[]);
        let watch = Watch::stopping(self.limits(), what.to_owned(), variant.op);
        let (result, said) = quietly(context_of(variant.op), || cx.run_pipeline(pipeline, variant.op));
        let exceeded = watch.exceeded();
        drop(watch);
        if result.is_ok() && exceeded.is_none() {
            for said in said {
                cx.remark(said.location, said.text);
            }
            return Ok(());
        }
        let first = said.into_iter().find(|said| said.error);
        restore(variant.op, &spare);
        let name = variant.executable_name();
        if let Some(exceeded) = exceeded {
            limits::give_back();
            let (place, where_) = first
                .map_or((variant.op.location(), String::new()), |said| (said.location, format!(", {}", said.text)));
            let message = format!("{what} {}{where_}: @{name} takes the plain path", exceeded.sentence());
            let plain = "or choose other tile sizes or ropt.schedule = \"plain\" in its configuration";
            cx.warning_with(place, message, &[format!("help: {}, {plain}", exceeded.remedy())]);
        } else {
            let reason = first.map(|said| said.text).or(result.err().map(|error| error.to_string()));
            let reason = reason.unwrap_or_default();
            cx.remark(variant.op.location(), format!("@{name} takes the plain path: {reason}"));
        }
        self.plain.add(1);
        let _watch = Watch::start(self.limits(), format!("{what}, on the plain path,"));
        cx.run_pipeline(fallback, variant.op)
    }
}

/// Gives a variant the contents of its copy.
fn restore<'c>(variant: Op<'c>, spare: &Operation<'c>) {
    for op in ops_in(variant).into_iter().rev() {
        erase(op);
    }
    // SAFETY: the copy lives until the end of this function.
    let spare: Op<'c> = unsafe { Op::from_raw(spare.to_raw()) };
    let Some(block) = variant.region(0).ok().and_then(|region| region.first_block()) else { return };
    for op in ops_in(spare) {
        move_to_end(op, block);
    }
}

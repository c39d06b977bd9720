//! `hal-compile-variant`.

use ropt_mlir::ir::{
    edit::{context_of, pin_mut, set_attribute},
    heard,
};
use ropt_plugin::prelude::*;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::{binary, limits::Limits, stage, variants::Variant};

/// On a variant: something was said while it was compiled, which nobody would hear if it came out of the cache.
pub(crate) const SAID: &str = "ropt.said";

/// Takes one variant from its kernels to its binary: configured if need be, translated and serialized.
///
/// When one variant fails, those that were not begun are left, and a second failure on another thread says nothing: what
/// is wrong with one is often wrong with all.
///
/// The module is gone as soon as the binary is there, so that a program of many executables holds few of them in their
/// low-level form. A variant without a module stays as it is.
#[derive(Pass, Clone, Default)]
#[pass(name = "hal-compile-variant", anchor = "hal.executable.variant", dialects("hal"), needs("executable-variants"))]
struct CompileVariant {
    /// Whether the kernels are to be configured first.
    #[option(default = false)]
    configure: bool,
    /// Pipelines to run instead of a target's own `configure`, as `TARGET:PIPELINE`.
    #[option(name = "configure-pipelines")]
    configure_pipelines: Vec<String>,
    /// Pipelines to run instead of a target's own `translate`, as `TARGET:PIPELINE`.
    #[option(name = "translate-pipelines")]
    translate_pipelines: Vec<String>,
    /// Seconds that one variant may take in each stage; 0 is no limit.
    #[option(name = "timeout-s", default = 300)]
    timeout_s: u64,
    /// MiB that the process may hold meanwhile; 0 is no limit.
    #[option(name = "memory-mb", default = 8192)]
    memory_mb: u64,
    /// Binaries made.
    #[statistic]
    compiled: Counter,
    /// Whether a variant failed, for the copies of this pass on all threads.
    failed: Arc<AtomicBool>,
}

impl RunPass for CompileVariant {
    fn prepare(&mut self, context: &Context) {
        stage::load_dialects(context);
    }

    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let Some(variant) = Variant::of(pin_mut(&op)) else { return Ok(()) };
        if variant.inner("builtin.module").is_none() || cx.cancelled() || self.failed.load(Ordering::Relaxed) {
            return Ok(());
        }
        let limits = Limits { seconds: self.timeout_s, megabytes: self.memory_mb };
        let configure = self.configure.then_some(("configure", &self.configure_pipelines));
        let stages = configure.into_iter().chain([("translate", &self.translate_pipelines)]);
        let (made, said) = heard(context_of(variant.op), || {
            for (stage, own) in stages {
                cx.run_pipeline(&stage::element(stage, own, limits)?, variant.op)?;
            }
            binary::make(variant, false, limits, cx)
        });
        let made = made.map_err(|error| match self.failed.swap(true, Ordering::Relaxed) {
            false => error,
            true => PassError::reported(),
        })?;
        binary::put(variant, &made);
        binary::keep_suffix(variant, &made.suffix);
        if said {
            set_attribute(variant.op, SAID, "unit");
        }
        self.compiled.add(1);
        Ok(())
    }
}

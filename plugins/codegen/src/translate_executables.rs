//! `hal-translate-executables`.

use ropt_plugin::prelude::*;

use crate::{limits::Limits, stage};

/// Runs each variant's `translate` stage, which lowers kernels to what the target's code generator takes.
///
/// A kernel whose schedule fails is translated by the target's plain path, with a remark. Each variant works under a
/// limit of time and memory.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-translate-executables",
    anchor = "builtin.module",
    aliases("iree-hal-translate-executables"),
    dialects("hal"),
    needs("executable-variants", "executable-sources", "executable-configurations"),
    establishes("executable-targets: kernels are in the low-level dialect of their target"),
    ends("executable-sources", "executable-configurations"),
    flag(
        name = "codegen-timeout-s",
        value = "SECONDS",
        default = "300",
        help = "Time that the code generation of one executable may take; 0 is no limit"
    ),
    flag(
        name = "codegen-memory-mb",
        value = "MIB",
        default = "8192",
        help = "Memory that the process may hold while it generates code; 0 is no limit"
    ),
    slot(
        phase = "executable-targets",
        order = 10,
        options = "target-pipelines={@target-pipeline:translate} timeout-s={codegen-timeout-s} memory-mb={codegen-memory-mb}"
    )
)]
struct TranslateExecutables {
    /// Pipelines to run instead of a target's own, as `TARGET:PIPELINE`; `ropt targets show TARGET` prints those.
    #[option(name = "target-pipelines")]
    target_pipelines: Vec<String>,
    /// Seconds that one variant may take; 0 is no limit.
    #[option(name = "timeout-s", default = 300)]
    timeout_s: u64,
    /// MiB that the process may hold meanwhile; 0 is no limit.
    #[option(name = "memory-mb", default = 8192)]
    memory_mb: u64,
    /// Variants translated.
    #[statistic]
    translated: Counter,
}

impl RunPass for TranslateExecutables {
    fn prepare(&mut self, context: &Context) {
        stage::load_dialects(context);
    }

    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let limits = Limits { seconds: self.timeout_s, megabytes: self.memory_mb };
        self.translated.add(stage::run("translate", &self.target_pipelines, limits, &op, cx)?);
        Ok(())
    }
}

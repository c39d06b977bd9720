//! `hal-configure-executables`.

use ropt_plugin::prelude::*;

use crate::{limits::Limits, stage};

/// Runs each variant's `configure` stage, which annotates kernels with how they will be translated.
///
/// Nothing is lowered. The annotations are the target's and can be edited: dump with
/// `--hal-dump-executable-configurations-to`, give back with `--hal-substitute-executable-configuration`.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-configure-executables",
    anchor = "builtin.module",
    aliases("iree-hal-configure-executables"),
    dialects("hal"),
    slot(
        phase = "executable-configurations",
        order = 10,
        options = "timeout-s={codegen-timeout-s} memory-mb={codegen-memory-mb}"
    )
)]
struct ConfigureExecutables {
    /// Seconds that one variant may take; 0 is no limit.
    #[option(name = "timeout-s", default = 300)]
    timeout_s: u64,
    /// MiB that the process may hold meanwhile; 0 is no limit.
    #[option(name = "memory-mb", default = 8192)]
    memory_mb: u64,
    /// Variants configured.
    #[statistic]
    configured: Counter,
}

impl RunPass for ConfigureExecutables {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let limits = Limits { seconds: self.timeout_s, megabytes: self.memory_mb };
        self.configured.add(stage::run("configure", limits, &op, cx)?);
        Ok(())
    }
}

//! `hal-configure-executables`.

use ropt_plugin::prelude::*;

use crate::{limits::Limits, stage};

/// Runs each variant's `configure` stage, which annotates kernels with how they will be translated.
///
/// Nothing is lowered. The annotations are the target's and can be edited: dump with
/// `--hal-dump-executable-configurations-to`, give back with `--hal-substitute-executable-configuration`.
///
/// ```mlir
/// #layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
///     hal.executable.export public @k ordinal(0) layout(#layout)
///     builtin.module {
///       func.func @k() {
///         %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<8xf32>>
///         %x = arith.constant 1.0 : f32
///         %e = tensor.empty() : tensor<8xf32>
///         %y = linalg.fill ins(%x : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
///         iree_tensor_ext.dispatch.tensor.store %y, %0, offsets = [0], sizes = [8], strides = [1] : tensor<8xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<8xf32>>
///         return
///       }
///     }
///   }
/// }
/// // becomes, by builtin.module(hal-configure-executables)
/// …
///       func.func @k() attributes {ropt.schedule = "plain"} {
///         …
///         %2 = linalg.fill ins(%cst : f32) outs(%1 : tensor<8xf32>) -> tensor<8xf32>
///         …
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-configure-executables",
    anchor = "builtin.module",
    aliases("iree-hal-configure-executables"),
    dialects("hal"),
    needs("executable-variants", "executable-sources"),
    establishes("executable-configurations: kernels say how they will be translated"),
    slot(
        phase = "executable-configurations",
        order = 10,
        options = "target-pipelines={@target-pipeline:configure} timeout-s={codegen-timeout-s} memory-mb={codegen-memory-mb}"
    )
)]
struct ConfigureExecutables {
    /// Pipelines to run instead of a target's own, as `TARGET:PIPELINE`; `ropt targets show TARGET` prints those.
    #[option(name = "target-pipelines")]
    target_pipelines: Vec<String>,
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
    fn prepare(&mut self, context: &Context) {
        stage::load_dialects(context);
    }

    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let limits = Limits { seconds: self.timeout_s, megabytes: self.memory_mb };
        self.configured.add(stage::run("configure", &self.target_pipelines, limits, &op, cx)?);
        Ok(())
    }
}

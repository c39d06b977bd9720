//! `cpu-select-schedule`: writes on each kernel which schedule it gets and with which tile sizes.
//!
//! ```mlir
//! func.func @k() attributes {ropt.schedule = "contraction",
//!                            ropt.tiles = {register = array<i64: 8, 32>, workgroup = array<i64: 64, 128>, …}}
//! ```
//! The annotations are meant to be read and edited; what is already there is checked and kept.

use ropt_mlir::{
    ir::edit::{Op, pin_mut, set_attribute},
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::{
    config::Config,
    ops::kernels,
    schedule::{self, Library, MAP, PLAIN, REDUCE, ROOT, SCHEDULE, SINK, TILES},
    select::{self, Choice},
};

/// Chooses a schedule and tile sizes for each kernel by its ops, shapes, element types and the target's vector registers.
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
/// // becomes, by builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-select-schedule))))
/// …
///       func.func @k() attributes {ropt.schedule = "plain"} {
///         …
///         %2 = linalg.fill ins(%cst : f32) outs(%1 : tensor<8xf32>) -> tensor<8xf32>
///         …
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "cpu-select-schedule",
    anchor = "builtin.module",
    needs("cpu-decomposed"),
    establishes("cpu-schedules: kernels name a schedule and tile sizes")
)]
struct SelectSchedule {
    /// Kernels that got a schedule.
    #[statistic]
    scheduled: Counter,
    /// Kernels left to the plain path.
    #[statistic]
    plain: Counter,
}

impl RunPass for SelectSchedule {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let target = module.parent_operation().and_then(|variant| variant.attribute("target").ok());
        let config = target.map(|text| Config::parse(&text.to_string())).unwrap_or_default();
        let library = Library { folder: config.schedules.clone() };
        let simd = config.simd();
        for kernel in kernels(module) {
            if kernel.has_attribute(SCHEDULE) {
                schedule::check(kernel, &library)?;
                continue;
            }
            match select::choose(kernel, simd) {
                Some(choice) => {
                    self.scheduled.add(1);
                    annotate(kernel, &choice);
                }
                None => {
                    self.plain.add(1);
                    set_attribute(kernel, SCHEDULE, &format!("{PLAIN:?}"));
                }
            }
        }
        Ok(())
    }
}

fn annotate(kernel: Op<'_>, choice: &Choice<'_>) {
    set_attribute(kernel, SCHEDULE, &format!("{:?}", choice.schedule));
    set_attribute(kernel, TILES, &choice.tiles.attribute());
    set_attribute(choice.root, ROOT, "unit");
    set_attribute(choice.sink, SINK, "unit");
    choice.reductions.iter().for_each(|op| set_attribute(*op, REDUCE, "unit"));
    choice.maps.iter().for_each(|op| set_attribute(*op, MAP, "unit"));
}

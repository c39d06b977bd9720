//! `cpu-decompose-ops`: ops that stand for several ops are taken apart before a schedule is chosen.

use ropt_mlir::ir::edit::pin_mut;
use ropt_plugin::prelude::*;

use crate::{
    ops::kernels,
    schedule::{self, Library, Tiles},
};

/// Runs the schedule `decompose` on every kernel.
///
/// ```mlir
/// func.func @f(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
///   %e = tensor.empty() : tensor<4x8xf32>
///   %y = linalg.softmax dimension(1) ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
///   return %y : tensor<4x8xf32>
/// }
/// // becomes, by builtin.module(cpu-decompose-ops)
/// …
/// func.func @f(%arg0: tensor<4x8xf32>) -> tensor<4x8xf32> {
///   …
///     %8 = arith.maxnumf %in, %out : f32
///     …
///     %8 = arith.subf %in, %in_1 : f32
///     %9 = math.exp %8 : f32
///     …
///     %8 = arith.addf %in, %out : f32
///     …
///     %8 = arith.divf %in, %in_1 : f32
///     …
///   return %7 : tensor<4x8xf32>
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "cpu-decompose-ops",
    anchor = "builtin.module",
    dialects("arith", "linalg", "math", "tensor", "transform"),
    establishes("cpu-decomposed: ops are ones that schedules know")
)]
struct DecomposeOps {
    /// Folder whose decompose.mlir goes before the built-in schedule.
    #[option(default = "")]
    schedules: String,
}

impl RunPass for DecomposeOps {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let library = Library { folder: self.schedules.clone() };
        let text = schedule::fill(&library.text("decompose")?, &Tiles::default());
        for kernel in kernels(pin_mut(&op)) {
            let location = kernel.location();
            schedule::apply(kernel, "decompose", &text).map_err(|error| PassError::from(error).at(location))?;
        }
        Ok(())
    }
}

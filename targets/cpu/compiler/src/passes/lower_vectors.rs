//! `cpu-lower-vectors`: contractions, reductions and transfers of vectors become what a processor has.

use ropt_mlir::ir::edit::pin_mut;
use ropt_plugin::prelude::*;

use crate::{
    ops::kernels,
    schedule::{self, Library, Tiles},
};

/// Runs the schedule `lower` on every kernel.
///
/// ```mlir
/// #a = affine_map<(m, n, k) -> (m, k)>
/// #b = affine_map<(m, n, k) -> (k, n)>
/// #c = affine_map<(m, n, k) -> (m, n)>
/// func.func @f(%a: vector<1x1xf32>, %b: vector<1x8xf32>, %c: vector<1x8xf32>) -> vector<1x8xf32> {
///   %r = vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} %a, %b, %c : vector<1x1xf32>, vector<1x8xf32> into vector<1x8xf32>
///   return %r : vector<1x8xf32>
/// }
/// // becomes, by builtin.module(cpu-lower-vectors)
/// func.func @f(%arg0: vector<1x1xf32>, %arg1: vector<1x8xf32>, %arg2: vector<1x8xf32>) -> vector<1x8xf32> {
///   %0 = vector.extract %arg1[0] : vector<8xf32> from vector<1x8xf32>
///   %1 = vector.extract %arg0[0, 0] : f32 from vector<1x1xf32>
///   %2 = vector.broadcast %1 : f32 to vector<8xf32>
///   %3 = vector.extract %arg2[0] : vector<8xf32> from vector<1x8xf32>
///   %4 = vector.fma %2, %0, %3 : vector<8xf32>
///   %5 = vector.broadcast %4 : vector<8xf32> to vector<1x8xf32>
///   return %5 : vector<1x8xf32>
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "cpu-lower-vectors",
    anchor = "builtin.module",
    dialects("arith", "memref", "scf", "transform", "vector"),
    needs("cpu-vectors"),
    ends("cpu-vectors")
)]
struct LowerVectors {
    /// Folder whose lower.mlir goes before the built-in schedule.
    #[option(default = "")]
    schedules: String,
}

impl RunPass for LowerVectors {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let library = Library { folder: self.schedules.clone() };
        let text = schedule::fill(&library.text("lower")?, &Tiles::default());
        for kernel in kernels(pin_mut(&op)) {
            let location = kernel.location();
            schedule::apply(kernel, "lower", &text).map_err(|error| PassError::from(error).at(location))?;
        }
        Ok(())
    }
}

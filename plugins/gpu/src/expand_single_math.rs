//! `gpu-expand-single-math`: math functions of f32 become calls of functions made of sums, products and bits.
//!
//! ```mlir
//! %0 = math.sin %x : f32
//! // becomes
//! %0 = func.call @ropt_sin_f32(%x) : (f32) -> f32
//! ```
//! CUDA has them in a library that is not linked; Vulkan's own may be wrong by thousands of units in the last place, and its
//! sin and cos are exact to 2^-11 only, between -pi and pi.

use ropt_mlir::ir::edit::pin_mut;
use ropt_plugin::prelude::*;

use crate::math::{SINGLE, expand};

/// Replaces math ops of f32 by calls of functions that are right for arguments of any size.
///
/// ```mlir
/// func.func @f(%x: f32) -> f32 {
///   %y = math.sin %x : f32
///   return %y : f32
/// }
/// // becomes, by builtin.module(gpu-expand-single-math)
/// …
/// func.func private @ropt_sin_f32(%arg0: f32) -> f32 {
///   …
/// func.func @f(%arg0: f32) -> f32 {
///   %0 = call @ropt_sin_f32(%arg0) : (f32) -> f32
///   return %0 : f32
/// …
/// ```
#[derive(Pass, Clone, Default)]
#[pass(name = "gpu-expand-single-math", anchor = "builtin.module", dialects("arith", "func", "math", "vector"))]
struct ExpandSingleMath {
    /// Ops replaced.
    #[statistic]
    expanded: Counter,
}

impl RunPass for ExpandSingleMath {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        self.expanded.add(expand(pin_mut(&op), SINGLE, "f32")?);
        Ok(())
    }
}

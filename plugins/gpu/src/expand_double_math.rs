//! `gpu-expand-double-math`: math functions of f64 become calls of functions made of sums, products and bits.
//!
//! ```mlir
//! %0 = math.exp %x : f64
//! // becomes
//! %0 = func.call @ropt_exp_f64(%x) : (f64) -> f64
//! ```
//! The pass stands before `math-expand-ops`, which would make an inexact power of exp and log.

use ropt_mlir::ir::edit::pin_mut;
use ropt_plugin::prelude::*;

use crate::math::{DOUBLE, expand};

/// Replaces math ops of f64 by calls of functions that need none of them.
///
/// ```mlir
/// func.func @f(%x: f64) -> f64 {
///   %y = math.exp %x : f64
///   return %y : f64
/// }
/// // becomes, by builtin.module(gpu-expand-double-math)
/// func.func private @ropt_exp_f64(%arg0: f64) -> f64 {
///   …
/// func.func @f(%arg0: f64) -> f64 {
///   %0 = call @ropt_exp_f64(%arg0) : (f64) -> f64
///   …
/// ```
#[derive(Pass, Clone, Default)]
#[pass(name = "gpu-expand-double-math", anchor = "builtin.module", dialects("arith", "func", "math", "vector"))]
struct ExpandDoubleMath {
    /// Ops replaced.
    #[statistic]
    expanded: Counter,
}

impl RunPass for ExpandDoubleMath {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        self.expanded.add(expand(pin_mut(&op), DOUBLE, "f64")?);
        Ok(())
    }
}

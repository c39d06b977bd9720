//! `gpu-expand-single-math`: math functions of f32 become calls of functions made of sums, products and bits; fma of bf16,
//! which `math-extend-to-supported-types` leaves alone, is computed in f32.
//!
//! ```mlir
//! %0 = math.sin %x : f32
//! // becomes
//! %0 = func.call @ropt_sin_f32(%x) : (f32) -> f32
//! ```
//! CUDA has them in a library that is not linked; Vulkan's own may be wrong by thousands of units in the last place, and its
//! sin and cos are exact to 2^-11 only, between -pi and pi.

use ropt_mlir::{
    ir::edit::{Builder, Op, erase, nested, op_name, operands, pin_mut, replace_uses, results, type_text},
    melior::ir::ValueLike,
};
use ropt_plugin::prelude::*;

use crate::math::{SINGLE, expand};

/// Replaces math ops of f32 by calls of functions that are right for arguments of any size, and fma of bf16 by
/// one of f32.
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
        let module = pin_mut(&op);
        self.expanded.add(expand(module, SINGLE, "f32")? + widen_products(module));
        Ok(())
    }
}

/// Computes `math.fma` of bf16 in f32; how many there were.
fn widen_products(module: Op<'_>) -> u64 {
    let mut count = 0;
    for op in nested(module).into_iter().filter(|op| op_name(*op) == "math.fma") {
        let narrow = results(op).first().map(|value| type_text(value.r#type())).unwrap_or_default();
        if !narrow.contains("bf16") {
            continue;
        }
        let (at, wide) = (Builder::before(op), narrow.replace("bf16", "f32"));
        let parts: Vec<_> =
            operands(op).into_iter().map(|value| at.value("arith.extf", &[value], &wide, &[])).collect();
        let sum = at.value("math.fma", &parts, &wide, &[]);
        let value = at.value("arith.truncf", &[sum], &narrow, &[]);
        replace_uses(results(op)[0], value);
        erase(op);
        count += 1;
    }
    count
}

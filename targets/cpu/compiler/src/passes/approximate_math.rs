//! `cpu-approximate-math`: exp, tanh, log and erf of f32 become polynomials, which vectorise; libm's functions do not.

use ropt_mlir::ir::approximate_math;
use ropt_plugin::prelude::*;

/// Replaces math ops of f32 and vectors of f32 by polynomials of about single precision.
///
/// ```mlir
/// func.func @f(%x: vector<8xf32>) -> vector<8xf32> {
///   %r = math.exp %x : vector<8xf32>
///   return %r : vector<8xf32>
/// }
/// // becomes, by builtin.module(func.func(cpu-approximate-math))
/// func.func @f(%arg0: vector<8xf32>) -> vector<8xf32> {
///   …
///   %4 = math.fma %3, %cst_6, %cst_4 : vector<8xf32>
///   …
///   %22 = arith.shli %21, %cst_0 : vector<8xi32>
///   …
///   return %24 : vector<8xf32>
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(name = "cpu-approximate-math", aliases("ropt-math-approximation"), dialects("arith", "math", "vector"))]
struct ApproximateMath {
    /// The ops to replace, with commas between. Sine and cosine are left to libm: their polynomials lose accuracy for large arguments.
    #[option(default = "math.exp,math.expm1,math.tanh,math.log,math.log2,math.log1p,math.erf,math.cbrt")]
    ops: String,
}

impl RunPass for ApproximateMath {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let names: Vec<&str> = self.ops.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        let op = ropt_mlir::ir::edit::pin_mut(&op);
        if approximate_math(op, &names) {
            return Ok(());
        }
        Err(PassError::internal("rewriting the math ops did not come to an end").at(op.location()))
    }
}

//! `gpu-expand-double-math`: exp, log, tanh, sin, cos, erf and pow of f64 become calls of functions made of sums, products
//! and bits.
//!
//! ```mlir
//! %0 = math.exp %x : f64
//! // becomes
//! %0 = func.call @ropt_exp_f64(%x) : (f64) -> f64
//! ```
//! What else has no f64 form is an error that names the op. The pass stands before `math-expand-ops`, which would make an
//! inexact power of exp and log, and behind it, for what it makes.

use ropt_mlir::{
    ir::edit::{nested, op_name, pin_mut, results, type_text},
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use crate::math::{DOUBLE, expand, shape};

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
///   %2 = call @ropt_exp_f64(%1) : (f64) -> f64
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
        let module = pin_mut(&op);
        for op in nested(module) {
            let of_double = results(op).first().is_some_and(|value| shape(&type_text(value.r#type()), "f64").is_some());
            let name = op_name(op);
            if of_double && MISSING.contains(&name.as_str()) {
                return Err(PassError::new(format!("`{name}` of f64 is not available on this target"))
                    .at(op.location())
                    .note(
                        "available in double precision: arithmetic, sqrt, exp, log, tanh, sin, cos, erf, pow, and what is \
                         made of these",
                    )
                    .help("compute it in f32 (arith.truncf, arith.extf), or let another target have the kernel"));
            }
        }
        self.expanded.add(expand(module, DOUBLE, "f64")?);
        Ok(())
    }
}

/// Math ops without a form in double precision.
const MISSING: [&str; 11] = [
    "math.tan",
    "math.asin",
    "math.acos",
    "math.atan",
    "math.atan2",
    "math.erfc",
    "math.log2",
    "math.log10",
    "math.log1p",
    "math.expm1",
    "math.cbrt",
];

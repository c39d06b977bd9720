//! `cuda-lower-math-calls`: calls of NVIDIA's device library that the GPU has instructions for become LLVM's intrinsics.
//!
//! ```mlir
//! %0 = llvm.call @__nv_sqrtf(%x) : (f32) -> f32
//! // becomes
//! %0 = llvm.intr.sqrt(%x) : (f32) -> f32
//! ```
//! The library itself is not needed: what has no instruction (exp, log, tanh, …) was expanded before. What is left is an
//! error that names it.

use ropt_mlir::{
    ir::edit::{Builder, Op, erase, nested, op_name, operands, pin_mut, replace_uses, results, type_text},
    ir::symbol_name,
    kernel::all_named,
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

/// Replaces calls of NVIDIA's device library by LLVM's intrinsics.
///
/// ```mlir
/// gpu.module @kernels {
///   llvm.func @__nv_sqrtf(f32) -> f32
///   llvm.func @k(%x: f32) -> f32 {
///     %0 = llvm.call @__nv_sqrtf(%x) : (f32) -> f32
///     llvm.return %0 : f32
///   }
/// }
/// // becomes, by builtin.module(gpu.module(cuda-lower-math-calls))
/// gpu.module @kernels {
///   llvm.func @k(%arg0: f32) -> f32 {
///     %0 = llvm.intr.sqrt(%arg0) : (f32) -> f32
///     llvm.return %0 : f32
///   }
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(name = "cuda-lower-math-calls", anchor = "gpu.module", dialects("llvm"), needs("gpu-kernels"))]
struct LowerMathCalls {
    /// Calls replaced.
    #[statistic]
    replaced: Counter,
}

/// The library's function without `__nv_` and its suffix, and the op.
const OPS: [(&str, &str); 12] = [
    ("sqrt", "llvm.intr.sqrt"),
    ("floor", "llvm.intr.floor"),
    ("ceil", "llvm.intr.ceil"),
    ("trunc", "llvm.intr.trunc"),
    ("round", "llvm.intr.round"),
    ("rint", "llvm.intr.roundeven"),
    ("fabs", "llvm.intr.fabs"),
    ("fma", "llvm.intr.fma"),
    ("copysign", "llvm.intr.copysign"),
    ("fmin", "llvm.intr.minnum"),
    ("fmax", "llvm.intr.maxnum"),
    ("fmod", "llvm.frem"),
];

impl RunPass for LowerMathCalls {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        for call in all_named(module, "llvm.call") {
            let callee = call.attribute("callee").ok().map(|callee| callee.to_string()).unwrap_or_default();
            let Some(function) = callee.strip_prefix("@__nv_") else { continue };
            let name = function.strip_suffix('f').filter(|_| function != "f").unwrap_or(function);
            let known = OPS.iter().find(|(known, _)| *known == name || *known == function);
            let Some((_, replacement)) = known else { return Err(missing(call, function)) };
            let result = type_text(results(call)[0].r#type());
            let value = Builder::before(call).value(replacement, &operands(call), &result, &[]);
            replace_uses(results(call)[0], value);
            erase(call);
            self.replaced.add(1);
        }
        for function in nested(module) {
            let declared =
                op_name(function) == "llvm.func" && symbol_name(function).is_some_and(|name| name.starts_with("__nv_"));
            if declared {
                erase(function);
            }
        }
        Ok(())
    }
}

fn missing(call: Op<'_>, function: &str) -> PassError {
    PassError::new(format!("`{function}` is a function of NVIDIA's device library, which is not linked"))
        .at(call.location())
        .help("write the kernel with what it is made of (math-expand-ops), or put an object in its place")
}

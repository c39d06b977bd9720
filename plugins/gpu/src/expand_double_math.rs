//! `gpu-expand-double-math`: exp, log and tanh of f64 become calls of functions made of sums, products and bits.
//!
//! ```mlir
//! %0 = math.exp %x : f64
//! // becomes
//! %0 = func.call @ropt_exp_f64(%x) : (f64) -> f64
//! ```
//! The functions are `double_math.mlir`; `inline` takes them into the kernel. What else has no f64 form
//! (`math-expand-ops` makes powf and others of exp and log before) is an error that names the op.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Builder, Op, context_of, erase, nested, op_name, operands, pin_mut, replace_uses, results, type_text},
        ops_in, parse_operation,
    },
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

/// Replaces exp, log and tanh of f64 by calls of functions that need none of them.
#[derive(Pass, Clone, Default)]
#[pass(name = "gpu-expand-double-math", anchor = "builtin.module", dialects("arith", "func", "math"))]
struct ExpandDoubleMath {
    /// Ops replaced.
    #[statistic]
    expanded: Counter,
}

/// The functions' text.
const LIBRARY: &str = include_str!("double_math.mlir");

impl RunPass for ExpandDoubleMath {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let mut calls = Vec::new();
        for op in nested(module) {
            let of_double = results(op).first().is_some_and(|value| type_text(value.r#type()) == "f64");
            match op_name(op).as_str() {
                "math.exp" if of_double => calls.push((op, "@ropt_exp_f64")),
                "math.tanh" if of_double => calls.push((op, "@ropt_tanh_f64")),
                "math.log" if of_double => calls.push((op, "@ropt_log_f64")),
                name if of_double && MISSING.contains(&name) => {
                    return Err(PassError::new(format!("`{name}` of f64 is not available on this target"))
                        .at(op.location())
                        .note("available in double precision: arithmetic, sqrt, exp, log, tanh, and what is made of these")
                        .help("compute it in f32 (arith.truncf, arith.extf), or let another target have the kernel"));
                }
                _ => {}
            }
        }
        let Some((first, _)) = calls.first() else { return Ok(()) };
        let library = parse_operation(context_of(*first), &format!("module {{\n{LIBRARY}\n}}"), "double_math.mlir");
        let Some(library) = library else { return Err(PassError::internal("double_math.mlir does not parse")) };
        // SAFETY: the library lives until the end of this function, and only copies of its functions stay.
        let functions = ops_in(unsafe { Op::from_raw(library.to_raw()) });
        if let Some(place) = ops_in(module).first() {
            for function in functions {
                Builder::before(*place).insert(clone_mapped(function, &[], &[]));
            }
        }
        for (op, callee) in calls {
            let value = Builder::before(op).value("func.call", &operands(op), "f64", &[("callee", callee)]);
            replace_uses(results(op)[0], value);
            erase(op);
            self.expanded.add(1);
        }
        Ok(())
    }
}

/// Math ops without a form in double precision.
const MISSING: [&str; 15] = [
    "math.sin",
    "math.cos",
    "math.tan",
    "math.asin",
    "math.acos",
    "math.atan",
    "math.atan2",
    "math.erf",
    "math.erfc",
    "math.log2",
    "math.log10",
    "math.log1p",
    "math.expm1",
    "math.powf",
    "math.cbrt",
];

//! `c-call-helpers`: ops that emitc has no text for become calls of prelude.h and of math.h, or ops that it has.
//!
//! ```mlir
//! %i = arith.bitcast %x : f32 to i32
//! // becomes
//! %i = emitc.call_opaque "ropt_c_i32_of_f32"(%x) : (f32) -> i32
//! ```

use ropt_plugin::{
    prelude::*,
    ropt_mlir::ir::edit::{
        Builder, Op, Val, erase, nested, op_name, operands, pin_mut, replace_uses, results, type_text,
    },
};

/// Replaces ops that C has no operator for by calls, and sums of truth values by what they mean.
#[derive(Pass, Clone, Default)]
#[pass(name = "c-call-helpers", anchor = "builtin.module", dialects("arith", "emitc"))]
struct CallHelpers {
    /// Ops replaced.
    #[statistic]
    replaced: Counter,
}

impl RunPass for CallHelpers {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        for op in nested(pin_mut(&op)) {
            if let Some(value) = replacement(op) {
                replace_uses(results(op)[0], value);
                erase(op);
                self.replaced.add(1);
            }
        }
        Ok(())
    }
}

/// The value that stands for the op's; None where emitc knows the op.
fn replacement<'c>(op: Op<'c>) -> Option<Val<'c>> {
    let name = op_name(op);
    let from = operands(op);
    let result = type_text(results(op).first()?.r#type());
    let taken = type_text(from.first()?.r#type());
    let at = Builder::before(op);
    let call =
        |callee: &str| Some(at.value("emitc.call_opaque", &from, &result, &[("callee", &format!("{callee:?}"))]));
    let of_width = |callee: &str| call(&if result == "f32" { format!("{callee}f") } else { callee.to_owned() });
    match (name.as_str(), taken.as_str(), result.as_str()) {
        ("arith.bitcast", "f32", "i32") | ("arith.bitcast", "i32", "f32") => {
            call(&format!("ropt_c_{result}_of_{taken}"))
        }
        ("arith.bitcast", "f64", "i64") | ("arith.bitcast", "i64", "f64") => {
            call(&format!("ropt_c_{result}_of_{taken}"))
        }
        ("arith.remf", _, "f32" | "f64") => of_width("fmod"),
        ("math.copysign", _, "f32" | "f64") => of_width("copysign"),
        ("math.isnan", "f32" | "f64", _) => call("isnan"),
        ("math.isinf", "f32" | "f64", _) => call("isinf"),
        ("math.isfinite", "f32" | "f64", _) => call("isfinite"),
        ("math.isnormal", "f32" | "f64", _) => call("isnormal"),
        ("math.absi", "i8" | "i16" | "i32" | "i64", _) => call(&format!("ropt_c_abs_{taken}")),
        ("math.ctpop" | "math.ctlz" | "math.cttz", "i8" | "i16" | "i32" | "i64", _) => {
            call(&format!("ropt_c_{}_{taken}", name.trim_start_matches("math.")))
        }
        // An index is a size_t, whose division has no sign, and which emitc does not divide without.
        ("arith.divsi" | "arith.divui" | "arith.remsi" | "arith.remui", "index", _) => {
            let wide: Vec<_> = from.iter().map(|value| at.value("arith.index_cast", &[*value], "i64", &[])).collect();
            let value = at.value(&name, &wide, "i64", &[]);
            Some(at.value("arith.index_cast", &[value], "index", &[]))
        }
        // In one bit a sum is a difference, and a product a conjunction.
        ("arith.addi" | "arith.subi", "i1", _) => Some(at.value("arith.xori", &from, "i1", &[])),
        ("arith.muli", "i1", _) => Some(at.value("arith.andi", &from, "i1", &[])),
        // As a signed number, true is -1: C's is 1.
        ("arith.extsi" | "arith.sitofp", "i1", _) => {
            let float = result.starts_with('f');
            let number = |value: &str| {
                let text = if float { format!("{value}.0 : {result}") } else { format!("{value} : {result}") };
                at.value("arith.constant", &[], &result, &[("value", &text)])
            };
            Some(at.value("arith.select", &[from[0], number("-1"), number("0")], &result, &[]))
        }
        ("arith.fptosi" | "arith.fptoui", _, "i1") => {
            let wide = at.value("arith.fptosi", &from, "i32", &[]);
            Some(at.value("arith.trunci", &[wide], "i1", &[]))
        }
        _ => None,
    }
}

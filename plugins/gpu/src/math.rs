//! Math functions made of sums, products and bits, for devices without them: which there are, and how ops become calls of
//! them.
//!
//! The functions are MLIR text under `math/`; `inline` takes them into the kernel, and `symbol-dce` drops the others.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Builder, Op, Val, context_of, erase, nested, op_name, operands, replace_uses, results, type_text},
        nesting::parent,
        ops_in, parse_operation, symbol_name,
    },
    melior::ir::ValueLike,
};
use ropt_plugin::prelude::*;

/// An op with a function in its place.
pub(crate) struct Function {
    /// The op's name.
    pub(crate) op: &'static str,
    /// The function's symbol.
    pub(crate) callee: &'static str,
    /// The texts that define it and what it calls.
    pub(crate) texts: &'static [&'static str],
}

const EXP: &str = include_str!("math/exp_f64.mlir");
const EXPONENTIAL: &str = include_str!("math/exponential_f64.mlir");
const LOGARITHM: &str = include_str!("math/logarithm_f64.mlir");
const CIRCULAR: &str = include_str!("math/circular_f64.mlir");
const ARC: &str = include_str!("math/arc_f64.mlir");

/// What f64 has functions for.
pub(crate) const DOUBLE: &[Function] = &[
    Function { op: "math.exp", callee: "ropt_exp_f64", texts: &[EXP] },
    Function { op: "math.exp2", callee: "ropt_exp2_f64", texts: &[EXP, EXPONENTIAL] },
    Function { op: "math.expm1", callee: "ropt_expm1_f64", texts: &[EXP, EXPONENTIAL] },
    Function { op: "math.tanh", callee: "ropt_tanh_f64", texts: &[EXP, EXPONENTIAL] },
    Function { op: "math.sinh", callee: "ropt_sinh_f64", texts: &[EXP, EXPONENTIAL] },
    Function { op: "math.cosh", callee: "ropt_cosh_f64", texts: &[EXP, EXPONENTIAL] },
    Function { op: "math.log", callee: "ropt_log_f64", texts: &[EXP] },
    Function { op: "math.log2", callee: "ropt_log2_f64", texts: &[EXP, LOGARITHM] },
    Function { op: "math.log10", callee: "ropt_log10_f64", texts: &[EXP, LOGARITHM] },
    Function { op: "math.log1p", callee: "ropt_log1p_f64", texts: &[EXP, LOGARITHM] },
    Function { op: "math.asinh", callee: "ropt_asinh_f64", texts: &[EXP, LOGARITHM] },
    Function { op: "math.acosh", callee: "ropt_acosh_f64", texts: &[EXP, LOGARITHM] },
    Function { op: "math.atanh", callee: "ropt_atanh_f64", texts: &[EXP, LOGARITHM] },
    Function { op: "math.sin", callee: "ropt_sin_f64", texts: &[CIRCULAR] },
    Function { op: "math.cos", callee: "ropt_cos_f64", texts: &[CIRCULAR] },
    Function { op: "math.tan", callee: "ropt_tan_f64", texts: &[CIRCULAR, include_str!("math/tan_f64.mlir")] },
    Function { op: "math.asin", callee: "ropt_asin_f64", texts: &[ARC] },
    Function { op: "math.acos", callee: "ropt_acos_f64", texts: &[ARC] },
    Function { op: "math.atan", callee: "ropt_atan_f64", texts: &[ARC] },
    Function { op: "math.atan2", callee: "ropt_atan2_f64", texts: &[ARC] },
    Function { op: "math.erf", callee: "ropt_erf_f64", texts: &[EXP, include_str!("math/erf_f64.mlir")] },
    Function { op: "math.erfc", callee: "ropt_erfc_f64", texts: &[EXP, include_str!("math/erfc_f64.mlir")] },
    Function { op: "math.cbrt", callee: "ropt_cbrt_f64", texts: &[include_str!("math/cbrt_f64.mlir")] },
    Function { op: "math.powf", callee: "ropt_pow_f64", texts: &[EXP, include_str!("math/pow_f64.mlir")] },
    Function {
        op: "math.fpowi",
        callee: "ropt_fpowi_f64",
        texts: &[EXP, include_str!("math/pow_f64.mlir"), include_str!("math/fpowi_f64.mlir")],
    },
    Function { op: "math.trunc", callee: "ropt_trunc_f64", texts: &[include_str!("math/bounds_f64.mlir")] },
    Function { op: "math.clampf", callee: "ropt_clamp_f64", texts: &[include_str!("math/bounds_f64.mlir")] },
];

const EXPONENTIAL_32: &str = include_str!("math/exponential_f32.mlir");
const LOGARITHM_32: &str = include_str!("math/logarithm_f32.mlir");
const CIRCULAR_32: &str = include_str!("math/circular_f32.mlir");
const ARC_32: &str = include_str!("math/arc_f32.mlir");
const ERF_32: &str = include_str!("math/erf_f32.mlir");

/// What f32 has functions for: devices' own are inexact, only good for small arguments, or in a library that is not linked.
pub(crate) const SINGLE: &[Function] = &[
    Function { op: "math.exp", callee: "ropt_exp_f32", texts: &[EXPONENTIAL_32] },
    Function { op: "math.exp2", callee: "ropt_exp2_f32", texts: &[EXPONENTIAL_32] },
    Function { op: "math.expm1", callee: "ropt_expm1_f32", texts: &[EXPONENTIAL_32] },
    Function { op: "math.tanh", callee: "ropt_tanh_f32", texts: &[EXPONENTIAL_32] },
    Function { op: "math.sinh", callee: "ropt_sinh_f32", texts: &[EXPONENTIAL_32] },
    Function { op: "math.cosh", callee: "ropt_cosh_f32", texts: &[EXPONENTIAL_32] },
    Function { op: "math.log", callee: "ropt_log_f32", texts: &[LOGARITHM_32] },
    Function { op: "math.log2", callee: "ropt_log2_f32", texts: &[LOGARITHM_32] },
    Function { op: "math.log10", callee: "ropt_log10_f32", texts: &[LOGARITHM_32] },
    Function { op: "math.log1p", callee: "ropt_log1p_f32", texts: &[LOGARITHM_32] },
    Function { op: "math.asinh", callee: "ropt_asinh_f32", texts: &[LOGARITHM_32] },
    Function { op: "math.acosh", callee: "ropt_acosh_f32", texts: &[LOGARITHM_32] },
    Function { op: "math.atanh", callee: "ropt_atanh_f32", texts: &[LOGARITHM_32] },
    Function { op: "math.sin", callee: "ropt_sin_f32", texts: &[CIRCULAR_32] },
    Function { op: "math.cos", callee: "ropt_cos_f32", texts: &[CIRCULAR_32] },
    Function { op: "math.tan", callee: "ropt_tan_f32", texts: &[CIRCULAR_32, include_str!("math/tan_f32.mlir")] },
    Function { op: "math.asin", callee: "ropt_asin_f32", texts: &[ARC_32] },
    Function { op: "math.acos", callee: "ropt_acos_f32", texts: &[ARC_32] },
    Function { op: "math.atan", callee: "ropt_atan_f32", texts: &[ARC_32] },
    Function { op: "math.atan2", callee: "ropt_atan2_f32", texts: &[ARC_32] },
    Function { op: "math.erf", callee: "ropt_erf_f32", texts: &[EXPONENTIAL_32, ERF_32] },
    Function { op: "math.erfc", callee: "ropt_erfc_f32", texts: &[EXPONENTIAL_32, ERF_32] },
    Function { op: "math.cbrt", callee: "ropt_cbrt_f32", texts: &[include_str!("math/cbrt_f32.mlir")] },
    Function { op: "math.powf", callee: "ropt_pow_f32", texts: &[EXPONENTIAL_32, include_str!("math/pow_f32.mlir")] },
    Function {
        op: "math.fpowi",
        callee: "ropt_fpowi_f32",
        texts: &[EXPONENTIAL_32, include_str!("math/pow_f32.mlir"), include_str!("math/fpowi_f32.mlir")],
    },
    Function { op: "math.trunc", callee: "ropt_trunc_f32", texts: &[include_str!("math/bounds_f32.mlir")] },
    Function { op: "math.clampf", callee: "ropt_clamp_f32", texts: &[include_str!("math/bounds_f32.mlir")] },
];

/// Replaces these ops on scalars and vectors of `element` by calls, and adds the functions that are called; how many ops
/// were replaced. A vector's elements are computed one by one, as the device does it anyway.
///
/// # Errors
/// When a text of ours does not parse.
pub(crate) fn expand(module: Op<'_>, functions: &[Function], element: &str) -> PassResult<u64> {
    let mut count = 0;
    nested(module).into_iter().filter(|op| op_name(*op) == "math.sincos").for_each(split);
    for op in nested(module) {
        let name = op_name(op);
        let Some(function) = functions.iter().find(|function| function.op == name) else { continue };
        let ty = results(op).first().map(|value| type_text(value.r#type())).unwrap_or_default();
        let Some(shape) = shape(&ty, element) else { continue };
        if !sees(op, module) {
            continue;
        }
        define(module, function)?;
        let value = call(op, &format!("@{}", function.callee), (element, &ty, &shape));
        replace_uses(results(op)[0], value);
        erase(op);
        count += 1;
    }
    Ok(count)
}

/// Whether the names of the module's functions mean them at the op: a module in between has names of its own.
fn sees(op: Op<'_>, module: Op<'_>) -> bool {
    let mut around = parent(op);
    while let Some(outer) = around.filter(|outer| *outer != module) {
        if op_name(outer).ends_with(".module") {
            return false;
        }
        around = parent(outer);
    }
    true
}

/// The call, or the vector of calls, for an op whose result is an `element` or a vector `ty` of this shape.
fn call<'c>(op: Op<'c>, callee: &str, (element, ty, shape): (&str, &str, &[usize])) -> Val<'c> {
    let (at, callee) = (Builder::before(op), [("callee", callee)]);
    if shape.is_empty() {
        return at.value("func.call", &operands(op), element, &callee);
    }
    let mut all: Vec<Val<'c>> = Vec::new();
    for place in places(shape) {
        let place = [("static_position", place.as_str())];
        let parts = operands(op).into_iter().map(|value| {
            let own = type_text(value.r#type());
            let own = own.trim_end_matches('>').rsplit('x').next().unwrap_or(element).to_owned();
            at.value("vector.extract", &[value], &own, &place)
        });
        all.push(at.value("func.call", &parts.collect::<Vec<_>>(), element, &callee));
    }
    at.value("vector.from_elements", &all, ty, &[])
}

/// `math.sincos` as the two ops that it stands for.
fn split(op: Op<'_>) {
    let at = Builder::before(op);
    for (result, name) in results(op).into_iter().zip(["math.sin", "math.cos"]) {
        let ty = type_text(result.r#type());
        replace_uses(result, at.value(name, &operands(op), &ty, &[]));
    }
    erase(op);
}

/// The extents of a vector of `element`, none for the element itself; None for other types.
pub(crate) fn shape(ty: &str, element: &str) -> Option<Vec<usize>> {
    if ty == element {
        return Some(Vec::new());
    }
    let extents = ty.strip_prefix("vector<")?.strip_suffix('>')?.strip_suffix(element)?.strip_suffix('x')?;
    extents.split('x').map(|extent| extent.parse().ok()).collect()
}

/// Every place of a vector, as the attribute of `vector.extract` has it.
fn places(shape: &[usize]) -> Vec<String> {
    let mut all = vec![Vec::new()];
    for extent in shape {
        all =
            all.iter().flat_map(|place| (0..*extent).map(move |index| [place.as_slice(), &[index]].concat())).collect();
    }
    let text = |place: Vec<usize>| place.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    all.into_iter().map(|place| format!("array<i64: {}>", text(place))).collect()
}

/// The file that locations of the functions' ops name; the Vulkan target knows by it what must be computed as it is written.
const LIBRARY: &str = "ropt-math";

/// Puts what a function is made of into the module, as far as it is not there yet.
fn define(module: Op<'_>, function: &Function) -> PassResult {
    let Some(place) = ops_in(module).first().copied() else { return Ok(()) };
    let there: Vec<String> = ops_in(module).into_iter().filter_map(symbol_name).collect();
    if there.iter().any(|name| name == function.callee) {
        return Ok(());
    }
    let text = format!("module {{\n{}\n}}", function.texts.concat());
    let library = parse_operation(context_of(module), &text, LIBRARY);
    let Some(library) = library else { return Err(PassError::internal("a function under math/ does not parse")) };
    // SAFETY: the library lives until the end of this function, and only copies of its functions stay.
    for function in ops_in(unsafe { Op::from_raw(library.to_raw()) }) {
        if symbol_name(function).is_some_and(|name| !there.contains(&name)) {
            Builder::before(place).insert(clone_mapped(function, &[], &[]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_have_places() {
        assert_eq!(shape("f32", "f32"), Some(vec![]));
        assert_eq!(shape("vector<2x3xf64>", "f64"), Some(vec![2, 3]));
        assert_eq!(shape("vector<[4]xf32>", "f32"), None);
        assert_eq!(shape("vector<4xf64>", "f32"), None);
        assert_eq!(places(&[2, 2]), ["0, 0", "0, 1", "1, 0", "1, 1"].map(|place| format!("array<i64: {place}>")));
    }
}

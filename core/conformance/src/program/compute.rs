//! What each op of an expression means, as the dialects' documentation says it.

use super::Number;
use ropt_runtime::element::Element;

/// An op on numbers of one type; None for an op that is not known here.
pub(super) fn apply(name: &str, element: Element, operands: &[Number]) -> Option<Number> {
    let value = if element.is_float() {
        let floats: Vec<f64> = operands.iter().map(|number| number.float()).collect();
        Number::Float(float(name, &floats)?)
    } else {
        let integers: Vec<i64> = operands.iter().map(|number| number.integer()).collect();
        Number::Integer(integer(name, element, &integers)?)
    };
    Some(value.rounded(element))
}

fn float(name: &str, x: &[f64]) -> Option<f64> {
    Some(match (name, x) {
        ("arith.addf", [a, b]) => a + b,
        ("arith.subf", [a, b]) => a - b,
        ("arith.mulf", [a, b]) => a * b,
        ("arith.divf", [a, b]) => a / b,
        ("arith.remf", [a, b]) => a % b,
        ("arith.negf", [a]) => -a,
        // These two give NaN when either side is one; `max`/`min` of Rust give the other side.
        ("arith.maximumf", [a, b]) => {
            if a.is_nan() || b.is_nan() {
                f64::NAN
            } else {
                a.max(*b)
            }
        }
        ("arith.minimumf", [a, b]) => {
            if a.is_nan() || b.is_nan() {
                f64::NAN
            } else {
                a.min(*b)
            }
        }
        ("arith.maxnumf", [a, b]) => a.max(*b),
        ("arith.minnumf", [a, b]) => a.min(*b),
        ("math.absf", [a]) => a.abs(),
        ("math.ceil", [a]) => a.ceil(),
        ("math.floor", [a]) => a.floor(),
        ("math.cos", [a]) => a.cos(),
        ("math.sin", [a]) => a.sin(),
        ("math.exp", [a]) => a.exp(),
        ("math.exp2", [a]) => a.exp2(),
        ("math.log", [a]) => a.ln(),
        ("math.log2", [a]) => a.log2(),
        ("math.rsqrt", [a]) => 1.0 / a.sqrt(),
        ("math.sqrt", [a]) => a.sqrt(),
        ("math.tanh", [a]) => a.tanh(),
        ("math.fma", [a, b, c]) => a.mul_add(*b, *c),
        ("math.powf", [a, b]) => a.powf(*b),
        _ => return None,
    })
}

fn integer(name: &str, element: Element, x: &[i64]) -> Option<i64> {
    let unsigned = |value: i64| value as u64 & (u64::MAX >> (64 - 8 * element.bytes()));
    Some(match (name, x) {
        ("arith.addi", [a, b]) => a.wrapping_add(*b),
        ("arith.subi", [a, b]) => a.wrapping_sub(*b),
        ("arith.muli", [a, b]) => a.wrapping_mul(*b),
        ("arith.divsi", [a, b]) => a.checked_div(*b)?,
        ("arith.remsi", [a, b]) => a.checked_rem(*b)?,
        ("arith.divui", [a, b]) => unsigned(*a).checked_div(unsigned(*b))? as i64,
        ("arith.remui", [a, b]) => unsigned(*a).checked_rem(unsigned(*b))? as i64,
        ("arith.maxsi", [a, b]) => *a.max(b),
        ("arith.minsi", [a, b]) => *a.min(b),
        ("arith.maxui", [a, b]) => unsigned(*a).max(unsigned(*b)) as i64,
        ("arith.minui", [a, b]) => unsigned(*a).min(unsigned(*b)) as i64,
        ("arith.andi", [a, b]) => a & b,
        ("arith.ori", [a, b]) => a | b,
        ("arith.xori", [a, b]) => a ^ b,
        ("arith.shli", [a, b]) => a.wrapping_shl(u32::try_from(*b).ok()?),
        ("arith.shrsi", [a, b]) => a >> u32::try_from(*b).ok()?,
        ("arith.shrui", [a, b]) => (unsigned(*a) >> u32::try_from(*b).ok()?) as i64,
        _ => return None,
    })
}

/// A comparison; None for a predicate that is not known here.
pub(super) fn compare(predicate: &str, element: Element, left: Number, right: Number) -> Option<bool> {
    if element.is_float() {
        let (a, b) = (left.float(), right.float());
        return Some(match predicate {
            "oeq" => a == b,
            "olt" => a < b,
            "ole" => a <= b,
            "ogt" => a > b,
            "une" => a != b,
            "uno" => a.is_nan() || b.is_nan(),
            _ => return None,
        });
    }
    let (a, b) = (left.integer(), right.integer());
    let unsigned = |value: i64| value as u64 & (u64::MAX >> (64 - 8 * element.bytes()));
    Some(match predicate {
        "eq" => a == b,
        "slt" => a < b,
        "sle" => a <= b,
        "sgt" => a > b,
        "ult" => unsigned(a) < unsigned(b),
        _ => return None,
    })
}

/// A conversion; None for one that is not known here.
pub(super) fn convert(name: &str, from: Element, to: Element, of: Number) -> Option<Number> {
    let value = match name {
        "arith.extf" | "arith.truncf" => Number::Float(of.float()),
        "arith.sitofp" | "arith.uitofp" => Number::Float(of.integer() as f64),
        "arith.fptosi" => Number::Integer(of.float() as i64),
        "arith.extsi" | "arith.trunci" | "arith.index_cast" => Number::Integer(of.integer()),
        // i1 is 0 or 1 here already.
        "arith.extui" if from == Element::I1 => Number::Integer(of.integer()),
        _ => return None,
    };
    Some(value.rounded(to))
}

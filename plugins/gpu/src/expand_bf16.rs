//! `gpu-expand-bf16`: values of bf16 become their bits, i16, and casts to and from bf16 become ops on bits.
//!
//! ```mlir
//! %1 = arith.truncf %0 : f32 to bf16 ; memref.store %1, %b[%i] : memref<?xbf16>
//! // becomes
//! … ; %1 = arith.select %nan, %c32704_i16, %rounded : i16 ; memref.store %1, %b[%i] : memref<?xi16>
//! ```
//! A device needs to know nothing of bf16: `arith-emulate-unsupported-floats` has made what computes with it compute in f32
//! before, and everything that only moves values moves i16 alike.

use ropt_mlir::{
    ir::edit::{
        Builder, Op, Val, context_of, erase, nested, op_name, operands, pin_mut, pin_value, replace_uses, results,
        set_attribute, type_of, type_text,
    },
    melior::ir::{BlockLike, BlockRef, RegionLike, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

/// Makes values of bf16 their bits, rounded to nearest, ties to even, where they are cast.
///
/// ```mlir
/// func.func @f(%x: bf16, %m: memref<4xbf16>, %i: index) -> f32 {
///   memref.store %x, %m[%i] : memref<4xbf16>
///   %y = arith.extf %x : bf16 to f32
///   return %y : f32
/// }
/// // becomes, by builtin.module(gpu-expand-bf16)
/// func.func @f(%arg0: i16, %arg1: memref<4xi16>, %arg2: index) -> f32 {
///   memref.store %arg0, %arg1[%arg2] : memref<4xi16>
///   %0 = arith.extui %arg0 : i16 to i32
///   %c16_i32 = arith.constant 16 : i32
///   %1 = arith.shli %0, %c16_i32 : i32
///   %2 = arith.bitcast %1 : i32 to f32
///   return %2 : f32
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(name = "gpu-expand-bf16", anchor = "builtin.module", dialects("arith", "math"))]
struct ExpandBf16 {
    /// Casts replaced.
    #[statistic]
    casts: Counter,
}

/// The type that goes.
const NARROW: &str = "bf16";
/// The type of its bits.
const BITS: &str = "i16";
/// Ops of `arith` and `math` that mean the same for the bits, or are replaced here.
const MOVES: [&str; 5] = ["arith.bitcast", "arith.constant", "arith.extf", "arith.select", "arith.truncf"];
/// Attributes that say a type or hold values of the op.
const TYPED: [&str; 4] = ["function_type", "initial_value", "type", "value"];

impl RunPass for ExpandBf16 {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let all = nested(pin_mut(&op));
        if let Some(op) = all.iter().copied().find(|op| computes(*op)) {
            return Err(PassError::new(format!("`{}` computes with bf16", op_name(op))).at(op.location()).help(
                "put arith-emulate-unsupported-floats{source-types=bf16 target-type=f32} before gpu-expand-bf16",
            ));
        }
        for op in &all {
            retype(*op)?;
        }
        for op in all {
            let from = operands(op).first().map(|value| type_text(value.r#type())).unwrap_or_default();
            let to = results(op).first().map(|value| type_text(value.r#type())).unwrap_or_default();
            let value = match op_name(op).as_str() {
                "arith.extf" if from.contains(BITS) => widened(op, &to),
                "arith.truncf" if to.contains(BITS) => narrowed(op, &from, &to),
                "arith.bitcast" if from == to => operands(op)[0],
                _ => continue,
            };
            replace_uses(results(op)[0], value);
            erase(op);
            self.casts.add(1);
        }
        Ok(())
    }
}

/// Whether the op's result depends on what the bits mean, and the op is none that is known here.
fn computes(op: Op<'_>) -> bool {
    let name = op_name(op);
    let narrow = |value: &Val<'_>| type_text(value.r#type()).contains(NARROW);
    (name.starts_with("arith.") || name.starts_with("math."))
        && !MOVES.contains(&name.as_str())
        && operands(op).iter().chain(&results(op)).any(narrow)
}

/// Gives the op's results, its blocks' arguments and what it says of types the type of the bits.
fn retype(op: Op<'_>) -> PassResult {
    let arguments = op.regions().flat_map(|region| {
        let blocks = std::iter::successors(region.first_block(), |block| block.next_in_region());
        blocks.flat_map(arguments).collect::<Vec<_>>()
    });
    for value in results(op).into_iter().chain(arguments) {
        let text = type_text(value.r#type());
        if text.contains(NARROW) {
            value.set_type(type_of(context_of(op), &text.replace(NARROW, BITS)));
        }
    }
    for name in TYPED {
        let Ok(attribute) = op.attribute(name) else { continue };
        let text = attribute.to_string();
        if text.contains(NARROW) && !text.starts_with('"') {
            let text = bits_of(&text)
                .ok_or_else(|| PassError::new(format!("the bits of {text} are not known")).at(op.location()))?;
            set_attribute(op, name, &text);
        }
    }
    Ok(())
}

fn arguments<'c>(block: BlockRef<'c, '_>) -> Vec<Val<'c>> {
    (0..block.argument_count()).filter_map(|index| block.argument(index).ok().map(pin_value)).collect()
}

/// An attribute's text with bits for numbers: `1.000000e+00 : bf16` is `16256 : i16`. Hexadecimal ones are bits already.
fn bits_of(text: &str) -> Option<String> {
    let retyped = |text: &str| text.replace(NARROW, BITS);
    // The type's own numbers, extents, are behind the colon.
    let Some((values, ty)) = text.rsplit_once(" : ") else { return Some(retyped(text)) };
    let mut bits = String::new();
    let mut rest = values;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == '-') {
        let end = rest[start..].find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
        let (number, after) = rest[start..].split_at(end.unwrap_or(rest.len() - start));
        bits.push_str(&rest[..start]);
        if number.starts_with("0x") {
            bits.push_str(number);
        } else {
            bits.push_str(&rounded(number.parse().ok()?).to_string());
        }
        rest = after;
    }
    Some(format!("{bits}{rest} : {}", retyped(ty)))
}

/// The bits of the bf16 nearest to a number that a bf16 was printed as.
fn rounded(number: f32) -> i16 {
    let bits = number.to_bits();
    let up = 0x7FFF + ((bits >> 16) & 1);
    (bits.wrapping_add(up) >> 16) as u16 as i16
}

/// The same shape of another element.
fn of(ty: &str, element: &str, other: &str) -> String {
    ty.replace(element, other)
}

/// A constant of the type; of all elements where it is a vector.
fn number<'c>(at: Builder<'c>, value: &str, ty: &str) -> Val<'c> {
    let text = if ty.starts_with("vector") { format!("dense<{value}> : {ty}") } else { format!("{value} : {ty}") };
    at.value("arith.constant", &[], ty, &[("value", &text)])
}

/// `arith.extf` of bits: they are the upper half of an f32.
fn widened<'c>(op: Op<'c>, to: &str) -> Val<'c> {
    let at = Builder::before(op);
    let element = if to.contains("f64") { "f64" } else { "f32" };
    let (words, single) = (of(to, element, "i32"), of(to, element, "f32"));
    let word = at.value("arith.extui", &[operands(op)[0]], &words, &[]);
    let word = at.value("arith.shli", &[word, number(at, "16", &words)], &words, &[]);
    let value = at.value("arith.bitcast", &[word], &single, &[]);
    if element == "f64" { at.value("arith.extf", &[value], to, &[]) } else { value }
}

/// `arith.truncf` to bits: the nearest, of two the even one; NaN stays NaN.
fn narrowed<'c>(op: Op<'c>, from: &str, to: &str) -> Val<'c> {
    let at = Builder::before(op);
    let value = operands(op)[0];
    let (words, truths) = (of(to, BITS, "i32"), of(to, BITS, "i1"));
    let binary = |name: &str, a: Val<'c>, b: Val<'c>| at.value(name, &[a, b], &words, &[]);
    let word = |value: &str| number(at, value, &words);
    let word_of = if from.contains("f64") {
        odd(at, value, (from, &words, &truths))
    } else {
        at.value("arith.bitcast", &[value], &words, &[])
    };
    let sixteen = word("16");
    let last = binary("arith.andi", binary("arith.shrui", word_of, sixteen), word("1"));
    let up = binary("arith.addi", last, word("32767"));
    let upper = binary("arith.shrui", binary("arith.addi", word_of, up), sixteen);
    let rounded = at.value("arith.trunci", &[upper], to, &[]);
    // 14 is "one of both is NaN".
    let nan = at.value("arith.cmpf", &[value, value], &truths, &[("predicate", "14 : i64")]);
    let nan = [nan, number(at, "32704", to), rounded];
    at.value("arith.select", &nan, to, &[])
}

/// The bits of an f64 as f32, towards zero, the last bit set where digits were lost: rounded once more to nearest, that is
/// as good as rounded once.
fn odd<'c>(at: Builder<'c>, value: Val<'c>, (from, words, truths): (&str, &str, &str)) -> Val<'c> {
    let single = at.value("arith.truncf", &[value], &of(from, "f64", "f32"), &[]);
    let back = at.value("arith.extf", &[single], from, &[]);
    let size = |value| at.value("math.absf", &[value], from, &[]);
    let compare = |predicate: &str, a, b| {
        let truth = at.value("arith.cmpf", &[a, b], truths, &[("predicate", predicate)]);
        at.value("arith.extui", &[truth], words, &[])
    };
    // 2 is "greater", 6 "not equal", both false for NaN.
    let (larger, lost) = (compare("2 : i64", size(back), size(value)), compare("6 : i64", back, value));
    let word = at.value("arith.bitcast", &[single], words, &[]);
    let word = at.value("arith.subi", &[word, larger], words, &[]);
    at.value("arith.ori", &[word, lost], words, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_bits() {
        let all = [
            ("1.000000e+00 : bf16", "16256 : i16"),
            ("-2.500000e+00 : bf16", "-16352 : i16"),
            ("0x7FC0 : bf16", "0x7FC0 : i16"),
            ("dense<[1.000000e+00, -0.000000e+00]> : vector<2xbf16>", "dense<[16256, -32768]> : vector<2xi16>"),
            ("dense<\"0x803F8040\"> : tensor<2xbf16>", "dense<\"0x803F8040\"> : tensor<2xi16>"),
            ("(bf16, memref<4xbf16>) -> ()", "(i16, memref<4xi16>) -> ()"),
            ("memref<8xbf16, 3>", "memref<8xi16, 3>"),
        ];
        for (from, to) in all {
            assert_eq!(bits_of(from).as_deref(), Some(to));
        }
        assert_eq!(rounded(f32::from_bits(0x3F80_8000)), 0x3F80);
        assert_eq!(rounded(f32::from_bits(0x3F81_8000)), 0x3F82);
    }
}

//! `cpu-widen-contractions`: a contraction with a batch widens its operands before it.
//!
//! ```mlir
//! %c = vector.contract … %a, %b, %acc : vector<1x8x4xf16>, vector<1x4x32xf16> into vector<1x8x32xf32>
//! // becomes
//! %wa = arith.extf %a ; %wb = arith.extf %b
//! %c = vector.contract … %wa, %wb, %acc : vector<1x8x4xf32>, vector<1x4x32xf32> into vector<1x8x32xf32>
//! ```
//! A product of matrices or vectors is lowered with narrower operands as they are; one with more dimensions, or with a
//! batch, a dimension that both sides and the result have, is taken apart first, and only where all types are the same.

use ropt_mlir::{
    ir::edit::{Builder, op_name, operands, pin, pin_mut, set_operand, type_text},
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use crate::ops::all_named;

/// Widens the operands of contractions that are more than a product of matrices to the type that they are summed in.
///
/// ```mlir
/// #a = affine_map<(b, m, n, k) -> (b, m, k)>
/// #b = affine_map<(b, m, n, k) -> (b, k, n)>
/// #c = affine_map<(b, m, n, k) -> (b, m, n)>
/// func.func @f(%a: vector<1x8x4xf16>, %b: vector<1x4x32xf16>, %c: vector<1x8x32xf32>) -> vector<1x8x32xf32> {
///   %r = vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} %a, %b, %c : vector<1x8x4xf16>, vector<1x4x32xf16> into vector<1x8x32xf32>
///   return %r : vector<1x8x32xf32>
/// }
/// // becomes, by builtin.module(func.func(cpu-widen-contractions))
/// …
/// func.func @f(%arg0: vector<1x8x4xf16>, %arg1: vector<1x4x32xf16>, %arg2: vector<1x8x32xf32>) -> vector<1x8x32xf32> {
///   %0 = arith.extf %arg0 : vector<1x8x4xf16> to vector<1x8x4xf32>
///   %1 = arith.extf %arg1 : vector<1x4x32xf16> to vector<1x4x32xf32>
///   %2 = vector.contract {indexing_maps = [#map, #map1, #map2], iterator_types = ["parallel", "parallel", "parallel", "reduction"], kind = #vector.kind<add>} %0, %1, %arg2 : vector<1x8x4xf32>, vector<1x4x32xf32> into vector<1x8x32xf32>
///   return %2 : vector<1x8x32xf32>
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(name = "cpu-widen-contractions", dialects("arith", "vector"), needs("cpu-vectors"))]
struct WidenContractions {
    /// Operands widened.
    #[statistic]
    widened: Counter,
}

impl RunPass for WidenContractions {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        for contract in all_named(pin_mut(&op), "vector.contract") {
            let maps = contract.attribute("indexing_maps").map(|list| list.to_string()).unwrap_or_default();
            let iterators = contract.attribute("iterator_types").map(|list| list.to_string()).unwrap_or_default();
            if iterators.matches("iterator_type<").count() <= 3 && !batched(&maps) {
                continue;
            }
            // Nothing but the contraction stands in a mask.
            let place = contract.parent_operation().map(pin).filter(|parent| op_name(*parent) == "vector.mask");
            let sides = operands(contract);
            let wanted = element(&type_text(sides[2].r#type()));
            for (index, side) in sides.into_iter().take(2).enumerate() {
                let own = type_text(side.r#type());
                let narrow = element(&own);
                if narrow == wanted {
                    continue;
                }
                let widen = if wanted.starts_with('i') { "arith.extsi" } else { "arith.extf" };
                let wide = format!("{}{wanted}>", own.strip_suffix(&format!("{narrow}>")).unwrap_or(&own));
                let value = Builder::before(place.unwrap_or(contract)).value(widen, &[side], &wide, &[]);
                set_operand(contract, index, value);
                self.widened.add(1);
            }
        }
        Ok(())
    }
}

/// Whether all maps have a dimension in common. `[affine_map<(d0, d1, d2) -> (d0, d2)>, …]`
fn batched(maps: &str) -> bool {
    let results = maps.split("-> (").skip(1).map(|rest| rest.split(')').next().unwrap_or_default());
    let mut results = results.map(|list| list.split(", ").collect::<Vec<_>>());
    let first = results.next().unwrap_or_default();
    let others: Vec<_> = results.collect();
    first.iter().any(|dimension| others.iter().all(|list| list.contains(dimension)))
}

/// `vector<4x8xf16>` → `f16`.
fn element(vector: &str) -> String {
    let inside = vector.trim_end_matches('>');
    inside.rsplit(['x', '<']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{batched, element};

    #[test]
    fn a_batch_is_a_dimension_of_all() {
        let maps = |a: &str, b: &str, c: &str| {
            let map = |list: &str| format!("affine_map<(d0, d1, d2, d3) -> ({list})>");
            format!("[{}, {}, {}]", map(a), map(b), map(c))
        };
        assert!(batched(&maps("d0, d1, d3", "d0, d3, d2", "d0, d1, d2")));
        assert!(batched(&maps("d0, d1, d2", "d0, d2", "d0, d1")));
        assert!(!batched(&maps("d0, d2", "d2, d1", "d0, d1")));
        assert!(!batched(&maps("d0", "d0", "")));
    }

    #[test]
    fn elements_are_read_from_types() {
        assert_eq!(element("vector<1x8x4xf16>"), "f16");
        assert_eq!(element("vector<[4]x8xbf16>"), "bf16");
        assert_eq!(element("vector<i8>"), "i8");
        assert_eq!(element("f32"), "f32");
    }
}

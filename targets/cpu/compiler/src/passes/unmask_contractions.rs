//! `cpu-unmask-contractions`: a masked contraction of zero-padded operands runs unmasked.
//!
//! ```mlir
//! %a = vector.transfer_read …, %zero, %m0 ; %b = vector.transfer_read …, %zero, %m1
//! %c = vector.mask %m { vector.contract … %a, %b, %acc }
//! // becomes
//! %c = vector.contract … %a, %b, %acc
//! ```
//! Along the reduction both operands are padded with zeros, which add nothing; what the other padded lanes hold is
//! never written, since the write has a mask of its own. Three-dimensional masks would cost more than the work.

use ropt_mlir::{
    ir::{
        edit::{Op, Val, defining_op, erase, move_before, op_name, operands, pin_mut, replace_uses, results},
        ops_in,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::ops::{all_named, segments};

/// Takes the mask off vector.contract ops whose operands are padded with zeros.
///
/// ```mlir
/// #a = affine_map<(m, n, k) -> (m, k)>
/// #b = affine_map<(m, n, k) -> (k, n)>
/// #c = affine_map<(m, n, k) -> (m, n)>
/// func.func @f(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: vector<8x8xf32>, %o: memref<?x?xf32>, %ma: vector<8x4xi1>, %mb: vector<4x8xi1>, %m: vector<8x8x4xi1>, %mc: vector<8x8xi1>) {
///   %c0 = arith.constant 0 : index
///   %z = arith.constant 0.0 : f32
///   %x = vector.transfer_read %a[%c0, %c0], %z, %ma {in_bounds = [true, true]} : memref<?x?xf32>, vector<8x4xf32>
///   %y = vector.transfer_read %b[%c0, %c0], %z, %mb {in_bounds = [true, true]} : memref<?x?xf32>, vector<4x8xf32>
///   %r = vector.mask %m { vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"], kind = #vector.kind<add>} %x, %y, %c : vector<8x4xf32>, vector<4x8xf32> into vector<8x8xf32> } : vector<8x8x4xi1> -> vector<8x8xf32>
///   vector.transfer_write %r, %o[%c0, %c0], %mc {in_bounds = [true, true]} : vector<8x8xf32>, memref<?x?xf32>
///   return
/// }
/// // becomes, by builtin.module(cpu-unmask-contractions)
/// …
/// func.func @f(%arg0: memref<?x?xf32>, %arg1: memref<?x?xf32>, %arg2: vector<8x8xf32>, %arg3: memref<?x?xf32>, %arg4: vector<8x4xi1>, %arg5: vector<4x8xi1>, %arg6: vector<8x8x4xi1>, %arg7: vector<8x8xi1>) {
///   …
///   %2 = vector.contract {indexing_maps = [#map, #map1, #map2], iterator_types = ["parallel", "parallel", "reduction"], kind = #vector.kind<add>} %0, %1, %arg2 : vector<8x4xf32>, vector<4x8xf32> into vector<8x8xf32>
///   …
///   return
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(name = "cpu-unmask-contractions", dialects("vector"), needs("cpu-vectors"))]
struct UnmaskContractions {
    /// Masks taken off.
    #[statistic]
    unmasked: Counter,
}

impl RunPass for UnmaskContractions {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        for mask in all_named(pin_mut(&op), "vector.mask") {
            let Some(contract) = ops_in(mask).into_iter().find(|inner| op_name(*inner) == "vector.contract") else {
                continue;
            };
            let adds = contract.attribute("kind").is_ok_and(|kind| kind.to_string().contains("<add>"));
            let written = results(mask).iter().all(|value| only_written(*value, 0));
            if !adds || !written || !operands(contract)[..2].iter().all(|value| zero_padded(*value)) {
                continue;
            }
            move_before(contract, mask);
            for (old, new) in results(mask).into_iter().zip(results(contract)) {
                replace_uses(old, new);
            }
            erase(mask);
            self.unmasked.add(1);
        }
        Ok(())
    }
}

/// Whether the value is read from memory with zeros where there is none, maybe widened.
fn zero_padded(value: Val<'_>) -> bool {
    let Some(op) = defining_op(value) else { return false };
    match op_name(op).as_str() {
        "arith.extf" | "arith.extsi" | "arith.extui" | "vector.transpose" => zero_padded(operands(op)[0]),
        // Operands: the memory, the indices, the padding, the mask.
        "vector.transfer_read" => {
            segments(op).get(2).and_then(|padding| padding.first().copied()).and_then(defining_op).is_some_and(is_zero)
        }
        _ => false,
    }
}

fn is_zero(op: Op<'_>) -> bool {
    let text = op.attribute("value").map(|value| value.to_string()).unwrap_or_default();
    let number = text.split(' ').next().unwrap_or_default();
    op_name(op) == "arith.constant" && number.parse::<f64>().is_ok_and(|value| value == 0.0 && value.is_sign_positive())
}

/// Whether the value goes nowhere but through loops into masked writes and further accumulation.
fn only_written(value: Val<'_>, depth: usize) -> bool {
    depth < 8
        && ropt_mlir::ir::edit::users(value).into_iter().all(|user| match op_name(user).as_str() {
            "vector.transfer_write" | "vector.contract" => true,
            "scf.yield" => user.parent_operation().map(ropt_mlir::ir::edit::pin).is_some_and(|parent| {
                let at = operands(user).iter().position(|operand| *operand == value);
                op_name(parent) == "scf.for"
                    && at
                        .and_then(|at| results(parent).get(at).copied())
                        .is_some_and(|result| only_written(result, depth + 1))
            }),
            _ => false,
        })
}

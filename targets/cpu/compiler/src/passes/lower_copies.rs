//! `cpu-lower-copies`: memref.copy becomes a linalg.generic, since a kernel has no run-time library to copy strided
//! memory with.

use ropt_mlir::{
    ir::edit::{Builder, Op, erase, operands, pin_mut, pin_value, single_block},
    melior::ir::{BlockLike, RegionLike, ShapedTypeLike, ValueLike, operation::OperationLike, r#type::MemRefType},
};
use ropt_plugin::prelude::*;

use crate::ops::all_named;

/// Rewrites memref.copy as a linalg.generic that later passes turn into loops or vectors.
///
/// ```mlir
/// func.func @f(%a: memref<4xf32>, %b: memref<4xf32>) {
///   memref.copy %a, %b : memref<4xf32> to memref<4xf32>
///   return
/// }
/// // becomes, by builtin.module(cpu-lower-copies)
/// #map = affine_map<(d0) -> (d0)>
/// func.func @f(%arg0: memref<4xf32>, %arg1: memref<4xf32>) {
///   linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%arg0 : memref<4xf32>) outs(%arg1 : memref<4xf32>) {
///   ^bb0(%in: f32, %out: f32):
///     linalg.yield %in : f32
///   }
///   return
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(name = "cpu-lower-copies", anchor = "builtin.module", dialects("linalg"), needs("memref-bindings"))]
struct LowerCopies {}

impl RunPass for LowerCopies {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        all_named(pin_mut(&op), "memref.copy").into_iter().try_for_each(lower)
    }
}

fn lower(copy: Op<'_>) -> PassResult {
    let [source, target] = operands(copy)[..] else { return Ok(()) };
    let ty = MemRefType::try_from(source.r#type()).map_err(|_| {
        PassError::new("a copy of a memref without a rank is not supported on the CPU").at(copy.location())
    })?;
    let element = ty.element();
    let dims: Vec<String> = (0..ty.rank()).map(|axis| format!("d{axis}")).collect();
    let dims = dims.join(", ");
    let map = format!("affine_map<({dims}) -> ({dims})>");
    let kinds = vec!["#linalg.iterator_type<parallel>"; ty.rank()].join(", ");
    let place = Builder::before(copy);
    let region = single_block(&[element, element], copy.location());
    if let Some(block) = region.first_block() {
        let value = pin_value(block.argument(0)?);
        Builder::at_end(block, copy.location()).op("linalg.yield", &[value], &[], &[]);
    }
    place.op_with_regions(
        "linalg.generic",
        &[source, target],
        &[],
        &[
            ("indexing_maps", &format!("[{map}, {map}]")),
            ("iterator_types", &format!("[{kinds}]")),
            ("operandSegmentSizes", "array<i32: 1, 1>"),
        ],
        vec![region],
    );
    erase(copy);
    Ok(())
}

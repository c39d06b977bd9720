//! `cpu-pack-operands`: a tile's operands are copied into buffers of their own, in the order in which they are read.
//!
//! ```mlir
//! %c = linalg.matmul {ropt.root} ins(%a, %slice : tensor<128x256xf32>, tensor<256x16xf32>) …
//! // becomes, for operand 1
//! %e = bufferization.alloc_tensor() : tensor<256x16xf32>
//! %p = bufferization.materialize_in_destination %slice in %e
//! %c = linalg.matmul {ropt.root} ins(%a, %p : …) …
//! ```
//! A slice of a large matrix touches a new page with every row, and rows a power of two apart fall into the same lines
//! of a cache; its copy does neither. When the loop along which the result lies in memory is not the operand's
//! innermost one, the copy is a transpose; when the root widens the elements (f16 to f32, i8 to i32), the copy does so
//! once for all of their uses. The schedule finds such copies by their mark `ropt.panel`.
//! A schedule calls this pass between two of its tilings.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{
            Builder, Op, erase, nested, op_name, operands, pin_mut, pin_value, replace_uses, results, set_attribute,
            set_operand, single_block, users,
        },
        linalg_accesses,
    },
    melior::ir::{
        BlockLike, RegionLike, ShapedTypeLike, TypeLike, ValueLike, operation::OperationLike, r#type::RankedTensorType,
    },
    mlir_sys::mlirValueSetType,
};
use ropt_plugin::prelude::*;

use crate::{
    ops::{entry_block, known_size},
    schedule::{PANEL, ROOT},
};

/// Copies the named operands of the ops marked ropt.root into buffers of their own.
#[derive(Pass, Clone, Default)]
#[pass(name = "cpu-pack-operands", dialects("arith", "bufferization", "linalg", "tensor"))]
struct PackOperands {
    /// Which operands, counted from 0.
    #[option]
    operands: Vec<i64>,
    /// Operands copied.
    #[statistic]
    packed: Counter,
}

impl RunPass for PackOperands {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        // Collected first: packing erases ops inside of a root.
        let roots: Vec<Op<'_>> = nested(pin_mut(&op)).into_iter().filter(|op| op.has_attribute(ROOT)).collect();
        for root in roots {
            let wanted = self.operands.iter().filter_map(|number| usize::try_from(*number).ok());
            self.packed.add(wanted.filter_map(|number| pack(root, number)).count() as u64);
        }
        Ok(())
    }
}

/// Copies one operand; none when it is no tensor, or when its dimensions are not loops.
fn pack(root: Op<'_>, number: usize) -> Option<()> {
    let source = operands(root).get(number).copied()?;
    let ty = RankedTensorType::try_from(source.r#type()).ok()?;
    let accesses: Vec<Vec<usize>> =
        linalg_accesses(root).into_iter().map(|access| access.into_iter().collect()).collect::<Option<_>>()?;
    let (access, along) = (accesses.get(number)?, *accesses.last()?.last()?);
    let rank = access.len();
    let (inner, mut order): (Vec<usize>, Vec<usize>) = (0..rank).partition(|dimension| access[*dimension] == along);
    order.extend(inner);
    let moved = order.iter().enumerate().any(|(place, dimension)| place != *dimension);
    if moved && !root.has_attribute("indexing_maps") {
        return None;
    }

    let place = Builder::before(root);
    let (mut shape, mut sizes) = (String::new(), Vec::new());
    for dimension in &order {
        match known_size(ty.dim_size(*dimension)) {
            Some(size) => shape.push_str(&format!("{size}x")),
            None => {
                shape.push_str("?x");
                let index = place.index(*dimension as i64);
                sizes.push(place.value("tensor.dim", &[source, index], "index", &[]));
            }
        }
    }
    let widening = widening(root, number);
    let element = widening.map_or(ty.element(), |op| results(op)[0].r#type());
    let copied = format!("tensor<{shape}{element}>");
    let segments = format!("array<i32: {}, 0, 0>", sizes.len());
    let buffer =
        place.value("bufferization.alloc_tensor", &sizes, &copied, &[("operandSegmentSizes", segments.as_str())]);
    if !moved && widening.is_none() {
        let copy = place.value("bufferization.materialize_in_destination", &[source, buffer], &copied, &[]);
        set_operand(root, number, copy);
        return Some(());
    }

    let from: Vec<usize> = (0..rank).filter_map(|dimension| order.iter().position(|at| *at == dimension)).collect();
    let maps = format!("[{}, {}]", map(rank, &from), map(rank, &(0..rank).collect::<Vec<_>>()));
    let kinds = format!("[{}]", vec!["#linalg.iterator_type<parallel>"; rank].join(", "));
    let region = single_block(&[ty.element(), element], root.location());
    let block = region.first_block()?;
    let body = Builder::at_end(block, root.location());
    let mut value = pin_value(block.argument(0).ok()?);
    if let Some(op) = widening {
        let narrow = operands(op)[0];
        value = results(body.insert(clone_mapped(op, &[narrow], &[value])))[0];
        // SAFETY: the argument is the root's own; its only use is the op that goes away, and the operand changes below.
        unsafe { mlirValueSetType(narrow.to_raw(), element.to_raw()) };
        replace_uses(results(op)[0], narrow);
        erase(op);
    }
    body.op("linalg.yield", &[value], &[], &[]);
    let attributes = [
        ("indexing_maps", maps.as_str()),
        ("iterator_types", &kinds),
        ("operandSegmentSizes", "array<i32: 1, 1>"),
        (PANEL, "unit"),
    ];
    let copy =
        place.op_with_regions("linalg.generic", &[source, buffer], &[place.ty(&copied)], &attributes, vec![region]);
    set_operand(root, number, results(copy)[0]);
    if !moved {
        return Some(());
    }
    let loops = accesses.iter().flatten().max().map_or(0, |last| last + 1);
    let mut reads = accesses.clone();
    reads[number] = order.iter().map(|dimension| access[*dimension]).collect();
    let maps: Vec<String> = reads.iter().map(|read| map(loops, read)).collect();
    set_attribute(root, "indexing_maps", &format!("[{}]", maps.join(", ")));
    Some(())
}

/// The op that widens the operand's elements, when nothing else in the root reads them.
fn widening<'c>(root: Op<'c>, number: usize) -> Option<Op<'c>> {
    let [op] = users(pin_value(entry_block(root)?.argument(number).ok()?))[..] else { return None };
    matches!(op_name(op).as_str(), "arith.extf" | "arith.extsi" | "arith.extui").then_some(op)
}

/// `affine_map<(d0, …) -> (…)>` as text: the loops that the dimensions are.
fn map(loops: usize, dimensions: &[usize]) -> String {
    let list = |numbers: &mut dyn Iterator<Item = usize>| {
        numbers.map(|number| format!("d{number}")).collect::<Vec<_>>().join(", ")
    };
    format!("affine_map<({}) -> ({})>", list(&mut (0..loops)), list(&mut dimensions.iter().copied()))
}

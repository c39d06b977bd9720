//! Large products of matrices, whose operands are copied panel by panel.

use ropt_mlir::{
    ir::edit::{Op, operands, results},
    melior::ir::operation::OperationLike,
};

use super::{
    Choice,
    body::{Body, Compute},
    contraction::Loops,
    sizes::{multiple, pick, with_grid},
};
use crate::{config::Simd, schedule::Tiles};

/// A loop of the result has to be this long for a copied element to be used often enough.
const ENOUGH: i64 = 96;
/// Bytes between the rows of the right side from which on its columns crowd each other out of the first cache.
const FAR: i64 = 2560;
/// Taken for loops whose length is only known at run time.
const GUESS: i64 = 1024;
/// Rows and columns of a workgroup's part of the result, and the steps of a block of the reduction: the left side's
/// part (128 KiB of f32) stays in the second cache, a panel of the right side (16 KiB) in the first.
const PART: (i64, i64, i64) = (128, 256, 256);

/// The schedule `panels`.
pub(super) fn choose<'c>(body: &Body<'c>, root: Op<'c>, simd: Simd) -> Option<Choice<'c>> {
    let root = body.compute(root)?;
    let loops = Loops::of(body, root)?;
    let (last, row, depth, output) = (loops.last, loops.row?, loops.depth, &loops.output);
    if loops.reductions.len() != 1 || !behind(body, root) {
        return None;
    }
    let number = |wanted: usize, unwanted: usize| {
        root.inputs().iter().position(|access| {
            [wanted, depth].iter().all(|axis| access.contains(&Some(*axis))) && !access.contains(&Some(unwanted))
        })
    };
    let (left, right) = (number(row, last)?, number(last, row)?);
    let widens = root.operand_bytes(left).min(root.operand_bytes(right)) < root.element_bytes();
    let across = root.inputs()[right].last() != Some(&Some(last));
    let length = |axis: usize| root.trips[axis].unwrap_or(GUESS);
    let apart = length(last) * root.operand_bytes(right);
    // An unknown number of rows may be one.
    let rows_known = root.trips[row].is_some() || root.trips.iter().all(Option::is_none);
    let ranks = root.inputs().iter().all(|access| access.len() == output.len());
    let enough = ranks && length(row) >= ENOUGH && length(depth) >= ENOUGH && length(last) >= simd.bytes;
    if !enough || !rows_known || !(across || widens || apart > FAR) {
        return None;
    }

    let lanes = simd.bytes / root.element_bytes().max(2);
    let columns = pick(root.trips[last], &[lanes * 2]).size;
    let rows = if simd.registers >= 32 { 8 } else { 4 };
    let steps = 4;
    let level = |sizes: &[(usize, i64)]| {
        let mut level = vec![0; root.trips.len()];
        sizes.iter().for_each(|(axis, size)| level[*axis] = *size);
        level
    };
    let others: Vec<(usize, i64)> =
        output.iter().filter(|axis| **axis != last && **axis != row).map(|axis| (*axis, 1)).collect();
    let with_others = |sizes: &[(usize, i64)]| level(&[&others[..], sizes].concat());
    // The result's dimensions, for ops over them.
    let dimensions = |sizes: &[i64]| output.iter().map(|axis| sizes[*axis]).collect::<Vec<_>>();

    let part = [(row, multiple(root.trips[row], rows, PART.0)), (last, multiple(root.trips[last], columns, PART.1))];
    let workgroup = with_others(&part);
    let vector = with_others(&[(row, rows), (last, columns), (depth, steps)]);
    let block = multiple(root.trips[depth], steps * 2, PART.2);
    let own = body.sink.op == root.op;
    let trips = if own { root.trips.clone() } else { output.iter().map(|axis| root.trips[*axis]).collect() };
    let mut tiles = Tiles::default()
        .with("left", vec![left as i64])
        .with("right", vec![right as i64])
        .with("panel", level(&[(last, columns)]))
        .with("rows", level(&[(row, rows)]))
        .with("reduction", level(&[(depth, steps)]))
        .with("output", dimensions(&vector))
        .with("vector", vector);
    if root.trips[depth].is_none_or(|trips| trips > block) {
        tiles = tiles.with("block", level(&[(depth, block)]));
    }
    if across || widens {
        // The copies' loops: others, then a square of what vectors transpose.
        let mut copy = vec![1; output.len()];
        let inner = copy.len() - 2;
        (copy[inner], copy[inner + 1]) = (lanes, lanes * 2);
        tiles = tiles.with("copy", copy);
    }
    if !own {
        let along = with_others(&[(row, 1), (last, columns * 2)]);
        tiles = tiles.with("along", dimensions(&along));
    }
    let sizes = if own { workgroup } else { dimensions(&workgroup) };
    let mut choice = Choice::new("panels", with_grid(tiles, sizes, &trips), root.op, body.sink.op);
    choice.maps = body.ops.iter().map(|op| op.op).filter(|op| *op != root.op).collect();
    Some(choice)
}

/// Whether all other ops come after the root: what feeds it would be computed again for every panel.
fn behind(body: &Body<'_>, root: &Compute<'_>) -> bool {
    let inputs = operands(root.op);
    let feeds = |op: &Compute<'_>| results(op.op).iter().any(|value| inputs.contains(value));
    root.op.has_attribute("indexing_maps") && !body.ops.iter().any(feeds)
}

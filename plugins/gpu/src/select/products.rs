//! Tile sizes of matrix products.

use ropt_mlir::{
    ir::edit::{operands, type_text},
    melior::ir::ValueLike,
};
use ropt_plugin::tiles::Tiles;

use super::{GUESS, Machine};
use crate::{
    body::{bytes, element},
    emit::COOPERATIVE_SUBGROUP,
    product::Product,
};

/// Workgroups that keep a large GPU busy; an H100 has 132 multiprocessors.
const ENOUGH: i64 = 128;
/// Rows or columns below this are not worth a tile.
const SMALL: i64 = 8;

/// Tiles of f16 and bf16 on their way to shared memory or there, while one is multiplied.
const NARROW_BUFFERS: i64 = 3;

/// Rows, columns and depth of a tile, rows and columns of a thread's part, buffers.
type Sizes = ([i64; 3], [i64; 2], i64);

/// The schedule `matmul`, or none for a product so thin that no tile pays.
pub(super) fn matmul(product: &Product<'_>, machine: Machine) -> Option<Tiles> {
    let scalar = bytes(&product.scalar())?;
    let [rows, columns, depth] = extents(product);
    if rows.min(columns) < SMALL || rows * columns < 256 || depth < SMALL {
        return None;
    }
    // From large to small: the first that gives enough workgroups, or the last. Measured; see benchmarks/README.md.
    let choices: &[Sizes] = if machine.vector_bytes >= 16 && scalar <= 4 {
        &[([128, 256, 8], [8, 16], 2), ([64, 128, 16], [8, 8], 2), ([64, 64, 16], [4, 4], 2), ([32, 32, 32], [4, 4], 2)]
    } else if machine.vector_bytes >= 16 {
        &[([64, 64, 16], [4, 4], 2), ([32, 32, 16], [4, 4], 2)]
    } else {
        // What every Vulkan device has: 128 threads, 16 KiB of shared memory.
        &[([64, 64, 16], [8, 4], 1), ([32, 32, 16], [4, 4], 1)]
    };
    let groups = |sizes: &Sizes| groups(product, [sizes.0[0], sizes.0[1]]);
    let sizes = choices.iter().find(|sizes| groups(sizes) >= ENOUGH).or(choices.last())?;
    let ([rows, columns, depth], part, buffers) = *sizes;
    Some(
        Tiles::default()
            .with("workgroup", vec![rows, columns])
            .with("thread", part.to_vec())
            .with("reduction", vec![depth])
            .with("buffers", vec![buffers]),
    )
}

/// The schedule `tensor-cores`, or none when a row does not split into pieces of 16 bytes, or tiles do not pay.
pub(super) fn tensor_cores(product: &Product<'_>, machine: Machine) -> Option<Tiles> {
    if !in_pieces(product) {
        return None;
    }
    // From large to small, as above.
    let choices = [
        ([128, 256, 64], [64, 64]),
        ([128, 256, 32], [64, 64]),
        ([128, 64, 64], [64, 32]),
        ([64, 64, 64], [32, 32]),
        ([32, 32, 32], [16, 16]),
    ];
    let shared = |[rows, columns, depth]: [i64; 3]| NARROW_BUFFERS * 2 * depth * (rows + columns + 16);
    let mut fitting = choices.into_iter().filter(|(tile, _)| shared(*tile) <= machine.shared_memory);
    let chosen = fitting.find(|(tile, _)| groups(product, [tile[0], tile[1]]) >= ENOUGH);
    let ([rows, columns, depth], own) = chosen.unwrap_or(choices[choices.len() - 1]);
    Some(
        Tiles::default()
            .with("workgroup", vec![rows, columns])
            .with("subgroup", own.to_vec())
            .with("reduction", vec![depth])
            .with("buffers", vec![NARROW_BUFFERS]),
    )
}

/// The schedule `cooperative-matrices`, under the same conditions.
pub(super) fn cooperative(product: &Product<'_>, machine: Machine) -> Option<Tiles> {
    if !in_pieces(product) {
        return None;
    }
    let step = if product.compute.trips[product.depth]? % 32 == 0 { 32 } else { 16 };
    // From large to small, as above.
    let choices = [([128, 128], [64, 64]), ([64, 128], [32, 32]), ([64, 64], [32, 32]), ([32, 32], [16, 16])];
    let fits = |tile: [i64; 2], own: [i64; 2]| {
        let threads = tile[0] / own[0] * (tile[1] / own[1]) * COOPERATIVE_SUBGROUP;
        threads <= machine.threads && cooperative_bytes(tile, threads, step, 2) <= machine.shared_memory
    };
    let fitting: Vec<_> = choices.into_iter().filter(|(tile, own)| fits(*tile, *own)).collect();
    let (tile, own) = fitting.iter().find(|(tile, _)| groups(product, *tile) >= ENOUGH).or(fitting.last())?;
    Some(
        Tiles::default()
            .with("workgroup", tile.to_vec())
            .with("subgroup", own.to_vec())
            .with("reduction", vec![step])
            .with("buffers", vec![2]),
    )
}

/// Bytes of shared memory that the schedule `cooperative-matrices` takes: the tiles with their gaps, and a matrix of sums for
/// each subgroup.
pub(super) fn cooperative_bytes(tile: [i64; 2], threads: i64, step: i64, buffers: i64) -> i64 {
    const GAP: i64 = 8;
    // Whichever way an operand lies.
    let one = |free: i64| free.saturating_mul(step + GAP).max(step.saturating_mul(free.saturating_add(GAP)));
    let tiles = one(tile[0]).saturating_add(one(tile[1])).saturating_mul(2 * buffers);
    tiles.saturating_add(threads / COOPERATIVE_SUBGROUP * 16 * 16 * 4)
}

/// Whether rows of both operands split into pieces of 16 bytes, and tiles of 16 pay.
fn in_pieces(product: &Product<'_>) -> bool {
    let [rows, columns, depth] = extents(product);
    if rows.min(columns) < 16 || depth < 16 {
        return false;
    }
    [&product.left, &product.right].into_iter().all(|factor| {
        let inner = if product.along_depth(factor) { product.depth } else { factor.free };
        let contiguous = product.compute.accesses[factor.number].last() == Some(&Some(inner));
        let stored = element(&type_text(operands(product.compute.op)[factor.number].r#type()));
        let whole = |bytes: i64| product.compute.trips[inner].is_some_and(|trips| trips % (16 / bytes) == 0);
        contiguous && bytes(&stored).is_some_and(whole)
    })
}

fn extents(product: &Product<'_>) -> [i64; 3] {
    [product.left.free, product.right.free, product.depth].map(|axis| product.compute.trips[axis].unwrap_or(GUESS))
}

/// How many workgroups there are.
fn groups(product: &Product<'_>, tile: [i64; 2]) -> i64 {
    let [rows, columns, _] = extents(product);
    let others = product.others().into_iter().map(|axis| product.compute.trips[axis].unwrap_or(1));
    let others: i64 = others.product();
    ((rows + tile[0] - 1) / tile[0]) * ((columns + tile[1] - 1) / tile[1]) * others
}

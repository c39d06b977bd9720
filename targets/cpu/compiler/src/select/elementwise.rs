//! Kernels without reductions.

use super::{
    Choice,
    body::Body,
    sizes::{peeled, pick, with_grid},
};
use crate::{config::Simd, schedule::Tiles};

/// Elements of a workgroup's part.
const PART: i64 = 32768;
/// Taken for loops whose length is only known at run time.
const GUESS: i64 = 1024;

/// The schedule `elementwise`.
pub(super) fn choose<'c>(body: &Body<'c>, simd: Simd) -> Option<Choice<'c>> {
    let sink = &body.sink;
    let output = sink.output()?;
    let inner = *output.last()?;
    let rank = sink.trips.len();
    let widest = body.ops.iter().map(|op| op.widest_bytes()).max().unwrap_or(4);
    let lanes = simd.bytes / widest;
    // A loop that runs along an input's memory but across the result's: square tiles are transposed in registers.
    let across: Vec<usize> = sink
        .inputs()
        .iter()
        .filter_map(|access| access.last().copied().flatten())
        .filter(|axis| *axis != inner)
        .collect();
    let across: Vec<usize> = across.into_iter().filter(|axis| runs_inside(sink.inputs(), *axis, inner)).collect();
    let mut register = vec![1; rank];
    let mut ragged = vec![false; rank];
    let square = lanes.min(8);
    for axis in 0..rank {
        let wanted = match (axis == inner, across.is_empty(), across.contains(&axis)) {
            (true, true, _) => vec![lanes * 4, lanes * 3, lanes * 2, lanes],
            (true, false, _) | (false, _, true) => vec![square],
            _ => continue,
        };
        let tile = pick(sink.trips[axis], &wanted);
        register[axis] = tile.size;
        ragged[axis] = tile.ragged;
    }
    let order: Vec<i64> = (0..rank as i64).collect();
    let tiles = Tiles::default()
        .with("peel", peeled(&order, &register, &ragged))
        .with("order", order)
        .with("register", register.clone());
    let tiles = with_grid(tiles, grid(body, &register)?, &sink.trips);
    Some(Choice::new("elementwise", tiles, sink.op, sink.op))
}

/// Whether some input has both loops with `axis` innermost: its rows run across the result's.
fn runs_inside(inputs: &[Vec<Option<usize>>], axis: usize, inner: usize) -> bool {
    inputs.iter().any(|access| access.last() == Some(&Some(axis)) && access.contains(&Some(inner)))
}

/// Only split over workgroups; each part is lowered to loops, in which LLVM finds the vectors.
pub(super) fn grid_only<'c>(body: &Body<'c>) -> Option<Choice<'c>> {
    let sink = &body.sink;
    let sizes = grid(body, &vec![1; sink.trips.len()])?;
    let tiles = with_grid(Tiles::default().with("scalar", vec![1]), sizes, &sink.trips);
    let split = !tiles.get("workgroup").is_empty();
    split.then(|| Choice::new("elementwise", tiles, sink.op, sink.op))
}

/// Workgroup sizes: whole inner loops until the part is large enough, then a piece of the next loop, then one of each.
fn grid(body: &Body<'_>, register: &[i64]) -> Option<Vec<i64>> {
    let sink = &body.sink;
    let output = sink.output()?;
    // Inner work that the result's loops do not show.
    let depth: i64 = body
        .ops
        .iter()
        .flat_map(|op| op.trips.iter().zip(&op.parallel).filter(|(_, parallel)| !**parallel))
        .map(|(trips, _)| trips.unwrap_or(GUESS).max(1))
        .fold(1, i64::saturating_mul);
    let mut left = (PART / depth).max(1);
    let mut sizes = vec![0; sink.trips.len()];
    for axis in output.into_iter().rev() {
        let unit = register[axis].max(1);
        let trips = sink.trips[axis];
        let length = trips.unwrap_or(GUESS).max(1);
        let size = (left / unit).max(1) * unit;
        sizes[axis] = if trips.is_some_and(|trips| trips <= size) { 0 } else { size };
        left = if sizes[axis] == 0 { (left / length).max(1) } else { 1 };
    }
    Some(sizes)
}

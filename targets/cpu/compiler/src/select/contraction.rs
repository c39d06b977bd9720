//! Matrix products in every arrangement, and reductions that keep the result's innermost loop.

use ropt_mlir::ir::edit::{Op, nested, op_name, results};

use super::{
    Choice,
    body::{Body, Compute},
    sizes::{peeled, pick, with_grid},
};
use crate::{config::Simd, schedule::Tiles};

/// The loops of a contraction by what they are for.
#[derive(Debug)]
pub(super) struct Loops {
    /// The loop of each dimension of the result.
    pub(super) output: Vec<usize>,
    /// The result's innermost loop, which is vectorised.
    pub(super) last: usize,
    /// The last loop of the result that one input has and the vector's input has not: the rows of a register tile.
    pub(super) row: Option<usize>,
    /// The reductions.
    pub(super) reductions: Vec<usize>,
    /// The last of them.
    pub(super) depth: usize,
}

impl Loops {
    /// None when the root is no contraction of the schedules' kind, or when other ops are not elementwise over its
    /// result.
    pub(super) fn of(body: &Body<'_>, root: &Compute<'_>) -> Option<Self> {
        if results(root.op).len() != 1 || root.accesses.iter().flatten().any(Option::is_none) || !arithmetic(root.op) {
            return None;
        }
        let output = root.output()?;
        let last = *output.last()?;
        let reductions: Vec<usize> = (0..root.trips.len()).filter(|axis| !root.parallel[*axis]).collect();
        let depth = *reductions.last()?;
        // The result's innermost loop has to be innermost in some input too, or a transpose is cheap.
        let has = |access: &Vec<Option<usize>>, axis: usize| access.contains(&Some(axis));
        let along = root.inputs().iter().any(|access| has(access, last));
        if !along || (root.inputs().len() == 1 && root.inputs()[0].last() != Some(&Some(last))) {
            return None;
        }
        let mut rest = body.ops.iter().filter(|op| op.op != root.op);
        if !rest.all(|op| op.is_identity() && op.trips.len() == output.len()) {
            return None;
        }
        let product = root.inputs().len() == 2;
        let apart = |axis: usize| root.inputs().iter().any(|access| product && has(access, axis) && !has(access, last));
        let row = output.iter().rev().skip(1).copied().find(|axis| apart(*axis));
        Some(Self { output, last, row, reductions, depth })
    }
}

/// The schedule `contraction`.
pub(super) fn choose<'c>(body: &Body<'c>, root: Op<'c>, simd: Simd) -> Option<Choice<'c>> {
    let root = body.compute(root)?;
    let sink = &body.sink;
    let Loops { output, last, row, reductions, depth } = Loops::of(body, root)?;

    let lanes = simd.bytes / root.element_bytes().max(2);
    let product = root.inputs().len() == 2;
    let wide = if row.is_some() { vec![lanes * 2, lanes * 3, lanes] } else { vec![lanes * 4, lanes * 2, lanes] };
    // Powers of two: LLVM turns the transposed left side into broadcasts from memory only for these.
    let tall = if simd.registers >= 32 { [8, 4, 2, 1] } else { [4, 2, 1, 1] };
    let columns = pick(root.trips[last], &wide);
    let rows = row.map(|axis| {
        let fits = |size: &i64| root.trips[axis].is_none_or(|trips| *size <= trips);
        let size = tall.into_iter().find(fits).unwrap_or(1);
        pick(root.trips[axis], &[size])
    });

    let mut register = vec![0; root.trips.len()];
    let mut workgroup = register.clone();
    let mut ragged = vec![false; root.trips.len()];
    for axis in &output {
        (register[*axis], workgroup[*axis]) = (1, 1);
    }
    (register[last], ragged[last], workgroup[last]) = (columns.size, columns.ragged, columns.size * 4);
    if let (Some(axis), Some(rows)) = (row, rows) {
        (register[axis], ragged[axis], workgroup[axis]) = (rows.size, rows.ragged, rows.size * 8);
    }
    let step = pick(root.trips[depth], if product { &[4] } else { &[1] });
    let mut reduction = vec![0; root.trips.len()];
    reductions.iter().for_each(|axis| reduction[*axis] = 1);
    reduction[depth] = step.size;
    let mut vector = register.clone();
    reductions.iter().for_each(|axis| vector[*axis] = reduction[*axis]);

    // Outermost first: other loops, then the vector's, then the rows, so that a panel of the right side stays close.
    let mut order: Vec<usize> = output.iter().copied().filter(|axis| *axis != last && Some(*axis) != row).collect();
    order.push(last);
    order.extend(row);

    // The sink's loops are the result's dimensions.
    let own = sink.op == root.op;
    let place = |axis: usize| output.iter().position(|found| *found == axis).unwrap_or_default();
    let moved = |sizes: &[i64]| if own { sizes.to_vec() } else { output.iter().map(|axis| sizes[*axis]).collect() };
    let mut order: Vec<i64> = order.into_iter().map(|axis| if own { axis } else { place(axis) } as i64).collect();
    if own {
        // Every loop has a place in the permutation, tiled or not.
        order.extend(reductions.iter().map(|axis| *axis as i64));
    }
    let register_sink = moved(&register);
    let ragged_sink: Vec<bool> = if own { ragged.clone() } else { output.iter().map(|axis| ragged[*axis]).collect() };
    let trips: Vec<Option<i64>> =
        if own { root.trips.clone() } else { output.iter().map(|axis| root.trips[*axis]).collect() };
    let mut tiles = Tiles::default()
        .with("peel", peeled(&order, &register_sink, &ragged_sink))
        .with("order", compact(&order, &register_sink))
        .with("register", register_sink.clone())
        .with("reduction", reduction.clone())
        .with("vector", vector)
        .with("output", output.iter().map(|axis| register[*axis]).collect());
    if !own {
        tiles = tiles.with("edge", register_sink);
    }
    if step.ragged {
        tiles = tiles.with("ragged", vec![reductions.len() as i64 - 1]);
    }
    let tiles = with_grid(tiles, moved(&workgroup), &trips);
    Some(Choice::new("contraction", tiles, root.op, sink.op))
}

/// The permutation among the loops that tiling makes.
fn compact(order: &[i64], sizes: &[i64]) -> Vec<i64> {
    let made: Vec<i64> = (0..sizes.len() as i64).filter(|axis| sizes[*axis as usize] != 0).collect();
    order.iter().filter_map(|axis| made.iter().position(|found| found == axis)).map(|index| index as i64).collect()
}

/// Whether the op's body is only what vectors do in every lane.
fn arithmetic(op: Op<'_>) -> bool {
    nested(op).into_iter().all(|inner| {
        let name = op_name(inner);
        name.starts_with("arith.") || name.starts_with("math.") || name == "linalg.yield"
    })
}

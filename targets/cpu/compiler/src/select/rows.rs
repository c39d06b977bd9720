//! Reductions along the last dimension and chains of them.

use ropt_mlir::{
    ir::edit::{Op, defining_op, op_name, operands, pin_value, results, users},
    kernel::MERGES,
    melior::ir::BlockLike,
};

use super::{
    Choice,
    body::{Body, Compute},
    sizes::{pick, with_grid},
};
use crate::{
    config::Simd,
    ops::{body as body_of, entry_block},
    schedule::Tiles,
};

/// Elements of a workgroup's part.
const PART: i64 = 65536;
/// Taken for rows whose length is only known at run time.
const GUESS: i64 = 1024;

/// The schedule `rows`: every op is over rows, or over rows and then columns.
pub(super) fn choose<'c>(body: &Body<'c>, simd: Simd) -> Option<Choice<'c>> {
    let first = body.compute(*body.reducing.first()?)?;
    let rows = first.parallel.iter().filter(|parallel| **parallel).count();
    let columns = *first.trips.get(rows)?;
    if !body.ops.iter().all(|op| fits(op, rows, columns)) {
        return None;
    }
    let widest = body.ops.iter().map(Compute::widest_bytes).max().unwrap_or(4);
    let lanes = simd.bytes / widest;
    // Short rows are one vector; long ones are cut into equal vectors where that is possible, else the last is shorter.
    let widths = [lanes * 4, lanes * 2, lanes];
    let cut = match columns {
        Some(columns) if columns <= lanes * 4 => 0,
        columns => pick(columns, &widths).size,
    };
    let sink = &body.sink;
    let over_columns = sink.trips.len() > rows;
    let mut register = vec![1; rows];
    let mut workgroup = vec![0; rows];
    let mut left = (PART / columns.unwrap_or(GUESS)).max(1);
    for axis in (0..rows).rev() {
        let whole = sink.trips[axis].is_some_and(|trips| trips <= left);
        workgroup[axis] = if whole { 0 } else { left };
        left = if whole { (left / sink.trips[axis].unwrap_or(1).max(1)).max(1) } else { 1 };
    }
    let mut along = vec![0; rows];
    along.push(cut);
    let mut piece = vec![1; rows];
    piece.push(cut);
    if over_columns {
        register.push(0);
        workgroup.push(0);
    }
    let tiles = Tiles::default()
        .with("order", (0..rows as i64).collect())
        .with("register", register)
        .with("along", along)
        .with("piece", piece);
    let mut choice = Choice::new("rows", with_grid(tiles, workgroup, &sink.trips), first.op, sink.op);
    for op in body.ops.iter().filter(|op| cut != 0 && op.trips.len() == rows + 1) {
        if op.reduces() { choice.reductions.push(op.op) } else { choice.maps.push(op.op) }
    }
    Some(choice)
}

/// Whether the op's loops are the rows, or the rows and the columns, in that order everywhere.
fn fits(op: &Compute<'_>, rows: usize, columns: Option<i64>) -> bool {
    let shape = match op.trips.len() {
        n if n == rows => !op.reduces(),
        n if n == rows + 1 => op.parallel[..rows].iter().all(|parallel| *parallel) && op.trips[rows] == columns,
        _ => false,
    };
    // Result dimensions are loops in order: rows, or rows and columns.
    let output = op.output().is_some_and(|output| output.iter().enumerate().all(|(i, axis)| i == *axis));
    let whole = op.reduces() || op.output().is_some_and(|output| output.len() == op.trips.len());
    shape && output && whole && results(op.op).len() == 1 && (!op.reduces() || combines(op.op))
}

/// Whether each step puts an element to the result by one such op. The schedule keeps partial results side by side.
fn combines(op: Op<'_>) -> bool {
    if !op_name(op).starts_with("linalg.generic") {
        return true;
    }
    let all = body_of(op);
    let (Some(end), Some(block)) = (all.last(), entry_block(op)) else { return false };
    let Some(result) = block.argument_count().checked_sub(1).and_then(|last| block.argument(last).ok()) else {
        return false;
    };
    let result = pin_value(result);
    let step = operands(*end).first().and_then(|value| defining_op(*value));
    step.is_some_and(|step| {
        MERGES.contains(&op_name(step).as_str()) && operands(step).contains(&result) && users(result).len() == 1
    })
}

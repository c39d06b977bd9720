//! The schedule `rows`: reductions along the last loop and chains of them (softmax, normalisation); a workgroup has a row.
//!
//! Each thread merges what it reads, neighbours read at once, then the threads' values meet. Where a thread's part of a
//! row is short, it stays in registers from one pass over the row to the next.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, operands, results},
    kernel::body,
    melior::ir::operation::OperationLike,
};
use ropt_plugin::tiles::Tiles;

use super::{
    Elements, Lanes, Machine, Outputs, Refusal, across::Meeting, add, elements, elements::inline, for_loop, forall,
    lane, mul, spread, thread, when,
};
use crate::{
    body::{Body, Compute, in_order},
    combine::Combine,
};

/// Pieces of a row that a thread keeps.
const KEPT: i64 = 8;

/// Writes the threads of a kernel over rows: `threads` of the sizes for each row, `vector` elements at once.
pub(crate) fn emit<'c>(kernel: Op<'c>, known: &Body<'c>, tiles: &Tiles, machine: Machine) -> Result<(), Refusal> {
    let rows = shape(known)?;
    let outputs = Outputs::of(kernel, known)?;
    let first = known.reducing()[0];
    let columns = first.trips[rows];
    let over_columns = !known.sink.reduces() && known.sink.trips.len() > rows;
    let (widest, _) = known.element_bytes().unwrap_or((machine.vector_bytes, 1));
    let most = tiles.get("vector").first().copied().unwrap_or(1).min(machine.vector_bytes / widest).max(1);
    let width = match (columns, over_columns) {
        (Some(_), true) => outputs.width(columns, most),
        (Some(columns), false) => {
            (1..=most).rev().find(|width| columns % width == 0 && width.count_ones() == 1).unwrap_or(1)
        }
        (None, _) => 1,
    };
    let threads = tiles.get("threads").first().copied().unwrap_or(64);
    let Some(end) = body(kernel).pop() else { return Err("it has no end".to_owned()) };
    let at = Builder::before(end).located(known.sink.op.location());
    let counts: Option<Vec<Val<'c>>> = (0..rows).map(|axis| elements::trips(at, first, axis)).collect();
    let counts = counts.ok_or("the number of rows is not known")?;
    let length = elements::trips(at, first, rows).ok_or("the length of a row is not known")?;
    let merges: Vec<(&Compute<'c>, Combine<'c>)> =
        known.reducing().into_iter().filter_map(|compute| Some((compute, Combine::of(compute)?))).collect();
    let meetings: Vec<Meeting<'c>> =
        merges.iter().map(|(_, merge)| Meeting::new(at, kernel, merge, threads, machine)).collect();

    forall(at, &counts, true, |at, row| {
        let own = thread(at);
        let start = mul(at, own, width);
        let stride = threads * width;
        let kept = columns.filter(|columns| columns % stride == 0 && columns / stride <= KEPT && machine.unroll);
        let row = Row {
            pieces: kept
                .map(|columns| (0..columns / stride).map(|piece| add(at, start, at.index(piece * stride))).collect()),
            bounds: [start, length, at.index(stride)],
            loops: row.to_vec(),
        };
        let mut values = Elements::default();
        for ((compute, merge), meeting) in merges.iter().zip(&meetings) {
            let neutral = merge.neutral(at).expect("checked by `shape`");
            let merged = row.pass(at, &mut values, &[spread(at, neutral, width)], |at, values, place, so_far| {
                let arguments = values.arguments(at, compute, place, Some(rows), width);
                let element = inline(at, compute, &arguments, &[], (place, Some(rows), width), merge.element);
                vec![merge.apply(at, so_far[0], spread(at, element, width))]
            });
            let lanes: Vec<Val<'c>> = (0..width).map(|number| lane(at, merged[0], number)).collect();
            let part = lanes[1..].iter().fold(lanes[0], |so_far, each| merge.apply(at, so_far, *each));
            let all = meeting.merge(at, merge, part);
            let place: Vec<Val<'c>> = output_place(compute, &row.loops);
            let initial = values.value(at, operands(compute.op)[compute.inputs()], &place, Lanes::ONE);
            values.set(results(compute.op)[0], merge.apply(at, initial, all));
        }
        if over_columns {
            row.pass(at, &mut values, &[], |at, values, place, _| {
                for (tensor, target) in &outputs.stores {
                    let value = values.value(at, *tensor, place, Lanes::along(rows, width));
                    Outputs::store(at, value, *target, place, width);
                }
                Vec::new()
            });
        } else {
            // Every thread has the row's value; one writes it.
            let one = super::less(at, own, at.index(1));
            when(at, Some(one), |at| {
                for (tensor, target) in &outputs.stores {
                    let value = values.value(at, *tensor, &row.loops, Lanes::ONE);
                    Outputs::store(at, value, *target, &row.loops, 1);
                }
            });
        }
    });
    Outputs::finish(kernel);
    ropt_mlir::ir::edit::set_attribute(kernel, crate::WORKGROUP_SIZE, &format!("array<i64: {threads}, 1, 1>"));
    Ok(())
}

/// A workgroup's row.
struct Row<'c> {
    /// Where the thread's pieces begin, when they are few.
    pieces: Option<Vec<Val<'c>>>,
    /// The first piece, the row's length, the distance between pieces.
    bounds: [Val<'c>; 3],
    /// The row's loops.
    loops: Vec<Val<'c>>,
}

impl<'c> Row<'c> {
    /// Runs `inside` for each piece of the row that is the thread's.
    fn pass(
        &self,
        at: Builder<'c>,
        values: &mut Elements<'c>,
        carried: &[Val<'c>],
        mut inside: impl FnMut(Builder<'c>, &mut Elements<'c>, &[Val<'c>], &[Val<'c>]) -> Vec<Val<'c>>,
    ) -> Vec<Val<'c>> {
        let place = |column: Val<'c>| self.loops.iter().copied().chain([column]).collect::<Vec<_>>();
        match &self.pieces {
            Some(pieces) => {
                let mut carried = carried.to_vec();
                for column in pieces {
                    carried = inside(at, values, &place(*column), &carried);
                }
                carried
            }
            None => for_loop(at, self.bounds, carried, |at, column, carried| {
                values.scope(|values| inside(at, values, &place(column), carried))
            }),
        }
    }
}

/// The place of the op's result in a row.
fn output_place<'c>(compute: &Compute<'c>, loops: &[Val<'c>]) -> Vec<Val<'c>> {
    compute.output(0).unwrap_or_default().into_iter().map(|axis| loops[axis]).collect()
}

/// How many loops are the rows': all but the last of the first reduction's. A refusal when an op is over something else.
pub(crate) fn shape(known: &Body<'_>) -> Result<usize, Refusal> {
    let reducing = known.reducing();
    let Some(first) = reducing.first() else { return Err("it has no reduction".to_owned()) };
    let rows = first.trips.len() - 1;
    if rows == 0 {
        return Err("it has a single row".to_owned());
    }
    let mut given: Vec<Val<'_>> = Vec::new();
    for compute in &known.ops {
        let loops = compute.trips.len();
        let over = loops == rows || (loops == rows + 1 && compute.trips[rows] == first.trips[rows]);
        let same = compute.trips.iter().zip(&first.trips).all(|(own, other)| own == other);
        let ordered = (0..results(compute.op).len()).all(|number| compute.output(number).is_some_and(|o| in_order(&o)));
        if !over || !same || !ordered || !compute.parallel[..rows].iter().all(|parallel| *parallel) {
            return Err("an op is neither over the rows nor over their elements".to_owned());
        }
        if compute.reduces() {
            let merge = Combine::of(compute).ok_or("a reduction's order can not be changed")?;
            let number =
                matches!(merge.scalar().as_str(), "f16" | "bf16" | "f32" | "f64" | "i8" | "i16" | "i32" | "i64");
            if loops != rows + 1 || !number {
                return Err("a reduction is not along the rows".to_owned());
            }
            let inputs = operands(compute.op).into_iter().take(compute.inputs());
            inputs.filter(|value| is_tensor(*value)).try_for_each(|value| elements::readable(value, &given))?;
            elements::readable(operands(compute.op)[compute.inputs()], &given)?;
            given.push(results(compute.op)[0]);
        }
    }
    results(known.sink.op).into_iter().try_for_each(|result| elements::readable(result, &given))?;
    Ok(rows)
}

fn is_tensor(value: Val<'_>) -> bool {
    use ropt_mlir::melior::ir::ValueLike;
    ropt_mlir::ir::edit::type_text(value.r#type()).starts_with("tensor<")
}

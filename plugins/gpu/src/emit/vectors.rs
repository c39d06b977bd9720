//! The schedule `vectors`: a thread computes neighbouring elements of the result, read and written at once.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, results},
    kernel::body,
    melior::ir::operation::OperationLike,
};
use ropt_plugin::tiles::Tiles;

use super::{Elements, Lanes, Machine, Outputs, Refusal, div, elements, forall, mul};
use crate::body::Body;

/// Writes the threads of an elementwise kernel; `vector` of the sizes is how many elements a thread computes.
pub(crate) fn emit<'c>(kernel: Op<'c>, known: &Body<'c>, tiles: &Tiles, machine: Machine) -> Result<(), Refusal> {
    let sink = &known.sink;
    results(sink.op).into_iter().try_for_each(|result| elements::readable(result, &[]))?;
    if !sink.is_identity() {
        return Err("its result's dimensions are not its loops in order".to_owned());
    }
    let outputs = Outputs::of(kernel, known)?;
    let (widest, _) = known.element_bytes().unwrap_or((machine.vector_bytes, 1));
    let most = tiles.get("vector").first().copied().unwrap_or(1).min(machine.vector_bytes / widest).max(1);
    let rank = sink.trips.len();
    let last = rank.checked_sub(1).and_then(|axis| sink.trips[axis]);
    let width = if rank == 0 { 1 } else { outputs.width(last, most) };
    let Some(end) = body(kernel).pop() else { return Err("it has no end".to_owned()) };
    let at = Builder::before(end).located(sink.op.location());
    let sizes: Option<Vec<Val<'c>>> = (0..rank).map(|axis| elements::trips(at, sink, axis)).collect();
    let mut counts = sizes.ok_or("the length of a loop is not known")?;
    if let Some(last) = counts.last_mut() {
        *last = div(at, *last, width);
    }
    if counts.is_empty() {
        counts.push(at.index(1));
    }
    forall(at, &counts, false, |at, ids| {
        let mut place: Vec<Val<'c>> = ids[..rank].to_vec();
        if let Some(last) = place.last_mut() {
            *last = mul(at, *last, width);
        }
        let lanes = Lanes::along(rank.saturating_sub(1), width);
        let mut each = Elements::default();
        let values: Vec<Val<'c>> =
            outputs.stores.iter().map(|(tensor, _)| each.value(at, *tensor, &place, lanes)).collect();
        for (value, (_, target)) in values.into_iter().zip(&outputs.stores) {
            Outputs::store(at, value, *target, &place, width);
        }
    });
    Outputs::finish(kernel);
    Ok(())
}

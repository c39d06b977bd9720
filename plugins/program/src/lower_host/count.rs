//! The grid of a dispatch: the export's count region, in place, on the dispatch's workload.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Builder, Op, Val, op_name, operands, results, type_text},
    },
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use super::executables::Export;
use crate::ops::{arguments, ops_of};

/// Three index values: how many workgroups there are in each dimension.
pub(crate) fn grid<'c>(
    at: &Builder<'c>,
    dispatch: Op<'c>,
    export: &Export<'c>,
    workload: &[Val<'c>],
) -> PassResult<Vec<Val<'c>>> {
    let Some(block) = export.count() else {
        // Without a region the workload is the grid itself.
        if workload.is_empty() || workload.len() > 3 {
            return Err(PassError::new(format!(
                "export @{} has no count region, so the workload is its grid: expected 1 to 3 values, found {}",
                export.name,
                workload.len()
            ))
            .at(dispatch.location())
            .note_at(export.op.location(), "the export"));
        }
        let mut grid = workload.to_vec();
        grid.resize_with(3, || at.index(1));
        return Ok(grid);
    };
    let takes: Vec<Val<'c>> = arguments(block);
    let wanted: Vec<Val<'c>> = takes.iter().copied().filter(|value| type_text(value.r#type()) == "index").collect();
    for device in takes.iter().filter(|value| type_text(value.r#type()) != "index") {
        if let Some(user) = ropt_mlir::ir::edit::users(*device).first() {
            return Err(PassError::new("the grid depends on the device, which is only known when the program runs")
                .at(user.location())
                .help("compute it from the workload alone"));
        }
    }
    if wanted.len() != workload.len() {
        return Err(PassError::new(format!(
            "the dispatch gives {} workload values, export @{} takes {}",
            workload.len(),
            export.name,
            wanted.len()
        ))
        .at(dispatch.location())
        .note_at(export.op.location(), "the export"));
    }
    let (mut from, mut to) = (wanted, workload.to_vec());
    for op in ops_of(block) {
        let name = op_name(op);
        if name == "hal.return" {
            let counts = operands(op).into_iter().map(|value| replacement(value, &from, &to));
            return Ok(counts.collect());
        }
        if !["arith.", "affine.", "scf.", "math."].iter().any(|dialect| name.starts_with(dialect)) {
            return Err(PassError::new(format!("`{name}` in a count region is not resolved yet"))
                .at(op.location())
                .help("run hal-translate-executables before hal-lower-host"));
        }
        let copy = at.insert(clone_mapped(op, &from, &to));
        from.extend(results(op));
        to.extend(results(copy));
    }
    Err(PassError::new(format!("the count region of export @{} returns nothing", export.name)).at(export.op.location()))
}

fn replacement<'c>(value: Val<'c>, from: &[Val<'c>], to: &[Val<'c>]) -> Val<'c> {
    from.iter().position(|old| *old == value).map_or(value, |index| to[index])
}

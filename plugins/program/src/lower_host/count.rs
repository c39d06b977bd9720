//! The grid of a dispatch: the export's count region, in place, on the dispatch's workload.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, type_text},
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use super::{
    calls::Calls,
    executables::Export,
    host_regions::{inline, region_blocks},
};
use crate::ops::arguments;

/// Three index values: how many workgroups there are in each dimension.
pub(crate) fn grid<'c>(
    at: &Builder<'c>,
    calls: &Calls<'c>,
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
    let wanted = arguments(block).iter().filter(|value| type_text(value.r#type()) == "index").count();
    if wanted != workload.len() {
        return Err(PassError::new(format!(
            "the dispatch gives {} workload values, export @{} takes {wanted}",
            workload.len(),
            export.name,
        ))
        .at(dispatch.location())
        .note_at(export.op.location(), "the export"));
    }
    inline(at, calls, export.op, &region_blocks(export.op, 0), workload)
}

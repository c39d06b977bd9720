//! `gpu-tile-threads`: the kernel's result becomes a loop over its elements, each computed on its own.
//!
//! ```mlir
//! %r = linalg.matmul {ropt.sink} ins(%a, %b) outs(%c)
//! // becomes
//! %r = scf.forall (%i, %j) in (64, 32) … { // one row, one column: linalg.matmul : tensor<1x128xf32>, tensor<128x1xf32> … }
//! ```
//! What feeds the result is computed where it is used, again for every element: no thread waits for another.

use ropt_mlir::{
    ir::{
        apply_schedule,
        edit::{Op, pin_mut, remove_attribute},
        linalg_loops,
    },
    kernel::{kernels, string},
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::{ELEMENTS, SCHEDULE, SINK, TILES};

/// Tiles each kernel whose schedule is `elements` to single elements of its result.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "gpu-tile-threads",
    anchor = "builtin.module",
    dialects("affine", "arith", "linalg", "scf", "tensor", "transform"),
    needs("memref-bindings", "gpu-schedules"),
    establishes("gpu-tiles: kernels are loops over threads, or were left to one thread"),
    ends("gpu-schedules")
)]
struct TileThreads {
    /// Kernels tiled.
    #[statistic]
    tiled: Counter,
}

impl RunPass for TileThreads {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        for kernel in kernels(module) {
            if string(kernel, SCHEDULE).as_deref() != Some(ELEMENTS) {
                continue;
            }
            let Some(sink) = marked(kernel) else {
                return Err(PassError::new(format!("no op of the kernel carries {SINK}"))
                    .at(kernel.location())
                    .help("mark the op whose result is stored, or write ropt.schedule = \"plain\""));
            };
            let sizes: Vec<_> = linalg_loops(sink).iter().map(|each| if each.parallel { "1" } else { "0" }).collect();
            let location = kernel.location();
            match apply_schedule(kernel, ELEMENTS, &schedule(&sizes.join(", "))) {
                Ok(()) => self.tiled.add(1),
                Err(error) => cx.remark(location, format!("the kernel runs in one thread: {error}")),
            }
        }
        for kernel in kernels(module) {
            remove_attribute(kernel, SCHEDULE);
            remove_attribute(kernel, TILES);
            if let Some(sink) = marked(kernel) {
                remove_attribute(sink, SINK);
            }
        }
        Ok(())
    }
}

fn marked(kernel: Op<'_>) -> Option<Op<'_>> {
    ropt_mlir::ir::edit::nested(kernel).into_iter().find(|op| op.has_attribute(SINK))
}

fn schedule(sizes: &str) -> String {
    format!(
        "module attributes {{transform.with_named_sequence}} {{
  transform.named_sequence @schedule(%root: !transform.any_op {{transform.readonly}}) {{
    %f = transform.structured.match ops{{[\"func.func\"]}} in %root : (!transform.any_op) -> !transform.any_op
    %sink = transform.structured.match attributes{{{SINK}}} in %f : (!transform.any_op) -> !transform.any_op
    %tile, %grid = transform.structured.fuse %sink tile_sizes [{sizes}] {{use_forall}} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.apply_patterns to %f {{ transform.apply_patterns.canonicalization transform.apply_patterns.linalg.tiling_canonicalization }} : !transform.any_op
    transform.apply_cse to %f : !transform.any_op
    transform.yield
  }}
}}"
    )
}

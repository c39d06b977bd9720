//! `gpu-select-schedule`: writes on each kernel how it is spread over threads.
//!
//! ```mlir
//! func.func @k() attributes {ropt.schedule = "matmul", ropt.tiles = {buffers = array<i64: 2>, reduction = array<i64: 16>,
//!   thread = array<i64: 8, 8>, workgroup = array<i64: 128, 128>}} { … linalg.matmul {ropt.sink} … }
//! ```
//! The annotations are meant to be read and edited; what is already there is checked and kept.

use ropt_mlir::{
    ir::{
        edit::{Op, defining_op, op_name, operands, pin_mut, results, set_attribute},
        linalg_loops, op_is,
    },
    kernel::{all_named, kernels},
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::{
    ELEMENTS, PLAIN, SCHEDULE, SINK, TILES,
    select::{self, Machine},
};

/// Chooses how each kernel is spread over threads, by its ops, shapes and types: tiles of a product, a workgroup for each
/// row, some or one element for each thread, or one thread for all.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "gpu-select-schedule",
    anchor = "builtin.module",
    needs("cpu-decomposed"),
    establishes("gpu-schedules: kernels say how they are spread over threads")
)]
struct SelectSchedule {
    /// Bytes that a thread reads or writes at once; 1: one element each time.
    #[option(name = "vector-bytes", default = 1)]
    vector_bytes: i64,
    /// Most threads of a workgroup.
    #[option(default = 128)]
    threads: i64,
    /// Bytes of shared memory that a workgroup can have; only `tensor-cores` takes more than 48 KiB.
    #[option(name = "shared-memory", default = 49152)]
    shared_memory: i64,
    /// The GPU has NVIDIA's matrix units for f16 and bf16 (sm_80 and later).
    #[option(name = "tensor-cores", default = false)]
    tensor_cores: bool,
    /// Element types, f16 and bf16, that the GPU multiplies as cooperative matrices of 16 by 16 in subgroups of 32.
    #[option(name = "cooperative-matrices")]
    cooperative_matrices: Vec<String>,
    /// Kernels spread over threads.
    #[statistic]
    spread: Counter,
    /// Kernels left to one thread.
    #[statistic]
    plain: Counter,
}

impl RunPass for SelectSchedule {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let machine = Machine {
            vector_bytes: self.vector_bytes,
            threads: self.threads,
            shared_memory: self.shared_memory,
            tensor_cores: self.tensor_cores,
            cooperative: ["f16", "bf16"].map(|ty| self.cooperative_matrices.iter().any(|given| given == ty)),
        };
        for kernel in kernels(pin_mut(&op)) {
            if kernel.has_attribute(SCHEDULE) {
                select::check(kernel)?;
                continue;
            }
            if let Some(choice) = select::choose(kernel, machine) {
                self.spread.add(1);
                set_attribute(kernel, SCHEDULE, &format!("{:?}", choice.schedule));
                set_attribute(kernel, TILES, &choice.tiles.attribute());
                set_attribute(choice.sink, SINK, "unit");
                continue;
            }
            match sink(kernel) {
                Some(sink) => {
                    self.spread.add(1);
                    set_attribute(kernel, SCHEDULE, &format!("{ELEMENTS:?}"));
                    set_attribute(sink, SINK, "unit");
                }
                None => {
                    self.plain.add(1);
                    set_attribute(kernel, SCHEDULE, &format!("{PLAIN:?}"));
                }
            }
        }
        Ok(())
    }
}

/// The op that all stores take their values from, when its elements can be computed independently.
fn sink(kernel: Op<'_>) -> Option<Op<'_>> {
    const STORES: [&str; 2] = ["iree_tensor_ext.dispatch.tensor.store", "iree_codegen.store_to_buffer"];
    let stores = STORES.iter().flat_map(|name| all_named(kernel, name));
    let mut sources = stores.map(|store| defining_op(operands(store)[0]));
    let sink = sources.next()??;
    let only = sources.all(|source| source == Some(sink));
    let loops = linalg_loops(sink);
    let runs = loops.iter().all(|each| each.trips != Some(0));
    let fits = only
        && runs
        && op_is(sink, "LinalgOp")
        && op_name(sink) != "linalg.fill"
        && loops.iter().any(|each| each.parallel)
        && sink.block() == kernel.region(0).ok()?.first_block()
        && !results(sink).is_empty();
    fits.then_some(sink)
}

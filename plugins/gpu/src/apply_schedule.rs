//! `gpu-apply-schedule`: writes what each thread of a kernel does, as the kernel's schedule says.
//!
//! ```mlir
//! func.func @k() attributes {ropt.schedule = "matmul", ropt.tiles = {workgroup = array<i64: 128, 128>, …}} {
//!   … linalg.matmul {ropt.sink} … }
//! // becomes, with shared memory, loops and vectors inside
//! scf.forall (%i, %j) in (8, 8) { … gpu.barrier … } {ropt.groups}
//! ```
//! A schedule that does not fit the kernel after all leaves it to `elements`, with a remark. That one, and `plain`, are
//! left to `gpu-tile-threads`.

use ropt_mlir::{
    ir::{
        edit::{Op, pin_mut, remove_attribute, set_attribute},
        symbol_name,
    },
    kernel::{kernels, string},
    melior::ir::operation::OperationLike,
};
use ropt_plugin::{prelude::*, tiles::Tiles};

use crate::{
    COOPERATIVE, ELEMENTS, MATMUL, ROWS, SCHEDULE, TENSOR_CORES, TILES, VECTORS,
    body::Body,
    emit::{self, Machine},
    select,
};

/// Writes the threads of kernels whose schedule is `matmul`, `tensor-cores`, `cooperative-matrices`, `rows` or `vectors`.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "gpu-apply-schedule",
    anchor = "builtin.module",
    dialects("arith", "gpu", "llvm", "math", "memref", "nvgpu", "nvvm", "scf", "vector"),
    needs("memref-bindings", "gpu-schedules")
)]
struct ApplySchedule {
    /// Bytes that a thread reads or writes at once; 1: one element each time.
    #[option(name = "vector-bytes", default = 1)]
    vector_bytes: i64,
    /// Threads of a subgroup; 0 when that is known only at run time.
    #[option(default = 0)]
    subgroup: i64,
    /// Write short loops over shared memory out.
    #[option(default = false)]
    unroll: bool,
    /// Schedules applied.
    #[statistic]
    applied: Counter,
    /// Schedules that did not fit.
    #[statistic]
    refused: Counter,
}

impl RunPass for ApplySchedule {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let machine = Machine { vector_bytes: self.vector_bytes, subgroup: self.subgroup, unroll: self.unroll };
        for kernel in kernels(pin_mut(&op)) {
            let Some(name) = string(kernel, SCHEDULE) else { continue };
            let tiles = select::check(kernel)?;
            let done = match name.as_str() {
                MATMUL => self.write(kernel, &tiles, machine, emit::matmul),
                COOPERATIVE => self.write(kernel, &tiles, machine, emit::cooperative),
                TENSOR_CORES => self.write(kernel, &tiles, machine, emit::mma),
                ROWS => self.write(kernel, &tiles, machine, emit::rows),
                VECTORS => self.write(kernel, &tiles, machine, emit::vectors),
                _ => continue,
            };
            remove_attribute(kernel, TILES);
            match done {
                Ok(()) => {
                    self.applied.add(1);
                    remove_attribute(kernel, SCHEDULE);
                }
                Err(reason) => {
                    self.refused.add(1);
                    let symbol = symbol_name(kernel).unwrap_or_default();
                    cx.remark(
                        kernel.location(),
                        format!(
                            "`{symbol}` computes one element a thread: the schedule `{name}` does not fit: {reason}"
                        ),
                    );
                    set_attribute(kernel, SCHEDULE, &format!("{ELEMENTS:?}"));
                }
            }
        }
        Ok(())
    }
}

/// What writes a schedule's threads.
type Emit = for<'c> fn(Op<'c>, &Body<'c>, &Tiles, Machine) -> Result<(), emit::Refusal>;

impl ApplySchedule {
    fn write(&self, kernel: Op<'_>, tiles: &Tiles, machine: Machine, emit: Emit) -> Result<(), emit::Refusal> {
        emit(kernel, &Body::of(kernel)?, tiles, machine)
    }
}

//! `gpu-distribute-threads`: the outer scf.forall of a kernel becomes the threads of its dispatch.
//!
//! ```mlir
//! scf.forall (%i, %j) in (%n, 32) { body(%i, %j) }
//! // becomes, with %n * 32 threads in workgroups of 64
//! %t = %workgroup * 64 + %thread ; scf.if %t < %n * 32 { body(%t / 32, %t % 32) }
//! ```
//! Where the loop's iterations are workgroups already (`ropt.groups`), each gets one, of as many threads as the schedule wrote
//! on the kernel. Neighbours along the innermost dimension are neighbours in a workgroup. A kernel that can not be split runs whole in
//! one thread.

use ropt_mlir::{
    ir::{
        edit::{
            Builder, Op, Val, erase, move_before, op_name, pin_mut, pin_value, replace_uses, results, set_attribute,
        },
        ops_in, symbol_name,
    },
    kernel::{
        all_named, body, entry_block,
        grid::{Bound, Grid, bounds, clean, drop_ordinals, host_counts, loop_of, set_count, terminator, trips},
        i64_array, kernels,
    },
    melior::ir::{BlockLike, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use crate::{GROUPS, WORKGROUP_SIZE};

/// Distributes each kernel's outer scf.forall over threads and computes the grid in the export.
///
/// ```mlir
/// #layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"vulkan-spirv", "vulkan-spirv-fb">) {
///     hal.executable.export public @k layout(#layout) count(%d: !hal.device) -> (index, index, index) {
///       %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
///       hal.return %x, %y, %z : index, index, index
///     }
///     builtin.module {
///       func.func @k() {
///         %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<64xf32>
///         %x = arith.constant 1.0 : f32
///         scf.forall (%i) = (0) to (64) step (16) {
///           memref.store %x, %b[%i] : memref<64xf32>
///         }
///         return
///       }
///     }
///   }
/// }
/// // becomes, by builtin.module(hal.executable(hal.executable.variant(gpu-distribute-threads{threads=4})))
/// …
///     hal.executable.export public @k layout(…) count(%arg0: !hal.device) -> (index, index, index) {
///       …
///       hal.return %1, %2, %c1 : index, index, index
///     …
///       func.func @k() attributes {ropt.workgroup_size = array<i64: 4, 1, 1>} {
///         …
///         %1 = hal.interface.workgroup.id[0] : index
///         %thread_id_x = gpu.thread_id  x
///         …
///         %2 = arith.muli %1, %c4_0 : index
///         %3 = arith.addi %2, %thread_id_x : index
///         …
///         memref.store %cst, %0[%6] : memref<64xf32>
///         …
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "gpu-distribute-threads",
    anchor = "hal.executable.variant",
    dialects("arith", "gpu", "hal", "scf"),
    needs("hal-interface", "memref-bindings", "gpu-tiles"),
    establishes("gpu-threads: loops over threads are spread over the grid, and exports say its size"),
    ends("gpu-tiles")
)]
struct DistributeThreads {
    /// Threads of a workgroup.
    #[option(default = 64)]
    threads: i64,
    /// Most workgroups along x; more go along y.
    #[option(name = "max-grid", default = 65535)]
    max_grid: i64,
    /// Kernels split over threads.
    #[statistic]
    distributed: Counter,
    /// Kernels that run whole in one thread.
    #[statistic]
    whole: Counter,
}

impl RunPass for DistributeThreads {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let variant = pin_mut(&op);
        if self.threads < 1 || self.max_grid < 1 {
            return Err(PassError::usage("threads and max-grid are at least 1"));
        }
        let inside = ops_in(variant);
        let modules: Vec<Op<'_>> = inside.iter().copied().filter(|op| op_name(*op) == "builtin.module").collect();
        let functions: Vec<Op<'_>> = modules.into_iter().flat_map(kernels).collect();
        for export in inside.into_iter().filter(|op| op_name(*op) == "hal.executable.export") {
            let name = symbol_name(export);
            let Some(kernel) = functions.iter().copied().find(|kernel| symbol_name(*kernel) == name) else {
                continue;
            };
            let own = i64_array(kernel, WORKGROUP_SIZE).first().copied();
            let spread = self.export(export, kernel)?;
            let threads = own.unwrap_or(if spread { self.threads } else { 1 });
            let counter = if threads == 1 { &mut self.whole } else { &mut self.distributed };
            counter.add(1);
            set_attribute(kernel, WORKGROUP_SIZE, &format!("array<i64: {threads}, 1, 1>"));
            // For whoever puts an object in the kernel's place: the grid counts workgroups of this size.
            set_attribute(export, "workgroup_size", &format!("[{threads} : index, 1 : index, 1 : index]"));
            if let Some(bytes) = shared_bytes(kernel).filter(|bytes| *bytes > STATIC) {
                set_attribute(export, "workgroup_local_memory", &format!("{bytes} : index"));
            }
            drop_ordinals(kernel);
        }
        Ok(())
    }
}

impl DistributeThreads {
    /// Distributes one kernel; whether it was possible.
    fn export<'c>(&self, export: Op<'c>, kernel: Op<'c>) -> PassResult<bool> {
        let grid = Grid::of(export);
        if let Some(id) = all_named(kernel, "hal.interface.workgroup.id").first() {
            return match grid {
                Grid::Explicit => Ok(false),
                Grid::Derived(..) | Grid::Missing => Err(PassError::new(
                    "the kernel reads its workgroup id, but its export leaves the grid to the compiler",
                )
                .at(id.location())
                .note_at(export.location(), "the export is here")
                .help("write the numbers of workgroups in the export's count region")),
            };
        }
        let Grid::Derived(count) = grid else { return Ok(false) };
        let done = loop_of(kernel).is_some_and(|forall| {
            let Some(counts) = host_counts(forall, count) else { return false };
            let threads = if forall.has_attribute(GROUPS) { 1 } else { self.threads };
            self.write_count(count, &counts, threads);
            self.split(forall, threads);
            true
        });
        // A loop of one iteration is gone by now: what is left is the work of one workgroup.
        if !done && kernel.has_attribute(WORKGROUP_SIZE) && !all_named(kernel, "scf.forall").is_empty() {
            return Err(PassError::new("the number of workgroups is not known before the kernel runs")
                .at(kernel.location())
                .help("write ropt.schedule = \"elements\" on the kernel"));
        }
        if !done {
            let end = terminator(count);
            let one = Builder::before(end).index(1);
            set_count(end, [one, one, one]);
        }
        clean(count);
        Ok(done)
    }

    /// Makes the grid of the numbers of iterations, `threads` of them in a workgroup.
    fn write_count<'c>(&self, export: Op<'c>, counts: &[Val<'c>], threads: i64) {
        let end = terminator(export);
        let at = Builder::before(end);
        let up = |a, b| at.value("arith.ceildivui", &[a, b], "index", &[]);
        let all = product(at, counts);
        let groups = if threads == 1 { all } else { up(all, at.index(threads)) };
        let most = at.index(self.max_grid);
        let x = at.value("arith.minui", &[groups, most], "index", &[]);
        set_count(end, [x, up(groups, most), at.index(1)]);
    }

    /// Replaces the loop by its body for one of `threads` iterations of a workgroup.
    fn split(&self, forall: Op<'_>, threads: i64) {
        let at = Builder::before(forall);
        let Some(counts) = trips(at, forall, &mut Some) else { return };
        let op2 = |name: &str, a, b| at.value(name, &[a, b], "index", &[]);
        let id = |dimension: &str| at.value("hal.interface.workgroup.id", &[], "index", &[("dimension", dimension)]);
        let total = product(at, &counts);
        let mut position = id("0 : index");
        let known = ropt_mlir::kernel::constant(total).or_else(|| known_product(&counts));
        let one_row = known.is_some_and(|total| (total + threads - 1) / threads <= self.max_grid);
        if !one_row {
            let row = op2("arith.muli", id("1 : index"), at.index(self.max_grid));
            position = op2("arith.addi", row, position);
        }
        if threads > 1 {
            let thread = at.value("gpu.thread_id", &[], "index", &[("dimension", "#gpu<dim x>")]);
            position = op2("arith.addi", op2("arith.muli", position, at.index(threads)), thread);
        }
        let exact = one_row && known.is_some_and(|total| total % threads == 0);
        // 6 is "less than, unsigned".
        let inside = at.value("arith.cmpi", &[position, total], "i1", &[("predicate", "6 : i64")]);
        let region = ropt_mlir::ir::edit::single_block(&[], forall.location());
        let other = ropt_mlir::melior::ir::Region::new();
        let guard =
            if exact { None } else { Some(at.op_with_regions("scf.if", &[inside], &[], &[], vec![region, other])) };
        let end = match guard.and_then(entry_block) {
            Some(block) => Builder::at_end(block, forall.location()).op("scf.yield", &[], &[], &[]),
            None => forall,
        };
        let at = Builder::before(end);
        let [lower, _, step] = bounds(forall);
        let Some(loops) = entry_block(forall) else { return };
        let value = |bound: Bound<'_>| match bound {
            Bound::Known(known) => at.index(known),
            // SAFETY: the value is of the kernel that the pass owns.
            Bound::Value(value) => unsafe { Val::from_raw(value.to_raw()) },
        };
        for dimension in (0..counts.len()).rev() {
            let (mut index, count) = (position, counts[dimension]);
            if dimension > 0 {
                index = at.value("arith.remui", &[position, count], "index", &[]);
                position = at.value("arith.divui", &[position, count], "index", &[]);
            }
            let scaled = at.value("arith.muli", &[index, value(step[dimension])], "index", &[]);
            let moved = at.value("arith.addi", &[scaled, value(lower[dimension])], "index", &[]);
            if let Ok(argument) = loops.argument(dimension) {
                replace_uses(pin_value(argument), moved);
            }
        }
        for op in body(forall) {
            if op_name(op) != "scf.forall.in_parallel" {
                move_before(op, end);
            }
        }
        debug_assert!(results(forall).is_empty(), "loop_of gives loops without results");
        erase(forall);
    }
}

fn product<'c>(at: Builder<'c>, counts: &[Val<'c>]) -> Val<'c> {
    let multiply = |a, b| at.value("arith.muli", &[a, b], "index", &[]);
    counts.iter().copied().reduce(multiply).unwrap_or_else(|| at.index(1))
}

fn known_product(counts: &[Val<'_>]) -> Option<i64> {
    counts.iter().try_fold(1, |all: i64, count| all.checked_mul(ropt_mlir::kernel::constant(*count)?))
}

/// Bytes of shared memory that a workgroup gets without asking for them when it is launched.
const STATIC: i64 = 48 * 1024;

/// The bytes of shared memory that a kernel names, each buffer a multiple of 16; none when it names none.
fn shared_bytes(kernel: Op<'_>) -> Option<i64> {
    let buffers = all_named(kernel, "memref.get_global").into_iter().flat_map(ropt_mlir::ir::edit::results);
    let sizes = buffers.map(|memory| Some((ropt_mlir::kernel::memref_bytes(memory)? + 15) / 16 * 16));
    sizes.sum::<Option<i64>>().filter(|bytes| *bytes > 0)
}

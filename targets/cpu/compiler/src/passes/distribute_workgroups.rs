//! `cpu-distribute-workgroups`: the outer scf.forall of a kernel becomes the grid of its dispatch.
//!
//! ```mlir
//! hal.executable.export @e … count(%d: !hal.device, %n: index) { … workgroup_count_from_slice(%n) … }
//! scf.forall (%i) = (0) to (%n) step (64) { body(%i) }
//! // becomes
//! … { %x = (%n + 63) / 64 ; hal.return %x, %c1, %c1 }
//! %id = hal.interface.workgroup.id[0] ; %i = %id * 64 ; body(%i)
//! ```
//! The innermost dimension is the grid's x. A kernel that can not be split (no loop, several loops, something written
//! outside of the loop, a bound that the host can not compute) runs whole in one workgroup.

use ropt_mlir::{
    ir::{
        edit::{Builder, Op, Val, erase, move_before, op_name, pin_mut, pin_value, replace_uses},
        ops_in, symbol_name,
    },
    kernel::grid::{Bound, Grid, bounds, clean, drop_ordinals, host_counts, loop_of, set_count, terminator, trips},
    melior::ir::{BlockLike, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use crate::ops::{all_named, body, entry_block, kernels};

/// Distributes each kernel's outer scf.forall over the workgroups and computes the grid in the export.
///
/// ```mlir
/// #layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
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
/// // becomes, by builtin.module(hal.executable(hal.executable.variant(cpu-distribute-workgroups)))
/// …
///     hal.executable.export public @k layout(…) count(%arg0: !hal.device) -> (index, index, index) {
///       %c4 = arith.constant 4 : index
///       …
///       hal.return %c4, %c1, %c1_0 : index, index, index
///     …
///       func.func @k() {
///         …
///         %c4 = arith.constant 4 : index
///         %1 = hal.interface.workgroup.id[0] : index
///         …
///         %2 = arith.muli %1, %c16 : index
///         …
///         memref.store %cst, %0[%3] : memref<64xf32>
///         …
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "cpu-distribute-workgroups",
    anchor = "hal.executable.variant",
    dialects("arith", "hal"),
    needs("hal-interface", "memref-bindings")
)]
struct DistributeWorkgroups {
    /// Kernels split over workgroups.
    #[statistic]
    distributed: Counter,
    /// Kernels that run whole in one workgroup.
    #[statistic]
    whole: Counter,
}

impl RunPass for DistributeWorkgroups {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let variant = pin_mut(&op);
        let inside = ops_in(variant);
        let modules: Vec<Op<'_>> = inside.iter().copied().filter(|op| op_name(*op) == "builtin.module").collect();
        let functions: Vec<Op<'_>> = modules.into_iter().flat_map(kernels).collect();
        for export in inside.into_iter().filter(|op| op_name(*op) == "hal.executable.export") {
            let name = symbol_name(export);
            let Some(kernel) = functions.iter().copied().find(|kernel| symbol_name(*kernel) == name) else {
                continue;
            };
            if self.export(export, kernel)? {
                self.distributed.add(1);
            } else {
                self.whole.add(1);
            }
            drop_ordinals(kernel);
        }
        Ok(())
    }
}

impl DistributeWorkgroups {
    /// Distributes one kernel; whether it was possible.
    fn export<'c>(&self, export: Op<'c>, kernel: Op<'c>) -> PassResult<bool> {
        let grid = Grid::of(export);
        let explicit = all_named(kernel, "hal.interface.workgroup.id").first().copied();
        if let Some(id) = explicit {
            return match grid {
                Grid::Explicit => Ok(true),
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
            write_count(count, &counts, &axes(forall));
            split(forall);
            true
        });
        if !done {
            let end = terminator(count);
            let one = Builder::before(end).index(1);
            set_count(end, [one, one, one]);
        }
        clean(count);
        Ok(done)
    }
}

/// How dimensions share the grid's axes: for x, y and z the dimensions (outermost first) that it runs over.
fn axes(forall: Op<'_>) -> [Vec<usize>; 3] {
    let [lower, upper, step] = bounds(forall);
    let rank = lower.len();
    let x = rank.checked_sub(1).into_iter().collect();
    if rank != 3 {
        return [x, (0..rank.saturating_sub(1)).collect(), Vec::new()];
    }
    // z has 16 bits in the calling convention, so an unknown or large number shares y.
    let fits = match (lower[0], upper[0], step[0]) {
        (Bound::Known(lower), Bound::Known(upper), Bound::Known(step)) => (upper - lower + step - 1) / step <= 65535,
        _ => false,
    };
    if fits { [x, vec![1], vec![0]] } else { [x, vec![0, 1], Vec::new()] }
}

/// Makes the grid of the numbers of iterations.
fn write_count<'c>(export: Op<'c>, counts: &[Val<'c>], axes: &[Vec<usize>; 3]) {
    let end = terminator(export);
    let builder = Builder::before(end);
    let product = |axis: usize| {
        let counts = axes[axis].iter().map(|dimension| counts[*dimension]);
        let multiply = |a, b| builder.value("arith.muli", &[a, b], "index", &[]);
        counts.reduce(multiply).unwrap_or_else(|| builder.index(1))
    };
    set_count(end, [product(0), product(1), product(2)]);
}

/// Replaces the loop by its body for one workgroup.
fn split(forall: Op<'_>) {
    let builder = Builder::before(forall);
    let [lower, _, step] = bounds(forall);
    let Some(counts) = trips(builder, forall, &mut Some) else { return };
    let value = |bound: Bound<'_>| match bound {
        Bound::Known(known) => builder.index(known),
        // SAFETY: the value is of the kernel that the pass owns.
        Bound::Value(value) => unsafe { Val::from_raw(value.to_raw()) },
    };
    let mut position = vec![None; counts.len()];
    for (axis, dimensions) in axes(forall).iter().enumerate() {
        let Some((outermost, inner)) = dimensions.split_first() else { continue };
        let dimension = [("dimension", format!("{axis} : index"))];
        let attributes = dimension.each_ref().map(|(key, text)| (*key, text.as_str()));
        let mut id = builder.value("hal.interface.workgroup.id", &[], "index", &attributes);
        for dimension in inner.iter().rev() {
            position[*dimension] = Some(builder.value("arith.remui", &[id, counts[*dimension]], "index", &[]));
            id = builder.value("arith.divui", &[id, counts[*dimension]], "index", &[]);
        }
        position[*outermost] = Some(id);
    }
    let Some(block) = entry_block(forall) else { return };
    for (dimension, id) in position.into_iter().enumerate() {
        let (Some(id), Ok(argument)) = (id, block.argument(dimension)) else { continue };
        let scaled = builder.value("arith.muli", &[id, value(step[dimension])], "index", &[]);
        let index = builder.value("arith.addi", &[scaled, value(lower[dimension])], "index", &[]);
        replace_uses(pin_value(argument), index);
    }
    for op in body(forall) {
        if op_name(op) != "scf.forall.in_parallel" {
            move_before(op, forall);
        }
    }
    erase(forall);
}

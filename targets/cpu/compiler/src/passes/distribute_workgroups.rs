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
        clone_mapped,
        edit::{
            Builder, Op, Val, defining_op, erase, move_before, op_name, operands, pin_mut, pin_value, replace_uses,
            results, set_operand, users,
        },
        ops_in, symbol_name,
    },
    melior::ir::{BlockLike, ShapedTypeLike, ValueLike, operation::OperationLike, r#type::MemRefType},
};
use ropt_plugin::prelude::*;

use crate::ops::{
    ORDINAL, SUBSPAN, all_named, body, constant, entry_block, i64_array, integer, kernels, known_size, segments,
};

/// Distributes each kernel's outer scf.forall over the workgroups and computes the grid in the export.
#[derive(Pass, Clone, Default)]
#[pass(name = "cpu-distribute-workgroups", anchor = "hal.executable.variant", dialects("arith", "hal"))]
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

/// Where the numbers of workgroups come from.
enum Grid<'c> {
    /// From the tiling; the count region's owner is there to be filled in.
    Derived(Op<'c>),
    /// The user wrote them.
    Explicit,
    /// No count region.
    Missing,
}

impl<'c> Grid<'c> {
    fn of(export: Op<'c>) -> Self {
        if entry_block(export).is_none() {
            return Self::Missing;
        }
        let derived =
            body(export).into_iter().any(|op| op_name(op).starts_with("iree_tensor_ext.dispatch.workgroup_count"));
        if derived { Self::Derived(export) } else { Self::Explicit }
    }
}

fn terminator(export: Op<'_>) -> Op<'_> {
    body(export).pop().expect("a region that was parsed has a terminator")
}

fn set_count<'c>(end: Op<'c>, counts: [Val<'c>; 3]) {
    for (index, count) in counts.into_iter().enumerate() {
        set_operand(end, index, count);
    }
}

/// Removes what nothing in the count region uses any more.
fn clean(export: Op<'_>) {
    for op in body(export).into_iter().rev().skip(1) {
        if results(op).iter().all(|value| users(*value).is_empty()) {
            erase(op);
        }
    }
}

/// The kernel's only scf.forall, when everything outside of it may run once in every workgroup.
fn loop_of(kernel: Op<'_>) -> Option<Op<'_>> {
    let top = body(kernel);
    let mut loops = top.iter().copied().filter(|op| op_name(*op) == "scf.forall");
    let forall = loops.next()?;
    let one = loops.next().is_none() && results(forall).is_empty();
    let rest = top.iter().all(|op| *op == forall || harmless(*op));
    (one && rest).then_some(forall)
}

/// Whether the op writes no memory that another workgroup sees.
fn harmless(op: Op<'_>) -> bool {
    let name = op_name(op);
    let dialect = name.split('.').next().unwrap_or_default();
    let plain = matches!(dialect, "arith" | "affine" | "index" | "math" | "util" | "iree_tensor_ext" | "ub" | "vector");
    (plain
        && op.region_count() == 0
        && !matches!(name.as_str(), "vector.store" | "vector.transfer_write" | "vector.print"))
        || name.starts_with("hal.interface.")
        || matches!(
            name.as_str(),
            "memref.subview"
                | "memref.cast"
                | "memref.dim"
                | "memref.load"
                | "memref.alloc"
                | "memref.alloca"
                | "memref.dealloc"
                | "memref.assume_alignment"
                | "memref.reinterpret_cast"
                | "memref.extract_strided_metadata"
                | "memref.collapse_shape"
                | "memref.expand_shape"
                | "memref.get_global"
                | "func.return"
        )
}

/// The bounds of one dimension.
#[derive(Clone, Copy)]
enum Bound<'c> {
    Known(i64),
    Value(Val<'c>),
}

/// Lower bound, upper bound and step of each dimension.
fn bounds(forall: Op<'_>) -> [Vec<Bound<'_>>; 3] {
    let dynamic = segments(forall);
    let mut index = 0;
    ["staticLowerBound", "staticUpperBound", "staticStep"].map(|name| {
        let mut values = dynamic.get(index).cloned().unwrap_or_default().into_iter();
        index += 1;
        i64_array(forall, name)
            .into_iter()
            .map(|known| match known {
                i64::MIN => {
                    values.next().map_or(Bound::Known(known), |v| constant(v).map_or(Bound::Value(v), Bound::Known))
                }
                known => Bound::Known(known),
            })
            .collect()
    })
}

/// Numbers of iterations; `place` makes a bound's value where the builder is.
fn trips<'c>(
    builder: Builder<'c>,
    forall: Op<'c>,
    place: &mut impl FnMut(Val<'c>) -> Option<Val<'c>>,
) -> Option<Vec<Val<'c>>> {
    let [lower, upper, step] = bounds(forall);
    let mut counts = Vec::new();
    for ((lower, upper), step) in lower.into_iter().zip(upper).zip(step) {
        if let (Bound::Known(lower), Bound::Known(upper), Bound::Known(step)) = (lower, upper, step) {
            counts.push(builder.index(if upper > lower { (upper - lower + step - 1) / step } else { 0 }));
            continue;
        }
        let mut value = |bound: Bound<'c>| match bound {
            Bound::Known(known) => Some(builder.index(known)),
            Bound::Value(value) => place(value),
        };
        let (lower, upper, step) = (value(lower)?, value(upper)?, value(step)?);
        let span = builder.value("arith.subi", &[upper, lower], "index", &[]);
        counts.push(builder.value("arith.ceildivsi", &[span, step], "index", &[]));
    }
    Some(counts)
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

/// The numbers of iterations in terms of the export's workload arguments, made in its count region.
fn host_counts<'c>(forall: Op<'c>, export: Op<'c>) -> Option<Vec<Val<'c>>> {
    let builder = Builder::before(terminator(export));
    trips(builder, forall, &mut |value| host_value(builder, export, value))
}

/// Makes a kernel's value in the count region, when it depends on nothing but the workload.
fn host_value<'c>(builder: Builder<'c>, export: Op<'c>, value: Val<'c>) -> Option<Val<'c>> {
    let op = defining_op(value)?;
    let name = op_name(op);
    if name == ORDINAL {
        let block = entry_block(export)?;
        let device = (0..block.argument_count())
            .take_while(|i| block.argument(*i).is_ok_and(|a| a.r#type().to_string() != "index"))
            .count();
        let argument = block.argument(device + usize::try_from(integer(op, "ordinal")?).ok()?).ok()?;
        return Some(pin_value(argument));
    }
    if name == "memref.dim" {
        let source = defining_op(operands(op)[0]).filter(|source| op_name(*source) == SUBSPAN)?;
        let axis = usize::try_from(constant(operands(op)[1])?).ok()?;
        let ty = MemRefType::try_from(operands(op)[0].r#type()).ok()?;
        if let Some(size) = known_size(ty.dim_size(axis)) {
            return Some(builder.index(size));
        }
        let before = (0..axis).filter(|i| known_size(ty.dim_size(*i)).is_none()).count();
        return host_value(builder, export, *segments(source).get(1)?.get(before)?);
    }
    let dialect = name.split('.').next().unwrap_or_default();
    if !matches!(dialect, "arith" | "index") || op.region_count() != 0 {
        return None;
    }
    let from = operands(op);
    let to = from.iter().map(|value| host_value(builder, export, *value)).collect::<Option<Vec<_>>>()?;
    let copy = builder.insert(clone_mapped(op, &from, &to));
    results(copy).into_iter().next()
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

/// The ordinal's work is done: it only tied a kernel's value to the workload.
fn drop_ordinals(kernel: Op<'_>) {
    for op in all_named(kernel, ORDINAL) {
        replace_uses(results(op)[0], operands(op)[0]);
        erase(op);
    }
}

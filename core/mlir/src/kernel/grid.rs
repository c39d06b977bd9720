//! The grid of a kernel: its outer scf.forall, and the numbers of workgroups in its export's count region.

use super::{ORDINAL, SUBSPAN, all_named, body, constant, entry_block, i64_array, integer, known_size, segments};
use crate::ir::{
    clone_mapped,
    edit::{
        Builder, Op, Val, defining_op, erase, op_name, operands, pin_value, replace_uses, results, set_operand, users,
    },
};
use melior::ir::{BlockLike, ShapedTypeLike, ValueLike, operation::OperationLike, r#type::MemRefType};

/// Where the numbers of workgroups come from.
pub enum Grid<'c> {
    /// From the tiling; the count region's owner is there to be filled in.
    Derived(Op<'c>),
    /// The user wrote them.
    Explicit,
    /// No count region.
    Missing,
}

impl<'c> Grid<'c> {
    /// Tells which.
    #[must_use]
    pub fn of(export: Op<'c>) -> Self {
        if entry_block(export).is_none() {
            return Self::Missing;
        }
        let derived =
            body(export).into_iter().any(|op| op_name(op).starts_with("iree_tensor_ext.dispatch.workgroup_count"));
        if derived { Self::Derived(export) } else { Self::Explicit }
    }
}

/// The op that ends the count region.
///
/// # Panics
/// When the region is empty, which no parsed op's is.
#[must_use]
pub fn terminator(export: Op<'_>) -> Op<'_> {
    body(export).pop().expect("a region that was parsed has a terminator")
}

/// Makes these the numbers of workgroups.
pub fn set_count<'c>(end: Op<'c>, counts: [Val<'c>; 3]) {
    for (index, count) in counts.into_iter().enumerate() {
        set_operand(end, index, count);
    }
}

/// Removes what nothing in the count region uses any more.
pub fn clean(export: Op<'_>) {
    for op in body(export).into_iter().rev().skip(1) {
        if results(op).iter().all(|value| users(*value).is_empty()) {
            erase(op);
        }
    }
}

/// The kernel's only scf.forall, when everything outside of it may run once in every workgroup.
pub fn loop_of(kernel: Op<'_>) -> Option<Op<'_>> {
    let top = body(kernel);
    let mut loops = top.iter().copied().filter(|op| op_name(*op) == "scf.forall");
    let forall = loops.next()?;
    let one = loops.next().is_none() && results(forall).is_empty();
    let rest = top.iter().all(|op| *op == forall || harmless(*op));
    (one && rest).then_some(forall)
}

/// Whether the op writes no memory that another workgroup sees.
pub fn harmless(op: Op<'_>) -> bool {
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
pub enum Bound<'c> {
    /// A constant.
    Known(i64),
    /// A value of the kernel.
    Value(Val<'c>),
}

/// Lower bound, upper bound and step of each dimension.
pub fn bounds(forall: Op<'_>) -> [Vec<Bound<'_>>; 3] {
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
pub fn trips<'c>(
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

/// The numbers of iterations in terms of the export's workload arguments, made in its count region.
pub fn host_counts<'c>(forall: Op<'c>, export: Op<'c>) -> Option<Vec<Val<'c>>> {
    let builder = Builder::before(terminator(export));
    trips(builder, forall, &mut |value| host_value(builder, export, value))
}

/// Makes a kernel's value in the count region, when it depends on nothing but the workload.
pub fn host_value<'c>(builder: Builder<'c>, export: Op<'c>, value: Val<'c>) -> Option<Val<'c>> {
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

/// The ordinal's work is done: it only tied a kernel's value to the workload.
pub fn drop_ordinals(kernel: Op<'_>) {
    for op in all_named(kernel, ORDINAL) {
        replace_uses(results(op)[0], operands(op)[0]);
        erase(op);
    }
}

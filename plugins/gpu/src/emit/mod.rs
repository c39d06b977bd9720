//! The code of a kernel's threads: loops, guards, shared memory, and what the schedules make of them.

mod across;
mod cooperative;
mod elements;
mod matmul;
mod mma;
mod outputs;
mod rows;
mod staging;
mod vectors;

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, pin_value, results, single_block, type_text},
    kernel::{constant, entry_block},
    melior::ir::{BlockLike, Type, ValueLike, operation::OperationLike},
};

use crate::body::element;
use elements::{Elements, Lanes};
use outputs::Outputs;

pub(crate) use cooperative::{SUBGROUP as COOPERATIVE_SUBGROUP, emit as cooperative, fits as fits_cooperative};
pub(crate) use elements::readable;
pub(crate) use matmul::emit as matmul;
pub(crate) use mma::emit as mma;
pub(crate) use mma::fits as fits_tensor_cores;
pub(crate) use rows::emit as rows;
pub(crate) use rows::shape as rows_shape;
pub(crate) use vectors::emit as vectors;

/// Why a schedule leaves a kernel as it was.
pub(crate) type Refusal = String;

/// What a target's threads have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine {
    /// Bytes that a thread loads or stores at once.
    pub(crate) vector_bytes: i64,
    /// Threads that exchange values without shared memory; 0: not known before the program runs.
    pub(crate) subgroup: i64,
    /// Whether loops of known length over shared memory are written out.
    pub(crate) unroll: bool,
}

/// A two-operand op on indices; constants are folded.
pub(crate) fn index_op<'c>(at: Builder<'c>, name: &str, a: Val<'c>, b: Val<'c>) -> Val<'c> {
    match (name, constant(a), constant(b)) {
        ("arith.addi", Some(0), _) | ("arith.muli", Some(1), _) => b,
        ("arith.addi" | "arith.subi", _, Some(0)) | ("arith.muli" | "arith.divui", _, Some(1)) => a,
        ("arith.muli", Some(0), _) | ("arith.muli", _, Some(0)) | ("arith.remui", _, Some(1)) => at.index(0),
        ("arith.addi", Some(x), Some(y)) => at.index(x + y),
        ("arith.muli", Some(x), Some(y)) => at.index(x * y),
        _ => at.value(name, &[a, b], "index", &[]),
    }
}

/// `a + b`.
pub(crate) fn add<'c>(at: Builder<'c>, a: Val<'c>, b: Val<'c>) -> Val<'c> {
    index_op(at, "arith.addi", a, b)
}

/// `a * b`.
pub(crate) fn mul<'c>(at: Builder<'c>, a: Val<'c>, b: i64) -> Val<'c> {
    let b = at.index(b);
    index_op(at, "arith.muli", a, b)
}

/// `a / b`, rounded down.
pub(crate) fn div<'c>(at: Builder<'c>, a: Val<'c>, b: i64) -> Val<'c> {
    let b = at.index(b);
    index_op(at, "arith.divui", a, b)
}

/// What `a / b` leaves.
pub(crate) fn rem<'c>(at: Builder<'c>, a: Val<'c>, b: i64) -> Val<'c> {
    let b = at.index(b);
    index_op(at, "arith.remui", a, b)
}

/// Whether `a < b`.
pub(crate) fn less<'c>(at: Builder<'c>, a: Val<'c>, b: Val<'c>) -> Val<'c> {
    // 6 is "less than, unsigned".
    at.value("arith.cmpi", &[a, b], "i1", &[("predicate", "6 : i64")])
}

/// `condition ? a : b`.
pub(crate) fn select<'c>(at: Builder<'c>, condition: Val<'c>, a: Val<'c>, b: Val<'c>) -> Val<'c> {
    at.value("arith.select", &[condition, a, b], &type_text(a.r#type()), &[])
}

/// The thread's number in its workgroup.
pub(crate) fn thread(at: Builder<'_>) -> Val<'_> {
    at.value("gpu.thread_id", &[], "index", &[("dimension", "#gpu<dim x>")])
}

/// Waits for the workgroup's threads, and for what they wrote.
pub(crate) fn barrier(at: Builder<'_>) {
    at.op("gpu.barrier", &[], &[], &[]);
}

/// A vector of `width` times the scalar; a vector, or a scalar for the width 1, stays.
pub(crate) fn spread<'c>(at: Builder<'c>, value: Val<'c>, width: i64) -> Val<'c> {
    let text = type_text(value.r#type());
    if width == 1 || text.starts_with("vector<") {
        return value;
    }
    at.value("vector.broadcast", &[value], &format!("vector<{width}x{text}>"), &[])
}

/// One lane of a vector; of a scalar the scalar.
pub(crate) fn lane<'c>(at: Builder<'c>, value: Val<'c>, number: i64) -> Val<'c> {
    let text = type_text(value.r#type());
    if !text.starts_with("vector<") {
        return value;
    }
    at.value("vector.extract", &[value], &element(&text), &[("static_position", &format!("array<i64: {number}>"))])
}

/// The type of `width` elements.
pub(crate) fn packed(element: &str, width: i64) -> String {
    if width == 1 { element.to_owned() } else { format!("vector<{width}x{element}>") }
}

/// `scf.for` whose body is given its index and the carried values, and gives the next ones.
pub(crate) fn for_loop<'c>(
    at: Builder<'c>,
    [lower, upper, step]: [Val<'c>; 3],
    carried: &[Val<'c>],
    body: impl FnOnce(Builder<'c>, Val<'c>, &[Val<'c>]) -> Vec<Val<'c>>,
) -> Vec<Val<'c>> {
    let types: Vec<Type<'c>> = carried.iter().map(|value| value.r#type()).collect();
    let operands: Vec<Val<'c>> = [lower, upper, step].into_iter().chain(carried.iter().copied()).collect();
    let arguments: Vec<Type<'c>> = std::iter::once(at.ty("index")).chain(types.iter().copied()).collect();
    let region = single_block(&arguments, at.location());
    let op = at.op_with_regions("scf.for", &operands, &types, &[], vec![region]);
    let Some(block) = entry_block(op) else { return Vec::new() };
    let values: Vec<Val<'c>> =
        (0..arguments.len()).filter_map(|number| block.argument(number).ok()).map(pin_value).collect();
    let inside = Builder::at_end(block, op.location());
    let next = body(inside, values[0], &values[1..]);
    inside.op("scf.yield", &next, &[], &[]);
    results(op)
}

/// `scf.if` without results; without a condition the body alone.
pub(crate) fn when<'c>(at: Builder<'c>, condition: Option<Val<'c>>, body: impl FnOnce(Builder<'c>)) {
    let Some(condition) = condition else { return body(at) };
    let (region, other) = (single_block(&[], at.location()), ropt_mlir::melior::ir::Region::new());
    let op = at.op_with_regions("scf.if", &[condition], &[], &[], vec![region, other]);
    if let Some(block) = entry_block(op) {
        let inside = Builder::at_end(block, op.location());
        body(inside);
        inside.op("scf.yield", &[], &[], &[]);
    }
}

/// Both hold, where there are two.
pub(crate) fn both<'c>(at: Builder<'c>, a: Option<Val<'c>>, b: Option<Val<'c>>) -> Option<Val<'c>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(at.value("arith.andi", &[a, b], "i1", &[])),
        (one, other) => one.or(other),
    }
}

/// `scf.forall` over these counts. With `groups` an iteration is a workgroup, else a thread.
pub(crate) fn forall<'c>(
    at: Builder<'c>,
    counts: &[Val<'c>],
    groups: bool,
    body: impl FnOnce(Builder<'c>, &[Val<'c>]),
) -> Op<'c> {
    let list = |value: &str| vec![value; counts.len()].join(", ");
    let upper: Vec<String> = counts.iter().map(|count| constant(*count).unwrap_or(i64::MIN).to_string()).collect();
    let dynamic: Vec<Val<'c>> = counts.iter().copied().filter(|count| constant(*count).is_none()).collect();
    let arguments = vec![at.ty("index"); counts.len()];
    let attributes = [
        ("staticLowerBound", format!("array<i64: {}>", list("0"))),
        ("staticUpperBound", format!("array<i64: {}>", upper.join(", "))),
        ("staticStep", format!("array<i64: {}>", list("1"))),
        ("operandSegmentSizes", format!("array<i32: 0, {}, 0, 0>", dynamic.len())),
        (crate::GROUPS, "unit".to_owned()),
    ];
    let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let attributes = &attributes[..attributes.len() - usize::from(!groups)];
    let region = single_block(&arguments, at.location());
    let op = at.op_with_regions("scf.forall", &dynamic, &[], attributes, vec![region]);
    if let Some(block) = entry_block(op) {
        let ids: Vec<Val<'c>> =
            (0..counts.len()).filter_map(|number| block.argument(number).ok()).map(pin_value).collect();
        let inside = Builder::at_end(block, op.location());
        body(inside, &ids);
        let end = single_block(&[], op.location());
        inside.op_with_regions("scf.forall.in_parallel", &[], &[], &[], vec![end]);
    }
    op
}

/// Makes memory that a workgroup's threads share; gives the memref, which is made at `at`.
pub(crate) fn shared<'c>(at: Builder<'c>, kernel: Op<'c>, shape: &[i64], element: &str) -> Val<'c> {
    let owner = ropt_mlir::ir::symbol_name(kernel).unwrap_or_default();
    let module = kernel.parent_operation().map(ropt_mlir::ir::edit::pin);
    let taken = module.map_or(0, |module| {
        let all = ropt_mlir::ir::ops_in(module).into_iter();
        all.filter(|op| ropt_mlir::ir::edit::op_name(*op) == "memref.global").count()
    });
    let name = format!("{owner}_shared_{taken}");
    let extents: Vec<String> = shape.iter().map(ToString::to_string).collect();
    // 3 is the space that the targets take for shared memory.
    let ty = format!("memref<{}x{element}, 3>", extents.join("x"));
    Builder::before(kernel).op(
        "memref.global",
        &[],
        &[],
        &[
            ("sym_name", &format!("{name:?}")),
            ("sym_visibility", "\"private\""),
            ("type", &ty),
            ("initial_value", "unit"),
            ("alignment", "16 : i64"),
        ],
    );
    at.value("memref.get_global", &[], &ty, &[("name", &format!("@{name:?}"))])
}

/// Reads `width` elements of shared memory, neighbours in the last dimension.
pub(crate) fn load_shared<'c>(at: Builder<'c>, memory: Val<'c>, place: &[Val<'c>], width: i64) -> Val<'c> {
    let element = element(&type_text(memory.r#type()));
    let operands: Vec<Val<'c>> = std::iter::once(memory).chain(place.iter().copied()).collect();
    if width == 1 {
        return at.value("memref.load", &operands, &element, &[]);
    }
    let alignment = format!("{} : i64", crate::body::bytes(&element).unwrap_or(1) * width);
    at.value("vector.load", &operands, &packed(&element, width), &[("alignment", &alignment)])
}

/// Writes a scalar or vector to shared memory.
pub(crate) fn store_shared<'c>(at: Builder<'c>, value: Val<'c>, memory: Val<'c>, place: &[Val<'c>]) {
    let operands: Vec<Val<'c>> = [value, memory].into_iter().chain(place.iter().copied()).collect();
    let text = type_text(value.r#type());
    match text.strip_prefix("vector<").and_then(|rest| rest.split('x').next()?.parse::<i64>().ok()) {
        None => at.op("memref.store", &operands, &[], &[]),
        Some(width) => {
            let alignment = format!("{} : i64", crate::body::bytes(&element(&text)).unwrap_or(1) * width);
            at.op("vector.store", &operands, &[], &[("alignment", &alignment)])
        }
    };
}

//! The value of a tensor's element, or of neighbouring ones: read from a binding, or computed by what the tensor's op does.
//!
//! `value(%t[i, j])` of `%t = linalg.generic ins(%x, %y) { ^bb(%a, %b): yield f(%a, %b) }` is `f(value(%x[…]), value(%y[…]))`.
//! So what feeds an op, and what follows it, becomes part of the threads that need it, whatever the schedule.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Builder, Op, Val, defining_op, op_name, operands, results, type_text},
        op_is,
    },
    kernel::{SUBSPAN, body, constant, i64_array, known_size, segments},
    melior::ir::{
        ShapedTypeLike, ValueLike,
        operation::OperationLike,
        r#type::{MemRefType, RankedTensorType},
    },
};

use super::{Refusal, add, packed, spread};
use crate::body::{Compute, bytes, element};

/// Which index of a place runs over the lanes of a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lanes {
    /// The dimension; none: every lane is the same.
    pub(crate) dimension: Option<usize>,
    /// How many.
    pub(crate) width: i64,
}

impl Lanes {
    /// One element alone.
    pub(crate) const ONE: Self = Self { dimension: None, width: 1 };

    /// Neighbours along a dimension.
    pub(crate) fn along(dimension: usize, width: i64) -> Self {
        if width == 1 { Self::ONE } else { Self { dimension: Some(dimension), width } }
    }
}

/// A value that was computed before.
struct Known<'c> {
    tensor: Val<'c>,
    /// Where; none: the value holds wherever it is asked for.
    place: Option<(Vec<Val<'c>>, Lanes)>,
    value: Val<'c>,
}

/// Computes elements, each once where it can.
#[derive(Default)]
pub(crate) struct Elements<'c> {
    known: Vec<Known<'c>>,
}

impl<'c> Elements<'c> {
    /// From now on the tensor's element is this value, wherever it is asked for.
    pub(crate) fn set(&mut self, tensor: Val<'c>, value: Val<'c>) {
        self.known.push(Known { tensor, place: None, value });
    }

    /// Runs `inside`, whose values end with the region that it writes to.
    pub(crate) fn scope<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let depth = self.known.len();
        let value = inside(self);
        self.known.truncate(depth);
        value
    }

    /// The tensor's element at a place. A scalar stands for lanes that are all the same.
    pub(crate) fn value(&mut self, at: Builder<'c>, tensor: Val<'c>, place: &[Val<'c>], lanes: Lanes) -> Val<'c> {
        let same = |known: &&Known<'c>| {
            known.tensor == tensor
                && known.place.as_ref().is_none_or(|(where_, over)| where_.as_slice() == place && *over == lanes)
        };
        if let Some(known) = self.known.iter().rev().find(same) {
            return known.value;
        }
        let value = self.compute(at, tensor, place, lanes);
        self.known.push(Known { tensor, place: Some((place.to_vec(), lanes)), value });
        value
    }

    fn compute(&mut self, at: Builder<'c>, tensor: Val<'c>, place: &[Val<'c>], lanes: Lanes) -> Val<'c> {
        let op = defining_op(tensor).expect("checked by `readable`");
        match op_name(op).as_str() {
            "bufferization.to_tensor" => load(at, operands(op)[0], place, lanes, true),
            "linalg.fill" => operands(op)[0],
            "tensor.cast" => self.value(at, operands(op)[0], place, lanes),
            "tensor.extract_slice" => {
                let (moved, aligned) = shifted(at, op, place, lanes);
                match defining_op(operands(op)[0]).filter(|source| op_name(*source) == "bufferization.to_tensor") {
                    Some(source) => load(at, operands(source)[0], &moved, lanes, aligned),
                    None => self.value(at, operands(op)[0], &moved, lanes),
                }
            }
            _ => {
                let compute = Compute::of(op);
                let number = results(op).iter().position(|result| *result == tensor).unwrap_or_default();
                let output = compute.output(number).expect("checked by `readable`");
                let mut loops = vec![None; compute.trips.len()];
                output.iter().zip(place).for_each(|(axis, index)| loops[*axis] = Some(*index));
                let loops: Vec<Val<'c>> =
                    loops.into_iter().map(|index| index.expect("checked by `readable`")).collect();
                let over = lanes.dimension.map(|dimension| output[dimension]);
                let arguments = self.arguments(at, &compute, &loops, over, lanes.width);
                let end = body(op).pop().expect("a linalg op has a body");
                let wanted = operands(end)[number];
                inline(at, &compute, &arguments, &[], (&loops, over, lanes.width), wanted)
            }
        }
    }

    /// The elements that an op's body takes when its loops are at `loops`: those that the body uses.
    pub(crate) fn arguments(
        &mut self,
        at: Builder<'c>,
        compute: &Compute<'c>,
        loops: &[Val<'c>],
        over: Option<usize>,
        width: i64,
    ) -> Vec<(Val<'c>, Val<'c>)> {
        let mut found = Vec::new();
        for number in 0..operands(compute.op).len() {
            let Some(argument) = compute.argument(number) else { continue };
            if ropt_mlir::ir::edit::users(argument).is_empty() || (compute.reduces() && number >= compute.inputs()) {
                continue;
            }
            found.push((argument, self.operand(at, compute, number, loops, over, width)));
        }
        found
    }

    /// The element of one operand when the op's loops are at `loops`; `over` is the loop of the lanes.
    pub(crate) fn operand(
        &mut self,
        at: Builder<'c>,
        compute: &Compute<'c>,
        number: usize,
        loops: &[Val<'c>],
        over: Option<usize>,
        width: i64,
    ) -> Val<'c> {
        let tensor = operands(compute.op)[number];
        if !type_text(tensor.r#type()).starts_with("tensor<") {
            return tensor;
        }
        let access: Vec<usize> = compute.accesses[number].iter().copied().flatten().collect();
        let place: Vec<Val<'c>> = access.iter().map(|axis| loops[*axis]).collect();
        let dimension = over.and_then(|over| access.iter().position(|axis| *axis == over));
        let lanes = dimension.map_or(Lanes::ONE, |dimension| Lanes::along(dimension, width));
        self.value(at, tensor, &place, lanes)
    }
}

/// Copies of the ops of a body that `wanted` needs; `known` are values of it that stand already, `arguments` its elements.
pub(crate) fn inline<'c>(
    at: Builder<'c>,
    compute: &Compute<'c>,
    arguments: &[(Val<'c>, Val<'c>)],
    known: &[(Val<'c>, Val<'c>)],
    (loops, over, width): (&[Val<'c>], Option<usize>, i64),
    wanted: Val<'c>,
) -> Val<'c> {
    let mut map: Vec<(Val<'c>, Val<'c>)> = arguments.iter().chain(known).copied().collect();
    let needed = needed(wanted, &map);
    for op in body(compute.op).into_iter().filter(|op| needed.contains(op)) {
        let result = results(op)[0];
        if op_name(op) == "linalg.index" {
            let axis = ropt_mlir::kernel::integer(op, "dim").and_then(|axis| usize::try_from(axis).ok()).unwrap_or(0);
            let mut index = loops[axis];
            if over == Some(axis) && width > 1 {
                let lanes: Vec<Val<'c>> = (0..width).map(|lane| add(at, index, at.index(lane))).collect();
                index = at.value("vector.from_elements", &lanes, &packed("index", width), &[]);
            }
            map.push((result, index));
            continue;
        }
        let find = |value: Val<'c>| map.iter().rev().find(|(from, _)| *from == value).map_or(value, |(_, to)| *to);
        let from = operands(op);
        let mut to: Vec<Val<'c>> = from.iter().map(|value| find(*value)).collect();
        let is_vector = |value: &Val<'c>| type_text(value.r#type()).starts_with("vector<");
        let vector = to.iter().any(is_vector);
        if vector {
            to.iter_mut().for_each(|value| *value = spread(at, *value, width));
        }
        let copies = results(at.insert(clone_mapped(op, &from, &to)));
        for (result, copy) in results(op).into_iter().zip(copies) {
            if vector {
                copy.set_type(at.ty(&packed(&type_text(result.r#type()), width)));
            }
            map.push((result, copy));
        }
    }
    map.iter().rev().find(|(from, _)| *from == wanted).map_or(wanted, |(_, to)| *to)
}

/// The ops of a body that a value needs, beyond what is known.
fn needed<'c>(wanted: Val<'c>, known: &[(Val<'c>, Val<'c>)]) -> Vec<Op<'c>> {
    let mut found: Vec<Op<'c>> = Vec::new();
    let mut open = vec![wanted];
    while let Some(value) = open.pop() {
        if known.iter().any(|(from, _)| *from == value) {
            continue;
        }
        let Some(op) = defining_op(value) else { continue };
        let of_body = ropt_mlir::ir::edit::pin(op)
            .parent_operation()
            .is_some_and(|parent| op_is(ropt_mlir::ir::edit::pin(parent), "LinalgOp"));
        if of_body && !found.contains(&op) {
            found.push(op);
            open.extend(operands(op));
        }
    }
    found
}

/// Reads a memref; `aligned`: the place is a multiple of the lanes.
fn load<'c>(at: Builder<'c>, memory: Val<'c>, place: &[Val<'c>], lanes: Lanes, aligned: bool) -> Val<'c> {
    let element = element(&type_text(memory.r#type()));
    let operands = |place: &[Val<'c>]| std::iter::once(memory).chain(place.iter().copied()).collect::<Vec<_>>();
    let Some(dimension) = lanes.dimension.filter(|_| lanes.width > 1) else {
        return at.value("memref.load", &operands(place), &element, &[]);
    };
    if aligned && side_by_side(memory, dimension, lanes.width) {
        let alignment = format!("{} : i64", bytes(&element).unwrap_or(1) * lanes.width);
        return at.value("vector.load", &operands(place), &packed(&element, lanes.width), &[("alignment", &alignment)]);
    }
    let each = (0..lanes.width).map(|lane| {
        let mut own = place.to_vec();
        own[dimension] = add(at, own[dimension], at.index(lane));
        at.value("memref.load", &operands(&own), &element, &[])
    });
    let each: Vec<Val<'c>> = each.collect();
    at.value("vector.from_elements", &each, &packed(&element, lanes.width), &[])
}

/// Whether `width` elements along the dimension, from a multiple of `width` on, are one aligned piece of memory.
pub(super) fn side_by_side(memory: Val<'_>, dimension: usize, width: i64) -> bool {
    let Ok(ty) = MemRefType::try_from(memory.r#type()) else { return false };
    let (strides, offset) = ty.strides_and_offset();
    let Some(bytes) = bytes(&element(&type_text(memory.r#type()))) else { return false };
    let start = defining_op(memory).and_then(|op| segments(op).into_iter().next()?.first().copied());
    let whole = |stride: &i64| *stride != i64::MIN && stride % width == 0;
    dimension + 1 == strides.len()
        && strides.last() == Some(&1)
        && strides[..dimension].iter().all(whole)
        && offset == 0
        && start.is_none_or(|start| constant(start).is_some_and(|start| start % (bytes * width) == 0))
}

/// The place of a slice's element in what it is a slice of, and whether it is a multiple of the lanes there.
fn shifted<'c>(at: Builder<'c>, slice: Op<'c>, place: &[Val<'c>], lanes: Lanes) -> (Vec<Val<'c>>, bool) {
    let mut dynamic = segments(slice).get(1).cloned().unwrap_or_default().into_iter();
    let mut aligned = true;
    let known = i64_array(slice, "static_offsets");
    let moved = known.iter().zip(place).enumerate().map(|(axis, (offset, index))| {
        let offset = if *offset == i64::MIN { dynamic.next() } else { Some(at.index(*offset)) };
        let offset = offset.expect("one operand for each offset that is not known");
        if lanes.dimension == Some(axis) {
            aligned = constant(offset).is_some_and(|offset| offset % lanes.width == 0);
        }
        add(at, *index, offset)
    });
    let moved = moved.collect();
    (moved, aligned)
}

/// Why elements of the tensor can not be computed one by one, apart from those of `given`.
pub(crate) fn readable<'c>(tensor: Val<'c>, given: &[Val<'c>]) -> Result<(), Refusal> {
    if given.contains(&tensor) {
        return Ok(());
    }
    let text = type_text(tensor.r#type());
    let op = defining_op(tensor).ok_or_else(|| format!("an argument of the type {text}"))?;
    let name = op_name(op);
    match name.as_str() {
        "bufferization.to_tensor" => {
            let memory = operands(op)[0];
            let of_binding = defining_op(memory).is_some_and(|source| op_name(source) == SUBSPAN);
            if of_binding { Ok(()) } else { Err("it reads memory that is no binding".to_owned()) }
        }
        // Not yet a binding: the kernel is only looked at.
        "iree_tensor_ext.dispatch.tensor.load" | "iree_codegen.load_from_buffer" | "linalg.fill" => Ok(()),
        "tensor.cast" => readable(operands(op)[0], given),
        "tensor.extract_slice" => {
            let rank = |value: Val<'c>| RankedTensorType::try_from(value.r#type()).map(|ty| ty.rank()).ok();
            let steps = i64_array(op, "static_strides");
            if rank(tensor) != rank(operands(op)[0]) || steps.iter().any(|step| *step != 1) {
                return Err("it takes a slice with steps, or of fewer dimensions".to_owned());
            }
            readable(operands(op)[0], given)
        }
        _ if op_is(op, "LinalgOp") => {
            let compute = Compute::of(op);
            if compute.reduces() || !compute.is_arithmetic() {
                return Err(format!("`{name}` is not elementwise"));
            }
            for number in 0..results(op).len() {
                let output = compute.output(number).unwrap_or_default();
                if output.len() != compute.trips.len() {
                    return Err(format!("`{name}` does not write one element each time"));
                }
            }
            let used = |number: usize| {
                compute.argument(number).is_some_and(|argument| !ropt_mlir::ir::edit::users(argument).is_empty())
            };
            let tensors = operands(op).into_iter().enumerate().filter(|(number, _)| used(*number));
            tensors
                .filter(|(_, value)| type_text(value.r#type()).starts_with("tensor<"))
                .try_for_each(|(_, value)| readable(value, given))
        }
        _ => Err(format!("it reads what `{name}` makes")),
    }
}

/// The length of a tensor's dimension.
pub(crate) fn size<'c>(at: Builder<'c>, tensor: Val<'c>, dimension: usize) -> Option<Val<'c>> {
    if let Ok(ty) = RankedTensorType::try_from(tensor.r#type())
        && let Some(known) = known_size(ty.dim_size(dimension))
    {
        return Some(at.index(known));
    }
    let op = defining_op(tensor)?;
    match op_name(op).as_str() {
        "bufferization.to_tensor" => {
            let axis = at.index(i64::try_from(dimension).ok()?);
            Some(at.value("memref.dim", &[operands(op)[0], axis], "index", &[]))
        }
        "tensor.empty" => {
            let ty = RankedTensorType::try_from(tensor.r#type()).ok()?;
            let before = (0..dimension).filter(|axis| known_size(ty.dim_size(*axis)).is_none()).count();
            operands(op).get(before).copied()
        }
        "tensor.cast" => size(at, operands(op)[0], dimension),
        _ if op_is(op, "LinalgOp") => {
            let number = results(op).iter().position(|result| *result == tensor)?;
            let inits = operands(op).len() - results(op).len();
            size(at, operands(op)[inits + number], dimension)
        }
        _ => None,
    }
}

/// How often a loop of the op runs.
pub(crate) fn trips<'c>(at: Builder<'c>, compute: &Compute<'c>, axis: usize) -> Option<Val<'c>> {
    if let Some(known) = compute.trips[axis] {
        return Some(at.index(known));
    }
    compute.accesses.iter().enumerate().find_map(|(number, access)| {
        let dimension = access.iter().position(|each| *each == Some(axis))?;
        size(at, operands(compute.op)[number], dimension)
    })
}

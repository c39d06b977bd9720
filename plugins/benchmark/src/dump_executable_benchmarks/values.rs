//! Numbers of the host code: what is known of them at compile time, and what follows when some are given.

use ropt_mlir::{
    ir::{
        attributes::{constant_integer, operand_segments},
        edit::{Op, Val, defining_op, nested, op_name, operands, results},
    },
    melior::ir::{
        ValueLike,
        attribute::ArrayAttribute,
        operation::OperationLike,
        r#type::{DimSize, RankedTensorType, ShapedTypeLike},
    },
};
use std::collections::HashMap;

/// Something that is known only at run time.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Leaf {
    /// A value.
    Value(usize),
    /// The size of a tensor in one dimension.
    Size(usize, usize),
}

/// A number given to a value that has another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Conflict {
    /// What the value is already.
    pub(super) known: i64,
}

/// Numbers taken to be known.
#[derive(Clone, Default)]
pub(super) struct Values(HashMap<Leaf, i64>);

impl Values {
    /// Takes every open number of a function that has an upper bound to be at it: what `util.assume.int` says, and minima with constants.
    pub(super) fn add_bounds(&mut self, function: Op<'_>) {
        for op in nested(function) {
            match op_name(op).as_str() {
                "util.assume.int" => {
                    for ((index, operand), result) in operands(op).into_iter().enumerate().zip(results(op)) {
                        let Some(bound) = assumed_bound(op, index) else { continue };
                        // A number that is fixed, or has an earlier bound, keeps it.
                        let _earlier = self.assign(operand, bound);
                        let _same = self.assign(result, bound);
                    }
                }
                "arith.minsi" | "arith.minui" => {
                    let constant = operands(op).into_iter().find_map(constant_integer);
                    if let Some(constant) = constant.filter(|_| self.number(results(op)[0]).is_none()) {
                        self.0.insert(Leaf::Value(key(results(op)[0])), constant);
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes a value to be this number.
    pub(super) fn assign(&mut self, value: Val<'_>, number: i64) -> Result<(), Conflict> {
        match self.number(value) {
            Some(known) if known != number => Err(Conflict { known }),
            Some(_) => Ok(()),
            None => {
                self.0.insert(leaf(value), number);
                Ok(())
            }
        }
    }

    /// A value's number, when it follows from what is known.
    pub(super) fn number(&self, value: Val<'_>) -> Option<i64> {
        if let Some(number) = self.0.get(&Leaf::Value(key(value))).or_else(|| self.0.get(&leaf(value))) {
            return Some(*number);
        }
        if let Some(number) = constant_integer(value) {
            return Some(number);
        }
        let op = defining_op(value)?;
        let operand = |index: usize| self.number(*operands(op).get(index)?);
        match op_name(op).as_str() {
            "arith.index_cast" | "arith.index_castui" | "arith.extsi" | "arith.extui" | "arith.trunci" => operand(0),
            "util.assume.int" | "util.optimization_barrier" => operand(position(op, value)?),
            "arith.addi" => operand(0)?.checked_add(operand(1)?),
            "arith.subi" => operand(0)?.checked_sub(operand(1)?),
            "arith.muli" => operand(0)?.checked_mul(operand(1)?),
            "arith.divsi" | "arith.divui" => operand(0)?.checked_div(operand(1)?),
            "arith.floordivsi" => operand(0)?.checked_div_euclid(operand(1)?),
            "arith.remsi" | "arith.remui" => operand(0)?.checked_rem(operand(1)?),
            "arith.ceildivsi" | "arith.ceildivui" | "util.align" => {
                let (number, by) = (operand(0)?, operand(1)?);
                let blocks = number.checked_add(by.checked_sub(1)?)?.checked_div(by)?;
                if op_name(op) == "util.align" { blocks.checked_mul(by) } else { Some(blocks) }
            }
            "arith.minsi" | "arith.minui" => Some(operand(0)?.min(operand(1)?)),
            "arith.maxsi" | "arith.maxui" => Some(operand(0)?.max(operand(1)?)),
            "tensor.dim" => self.size(operands(op)[0], usize::try_from(operand(1)?).ok()?),
            _ => None,
        }
    }

    /// A tensor's size in one dimension.
    fn size(&self, tensor: Val<'_>, dimension: usize) -> Option<i64> {
        match size_of(tensor, dimension)? {
            Size::Fixed(size) => Some(size),
            Size::Value(value) => self.number(value),
            Size::Open(leaf) => self.0.get(&leaf).copied(),
        }
    }
}

fn key(value: Val<'_>) -> usize {
    value.to_raw().ptr.addr()
}

fn position(op: Op<'_>, value: Val<'_>) -> Option<usize> {
    results(op).iter().position(|result| key(*result) == key(value))
}

/// What has to be known for the value to be known: itself, or what it is only another name for.
fn leaf(value: Val<'_>) -> Leaf {
    let own = Leaf::Value(key(value));
    let Some(op) = defining_op(value) else { return own };
    match op_name(op).as_str() {
        "arith.index_cast" | "arith.index_castui" | "util.assume.int" | "util.optimization_barrier" => {
            position(op, value).map_or(own, |index| leaf(operands(op)[index]))
        }
        "tensor.dim" => {
            let dimension = constant_integer(operands(op)[1]).and_then(|index| usize::try_from(index).ok());
            match dimension.and_then(|dimension| size_of(operands(op)[0], dimension)) {
                Some(Size::Value(value)) => leaf(value),
                Some(Size::Open(open)) => open,
                _ => own,
            }
        }
        _ => own,
    }
}

enum Size<'c> {
    Fixed(i64),
    Value(Val<'c>),
    Open(Leaf),
}

/// Where a tensor's size comes from.
fn size_of<'c>(tensor: Val<'c>, dimension: usize) -> Option<Size<'c>> {
    let ty = RankedTensorType::try_from(tensor.r#type()).ok().filter(|ty| dimension < ty.rank())?;
    let dynamic = |at: usize| !matches!(ty.dim_size(at), Ok(DimSize::Static(_)));
    if let Ok(DimSize::Static(size)) = ty.dim_size(dimension) {
        return i64::try_from(size).ok().map(Size::Fixed);
    }
    let before = (0..dimension).filter(|at| dynamic(*at)).count();
    let open = Size::Open(Leaf::Size(key(tensor), dimension));
    let Some(op) = defining_op(tensor) else { return Some(open) };
    Some(match op_name(op).as_str() {
        "tensor.empty" => Size::Value(*operands(op).get(before)?),
        "tensor.cast" => size_of(operands(op)[0], dimension)?,
        "flow.dispatch" => {
            let index = position(op, tensor)?;
            let earlier = results(op)[..index].iter().map(|result| dynamic_count(*result)).sum::<usize>();
            Size::Value(*operand_segments(op).get(3)?.get(earlier + before)?)
        }
        _ => open,
    })
}

/// How many sizes of a tensor its type leaves open.
pub(super) fn dynamic_count(tensor: Val<'_>) -> usize {
    open_dimensions(tensor).len()
}

/// The dimensions whose size a tensor's type leaves open.
pub(super) fn open_dimensions(tensor: Val<'_>) -> Vec<usize> {
    let Ok(ty) = RankedTensorType::try_from(tensor.r#type()) else { return Vec::new() };
    (0..ty.rank()).filter(|at| !matches!(ty.dim_size(*at), Ok(DimSize::Static(_)))).collect()
}

/// The largest number that all assumptions about an operand allow, a multiple of what they say.
fn assumed_bound(op: Op<'_>, index: usize) -> Option<i64> {
    let all = ArrayAttribute::try_from(op.attribute("assumptions").ok()?).ok()?;
    let of_operand = ArrayAttribute::try_from(all.element(index).ok()?).ok()?;
    let mut bound: Option<i64> = None;
    for row in 0..of_operand.len() {
        let text = of_operand.element(row).ok()?.to_string();
        let field = |name: &str| {
            let digits = text.split_once(name)?.1.trim_start_matches([' ', '=']);
            digits.split(|c: char| !c.is_ascii_digit()).next()?.parse::<i64>().ok()
        };
        let most = field("umax")?;
        let multiple = most - most % field("udiv").filter(|by| *by > 0).unwrap_or(1);
        bound = Some(bound.map_or(multiple, |bound| bound.max(multiple)));
    }
    bound
}

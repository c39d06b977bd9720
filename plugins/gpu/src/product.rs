//! A matrix product in any arrangement: which loops are its rows, columns and depth.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Builder, Op, Val, defining_op, op_name, operands, results, type_text},
        op_is,
    },
    melior::ir::ValueLike,
};

use crate::{
    body::{Body, Compute, in_order},
    combine::Combine,
    emit::{Refusal, readable},
};

/// One side of a product.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Factor<'c> {
    /// The operand's number.
    pub(crate) number: usize,
    /// The loop that the operand has and the other has not: rows, or columns.
    pub(crate) free: usize,
    /// What of the operand's element is multiplied, in the op's body.
    pub(crate) value: Val<'c>,
}

/// A reduction over products of two operands' elements.
#[derive(Debug, Clone)]
pub(crate) struct Product<'c> {
    /// The op.
    pub(crate) compute: Compute<'c>,
    /// How products are summed.
    pub(crate) merge: Combine<'c>,
    /// The multiplication.
    pub(crate) multiply: Op<'c>,
    /// The operand with the rows.
    pub(crate) left: Factor<'c>,
    /// The operand with the columns: the result's last loop.
    pub(crate) right: Factor<'c>,
    /// The reduction.
    pub(crate) depth: usize,
    /// The loop of each dimension of the result.
    pub(crate) output: Vec<usize>,
}

impl<'c> Product<'c> {
    /// The kernel's product; a refusal when the kernel is something else, or does with the product what can not be done
    /// element by element.
    pub(crate) fn of(known: &Body<'c>) -> Result<Self, Refusal> {
        let [compute] = known.reducing()[..] else { return Err("it has not one reduction".to_owned()) };
        let product = Self::loops(compute).ok_or("its reduction is no matrix product")?;
        let inputs = [product.left.number, product.right.number].map(|number| operands(compute.op)[number]);
        inputs.into_iter().try_for_each(|input| readable(input, &[]))?;
        readable(operands(compute.op)[compute.inputs()], &[])?;
        let own = results(compute.op)[0];
        results(known.sink.op).into_iter().try_for_each(|result| readable(result, &[own]))?;
        let rank = product.output.len();
        if known.sink.op != compute.op && (!known.sink.is_identity() || known.sink.trips.len() != rank) {
            return Err("its result is arranged in another way than the product".to_owned());
        }
        results(known.sink.op).into_iter().try_for_each(|result| in_place(result, own).map(|_| ()))?;
        Ok(product)
    }

    fn loops(compute: &Compute<'c>) -> Option<Self> {
        let merge = Combine::of(compute)?;
        let sums = matches!(op_name(merge.op).as_str(), "arith.addf" | "arith.addi");
        let multiply =
            defining_op(merge.element).filter(|op| matches!(op_name(*op).as_str(), "arith.mulf" | "arith.muli"))?;
        let output = compute.output(0)?;
        let reductions: Vec<usize> = (0..compute.trips.len()).filter(|axis| !compute.parallel[*axis]).collect();
        let ([depth], 2, true) = (reductions.as_slice(), compute.inputs(), sums) else { return None };
        if output.len() + 1 != compute.trips.len() || output.len() < 2 {
            return None;
        }
        let has = |number: usize, axis: usize| compute.accesses[number].contains(&Some(axis));
        let column = *output.last()?;
        let right = (0..2).find(|number| has(*number, column) && !has(1 - number, column))?;
        let left = 1 - right;
        let row = output.iter().rev().skip(1).copied().find(|axis| has(left, *axis) && !has(right, *axis))?;
        let arguments = [compute.argument(left)?, compute.argument(right)?];
        let values = operands(multiply);
        // Each side of the multiplication is made of one operand's element.
        let of = |argument: Val<'c>| {
            let alone = |value: &&Val<'c>| sources(**value, &arguments) == [argument];
            values.iter().find(alone).copied()
        };
        let factor = |number: usize, free: usize, argument: Val<'c>| {
            let once = compute.accesses[number].iter().flatten().filter(|axis| **axis == *depth).count() == 1;
            once.then_some(Factor { number, free, value: of(argument)? })
        };
        let left = factor(left, row, arguments[0])?;
        let right = factor(right, column, arguments[1])?;
        Some(Self { compute: compute.clone(), merge, multiply, left, right, depth: *depth, output })
    }

    /// The loops of the result that are neither rows nor columns.
    pub(crate) fn others(&self) -> Vec<usize> {
        let free = [self.left.free, self.right.free];
        self.output.iter().copied().filter(|axis| !free.contains(axis)).collect()
    }

    /// Whether the operand's neighbours in memory are neighbours along the depth.
    pub(crate) fn along_depth(&self, factor: &Factor<'c>) -> bool {
        self.compute.accesses[factor.number].last() == Some(&Some(self.depth))
    }

    /// The type of what is multiplied.
    pub(crate) fn scalar(&self) -> String {
        type_text(self.left.value.r#type())
    }

    /// `so_far + left * right`, of scalars or vectors.
    pub(crate) fn accumulate(&self, at: Builder<'c>, left: Val<'c>, right: Val<'c>, so_far: Val<'c>) -> Val<'c> {
        let ty = type_text(so_far.r#type());
        if op_name(self.multiply) == "arith.mulf" {
            let name = if ty.starts_with("vector<") { "vector.fma" } else { "math.fma" };
            return at.value(name, &[left, right, so_far], &ty, &[]);
        }
        let from = operands(self.multiply);
        let product = results(at.insert(clone_mapped(self.multiply, &from, &[left, right])))[0];
        product.set_type(so_far.r#type());
        self.merge.apply(at, so_far, product)
    }
}

/// The operands' elements that a value of a body is made of.
fn sources<'c>(value: Val<'c>, arguments: &[Val<'c>]) -> Vec<Val<'c>> {
    if arguments.contains(&value) {
        return vec![value];
    }
    let mut found: Vec<Val<'c>> = Vec::new();
    for value in defining_op(value).map(operands).unwrap_or_default() {
        for source in sources(value, arguments) {
            if !found.contains(&source) {
                found.push(source);
            }
        }
    }
    found
}

/// Whether a tensor's elements are made of the product's; a refusal where not of the one at the same place.
fn in_place<'c>(tensor: Val<'c>, product: Val<'c>) -> Result<bool, Refusal> {
    if tensor == product {
        return Ok(true);
    }
    let Some(op) = defining_op(tensor).filter(|op| op_is(*op, "LinalgOp")) else { return Ok(false) };
    let compute = Compute::of(op);
    let mut of_product = false;
    for (number, operand) in operands(op).into_iter().enumerate() {
        if !in_place(operand, product)? {
            continue;
        }
        of_product = true;
        let access: Vec<usize> = compute.accesses[number].iter().copied().flatten().collect();
        if !compute.is_identity() || !in_order(&access) || access.len() != compute.trips.len() {
            return Err("what follows the product takes its elements from other places".to_owned());
        }
    }
    Ok(of_product)
}

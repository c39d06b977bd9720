//! The iteration space of an op: its loops and how they index its operands and results.

use ropt_mlir::{
    ir::{
        Loop,
        attributes::integer,
        edit::{Op, op_name, operands, results},
        linalg_accesses, linalg_loops, op_is,
    },
    melior::ir::ValueLike,
    mlir_sys::{mlirLinalgIsAContractionOp, mlirLinalgIsAConvolutionOp},
};

use crate::values::Tensor;

/// How much work an op does for each element that it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// All loops are parallel.
    Elementwise,
    /// Reads each element of some input once and sums up.
    Reduction,
    /// Reads elements many times: products, convolutions, pooling.
    Heavy,
}

/// Loops and accesses of a linalg op.
#[derive(Clone, Debug)]
pub(crate) struct Space {
    /// The loops, outermost first.
    pub(crate) loops: Vec<Loop>,
    /// For each operand the loop that indexes each dimension; `None` where it is not one loop alone.
    pub(crate) operands: Vec<Vec<Option<usize>>>,
    /// How many of the operands, at the end, are the results' initial values.
    pub(crate) inits: usize,
    /// How much it does.
    pub(crate) weight: Weight,
}

impl Space {
    /// The space of a linalg op on tensors; `None` for any other op.
    pub(crate) fn of(op: Op<'_>) -> Option<Self> {
        if op_name(op) == "linalg.softmax" {
            return softmax(op);
        }
        if !op_is(op, "LinalgOp") {
            return None;
        }
        let (loops, accesses, inits) = (linalg_loops(op), linalg_accesses(op), results(op).len());
        let inputs = &accesses[..accesses.len() - inits];
        let every = |access: &Vec<Option<usize>>| (0..loops.len()).all(|each| access.contains(&Some(each)));
        let weight = if loops.iter().all(|each| each.parallel) {
            Weight::Elementwise
        } else if inputs.iter().any(every) {
            Weight::Reduction
        } else {
            Weight::Heavy
        };
        Some(Self { loops, operands: accesses, inits, weight })
    }

    /// How a result's dimensions are indexed.
    pub(crate) fn result(&self, index: usize) -> &[Option<usize>] {
        &self.operands[self.operands.len() - self.inits + index]
    }

    /// Whether the operand is indexed by all loops in their order.
    pub(crate) fn is_identity(&self, operand: usize) -> bool {
        let access = &self.operands[operand];
        access.len() == self.loops.len() && access.iter().enumerate().all(|(index, each)| *each == Some(index))
    }
}

/// A softmax runs over all elements of its rows; the dimension that it normalises is no parallel loop.
fn softmax(op: Op<'_>) -> Option<Space> {
    let tensor = Tensor::of(operands(op)[0].r#type())?;
    let dimension = usize::try_from(integer(op, "dimension")?).ok()?;
    let loops = tensor.sizes.iter().enumerate();
    let loops: Vec<Loop> = loops.map(|(index, trips)| Loop { parallel: index != dimension, trips: *trips }).collect();
    let identity: Vec<_> = (0..loops.len()).map(Some).collect();
    Some(Space { loops, operands: vec![identity; 2], inits: 1, weight: Weight::Reduction })
}

/// Whether the op sums up products, as a matmul does.
pub(crate) fn is_contraction(op: Op<'_>) -> bool {
    // SAFETY: the op is live.
    op_is(op, "LinalgOp") && unsafe { mlirLinalgIsAContractionOp(op.to_raw()) }
}

/// Whether the op slides a window over its input.
pub(crate) fn is_convolution(op: Op<'_>) -> bool {
    // SAFETY: the op is live.
    op_is(op, "LinalgOp") && unsafe { mlirLinalgIsAConvolutionOp(op.to_raw()) }
}

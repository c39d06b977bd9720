//! A kernel as its linalg ops.

use ropt_mlir::{
    ir::{
        edit::{Op, defining_op, nested, op_name, operands, results, type_text},
        linalg_accesses, linalg_loops, op_is,
    },
    melior::ir::{ValueLike, operation::OperationLike},
};

use crate::ops::body;

/// A linalg op with its loops.
#[derive(Clone, Debug)]
pub(super) struct Compute<'c> {
    /// The op.
    pub(super) op: Op<'c>,
    /// For each loop, outermost first, whether it is parallel.
    pub(super) parallel: Vec<bool>,
    /// For each loop how often it runs, when that is known.
    pub(super) trips: Vec<Option<i64>>,
    /// For each operand the loop of each dimension; the results' operands are the last.
    pub(super) accesses: Vec<Vec<Option<usize>>>,
}

impl<'c> Compute<'c> {
    fn of(op: Op<'c>) -> Self {
        let loops = linalg_loops(op);
        Self {
            op,
            parallel: loops.iter().map(|l| l.parallel).collect(),
            trips: loops.iter().map(|l| l.trips).collect(),
            accesses: linalg_accesses(op),
        }
    }

    /// The access of the (first) result; none when some dimension is not one loop alone.
    pub(super) fn output(&self) -> Option<Vec<usize>> {
        let first = self.accesses.len().checked_sub(results(self.op).len())?;
        self.accesses.get(first)?.iter().copied().collect()
    }

    /// The accesses of the inputs.
    pub(super) fn inputs(&self) -> &[Vec<Option<usize>>] {
        &self.accesses[..self.accesses.len().saturating_sub(results(self.op).len())]
    }

    /// Whether some loop is a reduction.
    pub(super) fn reduces(&self) -> bool {
        self.parallel.iter().any(|parallel| !parallel)
    }

    /// Whether result dimension i is loop i, for all of them.
    pub(super) fn is_identity(&self) -> bool {
        self.output()
            .is_some_and(|output| output.iter().enumerate().all(|(i, l)| i == *l) && output.len() == self.trips.len())
    }

    /// Bytes of an element of the (first) result.
    pub(super) fn element_bytes(&self) -> i64 {
        results(self.op).first().map_or(4, |value| element_bytes(&type_text(value.r#type())))
    }

    /// Bytes of an element of an operand.
    pub(super) fn operand_bytes(&self, number: usize) -> i64 {
        operands(self.op).get(number).map_or(4, |value| element_bytes(&type_text(value.r#type())))
    }

    /// Bytes of the widest element that the op reads or writes.
    pub(super) fn widest_bytes(&self) -> i64 {
        let types = operands(self.op).into_iter().map(|value| type_text(value.r#type()));
        types.filter(|text| text.starts_with("tensor<")).map(|text| element_bytes(&text)).max().unwrap_or(4)
    }
}

fn element_bytes(tensor: &str) -> i64 {
    let body = tensor.trim_start_matches("tensor<").trim_end_matches('>');
    match body.rsplit('x').next().unwrap_or_default() {
        "i8" | "i1" => 1,
        "i16" | "f16" | "bf16" => 2,
        "i64" | "f64" | "index" => 8,
        _ => 4,
    }
}

/// What schedules can work with: linalg ops in a row, of which one is stored.
#[derive(Debug)]
pub(super) struct Body<'c> {
    /// The op whose result is stored.
    pub(super) sink: Compute<'c>,
    /// The linalg ops except fills, in order.
    pub(super) ops: Vec<Compute<'c>>,
    /// Those of them that reduce.
    pub(super) reducing: Vec<Op<'c>>,
    /// Whether there are i1 tensors, whose vectors are packed in memory and whose scalars are not.
    pub(super) bits: bool,
}

impl<'c> Body<'c> {
    /// None when the kernel holds anything else that computes, or stores more than one op's results.
    pub(super) fn of(kernel: Op<'c>) -> Option<Self> {
        let mut ops = Vec::new();
        let mut stored: Vec<Op<'c>> = Vec::new();
        for op in body(kernel) {
            let name = op_name(op);
            if op_is(op, "LinalgOp") {
                if name != "linalg.fill" {
                    ops.push(Compute::of(op));
                }
                continue;
            }
            match name.as_str() {
                "iree_tensor_ext.dispatch.tensor.store" | "iree_codegen.store_to_buffer" => {
                    let source = defining_op(operands(op)[0])?;
                    if !stored.contains(&source) {
                        stored.push(source);
                    }
                }
                "tensor.empty"
                | "tensor.dim"
                | "func.return"
                | "iree_tensor_ext.dispatch.tensor.load"
                | "iree_codegen.load_from_buffer" => {}
                _ => {
                    let dialect = name.split('.').next().unwrap_or_default();
                    if !matches!(dialect, "arith" | "hal" | "util" | "iree_tensor_ext" | "affine")
                        || op.region_count() != 0
                    {
                        return None;
                    }
                }
            }
        }
        // A loop that never runs is no work for vectors, and what it leaves is the initial value.
        if ops.iter().any(|compute| compute.trips.contains(&Some(0))) {
            return None;
        }
        let [sink] = stored.as_slice() else { return None };
        let sink = ops.iter().find(|compute| compute.op == *sink)?.clone();
        let reducing = ops.iter().filter(|compute| compute.reduces()).map(|compute| compute.op).collect();
        Some(Self { sink, ops, reducing, bits: has_bits(kernel) })
    }

    /// The facts of an op.
    pub(super) fn compute(&self, op: Op<'c>) -> Option<&Compute<'c>> {
        self.ops.iter().find(|compute| compute.op == op)
    }
}

fn has_bits(kernel: Op<'_>) -> bool {
    nested(kernel).into_iter().flat_map(|op| results(op).into_iter().chain(operands(op))).any(|value| {
        let text = type_text(value.r#type());
        text.contains("xi1>") || text.contains("tensor<i1>")
    })
}

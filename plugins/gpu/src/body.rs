//! A kernel as its linalg ops, before and after its bindings became memrefs.

use ropt_mlir::{
    ir::{
        edit::{Op, Val, defining_op, op_name, operands, results, type_text},
        linalg_accesses, linalg_loops, op_is,
    },
    kernel::{body, entry_block},
    melior::ir::{BlockLike, ValueLike, operation::OperationLike},
};

/// A linalg op with its loops.
#[derive(Clone, Debug)]
pub(crate) struct Compute<'c> {
    /// The op.
    pub(crate) op: Op<'c>,
    /// For each loop, outermost first, whether it is parallel.
    pub(crate) parallel: Vec<bool>,
    /// For each loop how often it runs, when that is known.
    pub(crate) trips: Vec<Option<i64>>,
    /// For each operand the loop of each dimension; the results' operands are the last.
    pub(crate) accesses: Vec<Vec<Option<usize>>>,
}

impl<'c> Compute<'c> {
    /// The facts of a linalg op.
    pub(crate) fn of(op: Op<'c>) -> Self {
        let loops = linalg_loops(op);
        Self {
            op,
            parallel: loops.iter().map(|each| each.parallel).collect(),
            trips: loops.iter().map(|each| each.trips).collect(),
            accesses: linalg_accesses(op),
        }
    }

    /// How many operands are inputs.
    pub(crate) fn inputs(&self) -> usize {
        self.accesses.len().saturating_sub(results(self.op).len())
    }

    /// The loops of a result's dimensions; none when some dimension is not one loop alone.
    pub(crate) fn output(&self, number: usize) -> Option<Vec<usize>> {
        self.accesses.get(self.inputs() + number)?.iter().copied().collect()
    }

    /// Whether some loop is a reduction.
    pub(crate) fn reduces(&self) -> bool {
        self.parallel.iter().any(|parallel| !parallel)
    }

    /// Whether dimension i of every result is loop i, for all loops.
    pub(crate) fn is_identity(&self) -> bool {
        (0..results(self.op).len()).all(|number| self.output(number).is_some_and(|output| in_order(&output)))
            && self.output(0).is_some_and(|output| output.len() == self.trips.len())
    }

    /// Whether the op's body is only arithmetic of its operands' elements.
    pub(crate) fn is_arithmetic(&self) -> bool {
        let known = |name: &str| {
            name.starts_with("arith.") || name.starts_with("math.") || name == "linalg.yield" || name == "linalg.index"
        };
        let plain = |op: Op<'c>| known(&op_name(op)) && op.region_count() == 0;
        self.op.region_count() == 1
            && body(self.op).into_iter().all(plain)
            && self.accesses.iter().flatten().all(Option::is_some)
    }

    /// The element that the body takes of an operand.
    pub(crate) fn argument(&self, number: usize) -> Option<Val<'c>> {
        let argument = entry_block(self.op)?.argument(number).ok()?;
        Some(ropt_mlir::ir::edit::pin_value(argument))
    }
}

/// Whether these are 0, 1, 2, …
pub(crate) fn in_order(loops: &[usize]) -> bool {
    loops.iter().enumerate().all(|(place, each)| place == *each)
}

/// A kernel's linalg ops, of which one's results are stored.
#[derive(Debug)]
pub(crate) struct Body<'c> {
    /// The op whose results are stored.
    pub(crate) sink: Compute<'c>,
    /// The linalg ops except fills, in order.
    pub(crate) ops: Vec<Compute<'c>>,
}

/// Ops that store.
const STORES: [&str; 3] = [
    "iree_tensor_ext.dispatch.tensor.store",
    "iree_codegen.store_to_buffer",
    "bufferization.materialize_in_destination",
];
/// Ops that make or look at tensors, but do not compute.
const QUIET: [&str; 9] = [
    "tensor.empty",
    "tensor.dim",
    "tensor.extract_slice",
    "tensor.cast",
    "memref.dim",
    "func.return",
    "iree_tensor_ext.dispatch.tensor.load",
    "iree_codegen.load_from_buffer",
    "bufferization.to_tensor",
];

impl<'c> Body<'c> {
    /// Why not: the kernel holds something else that computes, or stores more than one op's results.
    pub(crate) fn of(kernel: Op<'c>) -> Result<Self, String> {
        let mut ops = Vec::new();
        let mut stored: Vec<Op<'c>> = Vec::new();
        for op in body(kernel) {
            let name = op_name(op);
            if op_is(op, "LinalgOp") {
                if name != "linalg.fill" {
                    ops.push(Compute::of(op));
                }
            } else if STORES.contains(&name.as_str()) {
                let source = defining_op(stored_value(operands(op)[0])).ok_or("a store of no op's result")?;
                if !stored.contains(&source) {
                    stored.push(source);
                }
            } else if !QUIET.contains(&name.as_str()) {
                let dialect = name.split('.').next().unwrap_or_default();
                let scalar = matches!(dialect, "arith" | "hal" | "util" | "iree_tensor_ext" | "affine" | "index");
                if !scalar || op.region_count() != 0 {
                    return Err(format!("it holds `{name}`"));
                }
            }
        }
        if ops.iter().any(|compute| compute.trips.contains(&Some(0))) {
            return Err("a loop of it never runs".to_owned());
        }
        let [sink] = stored.as_slice() else { return Err("it stores the results of several ops".to_owned()) };
        let sink = ops.iter().find(|compute| compute.op == *sink).cloned();
        let sink = sink.ok_or("what it stores is computed by no linalg op")?;
        Ok(Self { sink, ops })
    }

    /// The ops that reduce.
    pub(crate) fn reducing(&self) -> Vec<&Compute<'c>> {
        self.ops.iter().filter(|compute| compute.reduces()).collect()
    }

    /// Bytes of the widest and of the narrowest element that an op reads or writes; none where a type has no whole
    /// bytes.
    pub(crate) fn element_bytes(&self) -> Option<(i64, i64)> {
        let mut all = Vec::new();
        for value in self.ops.iter().flat_map(|compute| operands(compute.op)) {
            let text = type_text(value.r#type());
            if text.starts_with("tensor<") {
                all.push(bytes(&element(&text))?);
            }
        }
        Some((*all.iter().max()?, *all.iter().min()?))
    }
}

/// The value behind stores into tensors that stand for a binding.
fn stored_value(value: Val<'_>) -> Val<'_> {
    match defining_op(value) {
        Some(op) if op_name(op) == STORES[2] => stored_value(operands(op)[0]),
        _ => value,
    }
}

/// The element type in the text of a tensor's or memref's type; of another type the type itself.
pub(crate) fn element(text: &str) -> String {
    let inner = ["tensor<", "memref<", "vector<"].iter().find_map(|prefix| text.strip_prefix(prefix));
    let Some(inner) = inner else { return text.to_owned() };
    let shape = inner.split([',', '>']).next().unwrap_or_default();
    if shape.ends_with("index") { "index".to_owned() } else { shape.rsplit('x').next().unwrap_or_default().to_owned() }
}

/// Bytes of an element in memory; none: a bit, or no number.
pub(crate) fn bytes(element: &str) -> Option<i64> {
    Some(match element {
        "i8" => 1,
        "i16" | "f16" | "bf16" => 2,
        "i32" | "f32" => 4,
        "i64" | "f64" => 8,
        _ => return None,
    })
}

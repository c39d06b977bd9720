//! Which of a kernel's bindings hold indices, and how large these may be.
//!
//! A kernel that looks rows up by number reads outside of its table when the numbers are any. So the body is followed
//! backwards from every use of an index to the binding that it was loaded from.

use ropt_mlir::{
    ir::{
        attributes::integer,
        edit::{Op, Val, defining_op, nested, op_name, operands, pin},
        ops_in, symbol_name,
    },
    melior::ir::{
        BlockLike, ShapedTypeLike, TypeLike, ValueLike,
        block::BlockArgument,
        r#type::{DimSize, MemRefType, RankedTensorType},
    },
};
use std::collections::BTreeMap;

/// What the numbers in a binding must stay below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// They are looked up as they are, in a dimension of that size.
    Below(i64),
    /// They are indices, of what cannot be told.
    Small,
}

/// What is known of a kernel's bindings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Indices {
    /// The body can be read: the bindings that hold indices.
    Known(BTreeMap<i64, Bound>),
    /// It cannot: any binding of integers may.
    Unknown,
}

/// Looks at the body of an export of a variant.
pub(super) fn indices(variant: Op<'_>, export: &str) -> Indices {
    let module = ops_in(variant).into_iter().find(|op| op_name(*op) == "builtin.module");
    let functions = module.map(|module| ops_in(module)).unwrap_or_default();
    let body =
        functions.into_iter().find(|op| op_name(*op) == "func.func" && symbol_name(*op).as_deref() == Some(export));
    let Some(body) = body else { return Indices::Unknown };
    let mut found = BTreeMap::new();
    for op in nested(body) {
        let name = op_name(op);
        if name == "func.call" {
            return Indices::Unknown;
        }
        // Arithmetic only passes numbers on.
        if name.starts_with("arith.") || name.starts_with("linalg.") || name.starts_with("hal.") {
            continue;
        }
        for (at, value) in operands(op).into_iter().enumerate().filter(|(_, value)| value.r#type().is_index()) {
            let mut trace = Trace { plain: true, bindings: Vec::new(), depth: 0 };
            trace.follow(value);
            let bound = match (name.as_str(), trace.plain) {
                ("tensor.extract" | "memref.load", true) => {
                    size(operands(op)[0], at - 1).map_or(Bound::Small, Bound::Below)
                }
                ("tensor.insert" | "memref.store", true) => {
                    size(operands(op)[1], at - 2).map_or(Bound::Small, Bound::Below)
                }
                _ => Bound::Small,
            };
            for binding in trace.bindings {
                let tightest = found.entry(binding).or_insert(bound);
                *tightest = match (*tightest, bound) {
                    (Bound::Below(a), Bound::Below(b)) => Bound::Below(a.min(b)),
                    _ => Bound::Small,
                };
            }
        }
    }
    Indices::Known(found)
}

fn size(value: Val<'_>, dimension: usize) -> Option<i64> {
    let ty = value.r#type();
    let size = match (RankedTensorType::try_from(ty), MemRefType::try_from(ty)) {
        (Ok(ty), _) => ty.dim_size(dimension),
        (_, Ok(ty)) => ty.dim_size(dimension),
        _ => return None,
    };
    match size {
        Ok(DimSize::Static(size)) => i64::try_from(size).ok(),
        _ => None,
    }
}

/// Where a number comes from.
struct Trace {
    /// Only casts lie between.
    plain: bool,
    /// The bindings that it, or what it is made of, is loaded from.
    bindings: Vec<i64>,
    depth: u32,
}

/// Longer chains are taken to be no index.
const DEEPEST: u32 = 64;

impl Trace {
    fn follow(&mut self, value: Val<'_>) {
        self.depth += 1;
        if self.depth < DEEPEST {
            self.step(value);
        }
        self.depth -= 1;
    }

    fn step(&mut self, value: Val<'_>) {
        let Some(op) = defining_op(value) else { return self.argument(value) };
        match op_name(op).as_str() {
            "hal.interface.binding.subspan" => self.bindings.extend(integer(op, "binding")),
            "arith.constant" | "linalg.index" | "hal.interface.constant.load" => {}
            // What they read, not where.
            "arith.index_cast"
            | "arith.index_castui"
            | "arith.extsi"
            | "arith.extui"
            | "arith.trunci"
            | "tensor.extract"
            | "memref.load"
            | "tensor.extract_slice"
            | "tensor.collapse_shape"
            | "tensor.expand_shape"
            | "tensor.cast"
            | "iree_tensor_ext.dispatch.tensor.load"
            | "iree_codegen.load_from_buffer" => self.follow(operands(op)[0]),
            "arith.maxsi" | "arith.maxui" | "arith.minsi" | "arith.minui" => self.all(op),
            "scf.for" | "scf.if" | "scf.while" => {
                self.plain = false;
                self.all(op);
                for inner in nested(op).into_iter().filter(|inner| op_name(*inner) == "scf.yield") {
                    self.all(inner);
                }
            }
            _ => {
                self.plain = false;
                self.all(op);
                for inner in nested(op).into_iter().filter(|inner| op_name(*inner) == "linalg.yield") {
                    self.all(inner);
                }
            }
        }
    }

    fn all(&mut self, op: Op<'_>) {
        for operand in operands(op) {
            self.follow(operand);
        }
    }

    /// The argument of a structured op's body is an element of the operand at its place.
    fn argument(&mut self, value: Val<'_>) {
        let Ok(argument) = BlockArgument::try_from(value) else { return };
        let index = argument.argument_number();
        let Some(op) = argument.owner().parent_operation() else { return };
        let op = pin(op);
        match op_name(op).as_str() {
            name if name.starts_with("linalg.") => {
                if let Some(operand) = operands(op).get(index) {
                    self.follow(*operand);
                }
            }
            // The induction variable first, then what is carried.
            "scf.for" if index > 0 => {
                self.plain = false;
                if let Some(operand) = operands(op).get(index + 2) {
                    self.follow(*operand);
                }
            }
            _ => {}
        }
    }
}

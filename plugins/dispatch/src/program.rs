//! The host side of a program: its functions and their constants.

use ropt_mlir::{
    ir::{
        attributes::constant_integer,
        edit::{Builder, Op, Val, op_name, results},
        nesting::{blocks, ops_of, parent},
        op_is, ops_in, symbol_name,
    },
    melior::ir::{TypeLike, ValueLike},
};

/// A function of the host with a body.
#[derive(Clone, Debug)]
pub(crate) struct HostFunction<'c> {
    /// The op.
    pub(crate) op: Op<'c>,
    /// What its executables are named after.
    pub(crate) name: String,
}

/// The functions and initializers of a program, in order.
pub(crate) fn functions<'c>(module: Op<'c>) -> Vec<HostFunction<'c>> {
    let mut initializers = 0;
    let mut found = Vec::new();
    for op in ops_in(module) {
        let kind = op_name(op);
        if !matches!(kind.as_str(), "func.func" | "util.func" | "util.initializer") || blocks(op).is_empty() {
            continue;
        }
        let name = symbol_name(op).unwrap_or_else(|| {
            initializers += 1;
            format!("_initializer_{}", initializers - 1)
        });
        found.push(HostFunction { op, name });
    }
    found
}

/// An index constant at the start of the function that `op` is in, so that it is there everywhere.
pub(crate) fn constant<'c>(op: Op<'c>, value: i64) -> Val<'c> {
    let mut function = op;
    while let Some(outer) = parent(function) {
        function = outer;
        if op_is(function, "IsolatedFromAbove") {
            break;
        }
    }
    let ops = blocks(function).first().map(|block| ops_of(*block)).unwrap_or_default();
    let leading = ops.iter().take_while(|op| op_name(**op) == "arith.constant");
    let known = leading
        .map(|op| results(*op)[0])
        .find(|result| result.r#type().is_index() && constant_integer(*result) == Some(value));
    known.unwrap_or_else(|| Builder::before(ops[0]).index(value))
}

//! What can go wrong while a program runs, as calls that make it fail.
//!
//! A failure does not leave the function: after the first, the runtime ignores what is asked of it and the whole call
//! fails. So the code behind a failed check still runs, and must not trap.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, erase, op_name, operands, results, set_operand, single_block},
    melior::ir::{Region, RegionLike, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use super::calls::Calls;
use crate::{
    names,
    ops::{all_named, children_named, constant, functions, quoted, string},
};

/// Makes calls that fail.
pub(crate) struct Failures<'c> {
    calls: Calls<'c>,
    messages: std::cell::RefCell<Vec<String>>,
}

impl<'c> Failures<'c> {
    /// For a module, with the messages that it has already.
    pub(crate) fn new(module: Op<'c>) -> Self {
        let messages = children_named(module, "func.func").into_iter().filter_map(|op| string(op, names::MESSAGE));
        Self { calls: Calls::new(module), messages: std::cell::RefCell::new(messages.collect()) }
    }

    /// Fails with the message unless the condition holds.
    pub(crate) fn unless(&self, at: &Builder<'c>, condition: Val<'c>, message: &str) {
        let mut messages = self.messages.borrow_mut();
        let index = messages.iter().position(|known| known == message).unwrap_or_else(|| {
            messages.push(message.to_owned());
            messages.len() - 1
        });
        let name = format!("{}{index}", names::FAIL);
        self.calls.declare(&name, &[], &[], &[(names::MESSAGE, &quoted(message))]);
        let yes = at.value("arith.constant", &[], "i1", &[("value", "true")]);
        let bad = at.value("arith.xori", &[condition, yes], "i1", &[]);
        let region = single_block(&[], condition.location());
        if let Some(block) = region.first_block() {
            let inside = Builder::at_end(block, condition.location());
            self.calls.call(&inside, &name, &[], &[]);
            inside.op("scf.yield", &[], &[], &[]);
        }
        at.op_with_regions("scf.if", &[bad], &[], &[], vec![region, Region::new()]);
    }
}

/// `cf.assert` becomes a check, and a division whose divisor is 0 a failure instead of a signal.
pub(crate) fn lower(module: Op<'_>) -> PassResult {
    let failures = Failures::new(module);
    for function in functions(module) {
        for assert in all_named(function, "cf.assert") {
            let message = string(assert, "msg").unwrap_or_default();
            failures.unless(&Builder::before(assert), operands(assert)[0], &message);
            erase(assert);
        }
        for op in ropt_mlir::ir::edit::nested(function) {
            let name = op_name(op);
            let signed =
                matches!(name.as_str(), "arith.divsi" | "arith.remsi" | "arith.ceildivsi" | "arith.floordivsi");
            let unsigned = matches!(name.as_str(), "arith.divui" | "arith.remui" | "arith.ceildivui");
            if (signed || unsigned) && on_host(op) {
                guard(&failures, op, signed);
            }
        }
    }
    Ok(())
}

/// Ops inside linalg ops run on tensors' elements, not on the host; without a kernel they get no check.
fn on_host(op: Op<'_>) -> bool {
    !op_name(op.parent_operation().map_or(op, ropt_mlir::ir::edit::pin)).starts_with("linalg.")
}

/// Divides by 1 where the processor would trap: by 0, which also fails, and the lowest number by -1, which overflows.
fn guard<'c>(failures: &Failures<'c>, op: Op<'c>, signed: bool) {
    let [dividend, divisor] = operands(op)[..] else { return };
    if constant(divisor).is_some_and(|value| value != 0 && value != -1) {
        return;
    }
    let ty = divisor.r#type();
    let text = ty.to_string();
    let Some(bits) = super::memory::bit_width(ty).filter(|_| results(op)[0].r#type() == ty) else { return };
    let at = Builder::before(op);
    let number = |value: i64| at.value("arith.constant", &[], &text, &[("value", &format!("{value} : {text}"))]);
    let compare = |predicate: i64, left, right| {
        at.value("arith.cmpi", &[left, right], "i1", &[("predicate", &format!("{predicate} : i64"))])
    };
    let valid = compare(1, divisor, number(0));
    failures.unless(&at, valid, "division by zero on the host");
    let mut usable = valid;
    if signed && bits > 1 {
        let lowest = compare(1, dividend, number(i64::MIN >> (64 - bits)));
        let minus_one = compare(1, divisor, number(-1));
        let fits = at.value("arith.ori", &[lowest, minus_one], "i1", &[]);
        usable = at.value("arith.andi", &[valid, fits], "i1", &[]);
    }
    set_operand(op, 1, at.value("arith.select", &[usable, divisor, number(1)], &text, &[]));
}

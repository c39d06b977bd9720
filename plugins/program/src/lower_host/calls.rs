//! Calls of the runtime's functions, declared when they are first called.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, results, type_of, type_text},
    melior::ir::{Region, Type, ValueLike, operation::OperationLike},
};
use std::{cell::RefCell, collections::BTreeSet};

use crate::ops::{children_named, entry_block, quoted, string, symbol_text};

/// Makes calls in one module.
pub(crate) struct Calls<'c> {
    module: Op<'c>,
    declared: RefCell<BTreeSet<String>>,
}

impl<'c> Calls<'c> {
    /// For a module, with the functions that it declares already.
    pub(crate) fn new(module: Op<'c>) -> Self {
        let declared =
            children_named(module, "func.func").into_iter().filter_map(|function| string(function, "sym_name"));
        Self { module, declared: RefCell::new(declared.collect()) }
    }

    /// Calls `name`, which gives values of these types.
    pub(crate) fn call(&self, at: &Builder<'c>, name: &str, operands: &[Val<'c>], types: &[Type<'c>]) -> Vec<Val<'c>> {
        let inputs: Vec<_> = operands.iter().map(|value| value.r#type()).collect();
        self.declare(name, &inputs, types, &[]);
        results(at.op("func.call", operands, types, &[("callee", &symbol_text(name))]))
    }

    /// Calls `name`, which gives one value.
    pub(crate) fn value(&self, at: &Builder<'c>, name: &str, operands: &[Val<'c>], ty: &str) -> Val<'c> {
        self.call(at, name, operands, &[type_of(at.context(), ty)])[0]
    }

    /// Declares a function, with attributes for whoever defines it. The first declaration of a name stays.
    pub(crate) fn declare(&self, name: &str, inputs: &[Type<'c>], outputs: &[Type<'c>], attributes: &[(&str, &str)]) {
        if !self.declared.borrow_mut().insert(name.to_owned()) {
            return;
        }
        let Some(block) = entry_block(self.module) else { return };
        let list = |types: &[Type<'c>]| types.iter().map(|ty| type_text(*ty)).collect::<Vec<_>>().join(", ");
        let name = quoted(name);
        let ty = format!("({}) -> ({})", list(inputs), list(outputs));
        let mut all =
            vec![("sym_name", name.as_str()), ("function_type", ty.as_str()), ("sym_visibility", "\"private\"")];
        all.extend_from_slice(attributes);
        let at = Builder::at_end(block, self.module.location());
        at.op_with_regions("func.func", &[], &[], &all, vec![Region::new()]);
    }
}

//! The places that dispatch an executable's exports.

use ropt_executable::interface::{Operand, Site};
use ropt_mlir::{
    ir::{
        attributes::operand_segments,
        edit::{Op, op_name, pin, results, type_text},
        ops_in,
    },
    melior::ir::{
        Attribute, AttributeLike, ValueLike, attribute::ArrayAttribute, attribute::IntegerAttribute,
        operation::OperationLike,
    },
    mlir_sys::{
        MlirStringRef, mlirAttributeIsASymbolRef, mlirSymbolRefAttrGetLeafReference,
        mlirSymbolRefAttrGetNumNestedReferences, mlirSymbolRefAttrGetRootReference,
    },
};
use std::collections::HashMap;

/// The dispatches of a module, by executable.
#[derive(Default)]
pub struct Sites<'c>(HashMap<String, Vec<(Site, Op<'c>)>>);

impl<'c> Sites<'c> {
    /// All dispatches of a module.
    #[must_use]
    pub fn of(module: Op<'c>) -> Self {
        let mut sites = Self::default();
        sites.visit(module);
        sites
    }

    /// The dispatches of one executable.
    #[must_use]
    pub fn dispatching(&self, executable: &str) -> &[(Site, Op<'c>)] {
        self.0.get(executable).map_or(&[], Vec::as_slice)
    }

    fn visit(&mut self, op: Op<'c>) {
        for op in ops_in(op).into_iter().map(pin) {
            match op_name(op).as_str() {
                "flow.dispatch" => self.add(op),
                // Kernels do not dispatch.
                "hal.executable" | "hal.executable.source" => {}
                _ => self.visit(op),
            }
        }
    }

    fn add(&mut self, op: Op<'c>) {
        let segments = operand_segments(op);
        let Some([workload, arguments]) = segments.get(..2) else { return };
        let tied = tied_operands(op);
        let free = results(op).into_iter().enumerate().filter(|(index, _)| tied.get(*index).is_none_or(|to| *to < 0));
        let values = arguments.iter().copied().chain(free.map(|(_, result)| result));
        let operands = values.filter_map(|value| Operand::parse(&type_text(value.r#type()))).collect();
        let site = Site { workload: workload.len(), operands, export: String::new() };
        for (executable, export) in entry_points(op) {
            self.0.entry(executable).or_default().push((Site { export, ..site.clone() }, op));
        }
    }
}

/// For each result of a dispatch the index of the argument that it is tied to, or a negative number.
#[must_use]
pub fn tied_operands(op: Op<'_>) -> Vec<i64> {
    let Some(list) = op.attribute("tied_operands").ok().and_then(|list| ArrayAttribute::try_from(list).ok()) else {
        return Vec::new();
    };
    let element = |index| list.element(index).ok().and_then(|one| IntegerAttribute::try_from(one).ok());
    (0..list.len()).map(|index| element(index).map_or(-1, |one| one.value())).collect()
}

/// What a dispatch runs, `@executable::@export`, once for each alternative.
#[must_use]
pub fn entry_points(op: Op<'_>) -> Vec<(String, String)> {
    let Some(list) = op.attribute("entry_points").ok().and_then(|list| ArrayAttribute::try_from(list).ok()) else {
        return Vec::new();
    };
    (0..list.len()).filter_map(|index| root_and_leaf(list.element(index).ok()?)).collect()
}

/// The first and the last name of a symbol that has several, as they are, not as they print.
fn root_and_leaf(symbol: Attribute<'_>) -> Option<(String, String)> {
    // SAFETY: the attribute is alive; it is asked for its names only when it is a symbol, and they live as long as it.
    unsafe {
        let raw = symbol.to_raw();
        if !mlirAttributeIsASymbolRef(raw) || mlirSymbolRefAttrGetNumNestedReferences(raw) == 0 {
            return None;
        }
        let text = |name: MlirStringRef| {
            String::from_utf8_lossy(std::slice::from_raw_parts(name.data.cast::<u8>(), name.length)).into_owned()
        };
        Some((text(mlirSymbolRefAttrGetRootReference(raw)), text(mlirSymbolRefAttrGetLeafReference(raw))))
    }
}

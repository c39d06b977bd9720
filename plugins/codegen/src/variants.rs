//! The variants of a module and the targets they name.

use ropt_executable::names::KnownVariant;
use ropt_mlir::{
    ir::{
        edit::{Op, op_name, pin},
        ops_in, symbol_name,
    },
    melior::ir::{AttributeLike, operation::OperationLike},
};
use ropt_plugin::{executable::known_variants, prelude::*, target::TargetHandle};

/// A variant to work on.
#[derive(Clone, Copy)]
pub(crate) struct Variant<'c> {
    /// The hal.executable.variant.
    pub(crate) op: Op<'c>,
    /// The hal.executable around it.
    pub(crate) executable: Op<'c>,
}

impl<'c> Variant<'c> {
    /// Every variant, in order.
    pub(crate) fn all(module: Op<'c>) -> Vec<Self> {
        let executables = ops_in(module).into_iter().filter(|op| op_name(*op) == "hal.executable");
        executables
            .flat_map(|executable| {
                let inside = ops_in(executable).into_iter().filter(|op| op_name(*op) == "hal.executable.variant");
                inside.map(move |op| Self { op, executable })
            })
            .collect()
    }

    /// The variant that is that op.
    pub(crate) fn of(op: Op<'c>) -> Option<Self> {
        Some(Self { op, executable: pin(op.parent_operation()?) })
    }

    /// The executable's name.
    pub(crate) fn executable_name(&self) -> String {
        symbol_name(self.executable).unwrap_or_default()
    }

    /// The variant's name.
    pub(crate) fn name(&self) -> String {
        symbol_name(self.op).unwrap_or_default()
    }

    /// The variant as its files are named.
    pub(crate) fn known(&self) -> KnownVariant {
        let name = self.name();
        let known = known_variants(self.executable).into_iter().find(|one| one.name == name);
        known.unwrap_or_else(|| name.as_str().into())
    }

    /// The first op inside of that name.
    pub(crate) fn inner(&self, name: &str) -> Option<Op<'c>> {
        ops_in(self.op).into_iter().find(|op| op_name(*op) == name)
    }

    /// What tells target attributes apart without printing them: a number that equal ones of a context share.
    pub(crate) fn target_key(&self) -> usize {
        self.op.attribute("target").map_or(0, |target| target.to_raw().ptr.addr())
    }

    /// The target attribute's text.
    pub(crate) fn attribute(&self) -> String {
        self.op.attribute("target").map(|target| target.to_string()).unwrap_or_default()
    }

    /// The target that the attribute names.
    pub(crate) fn target(&self, cx: &PassContext<'_>) -> PassResult<TargetHandle> {
        let text = self.attribute();
        let backend = text.split('"').nth(1).unwrap_or_default().to_owned();
        cx.target(&backend).map_err(|error| {
            PassError::new(format!(
                "no target `{backend}` for the variant @{} of @{}",
                self.name(),
                self.executable_name()
            ))
            .at(self.op.location())
            .note(error.to_string())
            .note(format!("targets: {}", cx.target_names().join(", ")))
        })
    }
}

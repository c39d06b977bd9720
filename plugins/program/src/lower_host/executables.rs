//! What the module's executables offer.

use ropt_mlir::{
    ir::edit::Op,
    melior::ir::{BlockRef, RegionLike, operation::OperationLike},
};

use super::signatures::name_of;
use crate::ops::{children_named, integer, symbol_attribute};

/// An executable; its place in the module is its number in the program.
pub(crate) struct Executable<'c> {
    pub(crate) name: String,
    pub(crate) variants: Vec<Variant<'c>>,
}

/// An executable for one target; its place is its number in the executable.
pub(crate) struct Variant<'c> {
    pub(crate) name: String,
    pub(crate) op: Op<'c>,
    pub(crate) exports: Vec<Export<'c>>,
}

/// An entry point.
pub(crate) struct Export<'c> {
    pub(crate) name: String,
    pub(crate) op: Op<'c>,
    pub(crate) ordinal: u32,
    /// Push constants, in 32-bit words.
    pub(crate) constants: usize,
    /// Kind and flags of each binding: `storage_buffer ReadOnly|Indirect`.
    pub(crate) bindings: Vec<String>,
    /// The export to run instead when its condition does not hold.
    pub(crate) fallback: Option<String>,
}

impl<'c> Export<'c> {
    /// The block that computes the grid from the workload.
    pub(crate) fn count(&self) -> Option<BlockRef<'c, 'c>> {
        self.op.region(0).ok()?.first_block()
    }
}

/// The executables of a module, in order.
pub(crate) fn executables<'c>(module: Op<'c>) -> Vec<Executable<'c>> {
    children_named(module, "hal.executable")
        .into_iter()
        .map(|executable| Executable {
            name: name_of(executable),
            variants: children_named(executable, "hal.executable.variant").into_iter().map(variant).collect(),
        })
        .collect()
}

fn variant(op: Op<'_>) -> Variant<'_> {
    let exports = children_named(op, "hal.executable.export").into_iter().enumerate();
    let exports = exports
        .map(|(index, op)| {
            let layout = op.attribute("layout").map(|layout| layout.to_string()).unwrap_or_default();
            Export {
                name: name_of(op),
                op,
                ordinal: integer(op, "ordinal").and_then(|ordinal| u32::try_from(ordinal).ok()).unwrap_or(index as u32),
                constants: constants(&layout),
                bindings: bindings(&layout),
                fallback: symbol_attribute(op, "condition_fallback"),
            }
        })
        .collect();
    Variant { name: name_of(op), op, exports }
}

/// The number behind `constants = ` in a layout's text.
fn constants(layout: &str) -> usize {
    let Some((_, rest)) = layout.split_once("constants = ") else { return 0 };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// The bindings in a layout's text.
fn bindings(layout: &str) -> Vec<String> {
    let parts = layout.split("pipeline.binding<").skip(1);
    parts.map(|part| part.split('>').next().unwrap_or_default().replace(['"', ','], "")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: &str = "#hal.pipeline.layout<constants = 12, bindings = [#hal.pipeline.binding<storage_buffer, \
        \"ReadOnly|Indirect\">, #hal.pipeline.binding<storage_buffer>], flags = Indirect>";

    #[test]
    fn reads_layouts() {
        assert_eq!(constants(LAYOUT), 12);
        assert_eq!(bindings(LAYOUT), ["storage_buffer ReadOnly|Indirect", "storage_buffer"]);
        assert_eq!(constants("#hal.pipeline.layout<bindings = []>"), 0);
        assert!(bindings("#hal.pipeline.layout<bindings = []>").is_empty());
    }
}

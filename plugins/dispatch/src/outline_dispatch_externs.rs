//! `hal-outline-dispatch-externs`: an executable for each `hal.dispatch.extern`, and a dispatch of it.
//!
//! ```mlir
//! %0 = hal.dispatch.extern "mul"[%n](%a) : … count(…) {…} layout(…) objects({#cpu ordinal(0) = [#hal.executable.object<…>]})
//! // becomes
//! hal.executable private @extern_dispatch_0 {
//!   hal.executable.variant public @embedded_elf_x86_64 target(#cpu) objects([#hal.executable.object<…>]) {
//!     hal.executable.export public @mul ordinal(0) layout(…) count(…) {…}
//!   }
//! }
//! %0 = flow.dispatch @extern_dispatch_0::@mul[%n](%a) : …
//! ```

use std::collections::HashSet;

use ropt_mlir::{
    ir::{
        array,
        attributes::{i32_array_text, operand_segments},
        clone_mapped,
        edit::{Builder, Op, erase, nested, op_name, operands, pin_mut, replace_uses, results, single_block},
        nesting::{blocks, ops_of, parent},
        ops_in, symbol_name,
    },
    melior::ir::{BlockLike, Region, RegionLike, ValueLike, attribute::IntegerAttribute, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use crate::variants::{close, quoted, variant_names};

/// Turns each dispatch of named objects into an executable with a variant a target, and a dispatch of it.
///
/// A condition of a target becomes the variant's: the first variant whose condition holds is loaded.
///
/// ```mlir
/// #cpu = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">
/// #layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
/// func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
///   %y = hal.dispatch.extern "scale"(%x) : (tensor<4xf32>) -> %x
///     count(%device: !hal.device) -> (index, index, index) {
///       %c1 = arith.constant 1 : index
///       hal.return %c1, %c1, %c1 : index, index, index
///     }
///     layout(#layout)
///     objects({
///       #cpu ordinal(0) = [#hal.executable.object<{path = "scale.o"}>]
///     })
///   return %y : tensor<4xf32>
/// }
/// // becomes, by builtin.module(hal-outline-dispatch-externs)
/// hal.executable private @extern_dispatch_0 {
///   hal.executable.variant public @embedded_elf_x86_64 target(<"llvm-cpu", "embedded-elf-x86_64">) objects([#hal.executable.object<{path = "scale.o"}>]) {
///     hal.executable.export public @scale ordinal(0) layout(…) count(%arg0: !hal.device) -> (index, index, index) {
///       %c1 = arith.constant 1 : index
///       hal.return %c1, %c1, %c1 : index, index, index
///     }
///   }
/// }
/// func.func @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
///   %0 = flow.dispatch @extern_dispatch_0::@scale(%arg0) : (tensor<4xf32>) -> %arg0
///   return %0 : tensor<4xf32>
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-outline-dispatch-externs",
    anchor = "builtin.module",
    aliases("iree-flow-outline-dispatch-externs"),
    dialects("hal", "flow"),
    slot(phase = "executable-sources", order = 5)
)]
pub(crate) struct OutlineDispatchExterns {
    /// Executables made.
    #[statistic]
    executables: Counter,
}

impl RunPass for OutlineDispatchExterns {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let mut symbols: HashSet<String> = ops_in(module).into_iter().filter_map(symbol_name).collect();
        // Collected first: outlining erases a dispatch with what is in it.
        let dispatches: Vec<Op<'_>> =
            nested(module).into_iter().filter(|op| op_name(*op) == "hal.dispatch.extern").collect();
        for dispatch in dispatches {
            let number = (0..).find(|number| !symbols.contains(&format!("extern_dispatch_{number}"))).unwrap_or(0);
            let name = format!("extern_dispatch_{number}");
            outline(module, dispatch, &name)?;
            symbols.insert(name);
            self.executables.add(1);
        }
        Ok(())
    }
}

fn outline<'c>(module: Op<'c>, dispatch: Op<'c>, name: &str) -> PassResult {
    let lists = ["targets", "target_ordinals", "target_objects"]
        .map(|name| dispatch.attribute(name).map(array).unwrap_or_default());
    let [targets, ordinals, objects] = lists;
    let text = |name: &str| dispatch.attribute(name).map(|value| value.to_string()).unwrap_or_default();
    let (export, layout) = (text("export_name"), text("layout"));
    let function = outermost(module, dispatch);
    let location = dispatch.location();
    let executable = Builder::before(function).located(location).op_with_regions(
        "hal.executable",
        &[],
        &[],
        &[("sym_name", &quoted(name)), ("sym_visibility", "\"private\"")],
        vec![single_block(&[], location)],
    );
    let names = variant_names(targets.iter().map(ToString::to_string));
    for (index, target) in targets.iter().enumerate() {
        let (target, list) = (target.to_string(), objects.get(index).map(ToString::to_string).unwrap_or_default());
        let ordinal = ordinals.get(index).and_then(|ordinal| IntegerAttribute::try_from(*ordinal).ok());
        let ordinal = format!("{} : index", ordinal.map_or(0, |ordinal| ordinal.value()));
        let variant = Builder::at_end(blocks(executable)[0], location).op_with_regions(
            "hal.executable.variant",
            &[],
            &[],
            &[
                ("sym_name", &quoted(&names[index])),
                ("sym_visibility", "\"public\""),
                ("target", &target),
                ("objects", &list),
            ],
            vec![single_block(&[], location)],
        );
        let inside = Builder::at_end(blocks(variant)[0], location);
        let condition = copy(dispatch, index + 1);
        if condition.first_block().is_some() {
            let ty = [("function_type", "(!hal.device) -> i1")];
            inside.op_with_regions("hal.executable.condition", &[], &[], &ty, vec![condition]);
        }
        let attributes = [
            ("sym_name", export.as_str()),
            ("sym_visibility", "\"public\""),
            ("ordinal", ordinal.as_str()),
            ("layout", layout.as_str()),
        ];
        let regions = vec![copy(dispatch, 0), Region::new()];
        inside.op_with_regions("hal.executable.export", &[], &[], &attributes, regions);
        close(variant, "hal.executable.variant_end");
    }
    close(executable, "hal.executable_end");
    replace(dispatch, &format!("[@{}::@{export}]", quoted(name)));
    Ok(())
}

/// The op directly in the module that holds the dispatch.
fn outermost<'c>(module: Op<'c>, dispatch: Op<'c>) -> Op<'c> {
    let mut op = dispatch;
    while let Some(outer) = parent(op).filter(|outer| *outer != module) {
        op = outer;
    }
    op
}

/// A copy of one of the op's regions, which see nothing of what is around them.
fn copy<'c>(op: Op<'c>, index: usize) -> Region<'c> {
    let Some(source) = op.region(index).ok().and_then(|region| region.first_block()) else { return Region::new() };
    let types: Vec<_> =
        (0..source.argument_count()).filter_map(|at| Some(source.argument(at).ok()?.r#type())).collect();
    let region = single_block(&types, op.location());
    let Some(block) = region.first_block() else { return region };
    let pins = |block: &ropt_mlir::melior::ir::BlockRef<'c, '_>| -> Vec<_> {
        (0..types.len()).filter_map(|at| block.argument(at).ok().map(ropt_mlir::ir::edit::pin_value)).collect()
    };
    let (mut from, mut to) = (pins(&source), pins(&block));
    let at = Builder::at_end(block, op.location());
    for inner in ops_of(source) {
        let new = at.insert(clone_mapped(inner, &from, &to));
        from.extend(results(inner));
        to.extend(results(new));
    }
    region
}

/// The same dispatch of the executable.
fn replace(dispatch: Op<'_>, entry_points: &str) {
    let segments = i32_array_text(&operand_segments(dispatch).iter().map(Vec::len).collect::<Vec<_>>());
    let tied = dispatch.attribute("tied_operands").ok().map(|tied| tied.to_string());
    let mut attributes = vec![("entry_points", entry_points), ("operandSegmentSizes", segments.as_str())];
    attributes.extend(tied.iter().map(|tied| ("tied_operands", tied.as_str())));
    let types: Vec<_> = results(dispatch).iter().map(|value| value.r#type()).collect();
    let new = Builder::before(dispatch).op("flow.dispatch", &operands(dispatch), &types, &attributes);
    results(dispatch).into_iter().zip(results(new)).for_each(|(old, new)| replace_uses(old, new));
    erase(dispatch);
}

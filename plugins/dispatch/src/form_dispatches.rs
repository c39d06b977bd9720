//! `hal-form-dispatches`: tensor programs become executables and dispatches of them.
//!
//! ```mlir
//! func.func @main(%a: tensor<4x8xf32>, %b: tensor<8x2xf32>) -> tensor<4x2xf32> {
//!   … linalg.fill … linalg.matmul … linalg.generic (relu) …
//! }
//! // becomes
//! hal.executable.source private @main_dispatch_0 { … all three ops in one kernel … }
//! func.func @main(%a: tensor<4x8xf32>, %b: tensor<8x2xf32>) -> tensor<4x2xf32> {
//!   %0 = flow.dispatch @main_dispatch_0::@main_dispatch_0_matmul_4x2x8_f32(%a, %b) : …
//! }
//! ```

use ropt_mlir::ir::{
    edit::{Op, pin_mut},
    nesting::{blocks, ops_of},
    ops_in, symbol_name,
};
use ropt_plugin::prelude::*;

use crate::{
    check,
    groups::Groups,
    outline::{Executables, Site},
    prepare,
    program::functions,
    role::{Role, role},
};
use ropt_mlir::melior::ir::BlockRef;

/// Forms executables and dispatches of the tensor ops in a program's functions.
///
/// Producers are fused into consumers where no element is computed twice; reshapes, slices of contiguous elements,
/// scalars and control flow stay on the host. Equal executables are shared. Executables and dispatches that are there
/// already stay as they are.
///
/// ```mlir
/// func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
///   %e = tensor.empty() : tensor<4xf32>
///   %y = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
///   return %y : tensor<4xf32>
/// }
/// // becomes, by builtin.module(hal-form-dispatches)
/// …
/// hal.executable.source private @main_dispatch_0 {
///   hal.executable.export public @main_dispatch_0_elementwise_4_f32 ordinal(0) layout(…) count(%arg0: !hal.device) -> (index, index, index) {
///     …
///     hal.return %x, %y, %z : index, index, index
///   …
///     func.func @main_dispatch_0_elementwise_4_f32() {
///       …
///       %2 = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0], sizes = [4], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>> -> tensor<4xf32>
///       …
///       %4 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%2 : tensor<4xf32>) outs(%3 : tensor<4xf32>) {
///       …
///         %5 = math.exp %in : f32
///         …
///       iree_tensor_ext.dispatch.tensor.store %4, %1, offsets = [0], sizes = [4], strides = [1] : tensor<4xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4xf32>>
///       return
///     …
/// func.func @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
///   %0 = flow.dispatch @main_dispatch_0::@main_dispatch_0_elementwise_4_f32(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
///   return %0 : tensor<4xf32>
/// …
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-form-dispatches",
    anchor = "builtin.module",
    aliases("iree-dispatch-creation-form-dispatch-regions"),
    dialects("hal", "flow", "iree_tensor_ext", "arith", "linalg", "tensor", "cf", "math"),
    establishes(
        "executables: the program's tensor work is in executables that flow.dispatch ops call",
        "executable-sources: kernels are tensor programs, not lowered yet"
    ),
    slot(phase = "executable-sources", order = 10)
)]
pub(crate) struct FormDispatches {
    /// Executables made.
    #[statistic]
    executables: Counter,
    /// Dispatches that use an executable made for another one.
    #[statistic]
    shared: Counter,
}

impl RunPass for FormDispatches {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let symbols = ops_in(module).into_iter().filter_map(symbol_name).collect();
        let mut executables = Executables::new(symbols);
        for function in functions(module) {
            check::dialects(&function)?;
            check::types(&function)?;
            prepare::prepare(&function, cx)?;
            let mut site = Site { function: function.op, name: function.name.clone(), next: 0 };
            form_in(function.op, &mut executables, &mut site)?;
            prepare::tidy(&function, cx)?;
            check::leftovers(&function)?;
        }
        self.executables.add(executables.made);
        self.shared.add(executables.shared);
        Ok(())
    }
}

/// Forms the dispatches in all blocks of an op of host code.
fn form_in<'c>(op: Op<'c>, executables: &mut Executables<'c>, site: &mut Site<'c>) -> PassResult {
    blocks(op).into_iter().try_for_each(|block| form_in_block(block, executables, site))
}

fn form_in_block<'c>(block: BlockRef<'c, 'c>, executables: &mut Executables<'c>, site: &mut Site<'c>) -> PassResult {
    let groups = Groups::of(block);
    for op in ops_of(block) {
        if let Some(group) = groups.of_sink(op) {
            executables.outline(group, site)?;
        } else if !groups.is_taken(op) && role(op) == Role::Host {
            form_in(op, executables, site)?;
        }
    }
    Ok(())
}

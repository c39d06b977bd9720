//! The functions of a kernel's module, for targets that take nothing but kernels.

use ropt_mlir::{
    ir::{edit::Op, symbol_name},
    kernel::{is_kernel, kernels},
    melior::ir::operation::OperationLike,
};

use crate::error::{PassError, PassResult};

/// The functions with a body in an inner module, in order, each of them a kernel.
///
/// # Errors
/// When one is a helper, which a target that gives every function the interface of kernels would tear apart.
pub fn kernels_alone<'c>(module: Op<'c>) -> PassResult<Vec<Op<'c>>> {
    let all = kernels(module);
    let Some(helper) = all.iter().find(|function| !is_kernel(**function)) else { return Ok(all) };
    let name = symbol_name(*helper).unwrap_or_default();
    Err(PassError::new(format!("`@{name}` is no kernel: it is private, takes arguments or gives results"))
        .at(helper.location())
        .help("have it inlined into the kernels that call it (`inline`) and dropped (`symbol-dce`)"))
}

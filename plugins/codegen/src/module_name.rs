//! What dumped files call the module.

use ropt_mlir::ir::{edit::Op, symbol_name};

/// The module's symbol, or `module`, as IREE has it.
pub(crate) fn module_name(module: Op<'_>) -> String {
    symbol_name(module).unwrap_or_else(|| "module".to_owned())
}

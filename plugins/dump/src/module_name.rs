//! What dumped files call the module.

use ropt_mlir::{
    ir::{edit::Op, symbol_name},
    melior::ir::operation::OperationLike,
    mlir_sys::{mlirIdentifierStr, mlirLocationFileLineColRangeGetFilename, mlirLocationIsAFileLineColRange},
};
use std::path::Path;

/// The module's symbol, or `module`, as IREE has it.
pub(crate) fn module_name(module: Op<'_>) -> String {
    symbol_name(module).unwrap_or_else(|| "module".to_owned())
}

/// The module's symbol, or the stem of the file that it comes from, or `module`.
pub(crate) fn module_or_file_name(module: Op<'_>) -> String {
    symbol_name(module).or_else(|| file_stem(module)).unwrap_or_else(|| "module".to_owned())
}

fn file_stem(module: Op<'_>) -> Option<String> {
    let location = module.location().to_raw();
    // SAFETY: the location is a live op's; the text that an identifier gives lives as long as the context.
    let name = unsafe {
        if !mlirLocationIsAFileLineColRange(location) {
            return None;
        }
        let name = mlirIdentifierStr(mlirLocationFileLineColRangeGetFilename(location));
        std::slice::from_raw_parts(name.data.cast::<u8>(), name.length)
    };
    let name = std::str::from_utf8(name).ok()?;
    let stem = Path::new(name).file_stem()?.to_str()?;
    // `-` and `<stdin>` are no files.
    stem.starts_with(|c: char| c.is_alphanumeric() || c == '_').then(|| stem.to_owned())
}

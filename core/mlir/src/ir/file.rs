//! Reading a file of IR that is not the program's own.

use melior::{
    Context,
    ir::{AttributeLike, Location, Module},
};
use mlir_sys::MlirStringRef;
use std::path::Path;

use super::quietly;

/// Why a file is no IR: what the parser or the verifier said first.
#[derive(Debug, Clone)]
pub struct ReadError<'c> {
    /// Where in the file.
    pub location: Location<'c>,
    /// What is wrong there.
    pub message: String,
    /// What was said besides.
    pub more: Vec<(Location<'c>, String)>,
}

/// Parses a file of MLIR text or bytecode and verifies it. Several ops at the top, or one that is no module, are
/// wrapped in a module. Diagnostics go into the error and not to the context's handlers.
///
/// # Errors
/// When the file is no valid IR.
pub fn read_file<'c>(context: &'c Context, path: &Path) -> Result<Module<'c>, ReadError<'c>> {
    let name = path.to_string_lossy();
    let name = MlirStringRef { data: name.as_ptr().cast(), length: name.len() };
    // SAFETY: the name outlives the call; the result is a module that nobody else owns, or null.
    let parse = || unsafe { Module::from_option_raw(mlir_sys::mlirModuleCreateParseFromFile(context.to_raw(), name)) };
    let (module, said) = quietly(context, parse);
    if let Some(module) = module {
        return Ok(module);
    }
    let mut said = said.into_iter().map(|one| (one.location, one.text));
    let (location, message) = said
        .next()
        .unwrap_or_else(|| (Location::unknown(context), "it is no IR that this version of MLIR reads".to_owned()));
    Err(ReadError { location, message, more: said.collect() })
}

/// Bytes as an attribute's text, `dense<"0x…"> : vector<Nxi8>`. There must be at least one byte.
///
/// # Panics
/// When there is none: vectors cannot be empty.
#[must_use]
pub fn bytes_text(bytes: &[u8]) -> String {
    use std::fmt::Write;
    assert!(!bytes.is_empty(), "a vector holds at least one element");
    let mut text = String::with_capacity(2 * bytes.len() + 40);
    text.push_str("dense<\"0x");
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02X}");
    }
    let _ = write!(text, "\"> : vector<{}xi8>", bytes.len());
    text
}

/// A string as MLIR writes it, with quotes.
#[must_use]
pub fn string_text(context: &Context, text: &str) -> String {
    let attribute = melior::ir::attribute::StringAttribute::new(context, text);
    debug_assert!(attribute.is_string());
    attribute.to_string()
}

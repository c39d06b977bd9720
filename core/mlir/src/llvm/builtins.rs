//! Conversions of f16 and bf16 that generated code calls and that no library of the system may have.

use super::{FileKind, LlvmError, LlvmModule, Machine};

/// The functions that [`builtins`] defines.
pub const BUILTINS: [&str; 5] = ["__truncsfbf2", "__truncsfhf2", "__extendhfsf2", "__truncdfbf2", "__truncdfhf2"];

/// An object with all of [`BUILTINS`], hidden, for objects that call one of them.
///
/// # Errors
/// When LLVM can not compile for the machine.
pub fn builtins(machine: &Machine) -> Result<Vec<u8>, LlvmError> {
    let mut module = LlvmModule::parse(include_bytes!("builtins.ll"), "builtins")?;
    module.set_target(machine)?;
    // No optimization: LLVM would see the conversions for what they are, and call itself.
    module.emit(machine, FileKind::Object)
}

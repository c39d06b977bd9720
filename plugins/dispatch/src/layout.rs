//! The interface of a kernel: bindings and 32-bit constants.

use ropt_mlir::{
    ir::edit::type_text,
    melior::ir::{Location, Type},
};
use ropt_plugin::prelude::PassError;

/// What a binding is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Only read.
    Read,
    /// Only written.
    Write,
    /// Read, then written.
    Both,
}

impl Access {
    /// As dispatch tensors spell it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Read => "readonly",
            Self::Write => "writeonly",
            Self::Both => "readwrite",
        }
    }

    /// The binding's flags as subspans spell them.
    pub(crate) fn flags(self) -> &'static str {
        match self {
            Self::Read => "\"ReadOnly|Indirect\"",
            Self::Write | Self::Both => "Indirect",
        }
    }
}

/// The layout attribute's parameters as text, between `<` and `>`.
pub(crate) fn parameters(words: usize, bindings: &[Access]) -> String {
    let constants = if words == 0 { String::new() } else { format!("constants = {words}, ") };
    let binding = |access: &Access| format!("#hal.pipeline.binding<storage_buffer, {}>", access.flags());
    let bindings: Vec<String> = bindings.iter().map(binding).collect();
    format!("{constants}bindings = [{}], flags = Indirect", bindings.join(", "))
}

/// How a scalar travels in 32-bit words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// An `index`: two words.
    Index,
    /// An integer of that many bits.
    Integer(u32),
    /// A float of that many bits.
    Float(u32),
}

impl Scalar {
    /// How a value of that type travels.
    ///
    /// # Errors
    /// When it can not.
    pub(crate) fn of(ty: Type<'_>, location: Location<'_>) -> Result<Self, PassError> {
        Ok(match type_text(ty).as_str() {
            "index" => Self::Index,
            "i1" => Self::Integer(1),
            "i8" => Self::Integer(8),
            "i16" => Self::Integer(16),
            "i32" => Self::Integer(32),
            "i64" => Self::Integer(64),
            "f16" | "bf16" => Self::Float(16),
            "f32" => Self::Float(32),
            "f64" => Self::Float(64),
            other => {
                return Err(PassError::new(format!("a value of type {other} can not be handed to a kernel"))
                    .at(location)
                    .note("kernels take tensors, index, i1, i8, i16, i32, i64, f16, bf16, f32 and f64"));
            }
        })
    }

    /// How many words it takes.
    pub(crate) fn words(self) -> usize {
        match self {
            Self::Index | Self::Integer(64) | Self::Float(64) => 2,
            Self::Integer(_) | Self::Float(_) => 1,
        }
    }
}

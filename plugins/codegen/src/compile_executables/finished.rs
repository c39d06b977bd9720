//! A finished variant as an entry of the cache: what its exports have become, and the binary.

use ropt_cache::{pack, unpack};
use ropt_mlir::{
    ir::{
        attributes::string,
        edit::{Op, context_of, erase, move_before, move_to_end, nested, op_name, pin},
        op_text, ops_in, parse_operation,
    },
    melior::ir::operation::OperationLike,
    mlir_sys::mlirOperationSetLocation,
};
use ropt_plugin::prelude::*;

use super::{END, inside};
use crate::{
    binary::{self, BINARY},
    variants::Variant,
};

/// What a variant is when it is compiled.
pub(super) struct Finished {
    /// Its exports, conditions and constant blocks as text: translation gives them grids.
    exports: String,
    format: String,
    mime: String,
    suffix: String,
    data: Vec<u8>,
}

impl Finished {
    /// Reads a variant that `hal-compile-variant` has made.
    ///
    /// # Errors
    /// When it has no binary.
    pub(super) fn of(variant: Variant<'_>) -> PassResult<Self> {
        let missing = || PassError::internal(format!("@{} was compiled to nothing", variant.executable_name()));
        let there = variant.inner(BINARY).ok_or_else(missing)?;
        let exports = inside(variant.op).filter(|op| op_name(*op) != BINARY);
        Ok(Self {
            exports: exports.map(|op| op_text(op, false)).collect::<Vec<_>>().join("\n"),
            format: string(there, "format").unwrap_or_default(),
            mime: string(there, "mime_type").unwrap_or_default(),
            suffix: string(there, binary::SUFFIX).unwrap_or_default(),
            data: binary::data(there)?,
        })
    }

    /// As an entry.
    pub(super) fn pack(&self) -> Vec<u8> {
        let texts = [&self.exports, &self.format, &self.mime, &self.suffix].map(String::as_bytes);
        pack(&[texts[0], texts[1], texts[2], texts[3], &self.data])
    }

    /// Of an entry; None when it is none.
    pub(super) fn unpack(content: &[u8]) -> Option<Self> {
        let parts = unpack(content)?;
        let [exports, format, mime, suffix, data] = parts.as_slice() else { return None };
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        Some(Self {
            exports: text(exports)?,
            format: text(format)?,
            mime: text(mime)?,
            suffix: text(suffix)?,
            data: data.to_vec(),
        })
    }

    /// Makes the variant what this says; false when the exports cannot be read, and the variant is as it was.
    pub(super) fn give(&self, variant: Variant<'_>) -> bool {
        let location = variant.op.location();
        let text = format!(
            "hal.executable private @cached {{\nhal.executable.variant public @cached target(<\"cached\", \"cached\">) {{\n\
             {}\n}}\n}}",
            self.exports
        );
        let Some(parsed) = parse_operation(context_of(variant.op), &text, "the cache") else { return false };
        // SAFETY: the parsed op lives until the end of this function, and what is moved out of it belongs to the variant.
        let holder: Op<'_> = pin(unsafe { ropt_mlir::melior::ir::OperationRef::from_raw(parsed.to_raw()) });
        let Some(new) = ops_in(holder).into_iter().find(|op| op_name(*op) == "hal.executable.variant") else {
            return false;
        };
        let Some(block) = variant.op.region(0).ok().and_then(|region| region.first_block()) else { return false };
        // A variant that was built and not parsed may be without an end.
        let end = ops_in(variant.op).into_iter().map(pin).find(|op| op_name(*op) == END);
        for old in inside(variant.op).map(pin).collect::<Vec<_>>().into_iter().rev() {
            erase(old);
        }
        for op in inside(new).map(pin).collect::<Vec<_>>() {
            match end {
                Some(end) => move_before(op, end),
                None => move_to_end(op, block),
            }
            for inner in std::iter::once(op).chain(nested(op)) {
                // SAFETY: op and location are of one context, and no other thread knows the op.
                unsafe { mlirOperationSetLocation(inner.to_raw(), location.to_raw()) };
            }
        }
        let made = Binary {
            format: self.format.as_str().into(),
            mime: self.mime.as_str().into(),
            suffix: self.suffix.as_str().into(),
            data: self.data.clone().into(),
            artifacts: Vec::new().into(),
        };
        binary::put(variant, &made);
        binary::keep_suffix(variant, &self.suffix);
        true
    }
}

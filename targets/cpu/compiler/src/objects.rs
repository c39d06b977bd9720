//! Objects that a variant carries instead of, or beside, a module.
//!
//! ```text
//! objects({<"llvm-cpu", …> = [#hal.executable.object<{path = "kernel.o", data = dense<…> : vector<…xi8>}>]})
//! ```

use std::path::Path;

use ropt_executable::object::ObjectFile;
use ropt_mlir::{
    ir::edit::{Op, context_of},
    melior::ir::{Attribute, AttributeLike, operation::OperationLike},
    mlir_sys,
};
use ropt_plugin::prelude::*;

/// An object by what its first bytes say it is.
#[derive(Debug, Clone)]
pub(crate) enum Object {
    /// A relocatable object or an archive: lld links it.
    Relocatable { name: String, data: Vec<u8> },
    /// A finished shared object.
    Shared { name: String, data: Vec<u8> },
    /// LLVM IR, bitcode or text.
    Llvm { name: String, data: Vec<u8> },
}

/// The objects of a variant, in order.
pub(crate) fn given(variant: Op<'_>) -> PassResult<Vec<Object>> {
    let Ok(attribute) = variant.attribute("objects") else { return Ok(Vec::new()) };
    let text = attribute.to_string();
    let mut found = Vec::new();
    for part in text.split("#hal.executable.object<").skip(1) {
        found.push(object(variant, part)?);
    }
    Ok(found)
}

fn object(variant: Op<'_>, text: &str) -> PassResult<Object> {
    let path = text.split_once("path = \"").and_then(|(_, rest)| rest.split_once('"')).map(|(path, _)| path.to_owned());
    let name = path.clone().unwrap_or_else(|| "object.o".to_owned());
    let data = match text.split_once("data = ") {
        Some((_, rest)) => dense_bytes(variant, rest).ok_or_else(|| {
            PassError::new(format!("the data of the object `{name}` is not a vector of i8")).at(variant.location())
        })?,
        None => std::fs::read(&name).map_err(|error| {
            PassError::new(format!("cannot read the object `{name}`: {error}"))
                .at(variant.location())
                .help("--hal-executable-object-search-path=DIR names the folder of objects given by path")
        })?,
    };
    kind(&name, data).ok_or_else(|| {
        PassError::new(format!("`{name}` is no object for the CPU"))
            .at(variant.location())
            .note("accepted: ELF objects and shared objects (.o, .so), archives (.a), LLVM IR (.bc, .ll)")
    })
}

/// The bytes of the `dense<…> : vector<Nxi8>` at the start of `text`.
fn dense_bytes(variant: Op<'_>, text: &str) -> Option<Vec<u8>> {
    let from = text.find("xi8>")?;
    let attribute = Attribute::parse(context_of(variant), &text[..from + 4])?;
    // SAFETY: the attribute is live; every question is one that MLIR answers for any attribute, up to the kind check.
    unsafe {
        let raw = attribute.to_raw();
        if !mlir_sys::mlirAttributeIsADenseElements(raw) {
            return None;
        }
        let count = mlir_sys::mlirElementsAttrGetNumElements(raw) as usize;
        if mlir_sys::mlirDenseElementsAttrIsSplat(raw) {
            let value = mlir_sys::mlirDenseElementsAttrGetInt8SplatValue(raw);
            return Some(vec![value as u8; count]);
        }
        let data = mlir_sys::mlirDenseElementsAttrGetRawData(raw).cast::<u8>();
        Some(std::slice::from_raw_parts(data, count).to_vec())
    }
}

/// A finished shared object must define every export for the target's machine.
pub(crate) fn check_exports(name: &str, data: &[u8], exports: &[String], variant: Op<'_>) -> PassResult {
    let located = |message: String| PassError::new(message).at(variant.location());
    let file = ObjectFile::read(data).map_err(|error| located(format!("`{name}`: {error}")))?;
    for export in exports {
        if !file.functions.contains(export) {
            return Err(located(format!("`{name}` defines no function `{export}`"))
                .note(format!("it defines: {}", file.functions.join(", ")))
                .help("name the kernel's function as the export"));
        }
    }
    Ok(())
}

fn kind(name: &str, data: Vec<u8>) -> Option<Object> {
    const DYNAMIC: u8 = 3;
    let name = name.to_owned();
    if data.starts_with(b"\x7fELF") {
        // e_type, the two bytes at 16, in the object's own byte order.
        let ty = if data.get(5) == Some(&2) { *data.get(17)? } else { *data.get(16)? };
        return Some(if ty == DYNAMIC { Object::Shared { name, data } } else { Object::Relocatable { name, data } });
    }
    if data.starts_with(b"!<arch>\n") || data.starts_with(b"!<thin>\n") {
        return Some(Object::Relocatable { name, data });
    }
    let bitcode = data.starts_with(b"BC\xC0\xDE") || data.starts_with(&[0xDE, 0xC0, 0x17, 0x0B]);
    let text = Path::new(&name).extension().is_some_and(|e| e == "ll");
    (bitcode || text).then_some(Object::Llvm { name, data })
}

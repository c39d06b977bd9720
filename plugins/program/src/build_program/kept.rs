//! A program's parts as an entry of the cache.

use ropt_cache::{pack as join, unpack as split};
use ropt_plugin::prelude::*;

use crate::emit_program::{HostCode, Parts};

/// As an entry.
///
/// # Errors
/// None in practice: the manifest is JSON in every program.
pub(super) fn pack(parts: &Parts) -> PassResult<Vec<u8>> {
    let constants = parts.constants.iter().flat_map(|(symbol, bytes)| [symbol.as_bytes(), bytes.as_slice()]);
    let constants = join(&constants.collect::<Vec<_>>());
    let libraries: Vec<&[u8]> = parts.code.libraries.iter().map(String::as_bytes).collect();
    let builtins: Vec<&[u8]> = parts.code.builtins.iter().map(Vec::as_slice).collect();
    let manifest = serde_json::to_vec(&parts.manifest)?;
    Ok(join(&[&parts.code.bytes, &join(&builtins), &join(&libraries), &manifest, &constants]))
}

/// Of an entry; None when it is none.
pub(super) fn unpack(content: &[u8]) -> Option<Parts> {
    let parts = split(content)?;
    let [bytes, builtins, libraries, manifest, constants] = parts.as_slice() else { return None };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    let constants = split(constants)?;
    let constants = constants.chunks(2).map(|pair| match pair {
        [symbol, bytes] => Some((text(symbol)?, bytes.to_vec())),
        _ => None,
    });
    Some(Parts {
        manifest: serde_json::from_slice(manifest).ok()?,
        constants: constants.collect::<Option<_>>()?,
        code: HostCode {
            bytes: bytes.to_vec(),
            libraries: split(libraries)?.into_iter().map(text).collect::<Option<_>>()?,
            builtins: split(builtins)?.first().map(|bytes| bytes.to_vec()),
        },
    })
}

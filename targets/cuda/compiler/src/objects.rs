//! The object that a variant carries in the place of a module.

use std::path::Path;

use ropt_mlir::{
    ir::edit::{Op, context_of},
    ir::{Elements, elements},
    melior::ir::{Attribute, operation::OperationLike},
};
use ropt_plugin::prelude::*;

/// Name and bytes of the variant's object; none when it has none.
pub(crate) fn given(variant: Op<'_>) -> PassResult<Option<(String, Vec<u8>)>> {
    let Ok(attribute) = variant.attribute("objects") else { return Ok(None) };
    let text = attribute.to_string();
    let mut parts = text.split("#hal.executable.object<").skip(1);
    let Some(part) = parts.next() else { return Ok(None) };
    let located = |message: String| PassError::new(message).at(variant.location());
    if parts.next().is_some() {
        return Err(located("a Vulkan variant takes one object: SPIR-V modules are not linked".to_owned())
            .help("put all entry points into one module"));
    }
    let path = part.split_once("path = \"").and_then(|(_, rest)| rest.split_once('"')).map(|(path, _)| path.to_owned());
    let name = path.clone().unwrap_or_else(|| "object.spv".to_owned());
    if let Some((_, rest)) = part.split_once("data = ") {
        let bytes = rest.find("xi8>").and_then(|end| Attribute::parse(context_of(variant), &rest[..end + 4]));
        let count = rest.find("xi8>").and_then(|end| rest[..end].rsplit(['<', ' ']).next()?.parse::<usize>().ok());
        let data = match bytes.map(elements) {
            Some(Ok(Elements::Dense(data))) => data,
            Some(Ok(Elements::Splat(data))) => data.repeat(count.unwrap_or(0)),
            _ => return Err(located(format!("the data of the object `{name}` is not a vector of i8"))),
        };
        return Ok(Some((name, data)));
    }
    let data = std::fs::read(Path::new(&name)).map_err(|error| {
        located(format!("cannot read the object `{name}`: {error}"))
            .help("--hal-executable-object-search-path=DIR names the folder of objects given by path")
    })?;
    Ok(Some((name, data)))
}

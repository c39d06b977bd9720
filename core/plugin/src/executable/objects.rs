//! What a variant is compiled from, for targets: its exports, and its module or its objects.

use crate::error::{PassError, PassResult};
use ropt_executable::interface::{Layout, parse_layout};
use ropt_mlir::{
    ir::{
        Elements, array,
        edit::{Op, op_name},
        elements, object_parts, ops_in, symbol_name,
    },
    melior::ir::{Attribute, operation::OperationLike},
};

/// An export, with what a kernel must be for it.
#[derive(Clone)]
pub struct ExportOp<'c> {
    /// The op.
    pub op: Op<'c>,
    /// Its symbol.
    pub name: String,
    /// What the kernel takes.
    pub layout: Layout,
    /// The workgroup that the grid counts, in threads; none: the export does not say.
    pub workgroup_size: Option<[u32; 3]>,
}

/// The exports of a variant, in order.
#[must_use]
pub fn exports(variant: Op<'_>) -> Vec<ExportOp<'_>> {
    let ops = ops_in(variant).into_iter().filter(|op| op_name(*op) == "hal.executable.export");
    let text = |op: Op<'_>, name: &str| op.attribute(name).ok().map(|attribute| attribute.to_string());
    ops.map(|op| ExportOp {
        name: symbol_name(op).unwrap_or_default(),
        layout: text(op, "layout").and_then(|layout| parse_layout(&layout)).unwrap_or_default(),
        workgroup_size: text(op, "workgroup_size").and_then(|size| extents(&size)),
        op,
    })
    .collect()
}

/// The extents of `[64 : index, 1 : index, 1 : index]`.
fn extents(text: &str) -> Option<[u32; 3]> {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
    numbers.collect::<Vec<u32>>().try_into().ok()
}

/// Name and bytes of each object of a variant, in order. One that is given by its path alone is read.
///
/// # Errors
/// When an object is none, cannot be read, or its data are no bytes.
pub fn objects(variant: Op<'_>) -> PassResult<Vec<(String, Vec<u8>)>> {
    let list = variant.attribute("objects").map(array).unwrap_or_default();
    list.into_iter().map(|attribute| object(variant, attribute)).collect()
}

fn object(variant: Op<'_>, attribute: Attribute<'_>) -> PassResult<(String, Vec<u8>)> {
    let located = |message: String| PassError::new(message).at(variant.location());
    let Some((path, data)) = object_parts(attribute) else {
        return Err(located(format!("expected #hal.executable.object<…> in the variant's objects, found {attribute}"))
            .help("write #hal.executable.object<{path = \"FILE\"}>"));
    };
    let name = if path.is_empty() { "the object".to_owned() } else { path };
    let data = match data {
        Some(data) => match elements(data) {
            Ok(Elements::Dense(bytes)) => bytes,
            Ok(Elements::Splat(_)) => {
                return Err(located(format!("the data of the object `{name}` is one byte, repeated"))
                    .help("embed the file's bytes, or give its path alone"));
            }
            Err(error) => {
                return Err(located(format!("the data of the object `{name}`: {error}"))
                    .help("embed the file's bytes as a vector of i8, or give its path alone"));
            }
        },
        None => std::fs::read(&name).map_err(|error| {
            located(format!("cannot read the object `{name}`: {error}"))
                .help("hal-resolve-executable-objects finds objects along a search path and embeds them")
        })?,
    };
    Ok((name, data))
}

/// What a variant consists of where no linker puts a module and an object, or two objects, together.
pub enum Contents<'c> {
    /// The inner module.
    Module(Op<'c>),
    /// The one object: its name and its bytes.
    Object(String, Vec<u8>),
}

/// What a variant for such a target holds; `kind` is what its objects are (`PTX`), `suffix` their file's (`.ptx`).
///
/// # Errors
/// When it holds neither a module nor an object, or more than one of them.
pub fn contents<'c>(variant: Op<'c>, kind: &str, suffix: &str) -> PassResult<Contents<'c>> {
    let located = |message: String| PassError::new(message).at(variant.location());
    let mut objects = objects(variant)?.into_iter();
    // A module without an op is what a source leaves that has objects only.
    let holds_code = |module: &Op<'c>| !ops_in(*module).is_empty();
    let module = ops_in(variant).into_iter().find(|op| op_name(*op) == "builtin.module").filter(holds_code);
    match (objects.next(), objects.next(), module) {
        (Some((name, data)), None, None) => Ok(Contents::Object(name, data)),
        (None, _, Some(module)) => Ok(Contents::Module(module)),
        (None, _, None) => Err(located("the variant holds neither a kernel nor an object".to_owned())
            .help(format!("give it a kernel or an object ({suffix})"))),
        (Some((first, _)), Some((second, _)), _) => {
            Err(located(format!("`{first}` and `{second}` are both given to a variant for one object"))
                .note(format!("{kind} is not linked"))
                .help("put all kernels into one object"))
        }
        (Some((name, _)), None, Some(_)) => {
            Err(located(format!("the object `{name}` stands beside a kernel: {kind} is not linked"))
                .help("let the object hold the whole kernel, and leave the inner module away"))
        }
    }
}

//! spirv.module or a given object → the words that Vulkan takes.

use ropt_mlir::{
    ir::{
        edit::{Op, nested, op_name, results, set_attribute, type_text},
        op_text, serialize_spirv,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::{
    executable::{Contents, contents},
    prelude::*,
};

use rspirv::binary::Disassemble as _;

use crate::check::check;

/// The attribute that hal-serialize-executables puts on a variant whose intermediates are wanted.
const WANTED: &str = "ropt.intermediates";

/// Sums and products of f64, and those of math functions (plugins/gpu/src/math), stay what they are: a driver may otherwise
/// take `(a + b) - a` for `b`, by which such functions lose what they gain.
fn keep_arithmetic(kernel: Op<'_>) {
    for op in nested(kernel) {
        let sum = matches!(op_name(op).as_str(), "spirv.FAdd" | "spirv.FSub" | "spirv.FMul");
        let exact = |op: Op<'_>| {
            results(op).first().is_some_and(|value| type_text(value.r#type()) == "f64")
                || op.location().to_string().contains("\"ropt-math\"")
        };
        if sum && exact(op) {
            set_attribute(op, "no_contraction", "unit");
        }
    }
}

/// The module as SPIR-V's own text, which spirv-as reads.
fn disassemble(name: &str, data: &[u8]) -> PassResult<String> {
    let module = rspirv::dr::load_bytes(data).map_err(|error| {
        PassError::new(format!("`{name}` cannot be written as text: {error}"))
            .help("look at it with spirv-val, or leave --hal-dump-executable-intermediates-to away")
    })?;
    Ok(module.disassemble() + "\n")
}

/// The binary of a variant, from its inner module or its object.
pub(crate) fn serialize(variant: Op<'_>, _cx: &PassContext<'_>) -> PassResult<Binary> {
    let mut artifacts = Vec::new();
    let (name, data) = match contents(variant, "SPIR-V", ".spv")? {
        Contents::Object(name, data) => (name, data),
        Contents::Module(module) => {
            let kernels: Vec<Op<'_>> = nested(module).into_iter().filter(|op| op_name(*op) == "spirv.module").collect();
            let [kernel] = kernels[..] else {
                return Err(PassError::new(format!(
                    "the variant holds {} spirv.modules, one is wanted",
                    kernels.len()
                ))
                .at(variant.location())
                .help("run hal-translate-executables first, or give it an object (.spv)"));
            };
            if variant.has_attribute(WANTED) {
                let text = op_text(kernel, false).into_bytes();
                artifacts.push(Artifact { suffix: ".spirv.mlir".into(), data: text.into() });
            }
            keep_arithmetic(kernel);
            let data = serialize_spirv(kernel)
                .ok_or_else(|| PassError::new("the kernel cannot be written as SPIR-V").at(kernel.location()))?;
            ("the compiled kernel".to_owned(), data)
        }
    };
    check(variant, &name, &data)?;
    if variant.has_attribute(WANTED) {
        let text = disassemble(&name, &data).map_err(|error| error.at(variant.location()))?;
        artifacts.push(Artifact { suffix: ".spvasm".into(), data: text.into_bytes().into() });
    }
    Ok(Binary {
        format: "vulkan-spirv-fb".into(),
        mime: "application/octet-stream".into(),
        suffix: ".spv".into(),
        data: data.into(),
        artifacts: artifacts.into(),
    })
}

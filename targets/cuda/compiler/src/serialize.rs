//! gpu.module or a given object → the PTX that the driver takes.

use ropt_executable::ptx::{self, Entry};
use ropt_mlir::{
    ir::{
        edit::{Op, nested, op_name},
        op_text, ops_in, symbol_name,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::{objects, shared};

/// The attribute that hal-serialize-executables puts on a variant whose intermediates are wanted.
const WANTED: &str = "ropt.intermediates";

/// The binary of a variant, from its inner module or its object.
pub(crate) fn serialize(variant: Op<'_>, cx: &PassContext<'_>) -> PassResult<Binary> {
    let inside = ops_in(variant);
    let exports: Vec<Op<'_>> = inside.iter().copied().filter(|op| op_name(*op) == "hal.executable.export").collect();
    let module = inside.into_iter().find(|op| op_name(*op) == "builtin.module");
    let object = objects::given(variant)?;
    let mut artifacts = Vec::new();
    let (name, text) = match (object, module) {
        (Some((name, data)), None) => {
            let text = String::from_utf8(data).map_err(|_| {
                PassError::new(format!("`{name}` is no PTX: it is not text"))
                    .at(variant.location())
                    .help("compile the kernel to PTX: nvcc -ptx, or clang --cuda-device-only -S")
            })?;
            (name, text)
        }
        (None, Some(module)) => {
            if variant.has_attribute(WANTED) {
                let text = op_text(module, false).into_bytes();
                artifacts.push(Artifact { suffix: ".nvvm.mlir".into(), data: text.into() });
            }
            cx.run_pipeline("builtin.module(gpu-module-to-binary{format=isa})", variant)?;
            let binary = nested(module).into_iter().find(|op| op_name(*op) == "gpu.binary");
            let text = binary.and_then(|binary| assembly(&binary.attribute("objects").ok()?.to_string()));
            let text = text.ok_or_else(|| {
                PassError::new("the variant holds no gpu.module with a target")
                    .at(variant.location())
                    .help("run hal-translate-executables first, or give it an object (.ptx)")
            })?;
            ("the compiled kernel".to_owned(), text)
        }
        (Some((name, _)), Some(_)) => {
            return Err(PassError::new(format!("the object `{name}` stands beside a kernel: PTX is not linked"))
                .at(variant.location())
                .help("let the object hold the whole kernel, and leave the inner module away"));
        }
        (None, None) => {
            return Err(PassError::new("the variant holds neither a module nor an object").at(variant.location()));
        }
    };
    let marks = check(variant, &name, &ptx::entries(&text), &exports)?;
    Ok(Binary {
        format: "cuda-nvptx-fb".into(),
        mime: "text/plain".into(),
        suffix: ".ptx".into(),
        data: format!("{}\n{marks}{}", text.trim_end(), shared::marks(variant)).into_bytes().into(),
        artifacts: artifacts.into(),
    })
}

/// The PTX in the text of a `#gpu.object`.
fn assembly(objects: &str) -> Option<String> {
    let quoted = objects.split_once("assembly = \"")?.1;
    let (mut bytes, mut rest) = (Vec::new(), quoted.bytes());
    loop {
        match rest.next()? {
            b'"' => return String::from_utf8(bytes).ok(),
            b'\\' => match rest.next()? {
                b'\\' => bytes.push(b'\\'),
                high => {
                    let digits = [high, rest.next()?];
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                }
            },
            byte => bytes.push(byte),
        }
    }
}

/// Each export is a kernel that takes the layout's bindings and constants, with the workgroup that the grid counts.
/// Gives the lines that tell the driver its workgroup.
fn check(variant: Op<'_>, name: &str, entries: &[Entry], exports: &[Op<'_>]) -> PassResult<String> {
    let located = |message: String| PassError::new(message).at(variant.location());
    let mut marks = String::new();
    for export in exports {
        let wanted = symbol_name(*export).unwrap_or_default();
        let Some(entry) = entries.iter().find(|entry| entry.name == wanted) else {
            let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
            let has = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(located(format!("`{name}` has no kernel `{wanted}`"))
                .note(format!("its kernels: {has}"))
                .help("name the kernel as the export, and declare it extern \"C\""));
        };
        let layout = export.attribute("layout").map(|layout| layout.to_string()).unwrap_or_default();
        let bindings = layout.matches("#hal.pipeline.binding<").count();
        let constants = layout.split_once("constants = ").map_or(0, |(_, rest)| {
            rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse().ok()).unwrap_or(0_usize)
        });
        let fits = entry.parameters.len() == bindings + constants
            && entry.parameters[..bindings].iter().all(|ty| ty.ends_with("64"))
            && entry.parameters[bindings..].iter().all(|ty| ty.ends_with("32"));
        if !fits {
            let list = if entry.parameters.is_empty() { "nothing".to_owned() } else { entry.parameters.join(", ") };
            return Err(located(format!(
                "`{wanted}` of `{name}` takes ({list}), but its layout has {bindings} bindings and {constants} constants"
            ))
            .note_at(export.location(), "the export is here")
            .help("a kernel takes the bindings' addresses (64 bits), then the constants (32 bits each)"));
        }
        let grid = workgroup_size(*export);
        if let (Some(own), Some(grid)) = (entry.workgroup_size, grid)
            && own != grid
        {
            let text = |size: [u32; 3]| size.map(|extent| extent.to_string()).join("×");
            return Err(located(format!(
                "`{wanted}` of `{name}` has workgroups of {} threads, but the program's grid counts workgroups of {}",
                text(own),
                text(grid)
            ))
            .note_at(export.location(), "the export is here")
            .help(format!("declare __launch_bounds__({}), or none", grid.iter().product::<u32>())));
        }
        let Some([x, y, z]) = grid.or(entry.workgroup_size) else {
            return Err(located(format!("nothing says how many threads a workgroup of `{wanted}` of `{name}` has"))
                .note_at(export.location(), "the export is here")
                .help("write workgroup_size = [64 : index, 1 : index, 1 : index] on the export"));
        };
        marks.push_str(&format!("// ropt.workgroup {wanted} {x} {y} {z}\n"));
    }
    Ok(marks)
}

/// The workgroup that the export's grid counts; none: nobody wrote it.
fn workgroup_size(export: Op<'_>) -> Option<[u32; 3]> {
    let text = export.attribute("workgroup_size").ok()?.to_string();
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
    numbers.collect::<Vec<u32>>().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assembly_is_unescaped() {
        let text = r#"[#gpu.object<#nvvm.target, properties = {O = 3 : i32}, assembly = "a\0A\09b \22c\22 \\d\5C">]"#;
        assert_eq!(assembly(text).as_deref(), Some("a\n\tb \"c\" \\d\\"));
        assert_eq!(assembly("[]"), None);
    }
}

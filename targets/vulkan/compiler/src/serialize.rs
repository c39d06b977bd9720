//! spirv.module or a given object → the words that Vulkan takes.

use ropt_executable::spirv::Module;
use ropt_mlir::{
    ir::{
        edit::{Op, nested, op_name},
        op_text, ops_in, serialize_spirv, symbol_name,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::objects;

/// The attribute that hal-serialize-executables puts on a variant whose intermediates are wanted.
const WANTED: &str = "ropt.intermediates";

/// The binary of a variant, from its inner module or its object.
pub(crate) fn serialize(variant: Op<'_>, _cx: &PassContext<'_>) -> PassResult<Binary> {
    let inside = ops_in(variant);
    let exports: Vec<Op<'_>> = inside.iter().copied().filter(|op| op_name(*op) == "hal.executable.export").collect();
    let module = inside.into_iter().find(|op| op_name(*op) == "builtin.module");
    let kernels: Vec<Op<'_>> =
        module.into_iter().flat_map(nested).filter(|op| op_name(*op) == "spirv.module").collect();
    let object = objects::given(variant)?;
    let mut artifacts = Vec::new();
    let (name, data) = match (object, kernels.as_slice()) {
        (Some((name, data)), []) => (name, data),
        (None, [kernel]) => {
            if variant.has_attribute(WANTED) {
                let text = op_text(*kernel, false).into_bytes();
                artifacts.push(Artifact { suffix: ".spirv.mlir".into(), data: text.into() });
            }
            let data = serialize_spirv(*kernel)
                .ok_or_else(|| PassError::new("the kernel cannot be written as SPIR-V").at(kernel.location()))?;
            ("the compiled kernel".to_owned(), data)
        }
        (Some((name, _)), [_, ..]) => {
            return Err(PassError::new(format!("the object `{name}` stands beside a kernel: SPIR-V is not linked"))
                .at(variant.location())
                .help("let the object hold the whole kernel, and leave the inner module away"));
        }
        (None, _) => {
            return Err(PassError::new("the variant holds neither a spirv.module nor an object")
                .at(variant.location())
                .help("run hal-translate-executables first, or give it an object (.spv)"));
        }
    };
    check(variant, &name, &data, &exports)?;
    Ok(Binary {
        format: "vulkan-spirv-fb".into(),
        mime: "application/octet-stream".into(),
        suffix: ".spv".into(),
        data: data.into(),
        artifacts: artifacts.into(),
    })
}

/// Each export is an entry point for compute, with the workgroup that the grid counts, and what the module binds is in
/// the layout.
fn check(variant: Op<'_>, name: &str, data: &[u8], exports: &[Op<'_>]) -> PassResult {
    let located = |message: String| PassError::new(message).at(variant.location());
    let module = Module::read(data).map_err(|error| located(format!("`{name}` is no SPIR-V module: {error}")))?;
    for export in exports {
        let wanted = symbol_name(*export).unwrap_or_default();
        let Some(entry) = module.entry_points.iter().find(|entry| entry.name == wanted) else {
            let names: Vec<_> = module.entry_points.iter().map(|entry| entry.name.as_str()).collect();
            let has = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(located(format!("`{name}` has no entry point `{wanted}` for compute"))
                .note(format!("its entry points: {has}"))
                .help("name the shader's entry point as the export (glslang: --source-entrypoint main -e NAME)"));
        };
        if let (Some(own), Some(grid)) = (entry.workgroup_size, workgroup_size(*export))
            && own != grid
        {
            let text = |size: [u32; 3]| size.map(|extent| extent.to_string()).join("×");
            return Err(located(format!(
                "`{wanted}` of `{name}` has workgroups of {} threads, but the program's grid counts workgroups of {}",
                text(own),
                text(grid)
            ))
            .note_at(export.location(), "the export is here")
            .help(format!(
                "declare layout(local_size_x = {}, local_size_y = {}, local_size_z = {})",
                grid[0], grid[1], grid[2]
            )));
        }
    }
    let layouts: Vec<String> =
        exports.iter().filter_map(|export| export.attribute("layout").ok().map(|layout| layout.to_string())).collect();
    let most = layouts.iter().map(|text| text.matches("#hal.pipeline.binding<").count()).max().unwrap_or(0);
    if let Some((set, number)) = module.bindings.iter().find(|(set, number)| *set != 0 || *number as usize >= most) {
        return Err(located(format!("`{name}` uses binding {number} of set {set}, which the layout does not have"))
            .note(format!("the layout has {most} bindings, numbered from 0, in set 0")));
    }
    if module.push_constants && !layouts.iter().any(|text| text.contains("constants = ")) {
        return Err(located(format!("`{name}` has push constants, but the layout has none")));
    }
    Ok(())
}

/// The workgroup that the export's grid counts; none: nobody wrote it.
fn workgroup_size(export: Op<'_>) -> Option<[u32; 3]> {
    let text = export.attribute("workgroup_size").ok()?.to_string();
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
    numbers.collect::<Vec<u32>>().try_into().ok()
}

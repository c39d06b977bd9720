//! Whether a SPIR-V module has what a variant exports: entry points of these names with the workgroup that the grid counts,
//! no binding beyond the layouts, and no more push constants.

use ropt_executable::spirv::Module;
use ropt_mlir::ir::edit::Op;
use ropt_plugin::{
    executable::{ExportOp, exports},
    prelude::*,
};

/// Refuses what does not fit, with both sides.
pub(crate) fn check(variant: Op<'_>, name: &str, data: &[u8]) -> PassResult {
    let located = |message: String| PassError::new(message).at(variant.location());
    let module = Module::read(data).map_err(|error| {
        located(format!("`{name}` is no SPIR-V module: {error}"))
            .help("compile the shader: glslangValidator -V --target-env vulkan1.1 -S comp FILE -o FILE.spv")
    })?;
    let exports = exports(variant);
    for export in &exports {
        entry_point(variant, name, &module, export)?;
    }
    let most = exports.iter().map(|export| export.layout.bindings.len()).max().unwrap_or(0);
    if let Some((set, number)) = module.bindings.iter().find(|(set, number)| *set != 0 || *number as usize >= most) {
        return Err(located(format!("`{name}` uses binding {number} of set {set}, which the layout does not have"))
            .note(format!("the layout has {most} bindings, numbered from 0, in set 0"))
            .help("declare layout(set = 0, binding = N) in the order of the layout's bindings"));
    }
    let words = exports.iter().map(|export| export.layout.constants).max().unwrap_or(0);
    let room = words.saturating_mul(4);
    let help = "push constants are the layout's constants, 32 bits each, in order";
    match module.push_constant_bytes {
        Some(bytes) if u64::from(bytes) > room => Err(located(format!(
            "`{name}` has {bytes} bytes of push constants, but the layout has {words} constants, {room} bytes"
        ))
        .help(help)),
        None if module.push_constants && words == 0 => {
            Err(located(format!("`{name}` has push constants, but the layout has none")).help(help))
        }
        _ => Ok(()),
    }
}

/// The export's entry point is there, and has its workgroup.
fn entry_point(variant: Op<'_>, name: &str, module: &Module, export: &ExportOp<'_>) -> PassResult {
    let located = |message: String| PassError::new(message).at(variant.location());
    let wanted = &export.name;
    let Some(entry) = module.entry_points.iter().find(|entry| entry.name == *wanted) else {
        let names: Vec<_> = module.entry_points.iter().map(|entry| entry.name.as_str()).collect();
        let has = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        return Err(located(format!("`{name}` has no entry point `{wanted}` for compute"))
            .note(format!("its entry points: {has}"))
            .help("name the shader's entry point as the export (glslang: --source-entrypoint main -e NAME)"));
    };
    let (Some(own), Some(grid)) = (entry.workgroup_size, export.workgroup_size) else { return Ok(()) };
    if own == grid {
        return Ok(());
    }
    let text = |size: [u32; 3]| size.map(|extent| extent.to_string()).join("×");
    Err(located(format!(
        "`{wanted}` of `{name}` has workgroups of {} threads, but the program's grid counts workgroups of {}",
        text(own),
        text(grid)
    ))
    .note_at(export.op.location(), "the export is here")
    .help(format!(
        "declare layout(local_size_x = {}, local_size_y = {}, local_size_z = {})",
        grid[0], grid[1], grid[2]
    )))
}

//! Whether a PTX module or a cubin has what a variant exports: kernels of these names, with the layout's parameters, and
//! the workgroup that the grid counts.

use ropt_executable::{
    cubin,
    interface::Layout,
    ptx::{self, Entry},
};
use ropt_mlir::{ir::edit::Op, melior::ir::operation::OperationLike};
use ropt_plugin::{
    executable::{ExportOp, exports},
    prelude::*,
};

use crate::chip::Chip;

/// The lines that tell the driver each kernel's workgroup, once everything is found to fit.
pub(crate) fn check(variant: Op<'_>, name: &str, data: &[u8]) -> PassResult<String> {
    let entries = entries(name, data).map_err(|error| error.at(variant.location()))?;
    architecture(variant, name, data)?;
    let mut marks = String::new();
    for export in exports(variant) {
        let [x, y, z] = fits(variant, name, &entries, &export)?;
        marks.push_str(&format!("// ropt.workgroup {} {x} {y} {z}\n", export.name));
    }
    Ok(marks)
}

/// PTX of a newer architecture than the variant's would not load where the variant is taken.
fn architecture(variant: Op<'_>, name: &str, data: &[u8]) -> PassResult {
    let number = |chip: &str| chip.trim_start_matches("sm_").trim_end_matches(['a', 'f']).parse::<u32>().ok();
    let text = std::str::from_utf8(data).unwrap_or_default();
    let Some(own) = ptx::target(text) else { return Ok(()) };
    let chip = variant.attribute("target").map(|target| Chip::parse(&target.to_string()))??.name;
    match (number(own), number(&chip)) {
        (Some(newer), Some(wanted)) if newer > wanted => {
            Err(PassError::new(format!("`{name}` is for {own}, the variant for {chip}"))
                .at(variant.location())
                .help(format!("compile the kernel for {chip}, or the program with --cuda-chip={own}")))
        }
        _ => Ok(()),
    }
}

/// The kernels of an object.
fn entries(name: &str, data: &[u8]) -> PassResult<Vec<Entry>> {
    if cubin::is_cubin(data) {
        return cubin::entries(data).map_err(|error| {
            PassError::new(format!("`{name}`: {error}")).help("make it with nvcc -cubin, or give the kernel as PTX")
        });
    }
    let text = std::str::from_utf8(data).map_err(|_| {
        PassError::new(format!("`{name}` is no PTX: it is not text"))
            .help("compile the kernel to PTX: nvcc -ptx, or clang --cuda-device-only -S")
    })?;
    if !ptx::is_whole(text) {
        return Err(PassError::new(format!("`{name}` ends inside of a block: it was cut off"))
            .help("write the file again; PTX has as many `}` as `{`"));
    }
    Ok(ptx::entries(text))
}

/// The workgroup of the export's kernel.
fn fits(variant: Op<'_>, name: &str, entries: &[Entry], export: &ExportOp<'_>) -> PassResult<[u32; 3]> {
    let located = |message: String| PassError::new(message).at(variant.location());
    let wanted = &export.name;
    let Some(entry) = entries.iter().find(|entry| entry.name == *wanted) else {
        let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
        let has = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        return Err(located(format!("`{name}` has no kernel `{wanted}`"))
            .note(format!("its kernels: {has}"))
            .help("name the kernel as the export, and declare it extern \"C\""));
    };
    if !takes(entry, &export.layout) {
        let list = if entry.parameters.is_empty() { "nothing".to_owned() } else { entry.parameters.join(", ") };
        let (bindings, constants) = (export.layout.bindings.len(), export.layout.constants);
        return Err(located(format!(
            "`{wanted}` of `{name}` takes ({list}), but its layout has {bindings} bindings and {constants} constants"
        ))
        .note_at(export.op.location(), "the export is here")
        .help("a kernel takes the bindings' addresses (64 bits), then the constants (32 bits each)"));
    }
    if let (Some(own), Some(grid)) = (entry.workgroup_size, export.workgroup_size)
        && own != grid
    {
        let text = |size: [u32; 3]| size.map(|extent| extent.to_string()).join("×");
        return Err(located(format!(
            "`{wanted}` of `{name}` has workgroups of {} threads, but the program's grid counts workgroups of {}",
            text(own),
            text(grid)
        ))
        .note_at(export.op.location(), "the export is here")
        .help(format!("declare __launch_bounds__({}), or none", grid.iter().product::<u32>())));
    }
    export.workgroup_size.or(entry.workgroup_size).ok_or_else(|| {
        located(format!("nothing says how many threads a workgroup of `{wanted}` of `{name}` has"))
            .note_at(export.op.location(), "the export is here")
            .help("write workgroup_size = [64 : index, 1 : index, 1 : index] on the export")
    })
}

/// Addresses of 64 bits for the bindings, then 32 bits for each constant.
fn takes(entry: &Entry, layout: &Layout) -> bool {
    let bindings = layout.bindings.len();
    let Some((addresses, constants)) = entry.parameters.split_at_checked(bindings) else { return false };
    constants.len() as u64 == layout.constants
        && addresses.iter().all(|ty| ty.ends_with("64"))
        && constants.iter().all(|ty| ty.ends_with("32"))
}

//! Replacing a variant's contents by an object.

use crate::{clang, device_sources, error::SubstituteError, gather::Request, plan::Change};
use ropt_executable::{
    FileKind,
    interface::{Target, Variant},
    libc_has,
    object::{ObjectFile, machine_of_format},
};
use ropt_mlir::{
    ir::{
        bytes_text,
        edit::{Op, context_of, nested, op_name},
        string_text,
    },
    llvm::LlvmModule,
    melior::ir::RegionLike,
};
use ropt_plugin::{
    executable::{children, variant as interface_of},
    prelude::*,
};
use std::{path::Path, time::Duration};

/// Finds the variant that the file is for, compiles it when it is source text, and checks what it defines.
///
/// # Errors
/// When no variant or several take it, or it does not have what the variant exports.
pub(crate) fn check<'c>(
    request: &Request,
    original: Op<'c>,
    data: &[u8],
    limit: Duration,
    cx: &PassContext<'_>,
) -> PassResult<Change<'c>> {
    let refuse = |error: SubstituteError| error.refuse(request, original.location());
    let Some(kind) = request.kind else { return Err(refuse(SubstituteError::Kind(request.path.clone()))) };
    if op_name(original) == "hal.executable.source" {
        return Err(refuse(SubstituteError::Source(kind)));
    }
    let fitting = pick(request, original, kind, data).map_err(refuse)?;
    let (mut variants, mut refused) = (Vec::new(), Vec::new());
    for (variant, about) in &fitting {
        let kind = if is_own(request, &about.name) { FileKind::Own } else { kind };
        match contents(request, original, kind, (*variant, about), data, limit, cx) {
            Ok(objects) => variants.push((*variant, objects)),
            Err(error) => refused.push((about.name.as_str(), error)),
        }
    }
    if variants.is_empty() {
        return refused
            .into_iter()
            .next()
            .map_or_else(|| Err(PassError::internal("no variant")), |(_, error)| Err(error));
    }
    for (name, error) in refused {
        let message = format!("variant @{name} of executable @{} keeps its own kernel", request.executable);
        cx.warning_with(original.location(), message, &[error.message().to_owned()]);
    }
    Ok(Change::Object { variants })
}

/// Whether the file is of a form that the variant's target has for itself.
fn is_own(request: &Request, variant: &str) -> bool {
    let name = request.path.file_name().unwrap_or_default().to_string_lossy();
    request.variants.iter().any(|one| one.name == variant && one.is_own(&name))
}

/// The attribute's text of the object that stands for what the variant holds.
fn contents<'c>(
    request: &Request,
    original: Op<'c>,
    kind: FileKind,
    (variant, about): (Op<'c>, &Variant),
    data: &[u8],
    limit: Duration,
    cx: &PassContext<'_>,
) -> PassResult<String> {
    let refuse = |error: SubstituteError| error.refuse(request, original.location());
    for export in children(variant, "hal.executable.export") {
        let open = nested(export).into_iter().any(|op| op_name(op).contains("workgroup_count_from"));
        if open || export.region(0).ok().and_then(|count| count.first_block()).is_none() {
            let name = ropt_mlir::ir::symbol_name(export).unwrap_or_default();
            let there = (export.location(), "the export is here".to_owned());
            return Err(SubstituteError::Grid(name).refuse_with(request, original.location(), &[there]));
        }
    }
    let target = variant.attribute("target").ok().map(|target| target.to_string()).unwrap_or_default();
    let compiled = match kind {
        FileKind::C | FileKind::Assembly => {
            Some(clang::compile(&request.path, kind, &target, limit, original.location(), cx))
        }
        FileKind::Cuda | FileKind::Glsl => {
            let object = device_sources::compile(&request.path, kind, about, limit, original.location(), cx);
            Some(object.map(|object| clang::Compiled { object, module: None }))
        }
        _ => None,
    };
    let compiled = compiled.transpose().map_err(|failure| failure.refuse(request, original.location()))?;
    let data = compiled.as_ref().map_or(data, |compiled| &compiled.object);
    let name = named(&request.path, kind);
    let bitcode;
    let data = match kind {
        FileKind::Bitcode | FileKind::LlvmText => {
            bitcode = llvm(&request.path, data, about).map_err(refuse)?;
            &bitcode
        }
        FileKind::Elf | FileKind::Archive | FileKind::C | FileKind::Assembly => {
            object(data, about).map_err(refuse)?;
            data
        }
        _ => {
            // Only the target knows what its objects hold.
            let backend = about.target.as_ref().map(|target| target.backend.as_str()).unwrap_or_default();
            cx.target(backend)?.check_object(variant, &request.path.display().to_string(), data, cx).map_err(
                |error| {
                    let message = format!("cannot substitute executable @{}: {}", request.executable, error.message());
                    error.within(message, format!("asked for by {}", request.origin))
                },
            )?;
            data
        }
    };
    if let Some(module) = compiled.as_ref().and_then(|compiled| compiled.module.as_ref()) {
        are_kernels(module, about).map_err(refuse)?;
    }
    let path = string_text(context_of(variant), &name);
    Ok(format!("[#hal.executable.object<{{path = {path}, data = {}}}>]", bytes_text(data)))
}

/// The file's name with the extension of what is embedded.
fn named(path: &Path, kind: FileKind) -> String {
    let extension = match kind {
        FileKind::C | FileKind::Assembly => "o",
        FileKind::LlvmText => "bc",
        FileKind::Cuda => "ptx",
        FileKind::Glsl => "spv",
        _ => return path.display().to_string(),
    };
    path.with_extension(extension).display().to_string()
}

/// The variant that the user names, or those that take a file of this kind: one, or several for one GPU's family, which
/// differ in the architecture only.
fn pick<'c>(
    request: &Request,
    original: Op<'c>,
    kind: FileKind,
    data: &[u8],
) -> Result<Vec<(Op<'c>, Variant)>, SubstituteError> {
    let all: Vec<(Op<'c>, Variant)> =
        children(original, "hal.executable.variant").into_iter().map(|op| (op, interface_of(op))).collect();
    let described = |list: &[(Op<'c>, Variant)]| {
        let one = |(_, variant): &(Op<'c>, Variant)| match &variant.target {
            Some(target) => format!("@{} for {target}", variant.name),
            None => format!("@{}", variant.name),
        };
        if list.is_empty() { "it has none".to_owned() } else { list.iter().map(one).collect::<Vec<_>>().join(", ") }
    };
    let variants = described(&all);
    let takes = |variant: &Variant| {
        let suits = |target: &Target| kind.suits(&target.backend, &target.format);
        is_own(request, &variant.name) || variant.target.as_ref().is_some_and(suits)
    };
    let named = |variant: &Variant| request.variant.as_ref().is_none_or(|name| *name == variant.name);
    let mut fitting: Vec<_> = all.into_iter().filter(|(_, variant)| takes(variant) && named(variant)).collect();
    if fitting.len() > 1 && matches!(kind, FileKind::Elf | FileKind::Archive) {
        // The machine tells CPU variants apart.
        let machine = ObjectFile::read(data)?.machine;
        fitting.retain(|(_, variant)| expected_machine(variant).is_none_or(|expected| expected == machine));
    }
    let format =
        |variant: &Variant| variant.target.as_ref().map(|target| (target.backend.clone(), target.format.clone()));
    let family = kind.is_for_gpus() && fitting.iter().all(|(_, variant)| format(variant) == format(&fitting[0].1));
    match fitting.len() {
        0 => Err(SubstituteError::NoVariant { kind, variants }),
        1 => Ok(fitting),
        _ if family => Ok(fitting),
        _ => Err(SubstituteError::SeveralVariants {
            kind,
            spellings: fitting
                .iter()
                .map(|(_, variant)| format!("{}@{}={}", request.executable, variant.name, request.path.display()))
                .collect(),
        }),
    }
}

fn expected_machine(variant: &Variant) -> Option<&str> {
    machine_of_format(&variant.target.as_ref()?.format)
}

/// An ELF file or archive: machine, functions, and nothing beyond libc.
fn object(data: &[u8], variant: &Variant) -> Result<(), SubstituteError> {
    let object = ObjectFile::read(data)?;
    machine_fits(&object.machine, variant)?;
    let is_export = |name: &&String| variant.exports.iter().any(|export| export.name == **name);
    if let Some(hidden) = object.hidden.iter().find(is_export) {
        return Err(SubstituteError::Hidden(hidden.clone()));
    }
    if let Some(twice) = object.clashing.iter().find(is_export) {
        return Err(SubstituteError::Clash(twice.clone()));
    }
    defines(&object.functions, variant)?;
    needs(&object.undefined, &object.machine)
}

/// LLVM IR, text or bitcode, of this LLVM or an older one.
fn llvm(path: &Path, data: &[u8], variant: &Variant) -> Result<Vec<u8>, SubstituteError> {
    let module = LlvmModule::parse(data, &path.display().to_string())
        .and_then(|module| module.verify().map(|()| module))
        .map_err(|error| SubstituteError::Llvm(error.to_string()))?;
    let triple = module.triple();
    let machine = triple.split('-').next().unwrap_or_default();
    machine_fits(machine, variant)?;
    defines(&module.defined_functions(), variant)?;
    needs(&module.needed_functions(), if machine.is_empty() { std::env::consts::ARCH } else { machine })?;
    are_kernels(&module, variant)?;
    Ok(module.to_bitcode())
}

/// The file is for the variant's machine, or does not say.
fn machine_fits(found: &str, variant: &Variant) -> Result<(), SubstituteError> {
    match expected_machine(variant) {
        Some(expected) if !found.is_empty() && found != expected => Err(SubstituteError::Machine {
            variant: variant.name.clone(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Nothing beyond libc and libm; another machine's libc is not here to be asked.
fn needs(undefined: &[String], machine: &str) -> Result<(), SubstituteError> {
    let here = machine == std::env::consts::ARCH;
    let foreign: Vec<String> =
        undefined.iter().filter(|name| here && !libc_has(name)).map(|name| format!("`{name}`")).collect();
    if foreign.is_empty() { Ok(()) } else { Err(SubstituteError::Undefined(foreign.join(", "))) }
}

/// What a kernel's function is in LLVM IR, whatever the three structures are called.
pub(crate) const KERNEL: &str = "i32 (ptr, ptr, ptr)";

/// Each export's function takes and gives what kernels do. Machine code does not tell.
fn are_kernels(module: &LlvmModule, variant: &Variant) -> Result<(), SubstituteError> {
    for export in &variant.exports {
        if let Some(found) = module.function_type(&export.name).filter(|found| found != KERNEL) {
            return Err(SubstituteError::Signature { export: export.name.clone(), found });
        }
    }
    Ok(())
}

/// Each export is a function of the object.
fn defines(functions: &[String], variant: &Variant) -> Result<(), SubstituteError> {
    match variant.exports.iter().find(|export| !functions.contains(&export.name)) {
        Some(export) => Err(SubstituteError::Symbol { export: export.name.clone(), defined: functions.to_vec() }),
        None => Ok(()),
    }
}

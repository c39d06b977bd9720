//! Whose a file is, by what is in it, where its name does not say.

use super::{Executables, Request, open};
use ropt_executable::{FileKind, object::ObjectFile};
use ropt_mlir::{
    ir::{
        edit::{context_of, pin},
        read_file, symbol_name,
    },
    llvm::LlvmModule,
};
use ropt_plugin::executable::{children, interface};
use std::path::Path;

/// The executables, by place, that the file holds as a whole: as IR of their names, or as functions for all exports of
/// a variant that takes such a file. None when the file cannot be read, or tells only when it is compiled.
pub(super) fn held(executables: &Executables<'_>, path: &Path) -> Vec<usize> {
    let mut request = Request { path: path.to_owned(), ..Request::default() };
    let Ok(data) = open(&mut request) else { return Vec::new() };
    let functions = match request.kind {
        Some(FileKind::Mlir | FileKind::MlirBytecode) => return named(executables, path),
        Some(FileKind::Elf | FileKind::Archive) => ObjectFile::read(&data).map(|object| object.functions).ok(),
        Some(FileKind::Bitcode | FileKind::LlvmText) => {
            LlvmModule::parse(&data, &path.display().to_string()).map(|module| module.defined_functions()).ok()
        }
        _ => None,
    };
    let (Some(functions), Some(kind)) = (functions, request.kind) else { return Vec::new() };
    let holds = |executable| {
        interface(executable).variants.iter().any(|variant| {
            let takes = variant.target.as_ref().is_some_and(|target| kind.suits(&target.backend, &target.format));
            let mut exports = variant.exports.iter();
            takes && !variant.exports.is_empty() && exports.all(|export| functions.contains(&export.name))
        })
    };
    let all = executables.list.iter().enumerate();
    all.filter(|(_, (_, op))| holds(*op)).map(|(place, _)| place).collect()
}

/// The executables whose names the file's have.
fn named(executables: &Executables<'_>, path: &Path) -> Vec<usize> {
    let Ok(file) = read_file(context_of(executables.module), path) else { return Vec::new() };
    let module = pin(file.as_operation());
    let theirs: Vec<String> = ["hal.executable", "hal.executable.source"]
        .iter()
        .flat_map(|name| children(module, name))
        .filter_map(symbol_name)
        .collect();
    let all = executables.list.iter().enumerate();
    all.filter(|(_, (known, _))| theirs.contains(&known.name)).map(|(place, _)| place).collect()
}

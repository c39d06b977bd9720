//! What is to be replaced: the substitutions by name and the files of folders, each with the flag that asked for it.

use crate::{error::SubstituteError, substitute_executables::Stage};
use ropt_executable::{
    FileKind, did_you_mean,
    names::{Entry, Known, KnownVariant, Spelling, match_directory},
};
use ropt_mlir::ir::{
    edit::{Op, op_name, pin},
    ops_in, symbol_name,
};
use ropt_plugin::{
    executable::{interface, known_variants},
    prelude::*,
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

mod contents;
mod folder;

/// The pass's options.
pub(crate) struct Wanted<'a> {
    pub(crate) substitutions: &'a [String],
    pub(crate) folders: &'a [String],
    pub(crate) search_path: &'a [String],
    pub(crate) stage: Stage,
}

/// One thing to replace.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    /// The executable's symbol.
    pub(crate) executable: String,
    /// The variant's, when it is said.
    pub(crate) variant: Option<String>,
    /// The file.
    pub(crate) path: PathBuf,
    /// The flag or option, as the user wrote it.
    pub(crate) origin: String,
    /// What the file is; filled in by [`open`].
    pub(crate) kind: Option<FileKind>,
    /// The executable's variants, with the suffixes that are their targets' own.
    pub(crate) variants: Vec<KnownVariant>,
}

/// The program's executables, in order.
pub(crate) struct Executables<'c> {
    pub(crate) module: Op<'c>,
    pub(crate) list: Vec<(Known, Op<'c>)>,
}

impl<'c> Executables<'c> {
    pub(crate) fn of(module: Op<'c>, cx: &PassContext<'_>) -> Self {
        let mut suffixes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut known = |op| {
            let mut known = known_variants(op);
            for (variant, about) in known.iter_mut().zip(interface(op).variants) {
                let Some(backend) = about.target.map(|target| target.backend) else { continue };
                // A target that is not there has no forms of its own; that it is missing, others tell.
                let ask = || cx.target(&backend).map(|target| target.object_suffixes()).unwrap_or_default();
                variant.objects.clone_from(suffixes.entry(backend.clone()).or_insert_with(ask));
            }
            known
        };
        let ops = ops_in(module).into_iter().map(pin);
        let list = ops
            .filter(|op| matches!(op_name(*op).as_str(), "hal.executable" | "hal.executable.source"))
            .map(|op| (Known { name: symbol_name(op).unwrap_or_default(), variants: known(op) }, op))
            .collect();
        Self { module, list }
    }

    /// The op of that name.
    pub(crate) fn find(&self, name: &str) -> Option<Op<'c>> {
        self.list.iter().find(|(known, _)| known.name == name).map(|(_, op)| *op)
    }
}

/// All requests, in the order of the executables. Names win over folders.
///
/// # Errors
/// When a spelling is wrong, an executable or a file is not there, or a folder is ambiguous.
pub(crate) fn gather(
    executables: &Executables<'_>,
    wanted: &Wanted<'_>,
    cx: &PassContext<'_>,
) -> PassResult<Vec<Request>> {
    let mut requests: Vec<Request> = Vec::new();
    let location = executables.module.location();
    let by_flag = wanted.stage.flags().filter(|flags| flags.iter().any(|flag| !cx.flag(flag).is_empty()));
    for text in wanted.substitutions {
        let origin = match by_flag {
            Some([flag, _]) => format!("--{flag}={text}"),
            None => format!("option substitutions={text} of hal-substitute-executables"),
        };
        requests.push(by_name(executables, wanted, text, origin, location)?);
    }
    let by_name = requests.len();
    for folder in wanted.folders.iter().filter(|folder| !folder.is_empty()) {
        let origin = match by_flag {
            Some([_, flag]) => format!("--{flag}={folder}"),
            None => format!("option search-path={folder} of hal-substitute-executables"),
        };
        for request in folder::scan(executables, wanted.stage, Path::new(folder), &origin, cx)? {
            let named = requests.iter().position(|one| {
                one.executable == request.executable
                    && (one.variant.is_none() || request.variant.is_none() || one.variant == request.variant)
            });
            match named.map(|place| (place, &requests[place])) {
                Some((_, named)) if named.path == request.path => {}
                Some((place, named)) if place >= by_name => {
                    let error = SubstituteError::Twice { file: request.path.clone(), other: named.path.clone() };
                    return Err(error.refuse(&request, location));
                }
                Some((_, named)) => cx.remark(
                    location,
                    format!("`{}` is passed over: {} names another file", request.path.display(), named.origin),
                ),
                None => requests.push(request),
            }
        }
    }
    Ok(requests)
}

fn by_name(
    executables: &Executables<'_>,
    wanted: &Wanted<'_>,
    text: &str,
    origin: String,
    location: Location<'_>,
) -> PassResult<Request> {
    let mut request = Request { origin, ..Request::default() };
    let spelling: Spelling = match text.parse() {
        Ok(spelling) => spelling,
        Err(error) => return Err(SubstituteError::from(error).refuse(&request, location)),
    };
    request.executable.clone_from(&spelling.executable);
    request.variant = spelling.variant;
    request.path = spelling.file.clone().into();
    let Some((known, op)) = executables.list.iter().find(|(known, _)| known.name == spelling.executable) else {
        let names = executables.list.iter().map(|(known, _)| known.name.as_str());
        let help = did_you_mean(&spelling.executable, "executables", names);
        return Err(SubstituteError::UnknownExecutable(spelling.executable).refuse(&request, location).help(help));
    };
    request.variants.clone_from(&known.variants);
    if let Some(variant) = &request.variant
        && !known.variants.iter().any(|one| one.name == *variant)
    {
        let help = did_you_mean(variant, "variants", known.variants.iter().map(|one| one.name.as_str()));
        return Err(SubstituteError::UnknownVariant(variant.clone()).refuse(&request, op.location()).help(help));
    }
    find(&mut request, wanted.search_path, op.location())?;
    Ok(request)
}

/// Looks for a relative file in the current folder and then along the search path.
fn find(request: &mut Request, search_path: &[String], location: Location<'_>) -> PassResult {
    let mut tried = vec![request.path.clone()];
    if request.path.is_relative() {
        tried.extend(
            search_path.iter().filter(|folder| !folder.is_empty()).map(|folder| Path::new(folder).join(&request.path)),
        );
    }
    if let Some(there) = tried.iter().find(|path| fs::symlink_metadata(path).is_ok()) {
        request.path.clone_from(there);
        return Ok(());
    }
    let refused = SubstituteError::Missing(request.path.display().to_string()).refuse(request, location);
    let refused = tried.iter().fold(refused, |error, path| error.note(format!("tried `{}`", path.display())));
    Err(refused.help("paths are relative to the current folder and to --hal-executable-object-search-path="))
}

/// Bytes that a file may have: far more than any kernel, far less than what a machine's memory is filled by.
const MOST: u64 = 1 << 30;

/// Reads the file and says what it is.
///
/// # Errors
/// When it cannot be read, or is nothing that stands for an executable.
pub(crate) fn open(request: &mut Request) -> Result<Vec<u8>, SubstituteError> {
    let path = request.path.clone();
    let unreadable = |source| SubstituteError::Unreadable { path: path.clone(), source };
    let about = fs::metadata(&path).map_err(unreadable)?;
    if about.is_dir() {
        return Err(SubstituteError::Folder(path));
    }
    if !about.is_file() {
        return Err(SubstituteError::NotRegular(path));
    }
    if about.len() > MOST {
        return Err(SubstituteError::Huge { path, size: about.len(), most: MOST });
    }
    let data = fs::read(&path).map_err(unreadable)?;
    if data.iter().all(u8::is_ascii_whitespace) {
        return Err(SubstituteError::Empty(path));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let own = request.variants.iter().any(|variant| variant.is_own(&name)).then_some(FileKind::Own);
    request.kind = FileKind::of(&name, &data).or(own);
    match (request.kind, FileKind::by_extension(&name)) {
        (Some(_), _) => Ok(data),
        (None, Some(expected)) => Err(SubstituteError::Content { path, expected }),
        (None, None) => Err(SubstituteError::Kind(path)),
    }
}

/// The names that files of this module start with.
fn module_name(module: Op<'_>) -> String {
    symbol_name(module).unwrap_or_else(|| "module".to_owned())
}

fn matches_of(executables: &Executables<'_>, entries: &[Entry], stage: Stage) -> ropt_executable::names::Matches {
    let known: Vec<Known> = executables.list.iter().map(|(known, _)| known.clone()).collect();
    match_directory(&module_name(executables.module), &known, entries, stage.matching())
}

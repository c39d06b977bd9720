//! Replacing an executable by one from a file of IR.

use crate::{error::SubstituteError, gather::Request, plan::Change, substitute_executables::Stage};
use ropt_executable::interface::{Finding, Interface, Variant, counterpart};
use ropt_mlir::{
    ir::{
        edit::{Op, context_of, nested, op_name},
        read_file, symbol_name,
    },
    melior::ir::Module,
};
use ropt_plugin::{
    executable::{self, Sites, Unfit, children, interface, pick},
    prelude::*,
};

/// Reads the file and checks its executable against the original and its dispatches.
///
/// # Errors
/// When the file is no IR, holds no executable of that name, or the executable does not fit.
pub(crate) fn check<'c>(
    request: &Request,
    original: Op<'c>,
    sites: &Sites<'c>,
    stage: Stage,
    cx: &PassContext<'_>,
) -> PassResult<Change<'c>> {
    let at = original.location();
    let file = read_file(context_of(original), &request.path).map_err(|error| {
        let places: Vec<_> =
            std::iter::once((error.location, "the mistake is here".to_owned())).chain(error.more).collect();
        SubstituteError::Parse(format!("the file cannot be read as IR: {}", error.message))
            .refuse_with(request, at, &places)
    })?;
    let refuse = |error: SubstituteError| error.refuse(request, at);
    let replacement = pick(&file, &request.executable).map_err(|error| refuse(error.into()))?;
    let theirs = replacement.location();
    let there = (theirs, "the file's executable is here".to_owned());
    let refuse = |error: SubstituteError| error.refuse_with(request, at, std::slice::from_ref(&there));
    let (ours, mut found) = (interface(original), interface(replacement));
    if let Some(variant) = &request.variant {
        limit(&mut found, &ours, variant).map_err(refuse)?;
    }
    let findings = executable::check(&ours, &found, replacement, sites).map_err(|unfit| match unfit {
        Unfit::Interface(mismatch) => refuse(mismatch.into()),
        Unfit::Site { mismatch, dispatch } => {
            let places = [there.clone(), (dispatch.location(), "the dispatch is here".to_owned())];
            SubstituteError::from(mismatch).refuse_with(request, at, &places)
        }
    })?;
    if stage == Stage::Objects && nested(replacement).into_iter().any(|op| op_name(op).starts_with("hal.interface.")) {
        return Err(refuse(SubstituteError::NotTranslated));
    }
    for finding in findings {
        report(&finding, request, theirs, cx);
    }
    Ok(change(file, original, replacement, &ours, &found, request.variant.as_deref()))
}

fn report(finding: &Finding, request: &Request, location: Location<'_>, cx: &PassContext<'_>) {
    cx.warning_with(
        location,
        format!("executable @{}: {finding}", request.executable),
        &[format!("asked for by {}", request.origin)],
    );
}

/// Keeps of the file's variants the one that stands for `variant`.
fn limit(found: &mut Interface, ours: &Interface, variant: &str) -> Result<(), SubstituteError> {
    let stands =
        |one: &&Variant| one.target.is_none() || counterpart(ours, one).is_some_and(|theirs| theirs.name == variant);
    match found.variants.iter().find(stands).cloned() {
        Some(one) => {
            found.variants = vec![one];
            Ok(())
        }
        None => {
            let names: Vec<String> = found.variants.iter().map(|one| format!("@{}", one.name)).collect();
            let found = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            Err(SubstituteError::FileVariant { variant: variant.to_owned(), found })
        }
    }
}

/// The whole executable when the file has all its variants; otherwise those that it has.
fn change<'c>(
    file: Module<'c>,
    original: Op<'c>,
    executable: Op<'c>,
    ours: &Interface,
    found: &Interface,
    only: Option<&str>,
) -> Change<'c> {
    let is_source = |op| op_name(op) == "hal.executable.source";
    if is_source(original) {
        return Change::Whole { file, executable };
    }
    let variants = children(original, "hal.executable.variant");
    let named =
        |list: &[Op<'c>], name: &str| list.iter().find(|op| symbol_name(**op).as_deref() == Some(name)).copied();
    if is_source(executable) {
        let wanted = |op: &Op<'c>| only.is_none_or(|name| symbol_name(*op).as_deref() == Some(name));
        let variants = variants.into_iter().filter(wanted).collect();
        return Change::Source { file, source: executable, variants };
    }
    let theirs = children(executable, "hal.executable.variant");
    let pairs: Vec<(Op<'c>, Op<'c>)> = found
        .variants
        .iter()
        .filter_map(|one| Some((named(&variants, &counterpart(ours, one)?.name)?, named(&theirs, &one.name)?)))
        .collect();
    if pairs.len() == variants.len() && pairs.len() == theirs.len() {
        return Change::Whole { file, executable };
    }
    Change::Variants { file, pairs }
}

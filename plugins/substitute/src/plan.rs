//! Everything that will be replaced, checked. Nothing here touches the module.

use crate::{
    error::SubstituteError,
    gather::{Executables, Request, open},
    ir, objects,
    substitute_executables::Stage,
};
use ropt_mlir::{ir::edit::Op, melior::ir::Module};
use ropt_plugin::{executable::Sites, prelude::*};
use std::{path::PathBuf, time::Duration};

/// One replacement, ready to be made.
pub(crate) struct Plan<'c> {
    /// What is replaced.
    pub(crate) original: Op<'c>,
    /// What it is replaced by.
    pub(crate) change: Change<'c>,
    /// What the user is told when it is done.
    pub(crate) said: String,
    /// Where the original stood.
    pub(crate) location: Location<'c>,
}

/// How something is replaced. The ops are in `file`, which must live until they are moved out.
pub(crate) enum Change<'c> {
    /// The executable by another one.
    Whole { file: Module<'c>, executable: Op<'c> },
    /// Each of these variants (first) by one of the file's (second).
    Variants { file: Module<'c>, pairs: Vec<(Op<'c>, Op<'c>)> },
    /// The contents of these variants by those of a source.
    Source { file: Module<'c>, source: Op<'c>, variants: Vec<Op<'c>> },
    /// The contents of these variants by an object, given as the attribute's text.
    Object { variants: Vec<(Op<'c>, String)> },
}

/// Checks all requests; `limit` is the time that compiling one file may take.
///
/// # Errors
/// The first that cannot be met.
pub(crate) fn plan<'c>(
    module: Op<'c>,
    executables: &Executables<'c>,
    requests: &[Request],
    stage: Stage,
    limit: Duration,
    cx: &PassContext<'_>,
) -> PassResult<Vec<Plan<'c>>> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let sites = Sites::of(module);
    let mut plans = Vec::new();
    let mut taken: Vec<(Op<'c>, Option<Op<'c>>, PathBuf)> = Vec::new();
    for request in requests {
        if cx.cancelled() {
            return Err(PassError::new("interrupted before anything was replaced"));
        }
        let Some(original) = executables.find(&request.executable) else { continue };
        let mut request = request.clone();
        let data = open(&mut request).map_err(|error| error.refuse(&request, original.location()))?;
        let change = if request.kind.is_some_and(|kind| kind.is_ir()) {
            ir::check(&request, original, &sites, stage, cx)?
        } else {
            objects::check(&request, original, &data, limit, cx)?
        };
        for replaced in replaced(&change) {
            let clash = taken.iter().find(|(executable, variant, _)| {
                *executable == original && (variant.is_none() || replaced.is_none() || *variant == replaced)
            });
            if let Some((_, _, other)) = clash {
                let error = SubstituteError::Twice { file: request.path.clone(), other: other.clone() };
                return Err(error.refuse(&request, original.location()));
            }
            taken.push((original, replaced, request.path.clone()));
        }
        let what = match &request.variant {
            Some(variant) => format!("variant @{variant} of executable @{}", request.executable),
            None => format!("executable @{}", request.executable),
        };
        let said = format!("{what} is substituted by `{}` ({})", request.path.display(), request.origin);
        plans.push(Plan { original, change, said, location: original.location() });
    }
    Ok(plans)
}

/// The variants that a change replaces; none for the whole executable.
fn replaced<'c>(change: &Change<'c>) -> Vec<Option<Op<'c>>> {
    match change {
        Change::Whole { .. } => vec![None],
        Change::Variants { pairs, .. } => pairs.iter().map(|(old, _)| Some(*old)).collect(),
        Change::Source { variants, .. } => variants.iter().copied().map(Some).collect(),
        Change::Object { variants } => variants.iter().map(|(variant, _)| Some(*variant)).collect(),
    }
}

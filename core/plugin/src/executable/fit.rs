//! Whether an executable can stand for another one.

use super::{Sites, children, function, is_defined};
use ropt_executable::interface::{Finding, Interface, Mismatch, SiteMismatch, check_site, compare};
use ropt_mlir::{
    ir::{
        edit::{Op, nested, op_name, pin},
        symbol_name,
    },
    melior::ir::{Module, operation::OperationLike},
};
use thiserror::Error;

/// Why an executable cannot stand for another one.
#[derive(Debug, Error)]
pub enum Unfit<'c> {
    /// Its interface is another.
    #[error("{0}")]
    Interface(#[from] Mismatch),
    /// A dispatch passes something else than it takes.
    #[error("{mismatch}")]
    Site {
        /// Both sides.
        mismatch: SiteMismatch,
        /// The dispatch.
        dispatch: Op<'c>,
    },
}

/// Why a module does not say which executable is meant; the text is what the module does.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PickError {
    /// There is none in it; what is there instead.
    #[error("holds no hal.executable{0}")]
    None(&'static str),
    /// Several, and none of the name.
    #[error("holds executables {0} and none of this name")]
    Others(String),
}

/// The executable of a module that came from outside: the only one whatever its name is, or the one of that name.
///
/// # Errors
/// When there is none, or several of other names.
pub fn pick<'c>(file: &Module<'c>, name: &str) -> Result<Op<'c>, PickError> {
    let module = pin(file.as_operation());
    let mut all = children(module, "hal.executable");
    all.extend(children(module, "hal.executable.source"));
    if let [one] = all[..] {
        return Ok(one);
    }
    if let Some(named) = all.iter().find(|op| symbol_name(**op).as_deref() == Some(name)) {
        return Ok(*named);
    }
    if all.is_empty() {
        let inner = nested(module).into_iter().any(|op| op_name(op) == "hal.executable");
        let has_functions = !children(module, "func.func").is_empty();
        return Err(PickError::None(match (inner, has_functions) {
            (true, _) => " at its top",
            (false, true) => ", only functions",
            (false, false) => "",
        }));
    }
    let names: Vec<String> = all.into_iter().filter_map(symbol_name).map(|name| format!("@{name}")).collect();
    Err(PickError::Others(names.join(", ")))
}

/// Checks `found`, the interface of `replacement` or of some of its variants, against the original's and against the
/// original's dispatches. What does not stand in the way but will surprise comes back.
///
/// # Errors
/// The first mismatch, from the outside in.
pub fn check<'c>(
    ours: &Interface,
    found: &Interface,
    replacement: Op<'c>,
    sites: &Sites<'c>,
) -> Result<Vec<Finding>, Unfit<'c>> {
    let findings = compare(ours, found)?;
    bodies(replacement, found)?;
    for (site, dispatch) in sites.dispatching(&ours.name) {
        for export in found.variants.iter().filter_map(|variant| variant.export(&site.export)) {
            check_site(site, export).map_err(|mismatch| Unfit::Site { mismatch, dispatch: *dispatch })?;
        }
    }
    Ok(findings)
}

/// Each export needs a function, unless objects or a binary have it.
fn bodies(executable: Op<'_>, found: &Interface) -> Result<(), Mismatch> {
    let holders = if op_name(executable) == "hal.executable.source" {
        vec![executable]
    } else {
        children(executable, "hal.executable.variant")
    };
    for holder in holders {
        let name = symbol_name(holder).unwrap_or_default();
        let Some(variant) = found.variants.iter().find(|one| one.name.is_empty() || one.name == name) else { continue };
        if holder.attribute("objects").is_ok() || !children(holder, "hal.executable.binary").is_empty() {
            continue;
        }
        let body = children(holder, "builtin.module").first().copied();
        for export in &variant.exports {
            let has = body.and_then(|body| function(body, &export.name)).is_some_and(is_defined);
            if !has {
                return Err(Mismatch::Body { export: export.name.clone() });
            }
        }
    }
    Ok(())
}

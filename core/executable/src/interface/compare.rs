//! Comparing a replacement with the original.

use super::{Export, Interface, Layout, Subspan, Target, Variant};
use thiserror::Error;

/// Where a replacement does not fit. Each holds both sides: `expected` is the module's, `found` the replacement's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Mismatch {
    /// A variant for a target that the module does not compile for.
    #[error("variant @{name} is for {found}, the executable has {}", list(expected))]
    Target {
        /// The replacement's variant.
        name: String,
        /// The targets that there are, with the variants' names.
        expected: Vec<String>,
        /// The replacement's target.
        found: Box<Target>,
    },
    /// Two variants for the same target.
    #[error("variants @{first} and @{second} are both for {target}")]
    Twice {
        /// One.
        first: String,
        /// The other.
        second: String,
        /// Their target.
        target: Box<Target>,
    },
    /// No variants at all.
    #[error("it has no variant, expected {}", list(expected))]
    Empty {
        /// The targets that there are.
        expected: Vec<String>,
    },
    /// An export is missing.
    #[error("it exports {}, expected @{expected}", exports(found))]
    Export {
        /// The export's name.
        expected: String,
        /// The exports that there are.
        found: Vec<String>,
    },
    /// An export has another number.
    #[error("export @{export} has ordinal {found}, expected {expected}")]
    Ordinal {
        /// The export.
        export: String,
        /// The module's.
        expected: i64,
        /// The replacement's.
        found: i64,
    },
    /// Another number of push constants.
    #[error("export @{export} takes {found} constants, expected {expected}")]
    Constants {
        /// The export.
        export: String,
        /// The module's.
        expected: u64,
        /// The replacement's.
        found: u64,
    },
    /// Another number of bindings.
    #[error("export @{export} takes {found} bindings, expected {expected}")]
    Bindings {
        /// The export.
        export: String,
        /// The module's.
        expected: usize,
        /// The replacement's.
        found: usize,
    },
    /// A binding of another kind.
    #[error("binding {binding} of export @{export} is {found}, expected {expected}")]
    Binding {
        /// The export.
        export: String,
        /// The binding's number.
        binding: usize,
        /// The module's.
        expected: String,
        /// The replacement's.
        found: String,
    },
    /// A count region for another workload.
    #[error("the count region of export @{export} takes {}, expected {}", workload(*found), workload(*expected))]
    Workload {
        /// The export.
        export: String,
        /// The module's.
        expected: Option<usize>,
        /// The replacement's.
        found: Option<usize>,
    },
    /// No function for an export.
    #[error("it exports @{export} but its body has no function of that name")]
    Body {
        /// The export.
        export: String,
    },
    /// A body that sees a binding as another type.
    #[error("the body of export @{export} takes binding {binding} as {found}, expected {expected}")]
    Element {
        /// The export.
        export: String,
        /// The binding's number.
        binding: u64,
        /// The module's shape.
        expected: String,
        /// The replacement's shape.
        found: String,
    },
    /// A body that reaches behind the end of a binding.
    #[error("the body of export @{export} uses {found} bytes of binding {binding}, which has {expected}")]
    Size {
        /// The export.
        export: String,
        /// The binding's number.
        binding: u64,
        /// Bytes that there are.
        expected: u64,
        /// Bytes used.
        found: u64,
    },
    /// A body that writes what it may only read.
    #[error("the body of export @{export} writes binding {binding}, which is read-only")]
    ReadOnly {
        /// The export.
        export: String,
        /// The binding's number.
        binding: u64,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(" and ") }
}

fn exports(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        names => names.iter().map(|name| format!("@{name}")).collect::<Vec<_>>().join(", "),
    }
}

fn workload(count: Option<usize>) -> String {
    match count {
        None => "nothing (there is none)".to_owned(),
        Some(1) => "1 workload value".to_owned(),
        Some(n) => format!("{n} workload values"),
    }
}

/// Something that does not stand in the way but will surprise.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Finding {
    /// An export that nothing can dispatch.
    #[error("export @{export} is new, nothing dispatches it")]
    NewExport {
        /// The export.
        export: String,
    },
    /// The same backend and format with another configuration.
    #[error("the target of variant @{variant} differs from the program's in its configuration; the file's is used")]
    Configuration {
        /// The variant.
        variant: String,
    },
}

/// Compares the variants of a replacement with those of the original that have the same target. A replacement that
/// lacks variants is fine: those stay as they are.
///
/// # Errors
/// The first mismatch, from the outside in.
pub fn compare(original: &Interface, replacement: &Interface) -> Result<Vec<Finding>, Mismatch> {
    let mut findings = Vec::new();
    let targets = || original.variants.iter().map(described).collect::<Vec<_>>();
    if replacement.variants.is_empty() {
        return Err(Mismatch::Empty { expected: targets() });
    }
    for (i, variant) in replacement.variants.iter().enumerate() {
        let first =
            replacement.variants[..i].iter().find(|first| same_target(first, variant) && first.name == variant.name);
        if let (Some(first), Some(target)) = (first, &variant.target) {
            let (first, second) = (first.name.clone(), variant.name.clone());
            return Err(Mismatch::Twice { first, second, target: Box::new(target.clone()) });
        }
        let Some(found) = &variant.target else {
            // A source is for all targets.
            original.variants.iter().try_for_each(|theirs| exports_fit(theirs, variant, &mut findings))?;
            continue;
        };
        let Some(theirs) = counterpart(original, variant) else {
            return Err(Mismatch::Target {
                name: variant.name.clone(),
                expected: targets(),
                found: Box::new(found.clone()),
            });
        };
        exports_fit(theirs, variant, &mut findings)?;
        if theirs.target.as_ref().is_some_and(|expected| expected.configuration != found.configuration) {
            findings.push(Finding::Configuration { variant: variant.name.clone() });
        }
    }
    findings.dedup();
    Ok(findings)
}

/// The original's variant that a replacement's variant stands for: the same target, by name where several have it.
#[must_use]
pub fn counterpart<'a>(original: &'a Interface, variant: &Variant) -> Option<&'a Variant> {
    let mut fitting = original.variants.iter().filter(|theirs| same_target(theirs, variant));
    let first = fitting.next()?;
    let named = std::iter::once(first).chain(fitting.clone()).find(|theirs| theirs.name == variant.name);
    match named {
        Some(named) => Some(named),
        None if fitting.next().is_none() => Some(first),
        None => None,
    }
}

/// A source fits every target.
fn same_target(one: &Variant, other: &Variant) -> bool {
    match (&one.target, &other.target) {
        (Some(one), Some(other)) => (&one.backend, &one.format) == (&other.backend, &other.format),
        _ => true,
    }
}

fn described(variant: &Variant) -> String {
    match &variant.target {
        Some(target) => format!("@{} for {target}", variant.name),
        None => "a source for any target".to_owned(),
    }
}

fn exports_fit(original: &Variant, replacement: &Variant, findings: &mut Vec<Finding>) -> Result<(), Mismatch> {
    for expected in &original.exports {
        let found = replacement.export(&expected.name).ok_or_else(|| Mismatch::Export {
            expected: expected.name.clone(),
            found: replacement.exports.iter().map(|export| export.name.clone()).collect(),
        })?;
        export_fits(expected, found)?;
    }
    let new = replacement.exports.iter().filter(|export| original.export(&export.name).is_none());
    findings.extend(new.map(|export| Finding::NewExport { export: export.name.clone() }));
    Ok(())
}

fn export_fits(expected: &Export, found: &Export) -> Result<(), Mismatch> {
    let export = || expected.name.clone();
    if let (Some(expected), Some(found)) = (expected.ordinal, found.ordinal)
        && expected != found
    {
        return Err(Mismatch::Ordinal { export: export(), expected, found });
    }
    layout_fits(&expected.name, &expected.layout, &found.layout)?;
    if expected.workload != found.workload {
        return Err(Mismatch::Workload { export: export(), expected: expected.workload, found: found.workload });
    }
    match (&expected.body, &found.body) {
        (Some(expected), Some(found_body)) => body_fits(&found.name, &found.layout, expected, found_body),
        _ => Ok(()),
    }
}

fn layout_fits(export: &str, expected: &Layout, found: &Layout) -> Result<(), Mismatch> {
    let name = || export.to_owned();
    if expected.constants != found.constants {
        return Err(Mismatch::Constants { export: name(), expected: expected.constants, found: found.constants });
    }
    let (ours, theirs) = (expected.bindings.len(), found.bindings.len());
    if ours != theirs {
        return Err(Mismatch::Bindings { export: name(), expected: ours, found: theirs });
    }
    for (binding, (ours, theirs)) in expected.bindings.iter().zip(&found.bindings).enumerate() {
        if ours != theirs {
            let (expected, found) = (ours.to_string(), theirs.to_string());
            return Err(Mismatch::Binding { export: name(), binding, expected, found });
        }
    }
    Ok(())
}

/// A body may see a binding in another shape, and may ignore one, but not as other elements nor beyond its end.
fn body_fits(export: &str, layout: &Layout, expected: &[Subspan], found: &[Subspan]) -> Result<(), Mismatch> {
    let name = || export.to_owned();
    for (number, binding) in (0_u64..).zip(&layout.bindings) {
        let of = |spans: &[Subspan]| -> Vec<Subspan> {
            spans.iter().filter(|span| span.binding == number).cloned().collect()
        };
        let (ours, theirs) = (of(expected), of(found));
        let writes =
            theirs.iter().any(|span| matches!(span.access, super::Access::WriteOnly | super::Access::ReadWrite));
        if binding.read_only && writes {
            return Err(Mismatch::ReadOnly { export: name(), binding: number });
        }
        if let ([ours], [theirs]) = (&ours[..], &theirs[..]) {
            elements_fit(export, number, ours, theirs)?;
        }
        let end = |spans: &[Subspan]| spans.iter().map(Subspan::end).try_fold(0, |end, one| Some(end.max(one?)));
        if ours.is_empty() {
            continue;
        }
        if let (Some(expected), Some(found)) = (end(&ours), end(&theirs))
            && found > expected
        {
            return Err(Mismatch::Size { export: name(), binding: number, expected, found });
        }
    }
    Ok(())
}

fn elements_fit(export: &str, binding: u64, ours: &Subspan, theirs: &Subspan) -> Result<(), Mismatch> {
    // Raw bytes can be anything.
    let raw = theirs.shape.element == "i8" || ours.shape.element == "i8";
    let same_element = ours.shape.element == theirs.shape.element || raw;
    let same_size = match (ours.shape.bytes(), theirs.shape.bytes()) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    };
    if same_element && same_size {
        return Ok(());
    }
    Err(Mismatch::Element {
        export: export.to_owned(),
        binding,
        expected: ours.shape.to_string(),
        found: theirs.shape.to_string(),
    })
}

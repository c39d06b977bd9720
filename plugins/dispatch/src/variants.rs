//! Executables with a variant for each target.

use std::collections::HashSet;

use ropt_mlir::{
    ir::{
        array,
        attributes::string,
        clone_mapped, device_executable_targets,
        edit::{Builder, Op, erase, op_name, set_attribute_value},
        nesting::blocks,
        objects_for, ops_in, symbol_name,
    },
    melior::{
        Context,
        ir::{Attribute, Location, operation::OperationLike},
    },
};
use ropt_plugin::prelude::{PassContext, PassError, PassResult};

/// What a variant is compiled for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variant {
    /// Its name: the format, with a number where a format comes twice.
    name: String,
    /// `#hal.executable.target<…>` as text.
    target: String,
}

/// The variants for these targets, in order, each target attribute once.
///
/// # Errors
/// When there is no target of a name, or it refuses an option.
pub(crate) fn variants(
    targets: &[String],
    options: &[(String, String)],
    cx: &PassContext<'_>,
) -> PassResult<Vec<Variant>> {
    let mut found = Vec::new();
    for name in targets {
        for target in cx.target(name)?.attributes(options.to_vec())? {
            if format_of(&target).is_none() {
                let words = format!("target `{name}` gave `{target}`, which is no #hal.executable.target");
                return Err(PassError::internal(words));
            }
            found.push(target);
        }
    }
    Ok(named(found))
}

/// The variants for what a module's `hal.device.targets` say; None when it has none.
///
/// # Errors
/// When a device is none, or takes no executables.
pub(crate) fn variants_of_devices(module: Op<'_>) -> PassResult<Option<Vec<Variant>>> {
    let Ok(devices) = module.attribute("hal.device.targets") else { return Ok(None) };
    let mut found = Vec::new();
    for device in array(devices) {
        let wrong = |what: &str| {
            PassError::new(format!("the module's hal.device.targets hold {device}, {what}"))
                .at(module.location())
                .help("write #hal.device.target<\"local\", [#hal.executable.target<…>]>")
        };
        let targets = device_executable_targets(device).ok_or_else(|| wrong("which is no #hal.device.target"))?;
        if targets.is_empty() {
            return Err(wrong("which takes no executables"));
        }
        found.extend(targets.iter().map(ToString::to_string));
    }
    Ok(Some(named(found)))
}

/// Each target once, with the name of its variant.
fn named(mut targets: Vec<String>) -> Vec<Variant> {
    let mut seen = HashSet::new();
    targets.retain(|target| seen.insert(target.clone()));
    let names = variant_names(targets.iter().cloned());
    names.into_iter().zip(targets).map(|(name, target)| Variant { name, target }).collect()
}

/// Names of variants for these target attributes: the format, with a number where a format comes twice.
pub(crate) fn variant_names(targets: impl Iterator<Item = String>) -> Vec<String> {
    let mut formats: Vec<String> = Vec::new();
    let mut names = Vec::new();
    for target in targets {
        let format = format_of(&target).unwrap_or_else(|| "variant".to_owned());
        let twice = formats.iter().filter(|known| **known == format).count();
        names.push(if twice == 0 { format.clone() } else { format!("{format}_{twice}") });
        formats.push(format);
    }
    names
}

/// The variants that the module's executables have, each target attribute once.
pub(crate) fn existing(module: Op<'_>) -> Vec<Variant> {
    let mut found: Vec<Variant> = Vec::new();
    let executables = ops_in(module).into_iter().filter(|op| op_name(*op) == "hal.executable");
    let variants = executables.flat_map(ops_in).filter(|op| op_name(*op) == "hal.executable.variant");
    for variant in variants {
        let Ok(target) = variant.attribute("target") else { continue };
        let one = Variant { name: symbol_name(variant).unwrap_or_default(), target: target.to_string() };
        if !found.iter().any(|known| known.target == one.target || known.name == one.name) {
            found.push(one);
        }
    }
    found
}

/// The format in a target attribute, as a symbol.
fn format_of(target: &str) -> Option<String> {
    let format = target.strip_prefix("#hal.executable.target<")?.split('"').nth(3)?;
    Some(format.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect())
}

/// Reads the target attributes, once for all sources.
///
/// # Errors
/// When one can not be read.
pub(crate) fn read<'v, 'c>(
    variants: &'v [Variant],
    context: &'c Context,
    location: Location<'_>,
) -> PassResult<Vec<(&'v Variant, Attribute<'c>)>> {
    let read = |variant: &'v Variant| {
        let target = Attribute::parse(context, &variant.target);
        let wrong = || PassError::internal(format!("`{}` is not a target attribute", variant.target)).at(location);
        target.map(|target| (variant, target)).ok_or_else(wrong)
    };
    variants.iter().map(read).collect()
}

/// Replaces a source by an executable with these variants, each with its target attribute.
///
/// # Errors
/// When a target finds nothing in the source.
pub(crate) fn expand<'c>(source: Op<'c>, variants: &[(&Variant, Attribute<'c>)]) -> PassResult {
    let at = Builder::before(source);
    let name = symbol_name(source).unwrap_or_default();
    let region = || ropt_mlir::ir::edit::single_block(&[], source.location());
    let (name, visibility) = (quoted(&name), string(source, "sym_visibility").map(|text| quoted(&text)));
    let mut attributes = vec![("sym_name", name.as_str())];
    attributes.extend(visibility.iter().map(|text| ("sym_visibility", text.as_str())));
    let executable = at.op_with_regions("hal.executable", &[], &[], &attributes, vec![region()]);
    let inside = blocks(executable)[0];
    for (variant, target) in variants {
        let target = *target;
        let objects =
            source.attribute("objects").ok().and_then(|all| objects_for(all, target)).map(|list| list.to_string());
        let has_module = ops_in(source).into_iter().any(|op| op_name(op) == "builtin.module");
        if !has_module && objects.is_none() {
            return Err(nothing(source, &variant.target));
        }
        let name = quoted(&variant.name);
        let mut attributes = vec![("sym_name", name.as_str()), ("sym_visibility", "\"public\"")];
        attributes.extend(objects.iter().map(|list| ("objects", list.as_str())));
        let variant = Builder::at_end(inside, source.location()).op_with_regions(
            "hal.executable.variant",
            &[],
            &[],
            &attributes,
            vec![region()],
        );
        set_attribute_value(variant, "target", target);
        let body = Builder::at_end(blocks(variant)[0], source.location());
        for op in ops_in(source).into_iter().filter(|op| op_name(*op) != "hal.executable.source_end") {
            body.insert(clone_mapped(op, &[], &[]));
        }
        close(variant, "hal.executable.variant_end");
    }
    close(executable, "hal.executable_end");
    erase(source);
    Ok(())
}

/// Ends a container as the parser does, so that what is built and what is read are the same IR.
pub(crate) fn close(container: Op<'_>, end: &str) {
    Builder::at_end(blocks(container)[0], container.location()).op(end, &[], &[], &[]);
}

/// A source that a target finds nothing in.
fn nothing(source: Op<'_>, target: &str) -> PassError {
    let name = symbol_name(source).unwrap_or_default();
    let error = PassError::new(format!("executable @{name} has neither a module nor objects for {target}"))
        .at(source.location())
        .help("a key of its objects fits when backend, format and all that it configures are the target's");
    match source.attribute("objects") {
        Ok(objects) => error.note(format!("its objects: {objects}")),
        Err(_) => error,
    }
}

/// A string attribute as text.
pub(crate) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\22");
    format!("\"{escaped}\"")
}

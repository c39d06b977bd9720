//! The recorded layout of the ABI: what crosses the boundary cannot change without its number.
//!
//! `core/abi/layout/MAJOR.MINOR.txt` holds every table and type as this crate lays them out. A change makes the first
//! test fail; docs/compatibility.md says which number to raise. `ROPT_RECORD_ABI=1 cargo test -p ropt-abi --test
//! layout` then writes the file of the new number; files of numbers that were released stay as they are.

use ropt_abi::{
    ABI_MAJOR, ABI_MINOR,
    abi_stable::{
        StableAbi,
        std_types::UTypeId,
        type_layout::{TLData, TLField, TLFields, TypeLayout},
    },
    root::PluginRootRef,
};
use std::{collections::BTreeMap, fs, path::PathBuf};

/// The lines of each type, by its name and kind.
type Layout = BTreeMap<String, Vec<String>>;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("layout")
}

fn walk(layout: &'static TypeLayout, seen: &mut Vec<UTypeId>, found: &mut Layout) {
    let (name, id) = (short(layout), layout.get_utypeid());
    if seen.contains(&id) {
        return;
    }
    seen.push(id);
    let mut nested: Vec<&'static TypeLayout> = Vec::new();
    let size = format!("{} bytes, aligned to {}", layout.size(), layout.alignment());
    let (kind, lines) = match layout.data() {
        // A table's size is what it has grown to.
        TLData::PrefixType(prefix) => ("table".to_owned(), fields(prefix.fields, &mut nested)),
        TLData::Struct { fields: all } => (format!("struct of {size}"), fields(all, &mut nested)),
        TLData::Union { fields: all } => (format!("union of {size}"), fields(all, &mut nested)),
        TLData::Enum(choice) => {
            let variants = choice.variant_names_iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", ");
            (format!("enum of {variants}: {size}"), fields(choice.fields, &mut nested))
        }
        TLData::Primitive(_) | TLData::Opaque => (size, Vec::new()),
    };
    // Among them the parameters of generic types.
    nested.extend(layout.shared_vars().type_layouts().iter().map(|layout| layout()));
    // abi_stable checks its own types by its own version.
    if layout.package() == "ropt-abi" {
        found.insert(format!("{name}: {kind}"), lines);
    }
    for layout in nested {
        walk(layout, seen, found);
    }
}

fn fields(fields: TLFields, nested: &mut Vec<&'static TypeLayout>) -> Vec<String> {
    fields.iter().map(|field| line(&field, nested)).collect()
}

fn line(field: &TLField, nested: &mut Vec<&'static TypeLayout>) -> String {
    let mut functions = Vec::new();
    for function in field.function_range().iter() {
        nested.extend(function.param_type_layouts.iter().map(|layout| layout()));
        nested.extend(function.return_type_layout().map(|layout| layout()));
        let safety = if function.fn_qualifs.is_unsafe() { "unsafe " } else { "" };
        let takes = function.param_type_layouts.iter().map(|layout| short(layout())).collect::<Vec<_>>().join(", ");
        let gives = function.return_type_layout().map_or_else(|| "()".to_owned(), |layout| short(layout()));
        functions.push(format!("{safety}fn({takes}) -> {gives}"));
    }
    if functions.is_empty() {
        nested.push(field.layout());
        functions.push(short(field.layout()));
    }
    format!("  {}: {}", field.name(), functions.join("; "))
}

/// A type's name, without the blanks of its printer.
fn short(layout: &TypeLayout) -> String {
    layout.full_type().to_string().trim_end().to_owned()
}

fn current() -> String {
    let (mut seen, mut found) = (Vec::new(), Layout::new());
    walk(<PluginRootRef as StableAbi>::LAYOUT, &mut seen, &mut found);
    found
        .iter()
        .map(|(head, lines)| format!("{head}\n{}\n", lines.iter().map(|line| format!("{line}\n")).collect::<String>()))
        .collect()
}

/// The blocks of a recorded file: name and kind, and the lines below.
fn blocks(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let blocks = text.split("\n\n").map(str::trim_end).filter(|block| !block.is_empty());
    blocks
        .map(|block| block.split_once('\n').unwrap_or((block, "")))
        .map(|(head, body)| (head, body.lines().collect()))
        .collect()
}

#[test]
fn the_layout_is_the_one_recorded_for_this_number() {
    let path = folder().join(format!("{ABI_MAJOR}.{ABI_MINOR}.txt"));
    let now = current();
    if std::env::var_os("ROPT_RECORD_ABI").is_some() {
        fs::write(&path, &now).expect("the repository is writable");
    }
    let recorded = fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; docs/compatibility.md tells how to record it", path.display()));
    let (before, after) = (blocks(&recorded), blocks(&now));
    let number = format!("{ABI_MAJOR}.{ABI_MINOR}");
    for (head, body) in &before {
        assert_eq!(after.get(head), Some(body), "{head} is not as recorded for {number}: raise the number");
    }
    for head in after.keys() {
        assert!(before.contains_key(head), "{head} is not recorded for {number}: raise the number");
    }
}

#[test]
fn tables_only_grow_at_their_end_and_nothing_else_changes() {
    let now = current();
    let after = blocks(&now);
    let mut compared = 0;
    for minor in 0..=ABI_MINOR {
        let Ok(recorded) = fs::read_to_string(folder().join(format!("{ABI_MAJOR}.{minor}.txt"))) else { continue };
        for (head, body) in blocks(&recorded) {
            let later =
                after.get(head).unwrap_or_else(|| panic!("{head} of {ABI_MAJOR}.{minor} is gone: raise the major"));
            let kept = if head.ends_with(": table") { later.starts_with(&body) } else { *later == body };
            assert!(
                kept,
                "{head} changed since {ABI_MAJOR}.{minor} other than at a table's end: raise the major number"
            );
            compared += 1;
        }
    }
    assert!(compared > 0, "no recorded layout in {}", folder().display());
}

//! The readable table in the program, and the symbols that it names.

use std::collections::HashMap;

use ropt_abi::program::{
    Benchmark, Executable, Export, Function, INITIALIZE_SYMBOL, Manifest, RUNTIME_SYMBOL, VERSION, Variant,
};
use ropt_mlir::{
    ir::{Elements, edit::Op, elements},
    melior::ir::{
        Attribute, AttributeLike,
        attribute::{ArrayAttribute, DenseI64ArrayAttribute, IntegerAttribute, StringAttribute},
        operation::OperationLike,
    },
    mlir_sys::{MlirStringRef, mlirAttributeIsADictionary, mlirDictionaryAttrGetElementByName},
};
use ropt_plugin::prelude::*;

use super::data::Data;
use crate::{
    lower_host, names,
    ops::{self, children_named, is_public, signature, string},
};

/// The manifest's executables; their binaries go into `data`.
pub(crate) fn executables(
    module: Op<'_>,
    found: &[lower_host::Executable<'_>],
    data: &mut Data,
) -> PassResult<Manifest> {
    let functions: HashMap<String, Op<'_>> =
        ops::functions(module).into_iter().filter_map(|op| Some((string(op, "sym_name")?, op))).collect();
    let mut executables = Vec::new();
    for (number, executable) in found.iter().enumerate() {
        let mut variants = Vec::new();
        for (index, variant) in executable.variants.iter().enumerate() {
            let symbol = format!("ropt_exe_{number}_{index}");
            let Some(binary) = children_named(variant.op, "hal.executable.binary").into_iter().next() else {
                return Err(PassError::new(format!(
                    "variant @{} of executable @{} has no binary",
                    variant.name, executable.name
                ))
                .at(variant.op.location())
                .help("run hal-serialize-executables before"));
            };
            let (Elements::Dense(bytes) | Elements::Splat(bytes)) =
                elements(binary.attribute("data")?).map_err(|error| PassError::from(error).at(binary.location()))?;
            data.add(&symbol, &bytes, true);
            let given = |inner: &str, outer: &str| {
                let known = functions.contains_key(&format!("{inner}{number}_{index}"));
                if known { format!("{outer}{number}_{index}") } else { String::new() }
            };
            let target = variant.op.attribute("target").map(|target| target.to_string()).unwrap_or_default();
            variants.push(Variant {
                name: variant.name.clone(),
                backend: target.split('"').nth(1).unwrap_or_default().to_owned(),
                format: string(binary, "format").unwrap_or_default(),
                data: symbol,
                size: bytes.len() as u64,
                target,
                condition: given(names::CONDITION, "ropt_condition_"),
                specialize: given(names::SPECIALIZE, "ropt_specialize_"),
                words: words(&functions, &format!("{}{number}_{index}", names::SPECIALIZE)),
                exports: variant.exports.iter().map(export).collect(),
            });
        }
        executables.push(Executable { name: executable.name.clone(), variants });
    }
    let mlir = ropt_mlir::BUILD_ID.split('+').next().unwrap_or_default();
    let producer = format!("ropt {} (MLIR {mlir})", env!("CARGO_PKG_VERSION"));
    Ok(Manifest { version: VERSION, module: String::new(), producer, functions: Vec::new(), executables })
}

/// How many words a variant's constant blocks give.
fn words(functions: &HashMap<String, Op<'_>>, name: &str) -> u32 {
    functions.get(name).map_or(0, |function| signature(*function).1.len() as u32)
}

fn export(export: &lower_host::Export<'_>) -> Export {
    Export {
        name: export.name.clone(),
        ordinal: export.ordinal,
        constants: export.constants as u32,
        bindings: export.bindings.clone(),
    }
}

/// What the module is called: its symbol, or `module`.
pub(crate) fn module_name(module: Op<'_>) -> String {
    string(module, "sym_name").unwrap_or_else(|| "module".into())
}

/// The public ones of the functions, as the table shows them.
pub(crate) fn functions(functions: &[Op<'_>]) -> PassResult<Vec<Function>> {
    functions.iter().filter(|function| is_public(**function)).map(|function| entry(*function)).collect()
}

fn entry(function: Op<'_>) -> PassResult<Function> {
    let name = string(function, "sym_name").unwrap_or_default();
    let arguments = strings(function, names::ARGUMENTS);
    let benchmark = benchmark(function)?;
    if benchmark.is_some() && arguments != ["i32"] {
        return Err(PassError::new(format!("benchmark function @{name} takes ({})", arguments.join(", ")))
            .at(function.location())
            .help(format!(
                "a function with the attribute `{}` takes one i32, the number of dispatches",
                names::BENCHMARK
            )));
    }
    Ok(Function { symbol: symbol(&name), name, arguments, results: strings(function, names::RESULTS), benchmark })
}

/// The attribute that the benchmark generator writes.
fn benchmark(function: Op<'_>) -> PassResult<Option<Benchmark>> {
    let Ok(attribute) = function.attribute(names::BENCHMARK) else { return Ok(None) };
    let text = |key| StringAttribute::try_from(entry_of(attribute, key)?).ok().map(|text| text.value().to_owned());
    let bytes = |key| {
        let value = IntegerAttribute::try_from(entry_of(attribute, key)?).ok()?.value();
        u64::try_from(value).ok()
    };
    let workload = || {
        let list = DenseI64ArrayAttribute::try_from(entry_of(attribute, "workload")?).ok()?;
        (0..list.len()).map(|index| list.element(index).ok()).collect::<Option<Vec<i64>>>()
    };
    let read = || {
        Some(Benchmark {
            executable: text("executable")?,
            variant: text("variant")?,
            export: text("export")?,
            workload: workload()?,
            bytes_read: bytes("bytes_read")?,
            bytes_written: bytes("bytes_written")?,
        })
    };
    let help = "it is {executable = \"…\", variant = \"…\", export = \"…\", workload = array<i64: …>, \
                bytes_read = N : i64, bytes_written = N : i64}";
    let wrong = || {
        let message = format!("the attribute `{}` does not say what is measured", names::BENCHMARK);
        PassError::new(message).at(function.location()).help(help)
    };
    read().map(Some).ok_or_else(wrong)
}

/// An entry of a dictionary attribute.
fn entry_of<'c>(dictionary: Attribute<'c>, key: &str) -> Option<Attribute<'c>> {
    let name = MlirStringRef { data: key.as_ptr().cast(), length: key.len() };
    // SAFETY: the attribute is live and asked for its kind first; the key outlives the call.
    unsafe {
        if !mlirAttributeIsADictionary(dictionary.to_raw()) {
            return None;
        }
        Attribute::from_option_raw(mlirDictionaryAttrGetElementByName(dictionary.to_raw(), name))
    }
}

/// The ELF symbol of a function: other characters than C's become `$` and two hex digits.
fn symbol(name: &str) -> String {
    let mut symbol = String::from("ropt_fn_");
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => symbol.push(byte as char),
            _ => symbol.push_str(&format!("${byte:02x}")),
        }
    }
    symbol
}

fn strings(op: Op<'_>, name: &str) -> Vec<String> {
    let Some(array) = op.attribute(name).ok().and_then(|array| ArrayAttribute::try_from(array).ok()) else {
        return Vec::new();
    };
    let text = |index| StringAttribute::try_from(array.element(index).ok()?).ok().map(|text| text.value().to_owned());
    (0..array.len()).filter_map(text).collect()
}

/// The symbols that the program exports.
pub(crate) fn exports(manifest: &Manifest) -> Vec<String> {
    let mut symbols = vec![RUNTIME_SYMBOL.to_owned(), INITIALIZE_SYMBOL.to_owned()];
    symbols.extend(manifest.functions.iter().map(|function| function.symbol.clone()));
    let variants = manifest.executables.iter().flat_map(|executable| &executable.variants);
    for variant in variants {
        let all = [&variant.data, &variant.condition, &variant.specialize];
        symbols.extend(all.into_iter().filter(|symbol| !symbol.is_empty()).cloned());
    }
    symbols
}

#[cfg(test)]
mod tests {
    use super::symbol;

    #[test]
    fn symbols_are_different_for_different_names() {
        assert_eq!(symbol("main"), "ropt_fn_main");
        assert_eq!(symbol("a b"), "ropt_fn_a$20b");
        assert_ne!(symbol("a$20b"), symbol("a b"));
    }
}

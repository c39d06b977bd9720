//! `hal-capture-executable-sources`.

use crate::{module_name::module_name, text::public_text};
use ropt_executable::names::variant_file;
use ropt_mlir::{
    ir::{
        bytes_text, clone_mapped,
        edit::{Op, context_of, erase, pin_mut, remove_attribute, set_attribute},
        string_text, symbol_name,
    },
    melior::ir::{Attribute, AttributeLike, Operation},
    mlir_sys::{mlirDictionaryAttrGetElement, mlirDictionaryAttrGetNumElements, mlirIdentifierStr},
};
use ropt_plugin::{executable::children, prelude::*};
use std::collections::BTreeMap;

/// Embeds each variant's text, as it is now, in the variant.
///
/// The text goes into the variant's `sources`, under the name `<module>_<executable>_<variant>.<stage>.mlir`. Several
/// runs with different stages are kept side by side. Variants without an inner module have no source.
///
/// ```mlir
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
///     builtin.module {
///       func.func @k() {
///         return
///       }
///     }
///   }
/// }
/// // becomes, by builtin.module(hal-capture-executable-sources)
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) sources({module_e_v.source.mlir = dense<…> : vector<187xi8>}) {
///     builtin.module {
///       func.func @k() {
///         return
///       }
///     }
///   }
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-capture-executable-sources",
    anchor = "builtin.module",
    aliases("iree-hal-capture-executable-sources"),
    dialects("hal"),
    needs("executable-variants")
)]
struct CaptureExecutableSources {
    /// What the time of the capture is called, `configured` for instance.
    #[option(name = "stage", default = "source")]
    stage: String,
    /// Variants captured.
    #[statistic]
    captured: Counter,
}

impl RunPass for CaptureExecutableSources {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        if self.stage.is_empty() {
            return Err(PassError::usage("hal-capture-executable-sources needs the name of the stage")
                .help("give it stage=NAME"));
        }
        let name = module_name(module);
        for executable in children(module, "hal.executable") {
            let symbol = symbol_name(executable).unwrap_or_default();
            for variant in children(executable, "hal.executable.variant") {
                if children(variant, "builtin.module").is_empty() {
                    continue;
                }
                let of = symbol_name(variant).unwrap_or_default();
                let file = variant_file(&name, &symbol, &of, &format!(".{}.mlir", self.stage));
                let mut sources = sources(variant);
                sources.insert(file, bytes_text(listing(executable, &of).as_bytes()));
                let context = context_of(variant);
                let entries: Vec<String> =
                    sources.iter().map(|(name, text)| format!("{} = {text}", string_text(context, name))).collect();
                set_attribute(variant, "sources", &format!("{{{}}}", entries.join(", ")));
                self.captured.add(1);
            }
        }
        Ok(())
    }
}

/// The executable with only this variant, without what was captured before.
fn listing(executable: Op<'_>, variant: &str) -> String {
    let copy: Operation<'_> = clone_mapped(executable, &[], &[]);
    // SAFETY: the handle is used in this function only, and the copy lives as long.
    let alone: Op<'_> = unsafe { Op::from_raw(copy.to_raw()) };
    for one in children(alone, "hal.executable.variant") {
        if symbol_name(one).as_deref() == Some(variant) {
            remove_attribute(one, "sources");
        } else {
            erase(one);
        }
    }
    public_text(alone)
}

/// What the variant holds already, as text.
fn sources(variant: Op<'_>) -> BTreeMap<String, String> {
    let Ok(dictionary) = variant.attribute("sources") else { return BTreeMap::new() };
    let dictionary = dictionary.to_raw();
    let entry = |index| {
        // SAFETY: the attribute is a live dictionary, as the op's definition has it, and the index is one of its own; the
        // name's text lives as long as the context.
        unsafe {
            let entry = mlirDictionaryAttrGetElement(dictionary, index);
            let name = mlirIdentifierStr(entry.name);
            let name = std::slice::from_raw_parts(name.data.cast::<u8>(), name.length);
            (String::from_utf8_lossy(name).into_owned(), Attribute::from_raw(entry.attribute).to_string())
        }
    };
    // SAFETY: the same attribute.
    let count = unsafe { mlirDictionaryAttrGetNumElements(dictionary) };
    (0..count).map(entry).collect()
}

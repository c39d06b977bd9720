//! `hal-strip-executable-contents`.

use ropt_mlir::ir::edit::{erase, pin_mut};
use ropt_plugin::{executable::children, prelude::*};

/// Removes the inner modules of all variants.
///
/// Exports, layouts and count regions stay: what is left is what the callers see, short enough to read. Such a program
/// can no longer be compiled.
///
/// ```mlir
/// #layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
///     hal.executable.export public @k ordinal(0) layout(#layout)
///     builtin.module {
///       func.func @k() {
///         return
///       }
///     }
///   }
/// }
/// // becomes, by builtin.module(hal-strip-executable-contents)
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
///     hal.executable.export public @k ordinal(0) layout(…)
///   }
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-strip-executable-contents",
    anchor = "builtin.module",
    aliases("iree-hal-strip-executable-contents"),
    dialects("hal"),
    needs("executable-variants"),
    ends("executable-sources", "executable-configurations", "executable-targets")
)]
struct StripExecutableContents {
    /// Modules removed.
    #[statistic]
    stripped: Counter,
}

impl RunPass for StripExecutableContents {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let variants =
            children(module, "hal.executable").into_iter().flat_map(|op| children(op, "hal.executable.variant"));
        let holders: Vec<_> = variants.chain(children(module, "hal.executable.source")).collect();
        let modules: Vec<_> = holders.into_iter().flat_map(|op| children(op, "builtin.module")).collect();
        if modules.is_empty() {
            cx.preserve_all();
        }
        for inner in modules {
            erase(inner);
            self.stripped.add(1);
        }
        Ok(())
    }
}

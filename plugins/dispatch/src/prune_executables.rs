//! `hal-prune-executables`.

use ropt_mlir::{
    ir::{
        edit::{erase, pin_mut, set_attribute},
        symbol_name,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::{
    executable::{Sites, children},
    prelude::*,
};

/// Removes private executables that nothing dispatches, and exports that nothing dispatches.
///
/// The exports that stay are numbered anew. Functions of kernels stay; `symbol-dce` and the code generator remove those
/// that nothing exports. Public executables are kept as they are: somebody outside may know them.
///
/// ```mlir
/// #layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
/// hal.executable private @unused {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
///     hal.executable.export public @k layout(#layout)
///     builtin.module {
///       func.func @k() {
///         return
///       }
///     }
///   }
/// }
/// hal.executable private @used {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
///     hal.executable.export public @k layout(#layout)
///     builtin.module {
///       func.func @k() {
///         return
///       }
///     }
///   }
/// }
/// func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
///   %y = flow.dispatch @used::@k(%x) : (tensor<4xf32>) -> %x
///   return %y : tensor<4xf32>
/// }
/// // becomes, by builtin.module(hal-prune-executables)
/// hal.executable private @used {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
///     hal.executable.export public @k layout(…)
///     builtin.module {
///       func.func @k() {
///         return
///       }
///     }
///   }
/// }
/// func.func @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
///   %0 = flow.dispatch @used::@k(%arg0) : (tensor<4xf32>) -> %arg0
///   return %0 : tensor<4xf32>
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-prune-executables",
    anchor = "builtin.module",
    aliases("iree-hal-prune-executables"),
    dialects("hal", "flow"),
    needs("executables")
)]
struct PruneExecutables {
    /// Executables removed.
    #[statistic]
    executables: Counter,
    /// Exports removed, once for each variant.
    #[statistic]
    exports: Counter,
}

impl RunPass for PruneExecutables {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let sites = Sites::of(module);
        let mut all = children(module, "hal.executable");
        all.extend(children(module, "hal.executable.source"));
        let private = all.into_iter().filter(|op| {
            op.attribute("sym_visibility").is_ok_and(|visibility| visibility.to_string() == "\"private\"")
        });
        for executable in private {
            let dispatched = sites.dispatching(&symbol_name(executable).unwrap_or_default());
            if dispatched.is_empty() {
                erase(executable);
                self.executables.add(1);
                continue;
            }
            let variants = children(executable, "hal.executable.variant");
            for holder in if variants.is_empty() { vec![executable] } else { variants } {
                let exports = children(holder, "hal.executable.export");
                let (kept, unused): (Vec<_>, Vec<_>) = exports.into_iter().partition(|export| {
                    let name = symbol_name(*export).unwrap_or_default();
                    dispatched.iter().any(|(site, _)| site.export == name)
                });
                if unused.is_empty() {
                    continue;
                }
                for export in unused {
                    erase(export);
                    self.exports.add(1);
                }
                for (ordinal, export) in kept.into_iter().enumerate() {
                    set_attribute(export, "ordinal", &format!("{ordinal} : index"));
                }
            }
        }
        Ok(())
    }
}

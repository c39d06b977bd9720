//! `hal-prune-executables`.

use ropt_mlir::{
    ir::{
        edit::{Op, erase, nested, pin_mut, set_attribute},
        ops_in, symbol_name,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::{
    executable::{Sites, children},
    prelude::*,
};

/// Removes private executables that nothing dispatches, and exports that nothing dispatches.
///
/// The exports that stay are numbered anew. The function of an export that goes, goes too, unless another one calls it;
/// other functions of kernels stay for `symbol-dce` and the code generator. Public executables are kept as they are:
/// somebody outside may know them.
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
    idempotent,
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
                    remove_kernel(holder, &symbol_name(export).unwrap_or_default());
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

/// Removes the function of an export, whose interface no other export has, unless a function calls it.
fn remove_kernel(holder: Op<'_>, name: &str) {
    let callee = format!("@{name}");
    for module in children(holder, "builtin.module") {
        let called = nested(module)
            .into_iter()
            .any(|op| op.attribute("callee").is_ok_and(|attribute| attribute.to_string() == callee));
        let function = ops_in(module).into_iter().find(|op| symbol_name(*op).as_deref() == Some(name));
        if let Some(function) = function.filter(|_| !called) {
            erase(function);
        }
    }
}

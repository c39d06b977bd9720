//! The root module of a plugin, filled from what was registered.

use ropt_abi::{
    abi_stable::{prefix_type::PrefixTypeTrait, std_types::RVec},
    pass::PassDescriptorRef,
    root::{PluginRoot, PluginRootRef},
    target::TargetDescriptorRef,
};

/// Builds the root module; called by the code that `plugin!` expands to.
#[must_use]
pub fn root(name: &'static str) -> PluginRootRef {
    PluginRoot { name: name.into(), mlir_probe, passes, targets, drivers: crate::driver::registered_drivers_c }
        .leak_into_prefix()
}

#[cfg(feature = "mlir")]
extern "C" fn mlir_probe() -> usize {
    ropt_mlir::mlir_sys::mlirContextCreate as *const () as usize
}
#[cfg(not(feature = "mlir"))]
extern "C" fn mlir_probe() -> usize {
    0
}

#[cfg(feature = "mlir")]
extern "C" fn passes() -> RVec<PassDescriptorRef> {
    inventory::iter::<crate::pass::PassEntry>.into_iter().map(|entry| (entry.descriptor)()).collect()
}
#[cfg(not(feature = "mlir"))]
extern "C" fn passes() -> RVec<PassDescriptorRef> {
    RVec::new()
}

#[cfg(feature = "mlir")]
extern "C" fn targets() -> RVec<TargetDescriptorRef> {
    inventory::iter::<crate::target::TargetEntry>.into_iter().map(|entry| (entry.descriptor)()).collect()
}
#[cfg(not(feature = "mlir"))]
extern "C" fn targets() -> RVec<TargetDescriptorRef> {
    RVec::new()
}

/// Makes the crate a plugin of that name. Use it exactly once, in a `cdylib` crate.
#[macro_export]
macro_rules! plugin {
    ($name:literal) => {
        $crate::record!(
            concat!("{\"plugin\":\"", $name, "\",\"version\":\"", env!("CARGO_PKG_VERSION"), "\",\"abi\":\""),
            $crate::manifest::ABI,
            "\",\"mlir\":\"",
            $crate::manifest::MLIR,
            "\",\"sdk\":\"",
            $crate::manifest::SDK,
            "\",\"rustc\":\"",
            $crate::manifest::RUSTC,
            "\",\"sanitizer\":\"",
            $crate::manifest::SANITIZER,
            "\"}",
        );

        #[doc(hidden)]
        #[unsafe(export_name = "_1as_0lib_1header_0root_bmodule_bloader")]
        #[allow(unsafe_code, reason = "the one exported symbol of a plugin")]
        pub static ROPT_PLUGIN_HEADER: $crate::private::abi_stable::library::LibHeader = {
            extern "C" fn load() -> $crate::private::abi_stable::library::RootModuleResult {
                fn root() -> $crate::private::PluginRootRef {
                    $crate::private::root($name)
                }
                $crate::private::abi_stable::library::__call_root_module_loader(root)
            }
            // SAFETY: `load` returns the module that the header names, once and for all.
            unsafe {
                $crate::private::abi_stable::library::LibHeader::from_constructor::<
                    $crate::private::PluginRootRef,
                >(load, $crate::private::abi_stable::library::CheckTypeLayout::Yes)
            }
        };
    };
}

//! The root module of a plugin, filled from what was registered.

use ropt_abi::{
    abi_stable::{prefix_type::PrefixTypeTrait, std_types::RVec},
    pass::PassDescriptorRef,
    root::{PluginRoot, PluginRootRef},
    target::TargetDescriptorRef,
};

/// What a plugin has besides drivers.
pub struct Parts {
    /// Address of `mlirContextCreate` as the plugin sees it; 0 without MLIR.
    pub mlir_probe: extern "C" fn() -> usize,
    /// Its passes.
    pub passes: extern "C" fn() -> RVec<PassDescriptorRef>,
    /// Its targets.
    pub targets: extern "C" fn() -> RVec<TargetDescriptorRef>,
}

/// The parts of a plugin that has drivers only.
pub const DRIVERS_ONLY: Parts = Parts { mlir_probe: no_mlir, passes: no_passes, targets: no_targets };

extern "C" fn no_mlir() -> usize {
    0
}
extern "C" fn no_passes() -> RVec<PassDescriptorRef> {
    RVec::new()
}
extern "C" fn no_targets() -> RVec<TargetDescriptorRef> {
    RVec::new()
}

/// Builds the root module; called by the code that `plugin!` expands to.
#[must_use]
pub fn root(name: &'static str, parts: Parts) -> PluginRootRef {
    PluginRoot {
        name: name.into(),
        mlir_probe: parts.mlir_probe,
        passes: parts.passes,
        targets: parts.targets,
        drivers: crate::driver::registered_drivers_c,
    }
    .leak_into_prefix()
}

/// Makes the crate a plugin of that name that has drivers only. Use it exactly once, in a `cdylib` crate.
///
/// ```
/// // In src/lib.rs, beside the drivers of the plugin:
/// ropt_driver::plugin!("driver-acme");
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! plugin {
    ($name:literal) => {
        $crate::plugin_root!($name, "", $crate::root::DRIVERS_ONLY);
    };
}

/// What both SDKs' `plugin!` expand to: the header record and the one exported symbol.
#[doc(hidden)]
#[macro_export]
macro_rules! plugin_root {
    ($name:literal, $mlir:expr, $parts:expr) => {
        $crate::record!(
            concat!("{\"plugin\":\"", $name, "\",\"version\":\"", env!("CARGO_PKG_VERSION"), "\",\"abi\":\""),
            $crate::manifest::ABI,
            "\",\"mlir\":\"",
            $mlir,
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
                    $crate::root::root($name, $parts)
                }
                $crate::private::abi_stable::library::__call_root_module_loader(root)
            }
            // SAFETY: `load` returns the module that the header names, once and for all.
            unsafe {
                $crate::private::abi_stable::library::LibHeader::from_constructor::<$crate::private::PluginRootRef>(
                    load,
                    $crate::private::abi_stable::library::CheckTypeLayout::Yes,
                )
            }
        };
    };
}

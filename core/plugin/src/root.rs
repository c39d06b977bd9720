//! What a plugin with passes and targets hands over.

use ropt_abi::{abi_stable::std_types::RVec, pass::PassDescriptorRef, target::TargetDescriptorRef};
use ropt_driver::root::Parts;

/// The parts of this plugin's root module, from what was registered.
pub const PARTS: Parts = Parts { mlir_probe, passes, targets };

extern "C" fn mlir_probe() -> usize {
    ropt_mlir::mlir_sys::mlirContextCreate as *const () as usize
}

extern "C" fn passes() -> RVec<PassDescriptorRef> {
    ropt_driver::inventory::iter::<crate::pass::PassEntry>.into_iter().map(|entry| (entry.descriptor)()).collect()
}

extern "C" fn targets() -> RVec<TargetDescriptorRef> {
    ropt_driver::inventory::iter::<crate::target::TargetEntry>.into_iter().map(|entry| (entry.descriptor)()).collect()
}

/// Makes the crate a plugin of that name. Use it exactly once, in a `cdylib` crate.
///
/// ```
/// // In src/lib.rs, beside the passes and targets of the plugin:
/// ropt_plugin::plugin!("acme");
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! plugin {
    ($name:literal) => {
        $crate::private::plugin_root!($name, $crate::ropt_mlir::BUILD_ID, $crate::private::PARTS);
    };
}

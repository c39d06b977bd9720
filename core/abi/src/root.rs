//! The root module that every plugin exports.

use crate::{driver::DriverDescriptorRef, pass::PassDescriptorRef, target::TargetDescriptorRef};
use abi_stable::{
    StableAbi,
    library::RootModule,
    package_version_strings,
    sabi_types::VersionStrings,
    std_types::{RStr, RVec},
};

/// What a plugin is and has. The lists repeat what the manifest says, with the functions to call.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = PluginRootRef)))]
#[sabi(missing_field(option))]
pub struct PluginRoot {
    /// The plugin's name.
    pub name: RStr<'static>,
    /// Address of `mlirContextCreate` as this plugin sees it; 0 when it links no MLIR.
    pub mlir_probe: extern "C" fn() -> usize,
    /// The passes, in no order.
    pub passes: extern "C" fn() -> RVec<PassDescriptorRef>,
    /// The targets, in no order.
    pub targets: extern "C" fn() -> RVec<TargetDescriptorRef>,
    /// The drivers, in no order.
    #[sabi(last_prefix_field)]
    pub drivers: extern "C" fn() -> RVec<DriverDescriptorRef>,
}

impl RootModule for PluginRootRef {
    abi_stable::declare_root_module_statics! {PluginRootRef}
    const BASE_NAME: &'static str = "ropt_plugin";
    const NAME: &'static str = "ropt_plugin";
    const VERSION_STRINGS: VersionStrings = package_version_strings!();
}

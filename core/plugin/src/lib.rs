//! The SDK: write a pass, a target or a driver as a dylib of its own.
//!
//! A plugin is a `cdylib` crate with one `ropt_plugin::plugin!("name");`. Passes derive [`Pass`](derive@Pass) and
//! implement [`RunPass`](pass::RunPass); what they declare goes into a static manifest that the host reads without
//! running the plugin. No panic crosses the boundary: every entry is wrapped here.

pub mod driver;
pub mod manifest;

#[cfg(feature = "mlir")]
pub mod context;
#[cfg(feature = "mlir")]
pub mod error;
#[cfg(feature = "mlir")]
pub mod options;
#[cfg(feature = "mlir")]
pub mod pass;
#[cfg(feature = "mlir")]
pub mod target;

#[cfg(feature = "mlir")]
mod guard;
mod root;

#[cfg(feature = "mlir")]
pub use ropt_mlir;
pub use {inventory, ropt_abi};

#[cfg(feature = "mlir")]
pub use ropt_plugin_derive::{Pass, PassEnum, Target};

/// Everything that a pass or target needs.
#[cfg(feature = "mlir")]
pub mod prelude {
    pub use crate::context::PassContext;
    pub use crate::error::{PassError, PassResult};
    pub use crate::options::PassEnum as PassEnumValue;
    pub use crate::pass::{Counter, RunPass};
    pub use crate::target::{Artifact, Binary, CompileTarget, TargetOptions};
    pub use crate::{Pass, PassEnum, Target};
    pub use ropt_mlir::melior::{
        Context, ContextRef,
        ir::{
            BlockLike, Location, OperationRef, RegionLike, ValueLike,
            operation::{OperationLike, OperationMutLike, OperationRefMut},
        },
    };
}

/// What the macros expand to; not for authors.
#[doc(hidden)]
pub mod private {
    pub use crate::root::root;
    pub use ropt_abi::abi_stable;
    pub use ropt_abi::root::PluginRootRef;
}

//! The SDK: write a pass, a target or a driver as a dylib of its own.
//!
//! A plugin is a `cdylib` crate with one `ropt_plugin::plugin!("name");`. Passes derive [`Pass`](derive@Pass) and
//! implement [`RunPass`](pass::RunPass); what they declare goes into a static manifest that the host reads without
//! running the plugin. No panic crosses the boundary: every entry is wrapped here.

pub mod context;
pub mod error;
pub mod executable;
pub mod options;
pub mod pass;
pub mod target;
pub mod tiles;

mod root;

pub use ropt_driver::{driver, guard, inventory, manifest, register_driver, ropt_abi};
pub use ropt_mlir;
pub use ropt_plugin_derive::{Pass, PassEnum, Target};

/// Everything that a pass or target needs.
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
    pub use crate::root::PARTS;
    pub use ropt_driver::plugin_root;
}

//! The SDK without MLIR: write a driver, and what every plugin's manifest and root are made of.
//!
//! It is a crate of its own because cargo unifies features over a workspace: a driver must not link MLIR, whatever
//! is built beside it. Passes and targets use `ropt-plugin`, which builds on this.

pub mod driver;
pub mod guard;
pub mod host;
pub mod manifest;
pub mod root;

pub use {inventory, ropt_abi};

/// What the macros expand to; not for authors.
#[doc(hidden)]
pub mod private {
    pub use ropt_abi::abi_stable;
    pub use ropt_abi::root::PluginRootRef;
}

//! The SDK: write a pass, a target or a driver as a dylib of its own.
//!
//! A plugin is a `cdylib` crate with one `ropt_plugin::plugin!("name");`. Passes derive [`Pass`](derive@Pass) and
//! implement [`RunPass`](pass::RunPass); what they declare goes into a static manifest that the host reads without
//! running the plugin. No panic crosses the boundary: every entry is wrapped here.
//!
//! The book in `docs/` begins with a first pass, target and driver; `ropt plugins new` writes a crate to begin with.

pub mod context;
pub mod error;
pub mod executable;
pub mod kernels;
pub mod options;
pub mod pass;
pub mod process;
pub mod target;
pub mod tiles;

mod root;

pub use ropt_driver::{driver, guard, inventory, manifest, register_driver, ropt_abi};
pub use ropt_mlir;

/// Declares a pass; the struct implements [`RunPass`](pass::RunPass) besides.
///
/// ```
/// use ropt_plugin::prelude::*;
///
/// /// Renames every exported kernel.
/// ///
/// /// ```mlir
/// /// hal.executable private @e { … }
/// /// // becomes, by builtin.module(hal.executable(acme-rename{prefix=x_}))
/// /// hal.executable private @x_e { … }
/// /// ```
/// #[derive(Pass, Clone, Default)]
/// #[pass(name = "acme-rename", anchor = "hal.executable")]
/// struct Rename {
///     /// Put before each name.
///     #[option(default = "k_")]
///     prefix: String,
///     /// Names changed.
///     #[statistic]
///     renamed: Counter,
/// }
///
/// impl RunPass for Rename {
///     fn run(&mut self, executable: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
///         cx.remark(executable.location(), format!("each name will begin with {}", self.prefix));
///         self.renamed.add(1);
///         Ok(())
///     }
/// }
/// # use ropt_plugin::pass::Declared;
/// # assert_eq!(Rename::NAME, "acme-rename");
/// ```
pub use ropt_plugin_derive::Pass;

/// Gives the variants of an enum names in pipelines, for an option with choices.
///
/// ```
/// use ropt_plugin::{PassEnum, options::PassEnum as _};
///
/// #[derive(PassEnum, Clone, Copy, Default, PartialEq, Debug)]
/// enum Order {
///     #[default]
///     RowMajor,
///     ColumnMajor,
/// }
///
/// assert_eq!(Order::NAMES, ["row-major", "column-major"]);
/// assert_eq!(Order::from_name("column-major"), Some(Order::ColumnMajor));
/// // In a pass: #[option(choices("row-major", "column-major"))] order: Order
/// ```
pub use ropt_plugin_derive::PassEnum;

/// Declares a target; the struct implements [`CompileTarget`](target::CompileTarget) besides.
///
/// ```
/// use ropt_plugin::{
///     prelude::*,
///     ropt_mlir::ir::{edit::pin_mut, op_text},
/// };
///
/// /// Compiles for acme's accelerator.
/// #[derive(Target)]
/// #[target(
///     name = "acme",
///     formats("acme-code"),
///     stage("translate", "builtin.module(canonicalize,cse)"),
///     flag(name = "acme-version", value = "N", default = "1", help = "The hardware's version")
/// )]
/// struct Acme;
///
/// impl CompileTarget for Acme {
///     fn attributes(options: &TargetOptions) -> PassResult<Vec<String>> {
///         let version = options.get("acme-version").unwrap_or("1");
///         Ok(vec![format!("#hal.executable.target<\"acme\", \"acme-code\", {{version = {version}}}>")])
///     }
///
///     fn pipeline(stage: &str, _attribute: &str) -> PassResult<String> {
///         let declared = Self::STAGES.iter().find(|(name, _)| *name == stage);
///         Ok(declared.map(|(_, text)| (*text).to_owned()).unwrap_or_default())
///     }
///
///     fn serialize(variant: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult<Binary> {
///         // Not the op's own `Display`: it begins at the outermost op, which other threads are changing.
///         let text = op_text(pin_mut(&variant), false);
///         Ok(Binary {
///             format: "acme-code".into(),
///             mime: "text/plain".into(),
///             suffix: ".txt".into(),
///             data: text.into_bytes().into(),
///             artifacts: Default::default(),
///         })
///     }
/// }
/// assert_eq!(Acme::pipeline("translate", "").unwrap(), "builtin.module(canonicalize,cse)");
/// ```
pub use ropt_plugin_derive::Target;

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

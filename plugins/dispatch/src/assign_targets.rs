//! `hal-assign-targets`: executables get a variant for each target.
//!
//! ```mlir
//! hal.executable.source private @e { hal.executable.export …  builtin.module { … } }
//! // becomes, with targets=llvm-cpu
//! hal.executable private @e {
//!   hal.executable.variant public @embedded_elf_x86_64 target(<"llvm-cpu", "embedded-elf-x86_64", {…}>) {
//!     hal.executable.export …  builtin.module { … }
//!   }
//! }
//! ```

use ropt_mlir::ir::{
    edit::{Op, context_of, op_name, pin_mut},
    ops_in,
};
use ropt_plugin::prelude::*;

use crate::variants::{Variant, existing, expand, read, variants, variants_of_devices};

/// Gives every executable source a variant for each target.
///
/// A module that names its devices in `hal.device.targets` is compiled for what they take, others for the targets named
/// by option. Executables that are there already stay as they are, whatever their target; when no target is named, sources
/// get the variants that these have. The variant's target attribute comes
/// from the target itself, which sees the compile flags that it declares.
///
/// ```mlir
/// #layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
/// hal.executable.source private @e {
///   hal.executable.export public @k ordinal(0) layout(#layout)
///   builtin.module {
///     func.func @k() {
///       return
///     }
///   }
/// }
/// // becomes, by builtin.module(hal-assign-targets{targets=llvm-cpu target-options={target-cpu=x86-64}})
/// hal.executable private @e {
///   hal.executable.variant public @embedded_elf_x86_64 target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "x86-64", …}>) {
///     hal.executable.export public @k ordinal(0) layout(…)
///     builtin.module {
///       func.func @k() {
///         return
///       }
///     }
///   }
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-assign-targets",
    anchor = "builtin.module",
    aliases("iree-hal-assign-target-devices"),
    dialects("hal"),
    needs("executables"),
    establishes("executable-variants: each executable has a variant for each target"),
    slot(
        phase = "executable-sources",
        order = 20,
        options = "targets={target} device={hal-target-device} local-backends={hal-local-target-device-backends} target-options={@target-flags}"
    ),
    flag(
        name = "target",
        value = "NAME,…",
        help = "Targets to compile for; `ropt targets list` shows them",
        aliases("hal-target-backends")
    ),
    flag(name = "hal-target-device", value = "DEVICE,…", help = "Devices to compile for: local, or a target's name"),
    flag(
        name = "hal-local-target-device-backends",
        value = "BACKEND,…",
        help = "Targets that --hal-target-device=local stands for"
    )
)]
pub(crate) struct AssignTargets {
    /// Targets, by name or alias.
    #[option]
    targets: Vec<String>,
    /// Devices: `local` stands for the local backends, other names for targets.
    #[option]
    device: Vec<String>,
    /// What `local` stands for.
    #[option]
    local_backends: Vec<String>,
    /// Flags of the targets, as `name=value;name=value`.
    #[option]
    target_options: String,
    /// Variants made.
    #[statistic]
    variants: Counter,
}

impl RunPass for AssignTargets {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let sources: Vec<Op<'_>> =
            ops_in(module).into_iter().filter(|op| op_name(*op) == "hal.executable.source").collect();
        let Some(first) = sources.first() else { return Ok(()) };
        let targets = self.target_names(first.location(), cx)?;
        if let Some(variants) = variants_of_devices(module)? {
            if !targets.is_empty() {
                cx.warning(
                    module.location(),
                    format!(
                        "the module names its devices in hal.device.targets, so {} changes nothing",
                        targets.join(", ")
                    ),
                );
            }
            return self.expand_all(sources, &variants);
        }
        let variants = if targets.is_empty() { existing(module) } else { variants(&targets, &self.options()?, cx)? };
        if variants.is_empty() {
            return Err(PassError::usage("there is no target to compile for")
                .at(first.location())
                .note(format!("the targets are {}", cx.target_names().join(", ")))
                .help(
                    "name one with --target=NAME, or hal-assign-targets{targets=NAME}; `ropt targets list` says more",
                ));
        }
        self.expand_all(sources, &variants)
    }
}

/// What `local` stands for when nobody says it, as in IREE.
const LOCAL: &str = "llvm-cpu";

impl AssignTargets {
    fn expand_all(&mut self, sources: Vec<Op<'_>>, variants: &[Variant]) -> PassResult {
        let Some(first) = sources.first() else { return Ok(()) };
        let variants = read(variants, context_of(*first), first.location())?;
        for source in sources {
            expand(source, &variants)?;
            self.variants.add(variants.len() as u64);
        }
        Ok(())
    }

    /// The targets named, directly and as devices, each once.
    fn target_names(&self, location: Location<'_>, cx: &PassContext<'_>) -> PassResult<Vec<String>> {
        let mut names = self.targets.clone();
        for device in &self.device {
            // IREE also takes `name=device` and an ordinal, `device[0]`.
            let device = device.rsplit('=').next().unwrap_or_default();
            let device = device.split('[').next().unwrap_or_default();
            if device != "local" {
                names.push(device.to_owned());
            } else if self.local_backends.is_empty() {
                cx.remark(
                    location,
                    format!("the device `local` stands for {LOCAL}; --hal-local-target-device-backends= names others"),
                );
                names.push(LOCAL.to_owned());
            } else {
                names.extend(self.local_backends.iter().cloned());
            }
        }
        let mut each_once = Vec::new();
        for name in names {
            if !name.is_empty() && !each_once.contains(&name) {
                each_once.push(name);
            }
        }
        Ok(each_once)
    }

    /// The targets' flags as pairs.
    fn options(&self) -> PassResult<Vec<(String, String)>> {
        let pair = |text: &str| {
            let pair = text.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.to_owned()));
            pair.ok_or_else(|| {
                PassError::usage(format!("`{text}` is not an option of a target"))
                    .help("write target-options={name=value;name=value}")
            })
        };
        self.target_options.split(';').filter(|text| !text.trim().is_empty()).map(pair).collect()
    }
}

//! Flags of iree-compile that ropt does not have: each is refused with the reason and with what to use instead.

use ropt_host::{HostError, report::Report};

/// (flag, why not, what to do).
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "iree-hal-benchmark-dispatch-repeat-count",
        "programs do not repeat dispatches by themselves",
        "measure with `ropt-run bench`",
    ),
    ("iree-hal-default-device", "the device is chosen when the program runs", "give `ropt-run run --device=NAME`"),
    (
        "iree-hal-executable-debug-level",
        "kernels carry no debug information",
        "dump them with --hal-dump-executable-intermediates-to=DIR",
    ),
    ("iree-hal-external-resources-mappable", "every buffer of the CPU device is mappable", "leave the flag out"),
    ("iree-hal-force-indirect-command-buffers", "programs record no command buffers", "leave the flag out"),
    ("iree-hal-indirect-command-buffers", "programs record no command buffers", "leave the flag out"),
    ("iree-hal-instrument-dispatches", "kernels are not instrumented", "measure with `ropt-run bench --per-dispatch`"),
    ("iree-hal-link-executables", "executables stay separate, so that each can be replaced", "leave the flag out"),
    ("iree-hal-list-target-backends", "targets are listed by a subcommand", "run `ropt targets list`"),
    ("iree-hal-local-host-device-backends", "the host code always runs on the CPU", "leave the flag out"),
    ("iree-hal-memoization", "programs record no command buffers", "leave the flag out"),
    ("iree-input-type", "the input's dialects tell how to read it", "leave the flag out"),
    (
        "iree-vulkan-target",
        "it names GPUs, and kernels are for any Vulkan device",
        "give limits with --vulkan-workgroup-threads=, --vulkan-subgroup-size= and --vulkan-target-env=, or leave the flag out",
    ),
];

/// Refuses a flag of iree-compile that has no counterpart; other flags pass.
pub(crate) fn refuse(arg: &str) -> Result<(), HostError> {
    let name = arg.trim_start_matches('-').split('=').next().unwrap_or_default();
    let Some((_, why, instead)) = REFUSED.iter().find(|(flag, ..)| *flag == name) else {
        return Ok(());
    };
    let report = Report::error(format!("--{name} is a flag of iree-compile that ropt does not have: {why}"));
    Err(HostError::Usage(Box::new(report.help(Some((*instead).to_owned())))))
}

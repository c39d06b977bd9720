//! Names that MLIR has itself, which no pass of a plugin can have: each pass is a flag too, and LLVM ends the process when
//! two flags have one name.

use crate::{
    error::HostError,
    upstream::{self, is_pass},
};
use ropt_abi::manifest::Manifest;
use ropt_mlir::sys;
use std::path::Path;

/// Those that MLIR registers after the passes, or when it reads a command line. The others are there since its library was loaded.
const LATE: &[&str] = &[
    "allow-unregistered-dialect",
    "dump-pass-pipeline",
    "elide-resource-data-from-bytecode",
    "emit-bytecode",
    "emit-bytecode-version",
    "h",
    "irdl-file",
    "list-passes",
    "load-dialect-plugin",
    "load-pass-plugin",
    "log-actions-to",
    "log-mlir-actions-filter",
    "mlir-debug-counter",
    "mlir-diagnostic-verbosity-level",
    "mlir-disable-diagnostic-notes",
    "mlir-disable-threading",
    "mlir-elide-elementsattrs-if-larger",
    "mlir-elide-resource-strings-if-larger",
    "mlir-enable-debugger-hook",
    "mlir-generate-reproducer",
    "mlir-output-format",
    "mlir-pass-pipeline-crash-reproducer",
    "mlir-pass-pipeline-local-reproducer",
    "mlir-pass-statistics",
    "mlir-pass-statistics-display",
    "mlir-pretty-debuginfo",
    "mlir-print-assume-verified",
    "mlir-print-debug-counter",
    "mlir-print-debuginfo",
    "mlir-print-elementsattrs-with-hex-if-larger",
    "mlir-print-ir-after",
    "mlir-print-ir-after-all",
    "mlir-print-ir-after-change",
    "mlir-print-ir-after-failure",
    "mlir-print-ir-before",
    "mlir-print-ir-before-all",
    "mlir-print-ir-module-scope",
    "mlir-print-ir-tree-dir",
    "mlir-print-local-scope",
    "mlir-print-op-generic",
    "mlir-print-op-on-diagnostic",
    "mlir-print-skip-regions",
    "mlir-print-stacktrace-on-diagnostic",
    "mlir-print-unique-ssa-ids",
    "mlir-print-value-users",
    "mlir-timing",
    "mlir-timing-display",
    "mlir-use-nameloc-as-prefix",
    "mlir-very-unsafe-disable-verifier-on-parsing",
    "no-implicit-module",
    "o",
    "output-split-marker",
    "p",
    "pass-pipeline",
    "profile-actions-to",
    "remark-format",
    "remark-policy",
    "remarks-filter",
    "remarks-filter-analyse",
    "remarks-filter-failed",
    "remarks-filter-missed",
    "remarks-filter-passed",
    "remarks-output-file",
    "run-reproducer",
    "show-dialects",
    "split-input-file",
    "verify-diagnostics",
    "verify-each",
    "verify-roundtrip",
];

/// Refuses a plugin with a pass that is called as a pass or a flag of MLIR's. Only before passes of plugins are registered,
/// for then these are known to MLIR, too.
///
/// # Errors
/// [`HostError::UpstreamClash`].
pub(crate) fn check(path: &Path, manifest: &Manifest) -> Result<(), HostError> {
    upstream::register();
    let kind = |name: &str| match name {
        name if is_reserved(name) => Some("flag"),
        name if is_pass(name) => Some("pass"),
        _ => None,
    };
    let mut names = manifest.passes.iter().flat_map(|pass| std::iter::once(&pass.pass).chain(&pass.aliases));
    let clash = names.find_map(|name| kind(name).map(|kind| (kind, name.clone())));
    clash.map_or(Ok(()), |(kind, name)| Err(HostError::UpstreamClash { kind, name, path: path.to_owned() }))
}

fn is_reserved(name: &str) -> bool {
    // SAFETY: reads LLVM's registry of flags.
    LATE.contains(&name) || unsafe { sys::roptFlagKnown(sys::RoptStr::new(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::parse_flags;

    #[test]
    fn the_late_ones_are_those_that_mlir_registers() {
        // SAFETY: the sink lives during the call.
        let flags = || sys::collect(|sink, user| unsafe { sys::roptForEachFlag(sink, user) });
        let early = flags();
        upstream::register();
        // SAFETY: once, after the passes.
        unsafe { sys::roptRegisterFlags() };
        assert!(!parse_flags(&[]), "nothing is asked");
        let late: Vec<_> = flags().into_iter().filter(|flag| !early.contains(flag) && !is_pass(flag)).collect();
        assert_eq!(late, LATE);
    }
}

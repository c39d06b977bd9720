//! The lines above the IR of a reproducer: comments to MLIR, for a person to read and for `--run-reproducer` to take its
//! flags from.

use super::Order;
use crate::{host::Host, pipeline::Names, upstream::Registry};
use ropt_abi::{ABI_MAJOR, ABI_MINOR};
use std::{
    collections::HashMap,
    fmt::Write,
    fs::File,
    io::{BufRead, BufReader},
};

const FIRST: &str = "// ropt reproducer";
const FLAGS: &str = "// flags: ";
const COMPILE_FLAGS: &str = "// flags of ropt compile: ";

/// MLIR's flags that say what is run and how it is shown, which a reproducer says by itself.
const NOT_KEPT: [&str; 9] = [
    "pass-pipeline",
    "split-input-file",
    "verify-diagnostics",
    "emit-bytecode",
    "run-reproducer",
    "mlir-timing",
    "mlir-print-ir",
    "mlir-disable-threading",
    "mlir-pass-pipeline",
];

/// The lines for a failure of `pass`.
pub(super) fn text(host: &Host, pass: &str, order: &Order) -> String {
    let mut text = format!(
        "{FIRST}\n// ropt {}, plugin ABI {ABI_MAJOR}.{ABI_MINOR}, MLIR {}\n",
        env!("CARGO_PKG_VERSION"),
        ropt_mlir::BUILD_ID
    );
    let _ = writeln!(text, "// pass: {pass}");
    let beside = std::env::current_exe().ok().and_then(|program| program.parent().map(std::path::PathBuf::from));
    let mut flags = Vec::new();
    let used = |name: &str| pass == name || order.pipeline.as_ref().is_none_or(|pipeline| pipeline.contains(name));
    for plugin in &host.plugins {
        let (file, header) = (&plugin.file, &plugin.file.manifest.header);
        let path = file.path.canonicalize().unwrap_or_else(|_| file.path.clone());
        // The passes and targets of a pipeline can call upon any plugin; those named are worth a line.
        if file.manifest.passes.iter().any(|record| used(&record.pass)) {
            let _ = writeln!(
                text,
                "// plugin: {} {}, ABI {}, MLIR {}, {} ({})",
                header.plugin,
                header.version,
                header.abi,
                header.mlir,
                header.rustc,
                path.display()
            );
        }
        let found = beside.as_ref().is_some_and(|folder| path.starts_with(folder)) && named_as_ours(&path);
        if !found {
            flags.push(format!("--load-plugin={}", path.display()));
        }
    }
    flags.extend(host.plugin_arguments().iter().filter(|flag| !flag.starts_with("--load-plugin=")).cloned());
    flags.extend(order.settings.iter().cloned());
    let known = Registry(host);
    flags.extend(
        order
            .flags
            .iter()
            .filter(|flag| {
                let name = flag.trim_start_matches('-').split('=').next().unwrap_or_default();
                flag.starts_with('-') && !NOT_KEPT.iter().any(|start| name.starts_with(start)) && !known.known(name)
            })
            .cloned(),
    );
    let json = |value: serde_json::Value| value.to_string();
    let _ = writeln!(text, "{FLAGS}{}", json(flags.into()));
    if !order.compile_flags.is_empty() {
        let sorted: std::collections::BTreeMap<_, _> = order.compile_flags.iter().collect();
        let _ = writeln!(text, "{COMPILE_FLAGS}{}", serde_json::to_string(&sorted).unwrap_or_default());
    }
    let _ = writeln!(text, "// replay: ropt --run-reproducer {}", order.path.display());
    text
}

/// Whether a file in the program's folder is one that is found there.
fn named_as_ours(path: &std::path::Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains("ropt"))
}

/// A command line with the flags of the reproducer that it replays.
pub struct Replay {
    /// The flags, then the command line.
    pub args: Vec<String>,
    /// The flags of `ropt compile` that the run had.
    pub compile_flags: HashMap<String, Vec<String>>,
}

/// Adds a reproducer's flags to a command line with `--run-reproducer`; a flag of the command line goes before one of the
/// same name.
#[must_use]
pub fn replay(args: Vec<String>) -> Replay {
    let mut compile_flags = HashMap::new();
    let name = |flag: &str| flag.trim_start_matches('-').split('=').next().unwrap_or_default().to_owned();
    if !args.iter().any(|arg| name(arg) == "run-reproducer") {
        return Replay { args, compile_flags };
    }
    let mut flags: Vec<String> = Vec::new();
    for line in args.iter().filter(|arg| !arg.starts_with('-')).find_map(|file| head(file)).unwrap_or_default() {
        if let Some(json) = line.strip_prefix(FLAGS) {
            flags = serde_json::from_str(json).unwrap_or_default();
        } else if let Some(json) = line.strip_prefix(COMPILE_FLAGS) {
            compile_flags = serde_json::from_str(json).unwrap_or_default();
        }
    }
    let repeatable = ["load-plugin", "load-pass-plugin", "load-dialect-plugin", "isolate"];
    flags.retain(|flag| {
        let own = name(flag);
        repeatable.contains(&own.as_str()) || !args.iter().any(|arg| name(arg) == own)
    });
    flags.extend(args);
    Replay { args: flags, compile_flags }
}

/// The comment lines of a file that is a reproducer of ours.
fn head(file: &str) -> Option<Vec<String>> {
    let mut lines = BufReader::new(File::open(file).ok()?).lines().map_while(Result::ok);
    (lines.next()? == FIRST).then(|| lines.take_while(|line| line.starts_with("//")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_has_the_flags_of_its_file_and_its_own_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("r.mlir").display().to_string();
        let text = format!(
            "{FIRST}\n{FLAGS}[\"--load-plugin=a.so\",\"--pass-timeout=2\"]\n{COMPILE_FLAGS}{{\"o\":[\"x\"]}}\nmodule {{}}\n"
        );
        std::fs::write(&path, text).expect("written");
        let args = ["--run-reproducer", &path, "--pass-timeout=9"].map(str::to_owned);
        let replay = replay(args.to_vec());
        assert_eq!(replay.args, ["--load-plugin=a.so", "--run-reproducer", &path, "--pass-timeout=9"]);
        assert_eq!(replay.compile_flags["o"], ["x"]);
    }
}

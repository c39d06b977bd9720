//! Modules that passes are run on: a small built-in set, and the user's own.

use ropt_conformance::report::Verdict;
use ropt_host::HostError;
use std::{fs, path::PathBuf, sync::OnceLock};

/// A module.
#[derive(Debug)]
pub(super) struct Input {
    /// Its name in the names of cases.
    pub(super) name: String,
    /// Its text.
    pub(super) text: String,
    /// Ops around the pass's own nest: kernels lie below executables.
    pub(super) outer: &'static [&'static str],
    /// Whether it holds nothing.
    pub(super) empty: bool,
    /// Its text as MLIR prints it, once somebody asked.
    pub(super) plain: OnceLock<Result<Vec<u8>, Verdict>>,
}

/// Where the modules of kernels are.
const INSIDE: &[&str] = &["builtin.module", "hal.executable", "hal.executable.variant"];

impl Input {
    /// Whether a pass of this anchor finds something to run on; finding nothing in the empty module is what that is for.
    pub(super) fn has(&self, anchor: &str) -> bool {
        if self.empty || anchor.is_empty() || anchor == "builtin.module" {
            return true;
        }
        // Below variants there are modules, and what lies in those; other ops of the executables are met from outside.
        if !self.outer.is_empty() && anchor.starts_with("hal.") {
            return false;
        }
        self.text.lines().any(|line| {
            let line = line.trim_start();
            line.strip_prefix(anchor).is_some_and(|rest| rest.starts_with([' ', '(']))
                || line.contains(&format!("\"{anchor}\"("))
                || line.contains(&format!("= {anchor} "))
        })
    }
}

/// The built-in modules, and those of the files.
pub(super) fn all(files: &[PathBuf]) -> Result<Vec<Input>, HostError> {
    let built_in = |name: &str, text: &str, outer| Input {
        name: name.into(),
        text: text.into(),
        outer,
        empty: name == "empty",
        plain: OnceLock::new(),
    };
    let kernels = include_str!("inputs/executables.mlir");
    let mut inputs = vec![
        built_in("empty", "module {}\n", &[]),
        built_in("tensors", include_str!("inputs/tensors.mlir"), &[]),
        built_in("loops", include_str!("inputs/loops.mlir"), &[]),
        built_in("device", include_str!("inputs/device.mlir"), &[]),
        built_in("executables", kernels, &[]),
        built_in("kernels", kernels, INSIDE),
    ];
    for path in files {
        let text = fs::read_to_string(path).map_err(|reason| HostError::Read { path: path.clone(), reason })?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
        inputs.push(Input {
            name: format!("{name}-{}", inputs.len()),
            text,
            outer: &[],
            empty: false,
            plain: OnceLock::new(),
        });
    }
    Ok(inputs)
}

//! The target attribute: what a variant is compiled for.
//!
//! ```text
//! #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64", {cpu = "…", cpu_features = "…", data_layout = "…",
//!   native_vector_size = 64 : i64, target_triple = "x86_64-unknown-unknown-eabi-elf"}>
//! ```
//! Keys that are not known here (`iree.encoding.resolver`, …) mean nothing to this target and are left alone.

use ropt_executable::{did_you_mean, object::format_machine};
use ropt_mlir::llvm::{Machine, MachineOptions, cpu_features, cpu_names, feature_names, host_cpu, host_features};
use ropt_plugin::prelude::*;

/// The triple that IREE gives its x86-64 kernels, which depend on no operating system.
pub(crate) const DEFAULT_TRIPLE: &str = "x86_64-unknown-unknown-eabi-elf";

/// What a variant is compiled for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// LLVM's name of the processor.
    pub(crate) cpu: String,
    /// `+a,-b`, as LLVM takes them.
    pub(crate) features: String,
    /// LLVM triple.
    pub(crate) triple: String,
    /// Folder of schedule files that replace the built-in ones; empty when there is none.
    pub(crate) schedules: String,
}

/// Width classes that schedules are chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Simd {
    /// Bytes of a vector register.
    pub(crate) bytes: i64,
    /// Number of vector registers.
    pub(crate) registers: i64,
}

impl Config {
    /// From the compile flags.
    pub(crate) fn from_flags(options: &TargetOptions) -> PassResult<Self> {
        let triple = match options.get("target-triple").unwrap_or_default() {
            "" | "host" => DEFAULT_TRIPLE.to_owned(),
            other => other.to_owned(),
        };
        let host = triple.starts_with(&format!("{}-", std::env::consts::ARCH));
        let wanted = options.get("target-cpu").unwrap_or_default();
        let mut features = Vec::new();
        let cpu = match wanted {
            "" | "host" if host => {
                features.push(host_features());
                host_cpu()
            }
            "host" => {
                return Err(PassError::usage(format!(
                    "--target-cpu=host needs a triple of this machine's architecture, not {triple}"
                ))
                .help(format!("name a processor, or leave --target-triple away to compile for {DEFAULT_TRIPLE}")));
            }
            "" => "generic".to_owned(),
            named => named.to_owned(),
        };
        if let Some(more) = options.get("target-cpu-features").filter(|more| !more.is_empty() && *more != "host") {
            features.push(checked_features(&triple, more)?);
        }
        let features = features.join(",");
        let names = known(&triple, &cpu, &features)?;
        let own = known(&triple, &cpu, "")?;
        // Spelled out, so that a reader and the schedules see them. LLVM also has names for how fast things are; those
        // follow from the processor, and host_features() tells the two kinds apart.
        let kinds = host_features();
        let is_isa = |name: &str| !host || kinds.split(',').any(|kind| kind.get(1..) == Some(name));
        let mut spelled: Vec<String> = names.iter().filter(|n| is_isa(n)).map(|name| format!("+{name}")).collect();
        let lost = own.into_iter().filter(|name| !names.contains(name) && is_isa(name));
        spelled.extend(lost.map(|name| format!("-{name}")));
        let schedules = options.get("cpu-schedules").unwrap_or_default().to_owned();
        Ok(Self { cpu, features: spelled.join(","), triple, schedules })
    }

    /// From a target attribute's text.
    pub(crate) fn parse(attribute: &str) -> Self {
        let text = |key: &str| value(attribute, key).unwrap_or_default();
        let triple = match text("target_triple") {
            triple if triple.is_empty() => DEFAULT_TRIPLE.to_owned(),
            triple => triple,
        };
        let cpu = match text("cpu") {
            cpu if cpu.is_empty() => "generic".to_owned(),
            cpu => cpu,
        };
        let features = only_known(&triple, &text("cpu_features"));
        Self { cpu, features, triple, schedules: text("ropt.schedules") }
    }

    /// The target attribute's text.
    pub(crate) fn attribute(&self) -> PassResult<String> {
        let layout = self.machine()?.data_layout();
        let arch = format_machine(self.arch());
        let schedules = match self.schedules.as_str() {
            "" => String::new(),
            folder => format!("ropt.schedules = {}, ", quoted(folder)),
        };
        Ok(format!(
            "#hal.executable.target<\"llvm-cpu\", \"embedded-elf-{arch}\", {{cpu = {}, cpu_features = {}, data_layout = {}, \
             native_vector_size = {} : i64, {schedules}target_triple = {}}}>",
            quoted(&self.cpu),
            quoted(&self.features),
            quoted(&layout),
            self.simd().bytes,
            quoted(&self.triple),
        ))
    }

    /// The machine that the triple names.
    pub(crate) fn arch(&self) -> &str {
        self.triple.split('-').next().unwrap_or_default()
    }

    /// LLVM's target machine.
    pub(crate) fn machine(&self) -> PassResult<Machine> {
        let options =
            MachineOptions { triple: self.triple.clone(), cpu: self.cpu.clone(), features: self.features.clone() };
        // A target attribute may come from a file; a processor that LLVM does not know would only be a warning there.
        known(&self.triple, &self.cpu, "")?;
        Ok(Machine::new(&options)?)
    }

    /// The vector registers.
    pub(crate) fn simd(&self) -> Simd {
        let names = cpu_features(&self.triple, &self.cpu, &self.features).unwrap_or_default();
        let has = |name: &str| names.iter().any(|found| found == name);
        if has("avx512f") && has("avx512vl") && has("avx512bw") && has("avx512dq") {
            Simd { bytes: 64, registers: 32 }
        } else if has("avx2") && has("fma") {
            Simd { bytes: 32, registers: 16 }
        } else {
            Simd { bytes: 16, registers: if self.triple.starts_with("x86") { 16 } else { 32 } }
        }
    }
}

/// The features of a processor, or an error that lists the nearest names.
fn known(triple: &str, cpu: &str, features: &str) -> PassResult<Vec<String>> {
    use ropt_mlir::llvm::LlvmError;
    cpu_features(triple, cpu, features).map_err(|error| match error {
        LlvmError::UnknownCpu { .. } => {
            let names = cpu_names(triple).unwrap_or_default();
            PassError::usage(error.to_string())
                .note(did_you_mean(cpu, "processors", names.iter().map(String::as_str)))
                .help("--target-cpu=host is this machine")
        }
        LlvmError::UnknownTriple { .. } => {
            PassError::usage(error.to_string()).help(format!("for example --target-triple={DEFAULT_TRIPLE}"))
        }
        other => PassError::from(other),
    })
}

/// Without the features that this LLVM has no name for: another compiler's attribute takes them away to be sure.
fn only_known(triple: &str, features: &str) -> String {
    let Ok(names) = feature_names(triple) else { return features.to_owned() };
    let known =
        |feature: &&str| feature.get(1..).is_some_and(|name| names.binary_search_by(|n| n.as_str().cmp(name)).is_ok());
    features.split(',').filter(known).collect::<Vec<_>>().join(",")
}

fn checked_features(triple: &str, text: &str) -> PassResult<String> {
    let names = feature_names(triple).unwrap_or_default();
    for feature in text.split(',').map(str::trim).filter(|f| !f.is_empty()) {
        let name = feature.strip_prefix(['+', '-']).ok_or_else(|| {
            PassError::usage(format!("`{feature}` in --target-cpu-features has no sign"))
                .help(format!("write +{feature} or -{feature}"))
        })?;
        if !names.iter().any(|known| known == name) {
            return Err(PassError::usage(format!("LLVM knows no feature `{name}` for `{triple}`")).note(did_you_mean(
                name,
                "features",
                names.iter().map(String::as_str),
            )));
        }
    }
    Ok(text.replace(' ', ""))
}

/// The string behind `key = "` in an attribute's text.
fn value(attribute: &str, key: &str) -> Option<String> {
    let mut rest = attribute;
    loop {
        let at = rest.find(key)?;
        let bounded = rest[..at].ends_with(['{', ' ', ',']);
        let after = rest[at + key.len()..].trim_start_matches([' ']);
        rest = &rest[at + key.len()..];
        if let (true, Some(text)) = (bounded, after.strip_prefix("= \"").or_else(|| after.strip_prefix("=\""))) {
            return Some(text[..text.find('"')?].to_owned());
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\5C").replace('"', "\\22"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_attribute_as_iree_prints_it() {
        let text = "#hal.executable.target<\"llvm-cpu\", \"embedded-elf-x86_64\", {cpu = \"haswell\", cpu_features = \
                    \"+avx2,+fma\", data_layout = \"e-m:e\", iree.encoding.resolver = #iree_cpu.cpu_encoding_resolver<>, \
                    native_vector_size = 32 : i64, target_triple = \"x86_64-unknown-unknown-eabi-elf\"}>";
        let config = Config::parse(text);
        assert_eq!(config.cpu, "haswell");
        assert_eq!(config.features, "+avx2,+fma");
        assert_eq!(config.triple, DEFAULT_TRIPLE);
    }
}

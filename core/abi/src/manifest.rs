//! The static manifest: what a plugin says of itself in an ELF section, read without running any of its code.
//!
//! Section [`SECTION`] holds JSON objects, one after another, with NUL bytes between them. Exactly one is a
//! [`Header`]; the others describe passes, targets and drivers. Unknown fields are ignored, so manifests can grow.

mod names;
mod read;

pub use names::{NAME_RULE, is_name};
pub use read::{ManifestError, read_manifest, read_records};

use serde::{Deserialize, Serialize};

/// The ELF section that holds the records.
pub const SECTION: &str = "ropt_manifest";

/// A plugin as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Header {
    /// The plugin's name.
    pub plugin: String,
    /// The plugin's own version.
    pub version: String,
    /// The ABI it was built for, `major.minor`.
    pub abi: String,
    /// Build id of the MLIR it links; empty when it links none.
    pub mlir: String,
    /// Version of the SDK.
    pub sdk: String,
    /// The compiler, as `rustc --version` says it.
    pub rustc: String,
    /// The sanitizer it was built with; empty for none.
    pub sanitizer: String,
}

/// An option of a pass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OptionRecord {
    /// Its name in a pipeline.
    pub name: String,
    /// `string`, `bool`, `int`, `uint`, `float`, `enum`, `string-list` or `int-list`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its default, as text.
    pub default: String,
    /// What it does.
    pub help: String,
    /// The values of an enum.
    pub choices: Vec<String>,
}

/// A statistic of a pass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatisticRecord {
    /// Its name.
    pub name: String,
    /// What it counts.
    pub help: String,
}

/// A flag of `ropt compile` that a pass or target brings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FlagRecord {
    /// Its name without dashes; flags that start with `hal-` also answer to `iree-hal-…`.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// What stands for its value in the help, for example `DIR`; empty when it takes none.
    pub value: String,
    /// Its default; empty for none.
    pub default: String,
    /// What it does.
    pub help: String,
}

/// A place of a pass in `ropt compile`'s pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SlotRecord {
    /// The phase that the pass works towards: `executable-sources`, `executable-configurations`,
    /// `executable-targets`, `executable-binaries` or `end`.
    pub phase: String,
    /// Its place within the phase; smaller runs earlier.
    pub order: i64,
    /// Flags any of which must be given for the pass to take part; none: it always does.
    pub when: Vec<String>,
    /// The pass's options; `{flag}` stands for a flag's value, and an option whose flag is not given is left out.
    pub options: String,
    /// Passes that this one does the work of at once. It takes the place of the first when all of them and `until` take
    /// part, no flag of `unless` is given, and every other pass from there to `until` says `takes_finished`. Otherwise the
    /// slot is void. Empty: an ordinary slot.
    pub replaces: Vec<String>,
    /// The first pass further on that looks at what the replaced passes make; empty: the end.
    pub until: String,
    /// Flags that ask for something of the work in between.
    pub unless: Vec<String>,
    /// Whether the pass does its own work as well where another one was ahead of the order, so that kernels are finished.
    pub takes_finished: bool,
}

/// What a pass does, by example. Hosts print it and run it: the pipeline on the input must print the output.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExampleRecord {
    /// A module, as text.
    pub input: String,
    /// A textual pipeline, `builtin.module(…)`.
    pub pipeline: String,
    /// What is printed then. White space counts as one blank, the lines `module {` and `}` around everything as nothing,
    /// and `…` stands for any text.
    pub output: String,
}

/// A pass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PassRecord {
    /// Its name in a pipeline.
    pub pass: String,
    /// What it does; the first line is the summary.
    pub help: String,
    /// What it does, by example.
    pub examples: Vec<ExampleRecord>,
    /// The op it runs on; empty for any.
    pub anchor: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Dialects that must be loaded before it runs.
    pub dialects: Vec<String>,
    /// Its options, in the order of the ABI.
    pub options: Vec<OptionRecord>,
    /// Its statistics, in the order of the ABI.
    pub statistics: Vec<StatisticRecord>,
    /// Phase facts that must hold before it runs.
    pub needs: Vec<String>,
    /// Phase facts that hold after it, each as `name: what is true of the module then`.
    pub establishes: Vec<String>,
    /// Phase facts that no longer hold after it.
    pub ends: Vec<String>,
    /// Its places in `ropt compile`.
    pub slots: Vec<SlotRecord>,
    /// The compile flags it brings.
    pub flags: Vec<FlagRecord>,
    /// Whether running it twice in a row, with the same options, gives what running it once gives. A promise that
    /// `ropt plugins check` tries.
    pub idempotent: bool,
}

/// A target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TargetRecord {
    /// Its name, which target attributes carry as backend.
    pub target: String,
    /// What it compiles for; the first line is the summary.
    pub help: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Formats it emits.
    pub formats: Vec<String>,
    /// Its stages and their textual pipelines, for people.
    pub stages: Vec<(String, String)>,
    /// The compile flags it brings.
    pub flags: Vec<FlagRecord>,
    /// What it compiles: classes of ops (`arithmetic`, `contraction`, …), each with element types. `ropt plugins check`
    /// tries it; docs/checking.md lists the classes. Empty: nothing is promised.
    pub supports: Vec<(String, Vec<String>)>,
}

/// A driver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DriverRecord {
    /// Its name; `--device=` values start with it.
    pub driver: String,
    /// What it drives.
    pub help: String,
}

/// All records of a plugin, each list sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The plugin as a whole.
    pub header: Header,
    /// Its passes.
    pub passes: Vec<PassRecord>,
    /// Its targets.
    pub targets: Vec<TargetRecord>,
    /// Its drivers.
    pub drivers: Vec<DriverRecord>,
}

//! `hal-serialize-executables`.

use ropt_executable::{
    names::{SameFile, Written, contents_file, variant_file},
    output::{Output, OutputError},
};
use ropt_mlir::ir::edit::pin_mut;
use ropt_plugin::prelude::*;

use crate::{binary, limits::Limits, module_name::module_name, variants::Variant};

/// Turns each variant's module or objects into a binary.
///
/// The variant keeps its exports; a `hal.executable.binary` of the same name takes the place of its module. Binaries
/// and what came up on the way (LLVM IR, assembly, objects) are written to folders when these are given, as
/// `<module>_<executable>_<variant>.<suffix>`; SPIR-V as `<module>_<executable>_<export>.<suffix>` where the variant has
/// one export and no other variant is for its backend.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-serialize-executables",
    anchor = "builtin.module",
    aliases("iree-hal-serialize-executables"),
    dialects("hal"),
    needs("executable-targets"),
    establishes("executable-binaries: each variant holds a binary"),
    ends("executable-targets"),
    flag(
        name = "hal-dump-executable-intermediates-to",
        value = "DIR",
        help = "Write what comes up on the way to a binary (.ll, .s, .o, …) to this folder"
    ),
    flag(
        name = "hal-dump-executable-binaries-to",
        value = "DIR",
        help = "Write each executable's binary to this folder"
    ),
    slot(
        phase = "executable-binaries",
        order = 10,
        options = "dump-intermediates-path={hal-dump-executable-intermediates-to|hal-dump-executable-files-to} dump-binaries-path={hal-dump-executable-binaries-to|hal-dump-executable-files-to} timeout-s={codegen-timeout-s} memory-mb={codegen-memory-mb}"
    )
)]
struct SerializeExecutables {
    /// Folder for intermediates, made when missing; empty for none.
    #[option(name = "dump-intermediates-path", default = "")]
    dump_intermediates_path: String,
    /// Folder for binaries, made when missing; empty for none.
    #[option(name = "dump-binaries-path", default = "")]
    dump_binaries_path: String,
    /// Seconds that one variant may take; 0 is no limit.
    #[option(name = "timeout-s", default = 300)]
    timeout_s: u64,
    /// MiB that the process may hold meanwhile; 0 is no limit.
    #[option(name = "memory-mb", default = 8192)]
    memory_mb: u64,
    /// Binaries made.
    #[statistic]
    serialized: Counter,
}

impl RunPass for SerializeExecutables {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let name = module_name(module);
        let folder = |path: &str| (!path.is_empty()).then(|| Output::new(path));
        let (intermediates, binaries) = (folder(&self.dump_intermediates_path), folder(&self.dump_binaries_path));
        let refuse = |option: &'static str, path: &str, flag: &'static str| {
            let asked = cx.asked_by(option, path, &[flag, "hal-dump-executable-files-to"]);
            move |error: OutputError| {
                let remedy = error.remedy();
                PassError::from(error).note(asked.clone()).help(remedy)
            }
        };
        let no_intermediates =
            refuse("dump-intermediates-path", &self.dump_intermediates_path, "hal-dump-executable-intermediates-to");
        let no_binaries = refuse("dump-binaries-path", &self.dump_binaries_path, "hal-dump-executable-binaries-to");
        intermediates.iter().try_for_each(Output::prepare).map_err(&no_intermediates)?;
        binaries.iter().try_for_each(Output::prepare).map_err(&no_binaries)?;
        let mut written = Written::default();
        let whose =
            |variant: Variant<'_>| format!("variant @{} of executable @{}", variant.name(), variant.executable_name());
        let taken =
            |same: SameFile, variant: Variant<'_>| PassError::from(same).at(variant.op.location()).help(SameFile::HELP);
        if intermediates.is_some() || binaries.is_some() {
            for variant in Variant::all(module) {
                let file = variant_file(&name, &variant.executable_name(), &variant.name(), "");
                written.claim(&file, whose(variant)).map_err(|same| taken(same, variant))?;
            }
        }
        for variant in Variant::all(module) {
            if cx.cancelled() {
                return Ok(());
            }
            // One that is named after the export can meet another executable's variant.
            let mut file = |suffix: &str| {
                let file = contents_file(&name, &variant.executable_name(), &variant.known(), suffix);
                let stem = file.strip_suffix(suffix).unwrap_or(&file);
                written.claim(stem, whose(variant)).map_err(|same| taken(same, variant))?;
                Ok::<_, PassError>(file)
            };
            if let Some(there) = variant.inner(binary::BINARY) {
                let Some(suffix) = binary::take_suffix(there) else { continue };
                // hal-compile-executables made it.
                if intermediates.is_some() {
                    cx.warning_with(
                        variant.op.location(),
                        format!("@{} is finished already: it leaves no intermediates", variant.executable_name()),
                        &["help: run hal-translate-executables in the place of hal-compile-executables".to_owned()],
                    );
                }
                if let Some(output) = &binaries {
                    output.write(&file(&suffix)?, &binary::data(there)?).map_err(&no_binaries)?;
                }
                continue;
            }
            let limits = Limits { seconds: self.timeout_s, megabytes: self.memory_mb };
            let binary = binary::make(variant, intermediates.is_some(), limits, cx)?;
            if let Some(output) = &intermediates {
                for artifact in &binary.artifacts {
                    output.write(&file(&artifact.suffix)?, &artifact.data).map_err(&no_intermediates)?;
                }
            }
            if let Some(output) = &binaries {
                output.write(&file(&binary.suffix)?, &binary.data).map_err(&no_binaries)?;
            }
            binary::put(variant, &binary);
            self.serialized.add(1);
        }
        Ok(())
    }
}

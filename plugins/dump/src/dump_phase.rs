//! `hal-dump-phase`.

use crate::module_name::module_or_file_name;
use ropt_executable::{names::file_stem, output::Output};
use ropt_mlir::ir::{edit::pin_mut, op_text};
use ropt_plugin::prelude::*;

/// Writes the whole module to `<module>.<number>.<phase>.mlir`.
///
/// `ropt compile --dump-compilation-phases-to=DIR` runs it at the end of each phase; `--compile-from=<phase>` goes on
/// from such a file. A module without a name is called as the file that it was read from.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-dump-phase",
    anchor = "builtin.module",
    flag(
        name = "dump-compilation-phases-to",
        value = "DIR",
        help = "Write the module at the end of each phase to a file in this folder"
    ),
    slot(
        phase = "input",
        order = 90,
        when("dump-compilation-phases-to"),
        options = "path={dump-compilation-phases-to} phase=input number=1"
    ),
    slot(
        phase = "executable-sources",
        order = 90,
        when("dump-compilation-phases-to"),
        options = "path={dump-compilation-phases-to} phase=executable-sources number=2"
    ),
    slot(
        phase = "executable-configurations",
        order = 90,
        when("dump-compilation-phases-to"),
        options = "path={dump-compilation-phases-to} phase=executable-configurations number=3"
    ),
    slot(
        phase = "executable-targets",
        order = 90,
        when("dump-compilation-phases-to"),
        options = "path={dump-compilation-phases-to} phase=executable-targets number=4"
    ),
    slot(
        phase = "executable-binaries",
        order = 90,
        when("dump-compilation-phases-to"),
        options = "path={dump-compilation-phases-to} phase=executable-binaries number=5"
    ),
    slot(
        phase = "end",
        order = 90,
        when("dump-compilation-phases-to"),
        options = "path={dump-compilation-phases-to} phase=end number=6"
    )
)]
struct DumpPhase {
    /// Folder to write to, made when missing; `-` for stdout.
    #[option(name = "path", default = "")]
    path: String,
    /// The phase that has ended.
    #[option(name = "phase", default = "")]
    phase: String,
    /// Its number among the phases, for the order of the files.
    #[option(name = "number", default = 0)]
    number: u64,
}

impl RunPass for DumpPhase {
    fn initialize(&mut self, _: &PassContext<'_>) -> PassResult {
        if self.path.is_empty() {
            return Err(
                PassError::usage("hal-dump-phase needs a folder").help("give it path=DIR, or path=- for stdout")
            );
        }
        if self.phase.is_empty() {
            return Err(PassError::usage("hal-dump-phase needs the name of the phase").help("give it phase=NAME"));
        }
        Ok(())
    }

    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let file =
            format!("{}.{}.{}.mlir", file_stem(&module_or_file_name(module)), self.number, file_stem(&self.phase));
        let mut text = op_text(module, false);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Output::new(&self.path).write(&file, text.as_bytes()).map_err(|error| {
            let remedy = error.remedy();
            PassError::from(error).note(cx.asked_by("path", &self.path, &["dump-compilation-phases-to"])).help(remedy)
        })?;
        cx.preserve_all();
        Ok(())
    }
}

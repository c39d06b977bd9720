//! `hal-dump-executable-sources`.

use crate::{module_name::module_name, text::public_text};
use ropt_executable::{
    names::{SameFile, Written, configured_file, executable_file},
    output::{Output, OutputError},
};
use ropt_mlir::ir::{
    edit::{op_name, pin, pin_mut},
    ops_in, symbol_name,
};
use ropt_plugin::prelude::*;

/// Writes each executable to a file of its own that parses alone.
///
/// The files are named `<module>_<executable>.mlir`, with `prefix` and `_` before it when a prefix is given; a module
/// without a name is called `module`. The executable is public in the file, so that no pass that works on the file
/// removes it; the program's own stays as it is. Such a file can be edited and given back to
/// `hal-substitute-executables`.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-dump-executable-sources",
    anchor = "builtin.module",
    aliases("iree-hal-dump-executable-sources"),
    dialects("hal"),
    needs("executables"),
    flag(
        name = "hal-dump-executable-sources-to",
        value = "DIR",
        help = "Write each executable's source to a file in this folder; - for stdout"
    ),
    flag(
        name = "hal-dump-executable-configurations-to",
        value = "DIR",
        help = "Write each configured executable to a file in this folder; - for stdout"
    ),
    flag(
        name = "hal-dump-executable-files-to",
        value = "DIR",
        help = "Write everything that the other hal-dump-executable flags write to this folder"
    ),
    slot(
        phase = "executable-sources",
        order = 30,
        when("hal-dump-executable-sources-to", "hal-dump-executable-files-to"),
        options = "path={hal-dump-executable-sources-to|hal-dump-executable-files-to}"
    ),
    slot(
        phase = "executable-configurations",
        order = 30,
        when("hal-dump-executable-configurations-to", "hal-dump-executable-files-to"),
        options = "path={hal-dump-executable-configurations-to|hal-dump-executable-files-to} prefix=configured"
    )
)]
struct DumpExecutableSources {
    /// Folder to write to, made when missing; `-` for stdout.
    #[option(name = "path", default = "")]
    path: String,
    /// Put before each file's name.
    #[option(name = "prefix", default = "")]
    prefix: String,
    /// Executables written.
    #[statistic]
    dumped: Counter,
}

impl RunPass for DumpExecutableSources {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        if self.path.is_empty() {
            return Err(PassError::usage("hal-dump-executable-sources needs a folder")
                .help("give it path=DIR, or path=- for stdout"));
        }
        let output = Output::new(&self.path);
        let refuse = |error: OutputError| {
            let flags = [
                "hal-dump-executable-sources-to",
                "hal-dump-executable-configurations-to",
                "hal-dump-executable-files-to",
            ];
            let asked = cx.asked_by("path", &self.path, &flags);
            let remedy = error.remedy();
            PassError::from(error).note(asked).help(remedy)
        };
        output.prepare().map_err(refuse)?;
        let name = module_name(module);
        let mut written = Written::default();
        for executable in ops_in(module).into_iter().map(pin).filter(|op| op_name(*op) == "hal.executable") {
            if cx.cancelled() {
                return Ok(());
            }
            let symbol = symbol_name(executable).unwrap_or_default();
            let file = match self.prefix.as_str() {
                "" => executable_file(&name, &symbol),
                prefix => configured_file(prefix, &name, &symbol),
            };
            written
                .claim(&file, format!("executable @{symbol}"))
                .map_err(|same| PassError::from(same).at(executable.location()).help(SameFile::HELP))?;
            output.write(&file, public_text(executable).as_bytes()).map_err(refuse)?;
            self.dumped.add(1);
        }
        cx.preserve_all();
        Ok(())
    }
}

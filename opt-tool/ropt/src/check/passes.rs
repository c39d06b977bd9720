//! Cases of a pass: its options as the pipeline's text has them, and what it does to modules.

mod inputs;
mod modules;
mod options;

use super::case::{Case, Folder, Tools};
use inputs::Input;
use ropt_abi::manifest::PassRecord;
use ropt_conformance::report::Verdict;
use ropt_host::{HostError, discover::PluginFile};
use std::{path::PathBuf, sync::Arc};

/// A pass under test.
#[derive(Debug, Clone)]
struct Subject {
    record: PassRecord,
    tools: Tools,
}

pub(super) fn cases(named: &[&PluginFile], tools: &Tools, files: &[PathBuf]) -> Result<Vec<Case>, HostError> {
    let inputs: Vec<Arc<Input>> = inputs::all(files)?.into_iter().map(Arc::new).collect();
    let mut cases = Vec::new();
    for record in named.iter().flat_map(|file| &file.manifest.passes) {
        let subject = Arc::new(Subject { record: record.clone(), tools: tools.clone() });
        cases.extend(options::cases(&subject));
        let fitting: Vec<_> = inputs.iter().filter(|input| input.has(&record.anchor)).cloned().collect();
        if fitting.iter().all(|input| input.empty) {
            let reason = format!("no module at hand has an op `{}`: give one with --input=FILE.mlir", record.anchor);
            let not_run = move |_: &Folder| Verdict::NotRun { reason: reason.clone() };
            cases.push(Case::new(format!("pass/{}/modules", record.pass), not_run));
        }
        for input in fitting {
            cases.extend(modules::cases(&subject, &input));
        }
    }
    Ok(cases)
}

impl Subject {
    /// The pipeline that runs the pass with these options where its anchor is, below `outer`.
    fn pipeline(&self, options: &str, outer: &[&str]) -> String {
        let pass = match options {
            "" => self.record.pass.clone(),
            options => format!("{}{{{options}}}", self.record.pass),
        };
        self.nested(&pass, outer)
    }

    /// A pass's text in the nest of its anchor, below `outer`.
    fn nested(&self, pass: &str, outer: &[&str]) -> String {
        let own: &[&str] = match self.record.anchor.as_str() {
            "" | "builtin.module" => &["builtin.module"],
            "hal.executable.variant" => &["builtin.module", "hal.executable", "hal.executable.variant"],
            anchor => &["builtin.module", anchor],
        };
        outer.iter().chain(own).rev().fold(pass.to_owned(), |inner, op| format!("{op}({inner})"))
    }
}

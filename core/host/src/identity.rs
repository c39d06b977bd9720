//! Which code does a piece of work: a digest for the keys of caches.
//!
//! What belongs to it: the build of MLIR's library, the files of the plugins that take part, upstream plugins, which may
//! change anything, and MLIR's flags, which reach LLVM's code generator.

use crate::{
    host::{Host, Plugin},
    pipeline::{Element, Pipeline},
    report::Report,
    run::parsed,
};
use ropt_cache::{Key, KeyMaker};
use std::{collections::BTreeSet, path::Path};

/// What has its part in the work and is no plugin of ours.
#[derive(Debug, Default)]
pub(crate) struct Outside {
    /// Files of upstream C++ plugins.
    pub(crate) plugins: Vec<String>,
    /// MLIR's flags.
    pub(crate) flags: Vec<String>,
}

/// Flags of MLIR that say what runs, how it is shown or how fast it goes. What runs is in keys by itself.
const WITHOUT_EFFECT: [&str; 7] = [
    "pass-pipeline",
    "emit-bytecode",
    "mlir-timing",
    "mlir-disable-threading",
    "mlir-print-ir",
    "mlir-print-op-on-diagnostic",
    "mlir-pass-pipeline-crash-reproducer",
];

impl Host {
    /// Notes MLIR's flags of the run.
    pub(crate) fn set_mlir_flags(&self, flags: &[String]) {
        let matters = |flag: &&String| {
            let name = flag.trim_start_matches('-');
            !WITHOUT_EFFECT.iter().any(|start| name.starts_with(start))
        };
        let mut outside = self.outside.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        outside.flags = flags.iter().filter(matters).cloned().collect();
    }

    /// The digest of the code of `pass`, of a target and of the passes that pipelines name.
    ///
    /// # Errors
    /// When a pipeline has a mistake, there is no such target, or a file cannot be read.
    pub(crate) fn identity(&self, pass: &str, target: Option<&str>, pipelines: &[&str]) -> Result<Key, Box<Report>> {
        let library = ropt_mlir::build_id()
            .ok_or_else(|| Report::error(format!("{} was linked without a build id", ropt_mlir::SONAME)))?;
        let mut plugins: BTreeSet<usize> = self.passes.get(pass).map(|(plugin, _)| *plugin).into_iter().collect();
        if let Some(target) = target {
            self.target_table(target)?;
            plugins.extend(self.targets.get(target).map(|(plugin, _)| *plugin));
        }
        for text in pipelines {
            let pipeline = parsed(text, "pipeline")?;
            plugins.extend(names(&pipeline).filter_map(|name| Some(self.passes.get(name)?.0)));
        }
        let mut maker = KeyMaker::new("code").field("mlir", library);
        for plugin in plugins {
            let plugin = &self.plugins[plugin];
            maker.add("plugin", plugin.file.manifest.header.plugin.as_bytes());
            maker.add("file", plugin.digest().map_err(Report::error)?.to_string().as_bytes());
        }
        let outside = self.outside.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        for path in &outside.plugins {
            maker.add("upstream", file_digest(Path::new(path)).map_err(Report::error)?.to_string().as_bytes());
        }
        outside.flags.iter().for_each(|flag| maker.add("flag", flag.as_bytes()));
        Ok(maker.finish())
    }
}

impl Plugin {
    fn digest(&self) -> Result<Key, String> {
        self.digest.get_or_init(|| file_digest(&self.file.path)).clone()
    }
}

fn file_digest(path: &Path) -> Result<Key, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
    Ok(KeyMaker::new("file").field("bytes", &bytes).finish())
}

/// The passes that a pipeline names, at any depth.
fn names(pipeline: &Pipeline) -> impl Iterator<Item = &str> {
    fn gather<'a>(elements: &'a [Element], into: &mut Vec<&'a str>) {
        for element in elements {
            match element {
                Element::Pass { name, .. } => into.push(&name.text),
                Element::Nest { elements, .. } => gather(elements, into),
            }
        }
    }
    let mut found = Vec::new();
    gather(&pipeline.0, &mut found);
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_of_nests_are_named() {
        let pipeline = parsed("builtin.module(cse,x.y(a{o=b}),any(c))", "test").expect("well-formed");
        assert_eq!(names(&pipeline).collect::<Vec<_>>(), ["cse", "a", "c"]);
    }
}

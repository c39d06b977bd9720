//! `hal-substitute-executables`.

use crate::{apply, gather, plan};
use ropt_executable::names;
use ropt_mlir::ir::edit::pin_mut;
use ropt_plugin::prelude::*;
use std::time::Duration;

/// Replaces executables by files: edited dumps, hand-written IR, or compiled and hand-written kernels.
///
/// `substitutions=name=file` replaces one executable, `name@variant=file` one of its variants, and `search-path=DIR`
/// every executable for which the folder holds a file named as dumps name it. A `.mlir` or `.mlirbc` file replaces
/// the executable, or those of its variants that the file holds; any other file (`.o`, `.so`, `.a`, `.bc`, `.ll`,
/// `.s`, `.c` for CPUs, `.ptx`, `.cubin`, `.cu` for CUDA, `.spv`, `.comp`, `.glsl` for Vulkan) becomes the contents of the variant that it is for, whose exports, layouts and count regions stay.
/// Everything is checked against the executable and its dispatches before anything is replaced; on an error the
/// module is as it was.
///
/// A folder may be what any dump flag wrote, of several phases as well: sources are looked for before configurations
/// before benchmarks (`<module>_<executable>_<variant>_benchmark.mlir`, of which the executable is taken) before
/// objects, for the configurations' phase configurations first, for the objects' phase objects only. Of a kernel's
/// intermediates the last one counts (`.codegen.ll`, `.linked.ll`, `.optimized.ll`, `.s`, `.o`, `.so`), unless an
/// earlier one was changed since. A file whose name matches nothing but that holds several of the program's executables
/// (a linked library, a module with all of them) stands for each of those that no other file stands for.
///
/// A file with some of the executable's variants replaces those, the others stay; a variant for a target that the
/// executable does not have is an error. A `hal.executable.source` in the file replaces the contents of every
/// variant. The executable in the file may have any name when it is the only one there. Name, visibility and the
/// callers' side of the original are kept; a target attribute with the same backend and format but another
/// configuration is used, with a warning. An object goes in after translation, when the count region is known.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-substitute-executables",
    anchor = "builtin.module",
    aliases("iree-hal-substitute-executables"),
    dialects("hal", "flow", "iree_tensor_ext", "iree_codegen", "util"),
    needs("executables"),
    flag(
        name = "hal-substitute-executable-source",
        value = "NAME=FILE",
        help = "Replace this executable by the file before it is configured; repeatable"
    ),
    flag(
        name = "hal-substitute-executable-sources-from",
        value = "DIR",
        help = "Replace every executable that the folder holds a file for, before it is configured"
    ),
    flag(
        name = "hal-substitute-executable-configuration",
        value = "NAME=FILE",
        help = "Replace this executable by the file after it is configured; repeatable"
    ),
    flag(
        name = "hal-substitute-executable-configurations-from",
        value = "DIR",
        help = "Replace every executable that the folder holds a file for, after it is configured"
    ),
    flag(
        name = "hal-substitute-executable-object",
        value = "NAME=FILE",
        help = "Replace this executable's code by the object or C file after translation; repeatable"
    ),
    flag(
        name = "hal-substitute-executable-objects-from",
        value = "DIR",
        help = "Replace the code of every executable that the folder holds an object for, after translation"
    ),
    flag(
        name = "hal-executable-object-search-path",
        value = "DIR",
        help = "Where files of substitutions are looked for besides the current folder; repeatable"
    ),
    slot(
        phase = "executable-sources",
        order = 40,
        when("hal-substitute-executable-source", "hal-substitute-executable-sources-from"),
        options = "stage=sources substitutions={hal-substitute-executable-source} search-path={hal-substitute-executable-sources-from} object-search-path={hal-executable-object-search-path}"
    ),
    slot(
        phase = "executable-configurations",
        order = 40,
        when("hal-substitute-executable-configuration", "hal-substitute-executable-configurations-from"),
        options = "stage=configurations substitutions={hal-substitute-executable-configuration} search-path={hal-substitute-executable-configurations-from} object-search-path={hal-executable-object-search-path}"
    ),
    slot(
        phase = "executable-targets",
        order = 40,
        when("hal-substitute-executable-object", "hal-substitute-executable-objects-from"),
        options = "stage=objects substitutions={hal-substitute-executable-object} search-path={hal-substitute-executable-objects-from} object-search-path={hal-executable-object-search-path} timeout-s={codegen-timeout-s}",
        takes_finished = true
    )
)]
struct SubstituteExecutables {
    /// What to replace: `name=file` or `name@variant=file`; an entry with a comma in quotes, `{'name=a,b.mlir'}`.
    #[option(name = "substitutions")]
    substitutions: Vec<String>,
    /// A folder with a file for each executable to replace; more may be given.
    #[option(name = "search-path")]
    search_path: Vec<String>,
    /// Where files of `substitutions` are looked for besides the current folder.
    #[option(name = "object-search-path")]
    object_search_path: Vec<String>,
    /// Which files count where a folder holds those of several phases.
    #[option(name = "stage", choices("any", "sources", "configurations", "objects"))]
    stage: Stage,
    /// Seconds that compiling one C or assembly file may take; 0 is no limit.
    #[option(name = "timeout-s", default = 300)]
    timeout_s: u64,
    /// Executables and variants replaced.
    #[statistic]
    replaced: Counter,
}

/// The phase that files are for.
#[derive(PassEnum, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Not said: two files for one executable are an error.
    #[default]
    Any,
    /// Sources before configurations before objects.
    Sources,
    /// Configurations before sources before objects.
    Configurations,
    /// Objects.
    Objects,
}

impl Stage {
    /// The flags of `ropt compile` that run the pass for this phase: by name, by folder.
    pub(crate) fn flags(self) -> Option<[&'static str; 2]> {
        match self {
            Self::Any => None,
            Self::Sources => Some(["hal-substitute-executable-source", "hal-substitute-executable-sources-from"]),
            Self::Configurations => {
                Some(["hal-substitute-executable-configuration", "hal-substitute-executable-configurations-from"])
            }
            Self::Objects => Some(["hal-substitute-executable-object", "hal-substitute-executable-objects-from"]),
        }
    }

    /// The same for matching names.
    pub(crate) fn matching(self) -> names::Stage {
        match self {
            Self::Any => names::Stage::Any,
            Self::Sources => names::Stage::Sources,
            Self::Configurations => names::Stage::Configurations,
            Self::Objects => names::Stage::Objects,
        }
    }
}

impl RunPass for SubstituteExecutables {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let wanted = gather::Wanted {
            substitutions: &self.substitutions,
            folders: &self.search_path,
            search_path: &self.object_search_path,
            stage: self.stage,
        };
        let executables = gather::Executables::of(module, cx);
        let requests = gather::gather(&executables, &wanted, cx)?;
        let plans = plan::plan(module, &executables, &requests, self.stage, Duration::from_secs(self.timeout_s), cx)?;
        if plans.is_empty() {
            cx.preserve_all();
            return Ok(());
        }
        for plan in plans {
            let said = plan.said.clone();
            let location = plan.location;
            self.replaced.add(apply::apply(plan));
            cx.remark(location, said);
        }
        Ok(())
    }
}

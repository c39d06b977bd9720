//! `hal-preprocess-executables`.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Builder, Op, context_of, erase, op_name, pin_mut, single_block},
        op_text, ops_in, read_file, symbol_name,
    },
    melior::ir::{Module, RegionLike},
};
use ropt_plugin::{
    executable::{self, Sites, Unfit, children, interface, pick, replace},
    prelude::*,
};
use std::time::Duration;

use crate::{
    abroad,
    command::{Command, Failure},
};
use error::PreprocessError;

mod error;
mod workers;

/// Changes each executable by a pipeline or by a command.
///
/// Either sees a module that holds one executable. A command gets it as text on stdin and answers on stdout, in
/// the pretty or the generic form; it is called as it stands, found along PATH, without a shell between (write
/// `sh -c '…'` for one). What it says on stderr is shown. As with IREE's flag, a command that reads
/// `builtin.module(…)` is a pipeline.
///
/// What comes back must be the executable of the same name with all its variants, and is checked as a substitute is:
/// exports, layouts, binding types and sizes, count regions, and the dispatches. On an error the module is as it was.
/// Commands run on all cores, each under a limit of time.
///
/// ```mlir
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
///     builtin.module {
///       func.func @k() -> i32 {
///         %0 = arith.constant 1 : i32
///         %1 = arith.addi %0, %0 : i32
///         return %1 : i32
///       }
///     }
///   }
/// }
/// // becomes, by builtin.module(hal-preprocess-executables{pipeline=hal.executable(hal.executable.variant(builtin.module(func.func(canonicalize))))})
/// hal.executable private @e {
///   hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
///     builtin.module {
///       func.func @k() -> i32 {
///         %c2_i32 = arith.constant 2 : i32
///         return %c2_i32 : i32
///       }
///     }
///   }
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-preprocess-executables",
    anchor = "builtin.module",
    aliases("iree-hal-preprocess-executables-with-pipeline", "iree-hal-preprocess-executables-with-tool"),
    dialects("hal", "flow", "iree_tensor_ext", "iree_codegen", "util"),
    needs("executables", "executable-sources"),
    flag(
        name = "hal-preprocess-executables-with",
        value = "COMMAND",
        help = "Change each executable by a command (text on stdin and stdout) or by a pipeline, builtin.module(…), before it is configured; repeatable"
    ),
    flag(
        name = "hal-preprocess-executables-timeout-s",
        value = "SECONDS",
        default = "60",
        help = "Time that the command may take for one executable; 0 is no limit"
    ),
    flag(
        name = "hal-preprocess-executables-generic",
        value = "BOOL",
        default = "false",
        help = "Give executables to the command in generic form, for tools of another version of MLIR"
    ),
    slot(
        phase = "executable-sources",
        order = 50,
        when("hal-preprocess-executables-with"),
        options = "command={*hal-preprocess-executables-with} timeout-s={hal-preprocess-executables-timeout-s} generic={hal-preprocess-executables-generic}"
    )
)]
struct PreprocessExecutables {
    /// Passes to run on a module with one executable: `builtin.module(…)`.
    #[option(default = "")]
    pipeline: String,
    /// Program and arguments, quoted as in a shell; or a pipeline, `builtin.module(…)`.
    #[option(default = "")]
    command: String,
    /// Print executables in generic form, for a command of another version of MLIR.
    #[option]
    generic: bool,
    /// Seconds that the command may take for one executable; 0 is no limit.
    #[option(name = "timeout-s", default = 60)]
    timeout_s: u64,
    /// Executables changed.
    #[statistic]
    changed: Counter,
}

impl RunPass for PreprocessExecutables {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let executables: Vec<Op<'_>> = ops_in(module)
            .into_iter()
            .filter(|op| matches!(op_name(*op).as_str(), "hal.executable" | "hal.executable.source"))
            .collect();
        let sites = Sites::of(module);
        let command = self.command.trim();
        let done = match (self.pipeline.trim(), command) {
            ("", "") => {
                return Err(PassError::usage("hal-preprocess-executables needs a pipeline or a command")
                    .help("give it pipeline=\"builtin.module(…)\" or command=\"PROGRAM ARGUMENTS\""));
            }
            (pipeline, "") => by_pipeline(module, &executables, pipeline, &sites, cx)?,
            ("", pipeline) if pipeline.starts_with("builtin.module(") => {
                by_pipeline(module, &executables, pipeline, &sites, cx)?
            }
            ("", _) => {
                let timeout = (self.timeout_s > 0).then(|| Duration::from_secs(self.timeout_s));
                by_command(module, &executables, &Command::parse(command, timeout)?, self.generic, &sites, cx)?
            }
            (..) => {
                return Err(PassError::usage("hal-preprocess-executables takes a pipeline or a command, not both")
                    .help("run the pass twice, once with each"));
            }
        };
        self.changed.add(done);
        Ok(())
    }
}

/// Runs a pipeline on a copy of each executable, in a module of its own; how many there were.
fn by_pipeline<'c>(
    module: Op<'c>,
    executables: &[Op<'c>],
    pipeline: &str,
    sites: &Sites<'c>,
    cx: &PassContext<'_>,
) -> PassResult<u64> {
    let passes = anchored(pipeline)?;
    let copies: Vec<Op<'c>> = executables.iter().map(|original| alone(module, *original)).collect();
    let mut changes: Vec<(Op<'c>, Op<'c>)> = Vec::new();
    let mut run = || {
        for (&original, &copy) in executables.iter().zip(&copies) {
            let name = symbol_name(original).unwrap_or_default();
            let who = format!("the pipeline `{pipeline}`");
            let refuse = |error: PreprocessError| error.refuse(&name, &who, original.location(), &[]);
            cx.run_pipeline(passes, copy)
                .map_err(|error| error.note(format!("while executable @{name} was preprocessed by {who}")))?;
            let mut found = children(copy, "hal.executable");
            found.extend(children(copy, "hal.executable.source"));
            let [found] = found[..] else { return Err(refuse(PreprocessError::Count(found.len()))) };
            check(original, found, sites, cx, &refuse)?;
            changes.push((original, found));
        }
        Ok(())
    };
    let done = run();
    if done.is_ok() {
        if !changes.is_empty() && changes.iter().all(|(old, new)| op_text(*old, false) == op_text(*new, false)) {
            let help = "help: it runs on a module with one executable; kernels are functions in \
                        builtin.module(hal.executable(hal.executable.variant(builtin.module(func.func(…)))))";
            cx.warning_with(module.location(), format!("`{pipeline}` changes no executable"), &[help.to_owned()]);
        }
        for (original, found) in changes {
            replace(original, found);
        }
    }
    for copy in copies {
        erase(copy);
    }
    done.map(|()| executables.len() as u64)
}

/// The passes inside of `builtin.module(…)`; a pipeline is run on a module.
fn anchored(pipeline: &str) -> PassResult<&str> {
    let Some(inside) = pipeline.strip_prefix("builtin.module(") else { return Ok(pipeline) };
    let mut depth = 1usize;
    let close = inside.find(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    match close {
        Some(at) if inside[at + 1..].trim().is_empty() => Ok(&inside[..at]),
        _ => Err(PassError::usage(format!("the pipeline `{pipeline}` is not one `builtin.module(…)`"))
            .help("its parentheses must be paired, and nothing may follow")),
    }
}

/// A copy of the executable in a module of its own, at the end of the program's: MLIR runs nested pipelines only on
/// what is inside the pass's own op.
fn alone<'c>(module: Op<'c>, executable: Op<'c>) -> Op<'c> {
    let at = executable.location();
    let builder = match module.region(0).ok().and_then(|region| region.first_block()) {
        Some(block) => Builder::at_end(block, at),
        None => Builder::before(executable),
    };
    let alone = builder.op_with_regions("builtin.module", &[], &[], &[], vec![single_block(&[], at)]);
    if let Some(inside) = alone.region(0).ok().and_then(|region| region.first_block()) {
        Builder::at_end(inside, at).insert(clone_mapped(executable, &[], &[]));
    }
    alone
}

/// Gives each executable to a command and checks every answer before the first is put in its place.
fn by_command<'c>(
    module: Op<'c>,
    executables: &[Op<'c>],
    command: &Command,
    generic: bool,
    sites: &Sites<'c>,
    cx: &PassContext<'_>,
) -> PassResult<u64> {
    let texts = executables.iter().map(|op| abroad::text(*op, generic)).collect::<PassResult<Vec<String>>>()?;
    let answers = workers::run(command, &texts, cx);
    let mut changes: Vec<(Op<'c>, Module<'c>, Op<'c>)> = Vec::new();
    for (&original, answer) in executables.iter().zip(answers) {
        let name = symbol_name(original).unwrap_or_default();
        let who = command.who();
        let refuse = |error: PreprocessError| error.refuse(&name, &who, original.location(), &[]);
        let Some(answer) = answer else { return Err(PassError::new("interrupted before any executable was changed")) };
        let answer = answer.map_err(|failure: Failure| {
            failure.refuse(&format!("preprocess executable @{name}"), command, original.location(), generic)
        })?;
        if !answer.words.is_empty() {
            cx.warning_with(
                original.location(),
                format!("{who} has something to say of executable @{name}"),
                &answer.words,
            );
        }
        let path = cx.work_dir()?.join(format!("{}.preprocessed.mlir", ropt_executable::names::file_stem(&name)));
        std::fs::write(&path, &answer.text)?;
        let file = read_file(context_of(module), &path).map_err(|error| {
            let places: Vec<_> = std::iter::once((error.location, error.message)).chain(error.more).collect();
            PreprocessError::Parse.refuse(&name, &who, original.location(), &places)
        })?;
        let found = pick(&file, &name).map_err(|error| refuse(error.into()))?;
        check(original, found, sites, cx, &refuse)?;
        changes.push((original, file, found));
    }
    for (original, _file, found) in &changes {
        replace(*original, *found);
    }
    Ok(executables.len() as u64)
}

/// Name, variants and interface stay, as for a substitute.
fn check<'c>(
    original: Op<'c>,
    found: Op<'c>,
    sites: &Sites<'c>,
    cx: &PassContext<'_>,
    refuse: &dyn Fn(PreprocessError) -> PassError,
) -> PassResult {
    let (ours, theirs) = (interface(original), interface(found));
    if ours.name != theirs.name {
        return Err(refuse(PreprocessError::Name { expected: ours.name, found: theirs.name }));
    }
    if op_name(original) != op_name(found) {
        return Err(refuse(PreprocessError::Kind { expected: op_name(original), found: op_name(found) }));
    }
    let findings = executable::check(&ours, &theirs, found, sites).map_err(|unfit| match unfit {
        Unfit::Interface(mismatch) => refuse(mismatch.into()),
        Unfit::Site { mismatch, dispatch } => {
            refuse(mismatch.into()).note_at(dispatch.location(), "the dispatch is here")
        }
    })?;
    let stays = |name: &String| theirs.variants.iter().any(|variant| variant.name == *name);
    if let Some(lost) = ours.variants.iter().find(|variant| !stays(&variant.name)) {
        let has = theirs.variants.iter().map(|variant| format!("@{}", variant.name)).collect::<Vec<_>>().join(", ");
        return Err(refuse(PreprocessError::Variant { lost: lost.name.clone(), has }));
    }
    for finding in findings {
        cx.warning(original.location(), format!("executable @{}, preprocessed: {finding}", ours.name));
    }
    Ok(())
}

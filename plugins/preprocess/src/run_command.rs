//! `module-run-command`.

use ropt_mlir::{
    ir::{
        edit::{Op, context_of, erase, move_to_end, pin, pin_mut, remove_attribute, set_attribute_value},
        ops_in, read_file,
    },
    melior::ir::{Module, RegionLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;
use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use crate::{abroad, command::Command};

/// Gives the module to a command and takes what it prints in its place.
///
/// The command gets the module's text on stdin, alone, and prints it on stdout, in this version of MLIR's text or in
/// generic form; it is called as it stands, found along PATH, without a shell between. What it says on stderr is shown. On
/// an error the module is as it was. The pass may stand anywhere where a module is: around the program, or in
/// `hal.executable(hal.executable.variant(builtin.module(…)))` for the kernels of each variant.
///
/// With `generic=true` the text is in generic form, which other versions of MLIR read, and what would mean something else
/// there is refused; so passes built for another MLIR take part in a pipeline (docs/compatibility.md).
///
/// The cache does not look into the program: where the pass stands in a target's pipeline (`--target-pipeline`), give
/// `--no-cache` when the program has changed.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "module-run-command",
    anchor = "builtin.module",
    dialects(
        "hal",
        "flow",
        "iree_tensor_ext",
        "iree_codegen",
        "util",
        "affine",
        "arith",
        "bufferization",
        "cf",
        "complex",
        "func",
        "index",
        "linalg",
        "math",
        "memref",
        "ml_program",
        "scf",
        "tensor",
        "tosa",
        "vector"
    )
)]
struct RunCommand {
    /// Program and arguments, quoted as in a shell.
    #[option(default = "")]
    command: String,
    /// Print the module in generic form, for a command of another version of MLIR.
    #[option]
    generic: bool,
    /// Seconds that the command may take; 0 is no limit.
    #[option(name = "timeout-s", default = 60)]
    timeout_s: u64,
    /// Modules changed.
    #[statistic]
    changed: Counter,
}

impl RunPass for RunCommand {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        if self.command.trim().is_empty() {
            return Err(
                PassError::usage("module-run-command needs a command").help("give it command=\"PROGRAM ARGUMENTS\"")
            );
        }
        let timeout = (self.timeout_s > 0).then(|| Duration::from_secs(self.timeout_s));
        let command = Command::parse(self.command.trim(), timeout)?;
        let text = abroad::text(module, self.generic)?;
        let answer = command
            .run(&text, &|| cx.cancelled())
            .map_err(|failure| failure.refuse("change the module", &command, module.location(), self.generic))?;
        if !answer.words.is_empty() {
            cx.warning_with(module.location(), format!("{} has something to say", command.who()), &answer.words);
        }
        let path = file(cx)?;
        std::fs::write(&path, &answer.text)?;
        let read = {
            // Reading takes over the context's diagnostics, and modules of several variants come at once.
            static READING: Mutex<()> = Mutex::new(());
            let _one = READING.lock().unwrap_or_else(PoisonError::into_inner);
            read_file(context_of(module), &path)
        };
        let found = read.map_err(|error| {
            let text = format!("cannot change the module by {}: what it printed cannot be read as IR", command.who());
            let places = std::iter::once((error.location, error.message)).chain(error.more);
            let error =
                places.fold(PassError::new(text).at(module.location()), |error, (at, note)| error.note_at(at, note));
            error.help(
                "it must print the whole module, in this version of MLIR's text or in generic form: \
                 --mlir-print-op-generic of ropt, mlir-opt and iree-opt",
            )
        })?;
        take(module, &found)?;
        self.changed.add(1);
        Ok(())
    }
}

/// A file of this call alone.
fn file(cx: &PassContext<'_>) -> PassResult<PathBuf> {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    Ok(cx.work_dir()?.join(format!("command.{}.mlir", CALLS.fetch_add(1, Ordering::Relaxed))))
}

/// Puts the ops and the attributes of a module in the place of ours.
fn take<'c>(module: Op<'c>, found: &Module<'c>) -> PassResult {
    let theirs = pin(found.as_operation());
    let Some(block) = module.region(0).ok().and_then(|region| region.first_block()) else {
        return Err(PassError::internal("a module without a block"));
    };
    for op in ops_in(module).into_iter().rev() {
        erase(op);
    }
    for op in ops_in(theirs) {
        move_to_end(op, block);
    }
    for name in names(module) {
        remove_attribute(module, &name);
    }
    for name in names(theirs) {
        let value = theirs.attribute(&name).map_err(|error| PassError::internal(error.to_string()))?;
        set_attribute_value(module, &name, value);
    }
    Ok(())
}

fn names(op: Op<'_>) -> Vec<String> {
    op.attributes().filter_map(|(name, _)| name.as_string_ref().as_str().ok().map(str::to_owned)).collect()
}

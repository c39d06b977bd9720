//! `hal-dump-executable-benchmarks`.

mod cases;
mod file;
mod indices;
mod inputs;
mod resolve;
mod sites;
mod values;
mod workloads;

use cases::Case;
use file::{Measured, Subject};
use indices::indices;
use resolve::{Sources, Unresolved, resolve, unresolved};
use ropt_executable::{did_you_mean, names::file_stem, output::Output};
use ropt_mlir::{
    ir::{
        edit::{Op, op_name, pin, pin_mut},
        ops_in, symbol_name,
    },
    melior::ir::attribute::ArrayAttribute,
};
use ropt_plugin::{executable::children, prelude::*, ropt_abi::workloads::RecordedDispatch};
use sites::{Site, sites};
use std::collections::{BTreeMap, HashMap};
use workloads::{Given, workload_text};

/// Writes each executable variant, as it is here, to a program of its own that measures it.
///
/// The files are named `<module>_<executable>_<variant>_benchmark.mlir`; `ropt bench FILE` compiles and measures one.
/// A file has a function for each export and each distinct set of workload and operands at its dispatches. It takes
/// the number of dispatches to make and gives the results of the last one. Inputs are filled before the first call
/// with fixed numbers that are not zero; results have storage of their own; tensors that share storage in the program
/// share it here, and a result that is tied to an operand is written over a copy of it.
///
/// Open sizes are taken from `workloads`, from a run that `ropt-run run --record-workloads` wrote, or else from upper
/// bounds that the program states (`util.assume.int`). A dispatch that gets no benchmark is a warning with the reason.
///
/// As a flag of `ropt compile` it runs twice: on the configured kernels, and again where objects were substituted, so
/// that the file of such an executable holds the object that the program holds.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "hal-dump-executable-benchmarks",
    anchor = "builtin.module",
    aliases("iree-hal-dump-executable-benchmarks"),
    dialects("hal", "flow", "util", "arith", "linalg", "scf", "tensor", "func"),
    needs("executables", "executable-variants"),
    flag(
        name = "hal-dump-executable-benchmarks-to",
        value = "DIR",
        help = "Write each executable as a program that measures it, with substitutions of sources, configurations and objects in it; - for stdout"
    ),
    flag(
        name = "hal-benchmark-workload",
        value = "EXECUTABLE::EXPORT=64x128,…",
        help = "Sizes for the benchmarks of an export that is dispatched with open ones; repeatable"
    ),
    flag(
        name = "hal-benchmark-workloads-from",
        value = "FILE",
        help = "Sizes for benchmarks from a run of the program: `ropt-run run --record-workloads=FILE`"
    ),
    flag(
        name = "hal-benchmark-executable",
        value = "NAME",
        help = "Write the benchmarks of this executable only; repeatable"
    ),
    slot(
        phase = "executable-configurations",
        order = 50,
        when("hal-dump-executable-benchmarks-to", "hal-dump-executable-files-to"),
        options = "path={hal-dump-executable-benchmarks-to|hal-dump-executable-files-to} workloads={hal-benchmark-workload} workloads-from={hal-benchmark-workloads-from} executables={hal-benchmark-executable}"
    ),
    slot(
        phase = "executable-targets",
        order = 50,
        when("hal-dump-executable-benchmarks-to", "hal-dump-executable-files-to"),
        options = "path={hal-dump-executable-benchmarks-to|hal-dump-executable-files-to} workloads={hal-benchmark-workload} workloads-from={hal-benchmark-workloads-from} executables={hal-benchmark-executable} write=objects from={compile-from}"
    )
)]
struct DumpExecutableBenchmarks {
    /// Folder to write to, made when missing; `-` for stdout.
    #[option(name = "path", default = "")]
    path: String,
    /// `executable::export=64x128`; more workloads of the same export follow behind commas.
    #[option(name = "workloads")]
    workloads: Vec<String>,
    /// A recorded run.
    #[option(name = "workloads-from", default = "")]
    workloads_from: String,
    /// The executables to write; without any, all.
    #[option(name = "executables")]
    executables: Vec<String>,
    /// Which variants are written: all, or those with objects.
    #[option(name = "write", choices("all", "objects"))]
    write: Which,
    /// The phase that the run starts behind. Behind the configurations, `write=objects` writes all: nothing was
    /// written of them yet.
    #[option(name = "from", default = "")]
    from: String,
    /// Functions written.
    #[statistic]
    benchmarks: Counter,
    /// Dispatches without a benchmark.
    #[statistic]
    skipped: Counter,
}

/// Which variants are written.
#[derive(PassEnum, Clone, Copy, Default, PartialEq, Eq)]
enum Which {
    /// All.
    #[default]
    All,
    /// Those with objects.
    Objects,
}

/// What is measured of one executable.
struct Found<'c> {
    /// By export, in the order of the dispatches.
    cases: Vec<Case<'c>>,
    /// Warnings: where, what, and what to do.
    warnings: Vec<(Location<'c>, String, Vec<String>)>,
    /// Remarks.
    remarks: Vec<(Location<'c>, String)>,
    /// Dispatches without a benchmark.
    skipped: u64,
}

/// Where sizes come from.
struct Sizes {
    given: Vec<Given>,
    recorded: Vec<RecordedDispatch>,
}

impl RunPass for DumpExecutableBenchmarks {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        if self.path.is_empty() {
            return Err(PassError::usage("hal-dump-executable-benchmarks needs a folder")
                .help("give it path=DIR, or path=- for stdout"));
        }
        let output = Output::new(&self.path);
        output.prepare().map_err(|error| {
            let flags = ["hal-dump-executable-benchmarks-to", "hal-dump-executable-files-to"];
            PassError::from(error)
                .note(cx.asked_by("path", &self.path, &flags))
                .help("give a folder that can be written, or - for stdout")
        })?;
        let executables: Vec<Op<'_>> =
            ops_in(module).into_iter().map(pin).filter(|op| op_name(*op) == "hal.executable").collect();
        self.check_names(&executables)?;
        let sizes = self.sizes(&executables)?;
        let objects_only = self.write == Which::Objects && self.from != "executable-configurations";
        let sites = sites(module);
        let name = symbol_name(module);
        let mut written: BTreeMap<String, String> = BTreeMap::new();
        for executable in executables {
            if cx.cancelled() {
                return Ok(());
            }
            let symbol = symbol_name(executable).unwrap_or_default();
            if !self.executables.is_empty() && !self.executables.contains(&symbol) {
                continue;
            }
            let variants: Vec<Op<'_>> = children(executable, "hal.executable.variant")
                .into_iter()
                .filter(|variant| !objects_only || has_objects(*variant))
                .collect();
            if variants.is_empty() {
                continue;
            }
            let mut found = self.find(executable, sites.get(&symbol).map_or(&[], Vec::as_slice), &sizes)?;
            if objects_only {
                // All of this was said when the configured kernels were written.
                found.warnings.clear();
                found.remarks.clear();
            }
            for variant in variants {
                let subject = Subject { executable, variant };
                self.write(&subject, name.as_deref(), &mut found, &output, &mut written)?;
            }
            for (place, text, notes) in &found.warnings {
                cx.warning_with(*place, text, notes);
            }
            for (place, text) in &found.remarks {
                cx.remark(*place, text);
            }
            self.skipped.add(found.skipped);
        }
        cx.preserve_all();
        Ok(())
    }
}

impl DumpExecutableBenchmarks {
    fn check_names(&self, executables: &[Op<'_>]) -> PassResult {
        let known: Vec<String> = executables.iter().filter_map(|op| symbol_name(*op)).collect();
        match self.executables.iter().find(|name| !known.contains(*name)) {
            None => Ok(()),
            Some(name) => Err(PassError::usage(format!("there is no executable `{name}` to measure"))
                .help(did_you_mean(name, "executables", known.iter().map(String::as_str)))),
        }
    }

    fn sizes(&self, executables: &[Op<'_>]) -> PassResult<Sizes> {
        let given = workloads::parse(&self.workloads).map_err(workloads::WorkloadError::report)?;
        let known: Vec<(String, Vec<String>)> = executables
            .iter()
            .map(|executable| (symbol_name(*executable).unwrap_or_default(), exports(*executable)))
            .collect();
        workloads::check(&given, &known).map_err(workloads::WorkloadError::report)?;
        let recorded = workloads::recorded(&self.workloads_from).map_err(workloads::WorkloadError::report)?;
        Ok(Sizes { given, recorded })
    }

    /// The cases of all dispatches of an executable, each once.
    fn find<'c>(&self, executable: Op<'c>, sites: &[Site<'c>], sizes: &Sizes) -> PassResult<Found<'c>> {
        let symbol = symbol_name(executable).unwrap_or_default();
        let mut found = Found { cases: Vec::new(), warnings: Vec::new(), remarks: Vec::new(), skipped: 0 };
        for export in exports(executable) {
            let of_export: Vec<&Site<'c>> = sites.iter().filter(|site| site.export == export).collect();
            if of_export.is_empty() {
                let text = format!("no benchmark for export @{export} of executable @{symbol}: nothing dispatches it");
                found.warnings.push((executable.location(), text, Vec::new()));
            }
            let sources = Sources {
                given: sizes
                    .given
                    .iter()
                    .filter(|one| one.executable == symbol && one.export.as_ref().is_none_or(|name| *name == export))
                    .collect(),
                recorded: sizes
                    .recorded
                    .iter()
                    .filter(|one| one.executable == symbol && one.export == export)
                    .collect(),
            };
            let mut misfits = Vec::new();
            let count = of_export.len();
            for site in of_export {
                match resolve(site, &sources) {
                    Ok(resolved) => {
                        for remark in resolved.remarks {
                            found.remarks.push((resolve::place(site), format!("benchmark of @{export}: {remark}")));
                        }
                        for case in resolved.cases.into_iter() {
                            if !found.cases.contains(&case) {
                                found.cases.push(case);
                            }
                        }
                    }
                    Err(Unresolved::Given(text)) if count == misfits.len() + 1 => {
                        // It fits at no dispatch: a mistake on the command line.
                        return Err(PassError::usage(text)
                            .at(resolve::place(site))
                            .note(format!("--hal-benchmark-workload gives it for @{symbol}::@{export}")));
                    }
                    Err(why) => {
                        if matches!(why, Unresolved::Given(_)) {
                            misfits.push(());
                        }
                        let (text, notes) = unresolved(site, &symbol, why);
                        let text = format!("no benchmark for this dispatch of @{export}: {text}");
                        found.warnings.push((resolve::place(site), text, notes));
                        found.skipped += 1;
                    }
                }
            }
        }
        Ok(found)
    }

    fn write<'c>(
        &mut self,
        subject: &Subject<'c>,
        module: Option<&str>,
        found: &mut Found<'c>,
        output: &Output,
        written: &mut BTreeMap<String, String>,
    ) -> PassResult {
        let has: Vec<String> =
            children(subject.variant, "hal.executable.export").into_iter().filter_map(symbol_name).collect();
        let cases: Vec<&Case<'c>> = found.cases.iter().filter(|case| has.contains(&case.export)).collect();
        if cases.is_empty() {
            return Ok(());
        }
        let (executable, variant) = subject.names();
        let mut names: HashMap<String, usize> = HashMap::new();
        let function = |case: &Case<'c>| {
            let mut name = format!("{executable}_{variant}_{}", case.export);
            if !case.fixed && !case.workload.is_empty() {
                name.push_str(&format!("_{}", workload_text(&case.workload)));
            }
            let count = names.entry(name.clone()).or_default();
            *count += 1;
            if *count > 1 { format!("{name}_{}", *count - 1) } else { name }
        };
        let functions: Vec<String> = cases.iter().copied().map(function).collect();
        let measured: Vec<Measured<'_, 'c>> = cases
            .into_iter()
            .zip(functions)
            .map(|(case, function)| Measured { case, function, indices: indices(subject.variant, &case.export) })
            .collect();
        match subject.file(module, &measured) {
            Ok(text) => {
                let stem = [module.unwrap_or("module"), &executable, &variant].map(file_stem).join("_");
                let file = format!("{stem}_benchmark.mlir");
                let whose = format!("@{executable}::@{variant}");
                if let Some(first) = written.insert(file.clone(), whose.clone()) {
                    return Err(PassError::new(format!("benchmarks of {first} and {whose} would both be `{file}`"))
                        .at(subject.executable.location())
                        .help("rename one of them"));
                }
                output.write(&file, text.as_bytes())?;
                self.benchmarks.add(measured.len() as u64);
            }
            Err(reason) => {
                let text = format!("no benchmark for variant @{variant} of executable @{executable}: {reason}");
                found.warnings.push((subject.executable.location(), text, Vec::new()));
                found.skipped += 1;
            }
        }
        Ok(())
    }
}

/// The names of an executable's exports, each once, in order.
fn exports(executable: Op<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for variant in children(executable, "hal.executable.variant") {
        for name in children(variant, "hal.executable.export").into_iter().filter_map(symbol_name) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

fn has_objects(variant: Op<'_>) -> bool {
    let objects = variant.attribute("objects").ok().and_then(|list| ArrayAttribute::try_from(list).ok());
    objects.is_some_and(|list| !list.is_empty())
}

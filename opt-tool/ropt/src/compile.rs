//! `ropt compile`: flags from manifests, a pipeline from slots, one run.

use crate::{cache, iree_flags, verify};
use clap::{Arg, ArgAction, ArgMatches, Command, builder::NonEmptyStringValueParser};
use ropt_host::flags::{check, is_mlir, takes_value};
use ropt_host::{
    Host, HostError,
    compile::{self, CompileFlag, Flags, PHASES},
    input,
    isolate::settings::{FLAGS, SWITCHES},
    output,
    report::Report,
    run::{self, Job},
    target_pipeline,
};
use std::{collections::BTreeMap, path::PathBuf};

/// Runs `ropt compile` on the command line behind `ropt`.
pub(crate) fn command(args: Vec<String>) -> Result<i32, HostError> {
    compile(args, |host, job| run::run(host, &job))
}

/// Compiles that many times in this process, and prints what it holds in between: `ropt plugins check` looks for leaks.
pub(crate) fn rounds(count: usize, args: Vec<String>) -> Result<i32, HostError> {
    compile(args, |host, job| {
        let (code, looks) = crate::check::rounds(count, || run::run(host, &job))?;
        output::print(&looks)?;
        Ok(code)
    })
}

fn compile(
    args: Vec<String>,
    run_job: impl FnOnce(&'static Host, Job) -> Result<i32, HostError>,
) -> Result<i32, HostError> {
    let args = args[1..].to_vec();
    let host = run::set_up(&args)?;
    let declared = compile::flags(host)?;
    refuse_taken(&declared)?;
    let (ours, mlir) = split(&args, &declared)?;
    let matches = parser(&declared).get_matches_from(std::iter::once("ropt compile".to_owned()).chain(ours));
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let mut given = given(&matches, &declared);
    let from = text("compile-from").map_or(Ok(0), |name| compile::phase_flag("compile-from", &name))?;
    let last = PHASES.len() - 1;
    let to = text("compile-to").map_or(Ok(last), |name| compile::phase_flag("compile-to", &name))?;
    if to <= from && to != 0 {
        let message = format!("--compile-to={} is not behind --compile-from={}", PHASES[to], PHASES[from]);
        return Err(usage(Report::error(message)));
    }
    let strict = matches.get_flag("strict");
    let stages: Vec<String> = matches.get_many(target_pipeline::FLAG).into_iter().flatten().cloned().collect();
    if !stages.is_empty() {
        given.insert(target_pipeline::FLAG.into(), target_pipeline::check(host, &stages, strict)?);
    }
    cache::give(&matches, &mut given)?;
    let output = text("output");
    if let Some(path) = output.clone().filter(|_| to == last) {
        given.insert("o".into(), vec![path]);
    }
    if from > 0 {
        given.insert("compile-from".into(), vec![PHASES[from].into()]);
    }
    for warning in compile::without_effect(host, &given, from, to)? {
        eprintln!("{warning}");
    }
    let pipeline = compile::assemble(host, &given, from, to)?;
    if matches.get_flag("print-pipeline") {
        output::print(&format!("{pipeline}\n"))?;
        return Ok(0);
    }
    if to == last && output.is_none() {
        let report = Report::error("`ropt compile` needs -o FILE for the program");
        return Err(usage(
            report.help(Some("or stop at a phase: --compile-to=executable-sources prints the IR".into())),
        ));
    }
    let Some(file) = text("file") else {
        let report = Report::error("no input file");
        return Err(usage(report.help(Some("name a file, or `-` for stdin".into()))));
    };
    let verifying = matches.get_flag("hal-verify-substitutions");
    if verifying && file == "-" {
        let report = Report::error("--hal-verify-substitutions compiles the program again, and stdin is read once");
        return Err(usage(report.help(Some("name a file".into()))));
    }
    let input = input::read(&file)?;
    host.set_flags(&given);
    let mut flags = mlir;
    flags.push(format!("--pass-pipeline={pipeline}"));
    if !flags.iter().any(|flag| flag.contains("mlir-print-op-on-diagnostic")) {
        // The place says where to look; a whole kernel below each message hides the next one.
        flags.push("--mlir-print-op-on-diagnostic=false".into());
    }
    if to == last {
        // Nobody reads the module behind the last phase, and MLIR writes bytes faster than text.
        flags.push("--emit-bytecode".into());
    }
    check(&flags)?;
    let job = Job {
        input,
        output: (to != last).then(|| PathBuf::from(output.unwrap_or("-".into()))),
        pipeline: Some((pipeline, "pipeline of ropt compile")),
        flags,
        parsed: Vec::new(),
        statistics: matches.get_flag("pass-statistics"),
        strict,
    };
    let code = run_job(host, job)?;
    host.finish();
    if code == 0 && verifying {
        return verify::verify(&verify::Line::of(&args, &file));
    }
    Ok(code)
}

/// Flags that name plugins, each with a value.
const LOADING: [&str; 3] = ["load-plugin", "load-pass-plugin", "load-dialect-plugin"];

/// Flags that clap does not list as such.
const BUILT_IN: [&str; 4] = ["o", "h", "help", "insecure-plugins"];

/// Refuses flags of plugins that would hide one of ropt's or of MLIR's.
fn refuse_taken(declared: &BTreeMap<String, CompileFlag>) -> Result<(), HostError> {
    let own = parser(&BTreeMap::new());
    let is_own = |name: &str| {
        has(&own, name) || LOADING.iter().chain(&FLAGS).chain(&SWITCHES).chain(&BUILT_IN).any(|own| *own == name)
    };
    for flag in declared.values() {
        for name in std::iter::once(flag.record.name.clone()).chain(flag.aliases()) {
            let owner = match name.as_str() {
                name if is_own(name) => "ropt",
                name if is_mlir(name) => "MLIR",
                _ => continue,
            };
            return Err(HostError::FlagTaken { name, owner, path: flag.plugin.clone() });
        }
    }
    Ok(())
}

fn has(command: &Command, name: &str) -> bool {
    command
        .get_arguments()
        .any(|arg| arg.get_long() == Some(name) || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&name)))
}

/// Flags that are clap's, and flags that MLIR gets.
fn split(args: &[String], declared: &BTreeMap<String, CompileFlag>) -> Result<(Vec<String>, Vec<String>), HostError> {
    let command = parser(declared);
    let own = |name: &str| ["o", "h", "help"].contains(&name) || has(&command, name);
    let (mut ours, mut mlir) = (Vec::new(), Vec::new());
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let name = arg.trim_start_matches('-').split('=').next().unwrap_or_default();
        if !arg.starts_with('-') || arg == "-" || own(name) {
            ours.push(arg.clone());
            continue;
        }
        iree_flags::refuse(arg)?;
        if LOADING.contains(&name) || FLAGS.contains(&name) {
            // known since the start
            if !arg.contains('=') {
                args.next();
            }
        } else if name == "insecure-plugins" || SWITCHES.contains(&name) {
            // the plugins are found by now
        } else if check(std::slice::from_ref(arg)).is_ok() {
            mlir.push(arg.clone());
            if !arg.contains('=') && takes_value(name) {
                mlir.extend(args.next().cloned());
            }
        } else {
            ours.push(arg.clone()); // clap says what is wrong with it
        }
    }
    Ok((ours, mlir))
}

fn parser(declared: &BTreeMap<String, CompileFlag>) -> Command {
    let command = Command::new("ropt compile")
        .about("Compile a program to one .so that ropt-run runs")
        .long_about(
            "Compile a program to one .so that ropt-run runs.\n\nThe work is a pipeline of passes that plugins bring: \
             --print-pipeline shows it, and `ropt --pass-pipeline=` runs it as well. Flags below, other than the first \
             few, come from those passes and from targets; each that starts with --hal- also answers to --iree-hal-….",
        )
        .after_help(format!(
            "Phases: {}. MLIR's own flags (--mlir-timing, --mlir-print-ir-after-all, …) work too, and so do \
             ropt's on plugins and passes: --load-plugin, --isolate, --config, --pass-timeout, --crash-reproducer \
             (`ropt --help`).",
            PHASES.join(", ")
        ))
        .max_term_width(110)
        .arg(Arg::new("file").value_name("FILE").help("The program: MLIR text or bytecode; `-` is stdin"))
        .arg(
            Arg::new("output")
                .short('o')
                .value_name("FILE")
                .value_parser(NonEmptyStringValueParser::new())
                .help("The compiled program, or the IR of --compile-to"),
        )
        .arg(
            value("compile-to", "PHASE", "Stop behind this phase; without -o the IR goes to stdout")
                .alias("iree-compile-to"),
        )
        .arg(value("compile-from", "PHASE", "Take the input to be the IR of this phase").alias("iree-compile-from"))
        .arg(
            value(
                target_pipeline::FLAG,
                "TARGET:STAGE=TEXT",
                "Run this pipeline in the place of a target's stage; `ropt targets show TARGET` prints the stages; repeatable",
            )
            .action(ArgAction::Append),
        )
        .arg(switch("strict", "Make warnings about a pipeline errors"))
        .arg(
            switch(
                "hal-verify-substitutions",
                "Then run each substituted executable against the original on the same inputs: largest difference and \
                 ratio of times; exit code 1 when results differ or cannot be compared",
            )
            .alias("iree-hal-verify-substitutions"),
        )
        .arg(switch("print-pipeline", "Print the pipeline and do nothing else"))
        .arg(switch("pass-statistics", "Print the passes' counters at the end"));
    let mut command = cache::flags(command);
    for (name, flag) in declared {
        let record = &flag.record;
        let help = match record.default.as_str() {
            "" => record.help.clone(),
            default => format!("{} [default: {default}]", record.help),
        };
        let owner = if flag.of_target { "Target" } else { "Pass" };
        let mut arg = Arg::new(leak(&id(name)))
            .long(leak(name))
            .help(help)
            .action(ArgAction::Append)
            .help_heading(leak(&format!("{owner} {}", flag.owner)))
            .aliases(flag.aliases().iter().map(|alias| leak(alias)));
        arg = if record.value.is_empty() {
            arg.num_args(0..=1).require_equals(true).default_missing_value("true")
        } else {
            // A target's flag may stand for nothing, as `--target-cpu-features=`; a pass's names a file or a place.
            let arg = arg.value_name(leak(&record.value));
            if flag.of_target { arg } else { arg.value_parser(NonEmptyStringValueParser::new()) }
        };
        command = command.arg(arg);
    }
    command
}

/// clap's name of a plugin's flag: ropt's own arguments have names without a hyphen before them.
fn id(flag: &str) -> String {
    format!("--{flag}")
}

fn value(name: &'static str, what: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(what).help(help)
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help(help).action(ArgAction::SetTrue)
}

/// clap wants names that live as long as the process; there are a few dozen.
fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn given(matches: &ArgMatches, declared: &BTreeMap<String, CompileFlag>) -> Flags {
    let values = |name: &String| {
        let values: Vec<String> = matches.get_many(&id(name))?.cloned().collect();
        let off = declared[name].record.value.is_empty() && values.last().is_some_and(|v| v == "false");
        (!off).then_some((name.clone(), values))
    };
    declared.keys().filter_map(values).collect()
}

fn usage(report: Report) -> HostError {
    HostError::Usage(Box::new(report))
}

/// Prints the folder that holds `ropt/kernel.h`: of a distribution, or of the source tree that this was built from.
pub(crate) fn include_dir() -> Result<i32, HostError> {
    let executable = std::env::current_exe().map_err(|reason| HostError::Read { path: "ropt".into(), reason })?;
    let folder = executable.parent().map(PathBuf::from).unwrap_or_default();
    let places = [folder.join("../include"), folder.join("../../core/abi/include")];
    let found = places.iter().find(|place| place.join("ropt/kernel.h").is_file());
    let Some(place) = found.and_then(|place| place.canonicalize().ok()) else {
        let looked: Vec<_> = places.iter().map(|p| p.display().to_string()).collect();
        let report = Report::error("ropt/kernel.h is not there").note(format!("looked in {}", looked.join(" and ")));
        return Err(HostError::Input(Box::new(report)));
    };
    output::print(&format!("{}\n", place.display()))?;
    Ok(0)
}

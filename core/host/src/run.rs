//! The one function that runs a pipeline: opt mode and compile mode both end here.

use crate::{
    bridge, crash,
    error::HostError,
    flags::{OptLine, check as check_flags, named_plugins, take_apart, takes_value},
    host::Host,
    interrupt, output,
    pipeline::{self, Names, Pipeline},
    report::Report,
};
use ropt_mlir::sys;
use std::{
    ffi::{CStr, CString, c_void},
    io::Read,
    path::{Path, PathBuf},
};

/// Sets the process up: plugins found, passes registered, MLIR checked. `args` is only searched for plugins.
///
/// # Errors
/// When a plugin cannot be used or the MLIR library is broken.
pub fn set_up(args: &[String]) -> Result<&'static Host, HostError> {
    let (wanted, upstream) = named_plugins(args);
    let host = Host::new(&wanted)?;
    // SAFETY: called once, before any other use of MLIR.
    unsafe { sys::roptRegisterUpstream() };
    for (flag, path) in upstream {
        let mut outside = host.outside.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        outside.plugins.push(path.clone());
        drop(outside);
        load_upstream(flag, path)?;
    }
    bridge::register(host)?;
    crash::install(host);
    interrupt::install(host).map_err(HostError::Signals)?;
    // SAFETY: every pass is registered now.
    unsafe { sys::roptRegisterFlags() };
    self_test()?;
    Ok(host)
}

fn load_upstream(flag: &'static str, path: String) -> Result<(), HostError> {
    let mut code = 0;
    let words = sys::collect(|sink, user| {
        let name = sys::RoptStr::new(&path);
        // SAFETY: the sink lives during the call; LLVM checks the library's version and entry point.
        code = unsafe {
            if flag == "--load-pass-plugin" {
                sys::roptLoadPassPlugin(name, sink, user)
            } else {
                sys::roptLoadDialectPlugin(name, sink, user)
            }
        };
    });
    if code == 0 {
        return Ok(());
    }
    Err(HostError::UpstreamPlugin { flag, path, reason: words.concat().trim().to_owned() })
}

fn self_test() -> Result<(), HostError> {
    // SAFETY: gives NULL or a static string.
    let verdict = unsafe { sys::roptSelfTest() };
    if verdict.is_null() {
        return Ok(());
    }
    // SAFETY: as above.
    Err(HostError::Mlir(unsafe { CStr::from_ptr(verdict) }.to_string_lossy().into_owned()))
}

/// What a run is about.
pub struct Job {
    /// The input's name in diagnostics, and its bytes.
    pub input: (String, Vec<u8>),
    /// Where the IR goes; none: it is not written.
    pub output: Option<PathBuf>,
    /// The pipeline, and the flag that it came by.
    pub pipeline: Option<(String, &'static str)>,
    /// MLIR's flags.
    pub flags: Vec<String>,
    /// Whether to print the passes' counters at the end.
    pub statistics: bool,
    /// Whether warnings about a pipeline are errors.
    pub strict: bool,
}

/// Runs opt mode on a command line (without the tool's name); gives the exit code.
///
/// # Errors
/// A mistake of the command line, the pipeline or the files. A pass that fails has reported itself.
pub fn opt(host: &'static Host, args: Vec<String>) -> Result<i32, HostError> {
    let line: OptLine = take_apart(args, takes_value)?;
    if line.help_mlir {
        // SAFETY: the flags are registered.
        unsafe { sys::roptPrintFlags() };
        return Ok(0);
    }
    check_flags(&line.rest)?;
    host.set_mlir_flags(&line.rest);
    if let Some(text) = &line.pipeline {
        let pipeline = checked(host, text, "--pass-pipeline")?;
        // MLIR puts the input into a module unless it is told not to.
        if !line.rest.iter().any(|flag| flag.trim_start_matches('-').starts_with("no-implicit-module")) {
            pipeline::check_outermost(&pipeline, "builtin.module", text, "--pass-pipeline")
                .map_err(HostError::Usage)?;
        }
    }
    if parse_flags(&line.rest) {
        return Ok(0);
    }
    let input = read(line.input.as_deref().unwrap_or("-"))?;
    run(
        host,
        &Job {
            input,
            output: Some(line.output.unwrap_or("-".into()).into()),
            pipeline: line.pipeline.map(|text| (text, "--pass-pipeline")),
            flags: Vec::new(),
            statistics: line.statistics,
            strict: line.strict,
        },
    )
}

/// Runs a job whose pipeline is in MLIR's flags already, or in `job.flags` with the pipeline beside them.
///
/// # Errors
/// When the output cannot be written, or a warning counts as an error.
pub fn run(host: &'static Host, job: &Job) -> Result<i32, HostError> {
    let pipeline = match &job.pipeline {
        Some((text, flag)) => Some((checked(host, text, flag)?, text, *flag)),
        None => None,
    };
    if let Some((pipeline, text, flag)) = &pipeline {
        check_facts(host, pipeline, text, flag, job.strict)?;
    }
    if !job.flags.is_empty() {
        host.set_mlir_flags(&job.flags);
        parse_flags(&job.flags);
    }
    let nests: Vec<_> = pipeline.iter().flat_map(|(pipeline, ..)| pipeline.nests()).collect();
    let mut watched: Vec<_> = nests
        .iter()
        .map(|word| sys::RoptNest { name: sys::RoptStr::new(&word.text), matched: word.text == "any" })
        .collect();
    let mut ir: Vec<u8> = Vec::new();
    let mut foreign: Vec<String> = Vec::new();
    let mut call = sys::RoptRun {
        input_name: sys::RoptStr::new(&job.input.0),
        input: job.input.1.as_ptr(),
        input_len: job.input.1.len(),
        nests: watched.as_mut_ptr(),
        n_nests: watched.len(),
        output: append,
        user: (&raw mut ir).cast(),
        foreign: sys::push_string,
        user_foreign: (&raw mut foreign).cast(),
    };
    // SAFETY: everything the call refers to lives until it returns.
    let code = unsafe { sys::roptRun(&raw mut call) };
    if job.statistics {
        eprint!("{}", host.statistics.table());
    }
    if code != 0 {
        // As mlir-opt: what was printed before the failure goes to stdout, but a file is left alone.
        if job.output.as_deref() == Some(Path::new("-")) {
            output::write(Path::new("-"), &ir)?;
        }
        if let Some(help) = foreign.first().and_then(|words| foreign_dialect(words)) {
            eprintln!("  = help: {help}");
        }
        return Ok(host.failure_code());
    }
    if let Some((_, text, flag)) = &pipeline {
        report_unmatched(&nests, &watched, text, flag, job.strict)?;
    }
    if let Some(path) = &job.output {
        output::write(path, &ir)?;
    }
    Ok(0)
}

/// Tells of passes that stand where what they need does not hold.
pub(crate) fn check_facts(
    host: &Host,
    pipeline: &Pipeline,
    text: &str,
    flag: &str,
    strict: bool,
) -> Result<(), HostError> {
    for report in pipeline::facts::check(pipeline, text, flag, host) {
        if strict {
            return Err(HostError::Usage(Box::new(Report { level: "error", ..report })));
        }
        eprintln!("{report}");
    }
    Ok(())
}

fn report_unmatched(
    nests: &[&pipeline::Word],
    watched: &[sys::RoptNest],
    text: &str,
    flag: &str,
    strict: bool,
) -> Result<(), HostError> {
    for (word, nest) in nests.iter().zip(watched).filter(|(_, nest)| !nest.matched) {
        debug_assert!(!nest.matched);
        let report = Report::warning(format!("no `{}` in the module: the passes in its nest did not run", word.text))
            .at(flag, text, word.span.clone(), "matched nothing");
        if strict {
            return Err(HostError::Input(Box::new(Report { level: "error", ..report })));
        }
        eprintln!("{report}");
    }
    Ok(())
}

/// What to do about an input with a dialect that nobody registered; `words` are MLIR's.
fn foreign_dialect(words: &str) -> Option<String> {
    if words.is_empty() {
        return None;
    }
    let read = "read it with --allow-unregistered-dialect";
    Some(match words.strip_prefix("Dialect `").and_then(|rest| rest.split_once('\'')) {
        // Only its own tool can read a dialect's own syntax.
        Some((dialect, _)) => format!(
            "print the file in generic form with the tool that knows `{dialect}` (--mlir-print-op-generic), and {read}; \
             or load the dialect with --load-dialect-plugin=SO"
        ),
        None => format!("{read}, or load the dialect with --load-dialect-plugin=SO"),
    })
}

/// # Safety
/// `user` must be the `Vec<u8>` of the run.
unsafe extern "C" fn append(user: *mut c_void, value: sys::RoptStr) {
    // SAFETY: the contract above; the bytes live during the call.
    unsafe {
        let bytes = std::slice::from_raw_parts(value.ptr.cast::<u8>(), value.len);
        (*user.cast::<Vec<u8>>()).extend_from_slice(bytes);
    }
}

/// Hands MLIR its flags; true when they only asked something, which is answered.
fn parse_flags(flags: &[String]) -> bool {
    let words = std::iter::once("ropt").chain(flags.iter().map(String::as_str));
    let words: Vec<_> = words.filter_map(|word| CString::new(word).ok()).collect();
    let words: Vec<_> = words.leak().iter().map(|word| word.as_ptr()).collect();
    // SAFETY: the strings are leaked, for LLVM's flags keep references to them.
    unsafe { sys::roptParseFlags(words.len() as i32, words.as_ptr()) }
}

/// Reads a file or, for `-`, stdin; never more than the machine's memory holds twice.
///
/// # Errors
/// When the system refuses, or there is too much.
pub fn read(name: &str) -> Result<(String, Vec<u8>), HostError> {
    let failed = |reason| HostError::Read { path: name.into(), reason };
    let most = rustix::system::sysinfo().totalram / 2;
    let too_much = || {
        let report =
            Report::error(format!("{name} is too large: more than {most} bytes, half of this machine's memory"));
        HostError::Input(Box::new(
            report.help(Some("look at what wrote it: a program is MLIR text or bytecode".into())),
        ))
    };
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
    } else {
        let file = std::fs::File::open(name).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        if about.is_file() && about.len() > most {
            return Err(too_much());
        }
        file.take(most + 1).read_to_end(&mut bytes)
    };
    if read.map_err(failed)? as u64 > most {
        return Err(too_much());
    }
    Ok((if name == "-" { "<stdin>".into() } else { name.into() }, bytes))
}

/// Parses and checks a pipeline before anything is loaded.
fn checked(host: &Host, text: &str, flag: &str) -> Result<Pipeline, HostError> {
    let pipeline = parsed(text, flag).map_err(HostError::Usage)?;
    pipeline::check(&pipeline, text, flag, &Registry(host)).map_err(HostError::Usage)?;
    Ok(pipeline)
}

/// Parses a pipeline; a mistake is a report with its place.
pub(crate) fn parsed(text: &str, flag: &str) -> Result<Pipeline, Box<Report>> {
    pipeline::parse(text)
        .map_err(|error| Report::error(error.message).at(flag, text, error.span, "here").help(error.help).into())
}

/// Shows a pass of MLIR's own, for `ropt passes show`.
///
/// # Errors
/// When there is none of that name either.
pub fn show_upstream(host: &'static Host, name: &str, json: bool) -> Result<i32, HostError> {
    // SAFETY: called once, before any other use of MLIR.
    unsafe { sys::roptRegisterUpstream() };
    bridge::register(host)?;
    // SAFETY: every pass is registered now.
    unsafe { sys::roptRegisterFlags() };
    let names = Registry(host);
    let pass = sys::RoptStr::new(name);
    if !names.known(name) {
        let all = names.all();
        let near = crate::near::did_you_mean(name, all.iter().map(String::as_str));
        let help = near.unwrap_or_else(|| "`ropt passes list` lists the plugins' passes".into());
        return Err(HostError::Usage(Box::new(Report::error(format!("no pass `{name}`")).help(Some(help)))));
    }
    // SAFETY: the sink lives during the call.
    let help = sys::collect(|sink, user| unsafe { sys::roptPassDescription(pass, sink, user) }).concat();
    let anchor = names.anchor(name);
    if json {
        let value = serde_json::json!({"pass": name, "help": help, "anchor": anchor, "file": ropt_mlir::SONAME});
        output::print(&format!("{value:#}\n"))?;
    } else {
        output::print(&format!(
            "{name}\n  {help}\n\n  plugin   none: a pass of MLIR itself\n  runs on  {}\n",
            anchor.as_deref().unwrap_or("any op")
        ))?;
        // SAFETY: prints from MLIR's registry.
        unsafe { sys::roptPassPrintHelp(pass) };
    }
    Ok(0)
}

/// The names of MLIR's registry and of the manifests.
pub(crate) struct Registry<'a>(pub(crate) &'a Host);

impl Names for Registry<'_> {
    fn known(&self, name: &str) -> bool {
        // SAFETY: reads MLIR's registry.
        unsafe { sys::roptPassKind(sys::RoptStr::new(name)) != 0 }
    }
    fn all(&self) -> Vec<String> {
        // SAFETY: the sink lives during the call.
        sys::collect(|sink, user| unsafe { sys::roptForEachPass(sink, user) })
    }
    fn anchor(&self, name: &str) -> Option<String> {
        if let Some((_, record)) = self.0.pass(name) {
            return Some(record.anchor.clone()).filter(|anchor| !anchor.is_empty());
        }
        // SAFETY: as above.
        sys::collect(|sink, user| unsafe { sys::roptPassAnchor(sys::RoptStr::new(name), sink, user) }).pop()
    }
    fn options(&self, name: &str, options: &str) -> Result<(), String> {
        let mut code = 0;
        let (name, options) = (sys::RoptStr::new(name), sys::RoptStr::new(options));
        // SAFETY: as above.
        let words = sys::collect(|sink, user| code = unsafe { sys::roptPassCheckOptions(name, options, sink, user) });
        if code == 0 { Ok(()) } else { Err(words.concat()) }
    }
    fn option_names(&self, name: &str) -> Vec<String> {
        let record = self.0.pass(name).map(|(_, record)| record);
        record.map(|r| r.options.iter().map(|o| o.name.clone()).collect()).unwrap_or_default()
    }
    fn choices(&self, name: &str, option: &str) -> Vec<String> {
        let options = self.0.pass(name).map(|(_, record)| record.options.as_slice()).unwrap_or_default();
        options.iter().find(|one| one.name == option).map(|one| one.choices.clone()).unwrap_or_default()
    }
}

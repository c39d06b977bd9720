//! The one function that runs a pipeline: opt mode and compile mode both end here.

use crate::{
    bridge, crash,
    discover::{Trust, Wanted},
    error::HostError,
    flags::{OptLine, check as check_flags, named_plugins, take_apart, takes_value},
    host::Host,
    input, interrupt,
    isolate::{Mode, Settings},
    output,
    pipeline::{self, Pipeline},
    report::Report,
    reproduce,
    upstream::{self, Registry},
    watch::{self, Watcher},
};
use ropt_mlir::sys;
use std::{
    ffi::{CStr, CString, c_void},
    path::{Path, PathBuf},
};

/// Sets the process up: plugins found, passes registered, MLIR checked. `args` is only searched for plugins.
///
/// # Errors
/// When a plugin cannot be used or the MLIR library is broken.
pub fn set_up(args: &[String]) -> Result<&'static Host, HostError> {
    let settings = Settings::new(args)?;
    let (wanted, upstream) = named_plugins(args);
    let host = set_up_host(Host::new(&wanted)?, &wanted, upstream, settings)?;
    interrupt::install(host).map_err(HostError::Signals)?;
    Ok(host)
}

/// Sets up a process that runs passes for another one, in which none is isolated again.
///
/// # Errors
/// As [`set_up`].
pub(crate) fn set_up_worker(args: &[String]) -> Result<&'static Host, HostError> {
    let (wanted, upstream) = named_plugins(args);
    // The other one has said which plugins are broken.
    let (host, _broken) = Host::find(&wanted)?;
    set_up_host(host, &wanted, upstream, Settings::default())
}

fn set_up_host(
    host: &'static Host,
    wanted: &Wanted,
    upstream: Vec<(&'static str, String)>,
    settings: Settings,
) -> Result<&'static Host, HostError> {
    let mut arguments: Vec<_> = wanted.named.iter().map(|path| format!("--load-plugin={}", path.display())).collect();
    arguments.extend(upstream.iter().map(|(flag, path)| format!("{flag}={path}")));
    arguments.extend((wanted.trust == Trust::Anything).then(|| "--insecure-plugins".to_owned()));
    settings.check(host.plugins.iter().map(|plugin| plugin.file.manifest.header.plugin.as_str()))?;
    if settings.every.mode != Mode::None && !upstream.is_empty() {
        let warning =
            Report::warning("C++ plugins made for mlir-opt are not isolated: their passes run in this process");
        eprintln!("{warning}");
    }
    host.set_up(settings, arguments);
    upstream::register();
    for (flag, path) in upstream {
        let mut outside = host.outside.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        outside.plugins.push(path.clone());
        drop(outside);
        load_upstream(flag, path)?;
    }
    bridge::register(host)?;
    crash::install(host);
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
    /// MLIR's flags that it has been given already.
    pub parsed: Vec<String>,
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
    let mut line: OptLine = take_apart(args, takes_value)?;
    if line.help_mlir {
        // SAFETY: the flags are registered.
        unsafe { sys::roptPrintFlags() };
        return Ok(0);
    }
    check_flags(&line.rest)?;
    one_thread(host, &mut line.rest);
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
    let input = input::read(line.input.as_deref().unwrap_or("-"))?;
    run(
        host,
        &Job {
            input,
            output: Some(line.output.unwrap_or("-".into()).into()),
            pipeline: line.pipeline.map(|text| (text, "--pass-pipeline")),
            flags: Vec::new(),
            parsed: line.rest,
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
    let mut flags = job.flags.clone();
    if !flags.is_empty() {
        one_thread(host, &mut flags);
        host.set_mlir_flags(&flags);
        parse_flags(&flags);
    }
    let asked = host.settings().reproducer.is_some();
    match reproduce::prepare(host, job, if flags.is_empty() { &job.parsed } else { &flags }) {
        Err(error) if asked => return Err(HostError::Worker(error)),
        Err(error) => eprintln!("warning: a bad end of this run will leave no reproducer: {error}"),
        Ok(()) => {}
    }
    let nests: Vec<_> = pipeline.iter().flat_map(|(pipeline, ..)| pipeline.nests()).collect();
    let mut watched: Vec<_> = nests
        .iter()
        .map(|word| sys::RoptNest { name: sys::RoptStr::new(&word.text), matched: word.text == "any" })
        .collect();
    let mut ir: Vec<u8> = Vec::new();
    let mut foreign: Vec<String> = Vec::new();
    let watcher = Watcher::new(host, host.settings().pass_timeout, None);
    let mut call = call(&job.input.0, &job.input.1, &watcher);
    (call.nests, call.n_nests) = (watched.as_mut_ptr(), watched.len());
    (call.user, call.user_foreign) = ((&raw mut ir).cast(), (&raw mut foreign).cast());
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
        match watcher.failed() {
            Some(pass) if asked || host.failure_code() == 3 => reproduce::leave(&pass),
            // No pass ran: a plugin was refused, which the message says all of.
            None if asked && host.failure_code() == 3 => reproduce::leave(""),
            _ => {}
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

/// A run on the input that tells the watcher of its passes, and keeps nothing else.
pub(crate) fn call(name: &str, input: &[u8], watcher: &Watcher<'_>) -> sys::RoptRun {
    sys::RoptRun {
        input_name: sys::RoptStr::new(name),
        input: input.as_ptr(),
        input_len: input.len(),
        nests: std::ptr::null_mut(),
        n_nests: 0,
        output: append,
        user: std::ptr::null_mut(),
        foreign: foreign_words,
        user_foreign: std::ptr::null_mut(),
        before: watcher.times().then_some(watch::before as _),
        after: watcher.times().then_some(watch::after as _),
        failed: Some(watch::failed),
        watcher: std::ptr::from_ref(watcher).cast_mut().cast(),
        probe: sys::RoptStr::new(""),
        probe_ms: 0,
        found: Some(watch::found),
    }
}

/// Gives MLIR one thread where passes are forked off, or watched; see [`crate::isolate`] and [`crate::neighbours`].
fn one_thread(host: &Host, flags: &mut Vec<String>) {
    if host.settings().one_thread() && !flags.iter().any(|flag| flag.contains("mlir-disable-threading")) {
        flags.push("--mlir-disable-threading".to_owned());
    }
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
/// `user` must be the `Vec<u8>` of the run, or null.
unsafe extern "C" fn append(user: *mut c_void, value: sys::RoptStr) {
    if !user.is_null() {
        // SAFETY: the contract above.
        unsafe { sys::push_bytes(user, value) }
    }
}

/// # Safety
/// `user` must be the `Vec<String>` of the run, or null.
unsafe extern "C" fn foreign_words(user: *mut c_void, words: sys::RoptStr) {
    if !user.is_null() {
        // SAFETY: the contract above.
        unsafe { sys::push_string(user, words) }
    }
}

/// Hands MLIR its flags; true when they only asked something, which is answered.
pub(crate) fn parse_flags(flags: &[String]) -> bool {
    let words = std::iter::once("ropt").chain(flags.iter().map(String::as_str));
    let words: Vec<_> = words.filter_map(|word| CString::new(word).ok()).collect();
    let words: Vec<_> = words.leak().iter().map(|word| word.as_ptr()).collect();
    // SAFETY: the strings are leaked, for LLVM's flags keep references to them.
    unsafe { sys::roptParseFlags(words.len() as i32, words.as_ptr()) }
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

//! `ropt-run bench`: times of calls, of dispatches, with warm and with cold caches.

mod csv;
pub(crate) mod entry;
mod history;
pub(crate) mod json;
pub(crate) mod table;

use std::time::{Duration, SystemTime};

use ropt_abi::program::Function;
use ropt_runtime::{
    measure::{
        DeviceState, Effort, Environment, Flush, Limits, batch_argument, choose_batch, measure, measure_cold,
        measure_dispatches,
    },
    program::{Program, Signature},
    session::Session,
    value::{Numbers, Value},
    verify::random_inputs,
};
use serde_json::Value as Json;

use self::{
    entry::{Entry, Measured, Origin, Outcome},
    history::History,
    table::Table,
};
use crate::{
    cli::{BenchArguments, Format, TimeArguments},
    failure::Failure,
    print, report,
    run::{choose_function, open_device, read_inputs},
};

/// The plugin ABI's version.
pub(crate) fn abi() -> String {
    format!("{}.{}", ropt_runtime::ABI_MAJOR, ropt_runtime::ABI_MINOR)
}

pub(crate) fn run(arguments: &BenchArguments) -> Result<(), Failure> {
    let program = Program::open(&arguments.target.program)?;
    // Mistakes in the inputs and files are reported before anything is loaded.
    let chosen = choose(arguments, &program)?;
    let history = arguments.history.as_deref().map(History::read).transpose()?;
    if let Some(path) = &arguments.report {
        report::check_writable(path)?;
    }
    let session = Session::load(&program, open_device(&[Some(&program)], &arguments.target.on)?)?;
    let flush = arguments.cold.then(Flush::new);
    let mut origin = origin(&program, &session, flush.as_ref());
    let names = chosen.iter().map(|(function, _)| function.name.as_str());
    let table = Table::new(names, exports(arguments, &program), arguments.flops.is_some());
    match arguments.format {
        Format::Console => print(&table.head(&origin))?,
        Format::Csv => print(csv::HEAD)?,
        Format::Json => {}
    }
    let mut entries = Vec::new();
    for (function, subject) in chosen {
        let entry =
            Entry { function: &function.name, outcome: outcome(arguments, &session, function, subject, &flush)? };
        match arguments.format {
            Format::Console => print(&table.rows(&entry))?,
            Format::Csv => print(&csv::lines(&entry, &origin))?,
            Format::Json => {}
        }
        if let (Format::Csv, Outcome::Skipped(reason)) = (arguments.format, &entry.outcome) {
            eprintln!("note: function '{}' is skipped: {reason}", entry.function);
        }
        entries.push(entry);
        // Right behind the work, since a device that rests lowers its clocks.
        origin.state = DeviceState::of(&session).or(origin.state);
    }
    if let (Format::Console, Some(state)) = (arguments.format, &origin.state) {
        print(&format!("\n{}\n", table::state(state)))?;
    }
    let objects: Vec<Json> = entries.iter().map(|entry| json::of(entry, &origin)).collect();
    if let Some(history) = &history {
        let added = history.append(&objects)?;
        if arguments.format == Format::Console {
            let (path, earlier) = (history.path().display(), history.entries().len());
            print(&format!("\n'{path}' held {earlier} results, {added} were added\n"))?;
        }
    }
    if let Some(path) = &arguments.report {
        report::write(path, &entries, &origin, history.as_ref().map(History::entries).unwrap_or_default())?;
    }
    if arguments.format == Format::Json {
        print(&format!("{:#}\n", Json::Array(objects)))?;
    }
    Ok(())
}

/// What a function is called with.
enum Subject {
    Inputs(Vec<Value>),
    /// A benchmark function.
    Batches,
    /// It is not measured, for this reason.
    Nothing(&'static str),
}

/// Why a function is not measured.
const DYNAMIC: &str = "its arguments have dynamic shapes: give --function= and an --input= for each argument";

type Chosen<'p> = Vec<(&'p Function, Subject)>;

/// The functions and what they are called with.
fn choose<'p>(arguments: &BenchArguments, program: &'p Program) -> Result<Chosen<'p>, Failure> {
    let subject = |function: &Function, signature: &Signature| match random_inputs(signature, Numbers::Positive, 1) {
        _ if function.benchmark.is_some() => Subject::Batches,
        Some(inputs) => Subject::Inputs(inputs),
        None => Subject::Nothing(DYNAMIC),
    };
    let Some(name) = &arguments.function else {
        let any = program.functions().any(|(function, _)| function.benchmark.is_some());
        if arguments.batch.is_some() && !any {
            return Err(no_batches(None));
        }
        let wanted = program.functions().filter(|(function, _)| !any || function.benchmark.is_some());
        let chosen: Chosen<'_> = wanted.map(|(function, signature)| (function, subject(function, signature))).collect();
        return if chosen.is_empty() {
            Err(Failure::input(format!("program '{}' has no functions", program.path().display())))
        } else {
            Ok(chosen)
        };
    };
    let (_, signature) = choose_function(program, Some(name))?;
    let Some((function, _)) = program.function(name) else { return Ok(Vec::new()) };
    if arguments.batch.is_some() && function.benchmark.is_none() {
        return Err(no_batches(Some(name)));
    }
    let subject = match subject(function, signature) {
        _ if !arguments.inputs.is_empty() => Subject::Inputs(read_inputs(&arguments.inputs, name, signature)?),
        Subject::Nothing(reason) => {
            return Err(Failure::input(format!("function '{name}' cannot be measured: {reason}")));
        }
        subject => subject,
    };
    Ok(vec![(function, subject)])
}

fn no_batches(function: Option<&str>) -> Failure {
    let what = match function {
        Some(name) => format!("function '{name}' is no benchmark function"),
        None => "the program has no benchmark functions".to_owned(),
    };
    Failure::usage(format!("--batch is for benchmark functions, and {what}"))
        .with("help", "leave --batch out; benchmark functions come from --hal-dump-executable-benchmarks-to=")
}

/// Names of the exports that the table shows.
fn exports<'p>(arguments: &BenchArguments, program: &'p Program) -> impl Iterator<Item = &'p str> {
    let variants = program.manifest().executables.iter().flat_map(|executable| &executable.variants);
    let exports = variants.flat_map(|variant| &variant.exports).map(|export| export.name.as_str());
    exports.filter(|_| arguments.per_dispatch)
}

fn outcome<'p>(
    arguments: &BenchArguments,
    session: &Session<'_>,
    function: &'p Function,
    subject: Subject,
    flush: &Option<Flush>,
) -> Result<Outcome<'p>, Failure> {
    let name = function.name.as_str();
    let (inputs, batch) = match subject {
        Subject::Nothing(reason) => return Ok(Outcome::Skipped(reason)),
        Subject::Inputs(inputs) => (inputs, None),
        Subject::Batches => {
            let batch = arguments.batch.map_or_else(|| choose_batch(session, name), Ok)?;
            (vec![batch_argument(batch)], Some(batch))
        }
    };
    let effort = effort(&arguments.time, batch.unwrap_or(1));
    let warm = measure(session, name, &inputs, effort)?;
    // A cold dispatch is the first of its call.
    let single = if batch.is_some() { vec![batch_argument(1)] } else { inputs.clone() };
    let cold = flush.as_ref().map(|flush| measure_cold(session, name, &single, Effort { batch: 1, ..effort }, flush));
    let cold = cold.transpose()?;
    let dispatches =
        if arguments.per_dispatch { measure_dispatches(session, name, &inputs, effort)? } else { Vec::new() };
    let benchmark = function.benchmark.as_ref().zip(batch);
    let bytes = match &benchmark {
        Some((benchmark, _)) => benchmark.bytes_read.saturating_add(benchmark.bytes_written),
        None => warm.bytes,
    };
    let bytes = (bytes > 0).then_some(bytes as f64);
    Ok(Outcome::Measured(Box::new(Measured { benchmark, warm, cold, dispatches, bytes, flops: arguments.flops })))
}

fn effort(time: &TimeArguments, batch: i32) -> Effort {
    let limits = Limits {
        min_time: Duration::from_secs_f64(time.min_time),
        max_time: Duration::from_secs_f64(time.max_time),
        precision: time.precision,
    };
    Effort { limits, warm_up: Duration::from_secs_f64(time.max_warm_up), batch: batch.unsigned_abs() }
}

fn origin(program: &Program, session: &Session<'_>, flush: Option<&Flush>) -> Origin {
    let producer = &program.manifest().producer;
    let device = session.device_name();
    Origin {
        program: program.path().display().to_string(),
        producer: if producer.is_empty() { "an unknown compiler".to_owned() } else { producer.clone() },
        device: device.to_owned(),
        time: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        environment: Environment::read(),
        state: None,
        flush: flush.map(|flush| flush.describe(device)),
    }
}

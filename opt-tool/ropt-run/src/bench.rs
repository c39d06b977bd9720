//! `ropt-run bench`: times of calls, and of single dispatches.

use std::time::Duration;

use ropt_runtime::{
    measure::{Effort, Measurement, Statistics, measure},
    program::{Program, Signature},
    session::Session,
    value::Value,
};
use serde_json::{Value as Json, json};

use crate::{
    cli::{BenchArguments, Format},
    failure::Failure,
    print,
    run::{choose_function, open_session, read_inputs},
};

pub(crate) fn run(arguments: &BenchArguments) -> Result<(), Failure> {
    let program = Program::open(&arguments.target.program)?;
    // Mistakes in the inputs are reported before anything is loaded.
    let chosen = match &arguments.function {
        Some(name) => {
            let (name, signature) = choose_function(&program, Some(name))?;
            vec![(name, inputs(arguments, name, signature)?)]
        }
        None => {
            program.functions().map(|(function, signature)| (function.name.as_str(), generate(signature))).collect()
        }
    };
    let session = open_session(&program, &arguments.target)?;
    let effort = Effort { time: Duration::from_secs_f64(arguments.min_time), per_dispatch: arguments.per_dispatch };
    let mut entries = Vec::new();
    if arguments.format == Format::Console {
        print(&format!(
            "{}, device {}\n{:<32} {:>12} {:>12} {:>12} {:>12} {:>12} {:>12}\n",
            program.path().display(),
            session.device_name(),
            "function",
            "median",
            "p20",
            "p80",
            "min",
            "mean",
            "iterations"
        ))?;
    }
    for (name, inputs) in chosen {
        let result = inputs.map(|inputs| measure(&session, name, &inputs, effort)).transpose()?;
        match arguments.format {
            Format::Console => print(&console(name, result.as_ref()))?,
            Format::Json => entries.push(json_of(name, &session, result.as_ref())),
        }
    }
    if arguments.format == Format::Json {
        print(&format!("{:#}\n", Json::Array(entries)))?;
    }
    Ok(())
}

/// Why a function is not measured.
const DYNAMIC: &str = "its arguments have dynamic shapes: give --function= and an --input= for each argument";

fn inputs(arguments: &BenchArguments, name: &str, signature: &Signature) -> Result<Option<Vec<Value>>, Failure> {
    if !arguments.inputs.is_empty() {
        return read_inputs(&arguments.inputs, name, signature).map(Some);
    }
    match generate(signature) {
        Some(inputs) => Ok(Some(inputs)),
        None => Err(Failure::input(format!("function '{name}' cannot be measured: {DYNAMIC}"))),
    }
}

fn generate(signature: &Signature) -> Option<Vec<Value>> {
    (1..).zip(&signature.arguments).map(|(seed, argument)| Value::generate(argument, seed)).collect()
}

fn row(name: &str, times: &Statistics) -> String {
    let time = |nanoseconds: f64| {
        let (value, unit) = match nanoseconds {
            ns if ns < 1e4 => (ns, "ns"),
            ns if ns < 1e7 => (ns / 1e3, "µs"),
            ns => (ns / 1e6, "ms"),
        };
        format!("{value:.1} {unit}")
    };
    format!(
        "{name:<32} {:>12} {:>12} {:>12} {:>12} {:>12} {:>12}\n",
        time(times.median),
        time(times.p20),
        time(times.p80),
        time(times.min),
        time(times.mean),
        times.iterations
    )
}

fn console(name: &str, result: Option<&Measurement>) -> String {
    let Some(result) = result else { return format!("{name:<32} skipped: {DYNAMIC}\n") };
    let mut text = row(name, &result.call);
    for dispatch in &result.dispatches {
        text.push_str(&row(&format!("  {}", dispatch.export), &dispatch.statistics));
    }
    text
}

fn json_of(name: &str, session: &Session<'_>, result: Option<&Measurement>) -> Json {
    let Some(result) = result else { return json!({ "function": name, "skipped": DYNAMIC }) };
    let with_times = |mut entry: Json, times: &Statistics| {
        for (key, value) in [
            ("median_ns", times.median),
            ("min_ns", times.min),
            ("mean_ns", times.mean),
            ("p20_ns", times.p20),
            ("p80_ns", times.p80),
        ] {
            entry[key] = json!((value * 10.0).round() / 10.0);
        }
        entry["iterations"] = json!(times.iterations);
        entry
    };
    let mut entry = with_times(json!({ "function": name, "device": session.device_name() }), &result.call);
    if !result.dispatches.is_empty() {
        entry["dispatches"] = result
            .dispatches
            .iter()
            .map(|dispatch| {
                let entry = json!({
                    "executable": dispatch.executable,
                    "export": dispatch.export,
                    "per_call": dispatch.per_call,
                });
                with_times(entry, &dispatch.statistics)
            })
            .collect();
    }
    entry
}

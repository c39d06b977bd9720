//! `ropt-run compare`: two programs in turn, and what that says about the second.

use std::time::Duration;

use ropt_runtime::{
    measure::{Comparison, Effort, Interval, Limits, PairLimits, Verdict, batch_argument, choose_batch, compare_calls},
    program::Program,
    session::Session,
    value::{Numbers, Value},
    verify::{Agreement, random_inputs, shared_signature, verify},
};
use serde_json::{Value as Json, json};

use crate::{
    bench::json::with_times,
    cli::{CompareArguments, CompareFormat},
    failure::Failure,
    print,
    run::{open_device, read_inputs},
    units::{percent, time},
    verify as verifying,
};

pub(crate) fn run(arguments: &CompareArguments) -> Result<(), Failure> {
    let (a, b) = (Program::open(&arguments.a)?, Program::open(&arguments.b)?);
    let reference = arguments.verify_against.as_deref().map(Program::open).transpose()?;
    let functions = choose(arguments, &a, &b)?;
    let device = open_device(&[Some(&a), Some(&b), reference.as_ref()], &arguments.on)?;
    let reference = reference.as_ref().map(|program| Session::load(program, device.clone())).transpose()?;
    let (a, b) = (Session::load(&a, device.clone())?, Session::load(&b, device)?);
    let mut agreements = Vec::new();
    for function in &functions {
        agreements.push(check(arguments, function, &a, &b, reference.as_ref())?);
    }
    if arguments.format == CompareFormat::Console {
        print(&head(arguments, &functions, a.device_name()))?;
    }
    let (mut objects, mut slower) = (Vec::new(), Vec::new());
    for (function, agreement) in functions.iter().zip(&agreements) {
        let (comparison, batch) = compare(arguments, function, &a, &b)?;
        if is_too_slow(&comparison, arguments.fail_if_slower) {
            slower.push(function.name);
        }
        match arguments.format {
            CompareFormat::Console => print(&row(&functions, function.name, &comparison, agreement.as_ref()))?,
            CompareFormat::Json => objects.push(object(function.name, batch, &comparison, agreement.as_ref())),
        }
    }
    if arguments.format == CompareFormat::Json {
        let all = json!({
            "a": arguments.a.display().to_string(),
            "b": arguments.b.display().to_string(),
            "device": a.device_name(),
            "threshold": arguments.threshold,
            "functions": objects,
        });
        print(&format!("{all:#}\n"))?;
    }
    match (slower.as_slice(), arguments.fail_if_slower) {
        ([], _) | (_, None) => Ok(()),
        (names, Some(limit)) => Err(Failure::input(format!(
            "'{}' is more than {} slower than '{}' in {}",
            arguments.b.display(),
            percent(limit),
            arguments.a.display(),
            names.join(", ")
        ))
        .with("note", "asked for by --fail-if-slower")),
    }
}

/// A function of both programs.
struct Subject<'p> {
    name: &'p str,
    /// What it is called with while it is measured; None for a benchmark function.
    inputs: Option<Vec<Value>>,
    /// What it is called with to be verified.
    random: Vec<Value>,
}

fn choose<'p>(arguments: &CompareArguments, a: &'p Program, b: &Program) -> Result<Vec<Subject<'p>>, Failure> {
    let is_benchmark = |name: &str| {
        [a, b].iter().all(|program| program.function(name).is_some_and(|(function, _)| function.benchmark.is_some()))
    };
    let names: Vec<&str> = match &arguments.function {
        Some(name) => {
            shared_signature(a, b, name)?;
            a.function(name).map(|(function, _)| function.name.as_str()).into_iter().collect()
        }
        None => {
            let shared = a.functions().map(|(function, _)| function.name.as_str());
            let shared: Vec<&str> = shared.filter(|name| b.function(name).is_some()).collect();
            let benchmarks: Vec<&str> = shared.iter().copied().filter(|name| is_benchmark(name)).collect();
            if benchmarks.is_empty() { shared } else { benchmarks }
        }
    };
    if names.is_empty() {
        let of = |program: &Program| {
            let names: Vec<String> = program.functions().map(|(function, _)| function.name.clone()).collect();
            format!("'{}' has: {}", program.path().display(), crate::failure::list(&names))
        };
        return Err(Failure::input("the programs have no function in common").with("note", of(a)).with("note", of(b)));
    }
    let signatures: Vec<_> = names.iter().map(|name| shared_signature(a, b, name)).collect::<Result<_, _>>()?;
    let mut chosen = Vec::new();
    for (name, signature) in names.into_iter().zip(signatures) {
        let given =
            (!arguments.inputs.is_empty()).then(|| read_inputs(&arguments.inputs, name, signature)).transpose()?;
        let generate = |numbers| random_inputs(signature, numbers, arguments.seed);
        let Some((inputs, random)) = given
            .map(|inputs| (inputs.clone(), inputs))
            .or_else(|| Some((generate(Numbers::Positive)?, generate(Numbers::Signed)?)))
        else {
            if arguments.function.is_some() {
                return Err(Failure::input(format!("function '{name}' has arguments of dynamic shapes"))
                    .with("note", format!("its type is {signature}"))
                    .with("help", "give an --input= for each argument"));
            }
            eprintln!(
                "note: function '{name}' is skipped: its arguments have dynamic shapes; give --function= and --input="
            );
            continue;
        };
        chosen.push(match is_benchmark(name) {
            // One dispatch shows what the kernel gives.
            true => Subject { name, inputs: None, random: vec![batch_argument(1)] },
            false => Subject { name, inputs: Some(inputs), random },
        });
    }
    Ok(chosen)
}

/// Verifies a function if that was asked for.
fn check(
    arguments: &CompareArguments,
    function: &Subject<'_>,
    a: &Session<'_>,
    b: &Session<'_>,
    reference: Option<&Session<'_>>,
) -> Result<Option<Agreement>, Failure> {
    let tolerances = arguments.tolerance.by_type();
    let check = |one: &Session<'_>, other: &Session<'_>| {
        verify(one, other, function.name, &function.random, &tolerances)
            .map_err(|error| verifying::failure(error, &tolerances, other.program().path()))
    };
    match reference {
        Some(reference) => {
            let (one, other) = (check(a, reference)?, check(b, reference)?);
            Ok(Some(Agreement { largest: one.largest.max(other.largest), ..other }))
        }
        None if arguments.verify => check(b, a).map(Some),
        None => Ok(None),
    }
}

fn compare(
    arguments: &CompareArguments,
    function: &Subject<'_>,
    a: &Session<'_>,
    b: &Session<'_>,
) -> Result<(Comparison, Option<i32>), Failure> {
    let (inputs, batch) = match &function.inputs {
        Some(inputs) => (inputs.clone(), None),
        None => {
            let batch = arguments.batch.map_or_else(|| choose_batch(a, function.name), Ok)?;
            (vec![batch_argument(batch)], Some(batch))
        }
    };
    let max_time = Duration::from_secs_f64(arguments.max_time);
    let limits = Limits { min_time: max_time / 60, max_time, precision: arguments.threshold };
    let effort = Effort { limits, warm_up: max_time / 30, batch: batch.unwrap_or(1).unsigned_abs() };
    let limits = PairLimits { max_time, threshold: arguments.threshold };
    let mut a = a.prepare(function.name, &inputs)?;
    let mut b = b.prepare_with(function.name, a.arguments())?;
    Ok((compare_calls(&mut a, &mut b, effort, limits)?, batch))
}

fn is_too_slow(comparison: &Comparison, limit: Option<f64>) -> bool {
    limit.zip(comparison.interval).is_some_and(|(limit, interval)| interval.low > 1.0 + limit)
}

fn width(functions: &[Subject<'_>]) -> usize {
    functions.iter().map(|function| function.name.chars().count()).max().unwrap_or_default().max("function".len())
}

fn head(arguments: &CompareArguments, functions: &[Subject<'_>], device: &str) -> String {
    format!(
        "A {}\nB {}\non {device}; same within {}\n\n{:<width$} {:>9} {:>9} {:>7}  {:<15} verdict\n",
        arguments.a.display(),
        arguments.b.display(),
        percent(arguments.threshold),
        "function",
        "A",
        "B",
        "B/A",
        "99 % interval",
        width = width(functions),
    )
}

fn row(functions: &[Subject<'_>], name: &str, comparison: &Comparison, agreement: Option<&Agreement>) -> String {
    let interval = comparison.interval.map_or("-".to_owned(), |Interval { low, high }| format!("{low:.3} … {high:.3}"));
    let mut text = format!(
        "{name:<width$} {:>9} {:>9} {:>7.3}  {interval:<15} {}\n",
        time(comparison.a.median),
        time(comparison.b.median),
        comparison.ratio,
        comparison.verdict.name(),
        width = width(functions),
    );
    if comparison.verdict == Verdict::Unclear {
        let (pairs, spent) = (comparison.observations, comparison.spent.as_secs_f64());
        let why =
            if comparison.interval.is_none() { "too few for an interval" } else { "the interval is still too wide" };
        text.push_str(&format!("    {pairs} observations in {spent:.1} s: {why}; a larger --max-time may tell\n"));
    }
    if let Some(agreement) = agreement {
        text.push_str(&format!("    verified: {}\n", verifying::text(agreement)));
    }
    text
}

fn object(name: &str, batch: Option<i32>, comparison: &Comparison, agreement: Option<&Agreement>) -> Json {
    let (mut a, mut b) = (json!({}), json!({}));
    with_times(&mut a, &comparison.a);
    with_times(&mut b, &comparison.b);
    let mut object = json!({
        "function": name,
        "verdict": comparison.verdict.name(),
        "ratio": comparison.ratio,
        "interval": comparison.interval.map(|interval| [interval.low, interval.high]),
        "observations": comparison.observations,
        "seconds": comparison.spent.as_secs_f64(),
        "a": a,
        "b": b,
    });
    if let Some(batch) = batch {
        object["batch"] = json!(batch);
    }
    if let Some(Agreement { results, numbers, largest }) = agreement {
        object["verified"] = json!({ "results": results, "numbers": numbers, "largest_difference": largest });
    }
    object
}

//! `ropt-run run`: one call.

use std::{path::Path, rc::Rc, time::Duration};

use ropt_abi::program::Executable;
use ropt_runtime::{
    compare::{Difference, Tolerance, compare},
    device::Device,
    input::read_value,
    npy,
    output::write_whole,
    print::value_text,
    program::{Program, Signature},
    session::Session,
    value::Value,
    verify::{agree, shared_signature},
    watchdog,
};

use crate::{
    cli::{On, RunArguments},
    failure::{self, Failure, list},
    print, verify,
};

/// What is done with a result.
enum Destination<'a> {
    Nothing,
    Print,
    Npy(&'a Path),
    Raw(&'a Path),
}

pub(crate) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let program = Program::open(&arguments.target.program)?;
    let (name, signature) = choose_function(&program, arguments.function.as_deref())?;
    let destinations = destinations(arguments, signature)?;
    let reference = arguments.verify_against.as_deref().map(Program::open).transpose()?;
    if let Some(reference) = &reference {
        shared_signature(&program, reference, name)?;
    }
    let inputs = match &reference {
        Some(_) if arguments.inputs.is_empty() => verify::inputs(name, signature, arguments.seed)?,
        _ => read_inputs(&arguments.inputs, name, signature)?,
    };
    let expected = read_expected(arguments, signature)?;
    let device = open_device(&[Some(&program), reference.as_ref()], &arguments.target.on)?;
    let reference = reference.as_ref().map(|reference| Session::load(reference, device.clone())).transpose()?;
    let reference = reference.map(|reference| reference.call(name, &inputs)).transpose()?;
    let session = Session::load(&program, device)?;
    let results = match &arguments.record_workloads {
        None => session.call(name, &inputs)?,
        Some(path) => {
            let (results, recorded) = session.call_recorded(name, &inputs)?;
            save(path, format!("{:#}\n", serde_json::json!(recorded)).as_bytes())?;
            results
        }
    };
    drop(inputs);
    let mut text = String::new();
    for (index, (result, destination)) in results.iter().zip(&destinations).enumerate() {
        match destination {
            Destination::Nothing => {}
            Destination::Print => text.push_str(&result_text(index, result, arguments.output_max_element_count)),
            Destination::Npy(path) => save(path, &npy::write(&result.array))?,
            Destination::Raw(path) => save(path, &result.array.data)?,
        }
    }
    print(&text)?;
    check(arguments, &results, &expected)?;
    let (Some(reference), Some(path)) = (reference, &arguments.verify_against) else { return Ok(()) };
    let agreement = agree(name, &results, &reference, &arguments.tolerance.by_type())
        .map_err(|error| verify::failure(error, &arguments.tolerance.by_type(), path))?;
    print(&format!("[SUCCESS] {name} agrees with '{}': {}\n", path.display(), verify::text(&agreement)))
}

/// Opens the device that the user asks for, or the first that runs all the programs.
pub(crate) fn open_device(programs: &[Option<&Program>], on: &On) -> Result<Rc<Device>, Failure> {
    if let Some(seconds) = on.timeout {
        watchdog::watch(Duration::from_secs_f64(seconds), move |stuck| {
            failure::of_stuck(stuck, seconds).report();
            watchdog::leave(failure::INPUT.into());
        });
    }
    let drivers = on.plugins.drivers()?;
    let open = || match &on.device {
        Some(device) => drivers.open(device),
        None => drivers.open_for(&formats(programs.iter().copied().flatten())),
    };
    Ok(Rc::new(watchdog::during("opening the device", open)?))
}

/// Formats that all executables of the programs have.
fn formats<'p>(programs: impl Iterator<Item = &'p Program>) -> Vec<String> {
    let mut executables = programs.flat_map(|program| &program.manifest().executables);
    let of = |executable: &Executable| executable.variants.iter().map(|variant| variant.format.clone()).collect();
    let Some(first) = executables.next() else { return Vec::new() };
    let mut formats: Vec<String> = of(first);
    for executable in executables {
        formats.retain(|format| executable.variants.iter().any(|variant| variant.format == *format));
    }
    // With nothing in common, the error is about the first executable's formats.
    if formats.is_empty() { of(first) } else { formats }
}

/// The function asked for; else `main`, else the only one.
pub(crate) fn choose_function<'p>(
    program: &'p Program,
    asked: Option<&str>,
) -> Result<(&'p str, &'p Signature), Failure> {
    let names: Vec<String> = program.functions().map(|(function, _)| function.name.clone()).collect();
    let found = match asked {
        Some(name) => program.function(name),
        None if names.len() == 1 => program.functions().next(),
        None => program.function("main"),
    };
    if let Some((function, signature)) = found {
        return Ok((&function.name, signature));
    }
    if names.is_empty() {
        return Err(Failure::input(format!("program '{}' has no functions", program.path().display())));
    }
    Err(match asked {
        Some(name) => {
            let known = names;
            ropt_runtime::session::SessionError::NoFunction { name: name.to_owned(), known }.into()
        }
        None => Failure::usage("the program has several functions, none of them main")
            .with("note", format!("it has: {}", list(&names)))
            .with("help", "name one with --function="),
    })
}

/// Reads the arguments of a function.
pub(crate) fn read_inputs(texts: &[String], function: &str, signature: &Signature) -> Result<Vec<Value>, Failure> {
    let expected = &signature.arguments;
    if texts.len() != expected.len() {
        return Err(ropt_runtime::session::SessionError::Count {
            function: function.to_owned(),
            expected: expected.len(),
            given: texts.len(),
            types: expected.clone(),
        }
        .into());
    }
    let read = |(index, (text, expected))| {
        let text: &String = text;
        read_value(text, expected)
            .map_err(|error| failure::of_value(&error, "--input", &format!("argument {index} of '{function}'")))
    };
    texts.iter().zip(expected).enumerate().map(read).collect()
}

fn destinations<'a>(arguments: &'a RunArguments, signature: &Signature) -> Result<Vec<Destination<'a>>, Failure> {
    let (given, results) = (arguments.outputs.len(), signature.results.len());
    if given > results {
        return Err(Failure::usage(format!("--output is given {given} times, the function has {results} results")));
    }
    let parse = |text: &'a String| match text.as_str() {
        "" => Ok(Destination::Nothing),
        "-" => Ok(Destination::Print),
        text => match text.strip_prefix('@').filter(|path| !path.is_empty()) {
            Some(path) if path.ends_with(".npy") => Ok(Destination::Npy(Path::new(path))),
            Some(path) => Ok(Destination::Raw(Path::new(path))),
            None => Err(Failure::usage(format!("--output={text} is none of -, @file.npy, @file.bin and nothing"))),
        },
    };
    let mut destinations: Vec<_> = arguments.outputs.iter().map(parse).collect::<Result<_, _>>()?;
    // As in iree-run-module: results are printed unless outputs or expectations are given.
    let rest = given == 0 && arguments.expected.is_empty() && arguments.verify_against.is_none();
    destinations.resize_with(results, || if rest { Destination::Print } else { Destination::Nothing });
    Ok(destinations)
}

fn read_expected(arguments: &RunArguments, signature: &Signature) -> Result<Vec<Option<Value>>, Failure> {
    let (given, results) = (arguments.expected.len(), signature.results.len());
    if given != 0 && given != results {
        return Err(Failure::usage(format!(
            "--expected-output is given {given} times, the function has {results} results"
        ))
        .with("help", "--expected-output='(ignored)' stands for a result that is not checked"));
    }
    let read = |(index, (text, result_type))| {
        let text: &String = text;
        if text == "(ignored)" {
            return Ok(None);
        }
        read_value(text, result_type)
            .map(Some)
            .map_err(|error| failure::of_value(&error, "--expected-output", &format!("expected result {index}")))
    };
    arguments.expected.iter().zip(&signature.results).enumerate().map(read).collect()
}

fn result_text(index: usize, result: &Value, most: usize) -> String {
    let text = value_text(result, most);
    if result.scalar {
        format!("result[{index}]: {text}\n")
    } else {
        format!("result[{index}]: hal.buffer_view\n{text}\n")
    }
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_whole(path, bytes).map_err(|error| Failure::input(format!("cannot write '{}': {error}", path.display())))
}

fn check(arguments: &RunArguments, results: &[Value], expected: &[Option<Value>]) -> Result<(), Failure> {
    for (index, (result, expected)) in results.iter().zip(expected).enumerate() {
        let Some(expected) = expected else { continue };
        let tolerance = arguments.tolerance.by_type().of(result.array.element);
        if let Err(difference) = compare(result, expected, tolerance) {
            return Err(different(&format!("result {index}"), "what is expected", difference, tolerance));
        }
    }
    if expected.is_empty() { Ok(()) } else { print("[SUCCESS] all function outputs matched their expected values.\n") }
}

/// A difference of what `what` names from `other`.
pub(crate) fn different(what: &str, other: &str, difference: Difference, tolerance: Tolerance) -> Failure {
    match difference {
        Difference::Type { expected, actual } => {
            Failure::input(format!("{what} is of another type")).with("expected", expected).with("found", actual)
        }
        Difference::Elements { count, total, first, largest } => {
            let failure = Failure::input(format!("{what} differs from {other} in {count} of {total} elements"));
            let listed = first.iter().fold(failure, |failure, (position, expected, actual)| {
                let position: Vec<_> = position.iter().map(ToString::to_string).collect();
                failure.with("note", format!("at [{}]: expected {expected}, found {actual}", position.join(", ")))
            });
            listed.with(
                "note",
                format!(
                    "largest difference {largest:.3e}; allowed {:.0e} + {:.0e} * |expected| (--tolerance, --atol, --rtol)",
                    tolerance.absolute, tolerance.relative
                ),
            )
        }
    }
}

//! `ropt-run inspect`: what is in a program.

use std::fmt::Write;

use ropt_runtime::program::Program;

use crate::{cli::InspectArguments, failure::Failure, print};

pub(crate) fn run(arguments: &InspectArguments) -> Result<(), Failure> {
    let program = Program::open(&arguments.program)?;
    if !arguments.json {
        return print(&text(&program).unwrap_or_default());
    }
    match serde_json::to_string_pretty(program.manifest()) {
        Ok(json) => print(&(json + "\n")),
        Err(error) => Err(Failure::input(format!("cannot write the manifest as JSON: {error}"))),
    }
}

fn text(program: &Program) -> Result<String, std::fmt::Error> {
    let (manifest, mut out) = (program.manifest(), String::new());
    writeln!(out, "{} ({} bytes)", program.path().display(), program.image().len())?;
    writeln!(out, "  module    {}", if manifest.module.is_empty() { "(unnamed)" } else { &manifest.module })?;
    writeln!(out, "  producer  {}", if manifest.producer.is_empty() { "(unknown)" } else { &manifest.producer })?;
    writeln!(out, "\nfunctions")?;
    for function in &manifest.functions {
        writeln!(out, "  {}({}) -> ({})", function.name, function.arguments.join(", "), function.results.join(", "))?;
    }
    writeln!(out, "\nexecutables")?;
    for executable in &manifest.executables {
        writeln!(out, "  {}", executable.name)?;
        for variant in &executable.variants {
            writeln!(out, "    {} ({}, {}, {} bytes)", variant.name, variant.backend, variant.format, variant.size)?;
            if !variant.target.is_empty() {
                writeln!(out, "      target {}", variant.target)?;
            }
            for export in &variant.exports {
                writeln!(out, "      {}: {}, {} constants", export.ordinal, export.name, export.constants)?;
                for (index, binding) in export.bindings.iter().enumerate() {
                    writeln!(out, "        binding {index}: {binding}")?;
                }
            }
        }
    }
    Ok(out)
}

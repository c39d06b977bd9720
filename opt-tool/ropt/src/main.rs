//! `ropt`: an MLIR pass host. Without a subcommand it is mlir-opt with plugins; see `ropt --help`.

mod bench;
mod cache;
mod check;
mod cli;
mod compile;
mod examples;
mod iree_flags;
mod new;
mod verify;

use ropt_host::{HostError, isolate, listing, output, reproduce, run, upstream};
use std::process::ExitCode;

fn main() -> ExitCode {
    let code = match arguments().and_then(dispatch) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", error.render());
            error.exit_code()
        }
    };
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// The command line as text; MLIR's flags know no other.
fn arguments() -> Result<Vec<String>, HostError> {
    let words = std::env::args_os().skip(1).map(std::ffi::OsString::into_string);
    words.collect::<Result<_, _>>().map_err(|word| {
        let report = ropt_host::report::Report::error(format!("argument {word:?} is not UTF-8"));
        HostError::Usage(Box::new(report.help(Some("rename the file".to_owned()))))
    })
}

fn dispatch(args: Vec<String>) -> Result<i32, HostError> {
    // Processes that this program starts of itself.
    if let Some(code) = isolate::serve(&args)? {
        return Ok(code);
    }
    if let Some(code) = reproduce::write(&args)? {
        return Ok(code);
    }
    match cli::parse(&args) {
        cli::Command::Opt => {
            let replay = reproduce::replay(args);
            let host = run::set_up(&replay.args)?;
            host.set_flags(&replay.compile_flags);
            let code = run::opt(host, replay.args)?;
            host.finish();
            Ok(code)
        }
        cli::Command::Compile => compile::command(args),
        cli::Command::Bench => bench::command(&args),
        cli::Command::List { kind, json, wanted } => {
            let host = ropt_host::Host::new(&wanted)?;
            output::print(&listing::list(host, kind, json))?;
            Ok(0)
        }
        cli::Command::Show { kind, name, json, wanted } => {
            let host = ropt_host::Host::new(&wanted)?;
            if kind == listing::Kind::Passes && host.pass(&name).is_none() {
                return upstream::show_upstream(host, &name, json);
            }
            output::print(&listing::show(host, kind, &name, json)?)?;
            Ok(0)
        }
        cli::Command::Doctor { wanted, load, json } => {
            let (text, refused) = ropt_host::doctor::doctor(&wanted, load, json);
            output::print(&text)?;
            Ok(if refused == 0 { 0 } else { 3 })
        }
        cli::Command::TestPasses { names, pass_timeout, wanted } => examples::command(&names, pass_timeout, &wanted),
        cli::Command::New { name, kind } => new::new(&name, kind),
        cli::Command::SdkPath { cargo_config } => new::sdk_path(cargo_config),
        cli::Command::Check(arguments) => check::command(&arguments),
        cli::Command::Registered { plugin, wanted } => check::registered(&plugin, &wanted),
        cli::Command::Rounds { count, rest } => compile::rounds(count, rest),
        cli::Command::Cache(wanted) => cache::command(&wanted),
        cli::Command::IncludeDir => compile::include_dir(),
    }
}

//! `ropt-run`: runs, measures and inspects compiled programs. Links neither MLIR nor LLVM.

mod bench;
mod check_driver;
mod cli;
mod compare;
mod devices;
mod failure;
mod inspect;
mod report;
mod run;
mod units;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    cli::{Command, Options},
    failure::Failure,
};

fn main() -> ExitCode {
    ropt_runtime::install_handler();
    let options = Options::parse();
    let result = match &options.command {
        Command::Run(arguments) => run::run(arguments),
        Command::Bench(arguments) => bench::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Inspect(arguments) => inspect::run(arguments),
        Command::Devices(arguments) => devices::run(arguments),
        Command::CheckDriver(arguments) => check_driver::run(arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Prints to stdout; a reader that went away ends the tool quietly, as `head` expects.
fn print(text: &str) -> Result<(), Failure> {
    use std::io::{ErrorKind, Write};
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => Err(Failure::input(format!("cannot write to stdout: {error}"))),
    }
}

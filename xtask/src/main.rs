//! The chores of this repository: `cargo xtask setup | test | demo | dist | bench`.
//!
//! Owns the order of the steps and what a person sees of them. It links nothing of the product: it runs the built
//! tools as a user would.

mod bench;
mod counts;
mod demo;
mod dist;
mod error;
mod foreign;
mod npy;
mod other_mlir;
mod packages;
mod process;
mod setup;
mod steps;
mod test;
mod venv;

use std::process::ExitCode;

const HELP: &str = "\
Chores of this repository.

Usage: cargo xtask <COMMAND>

Commands:
  setup   Install what a build needs and this machine lacks (Debian), or say what is missing (elsewhere)
  test    Set up, check format and lints, build, and run every test; ends with `N passed, N failed`
          `test STEP…`: only those steps, by the names of the table at its end (`test lit 'bad input'`)
  demo    Compile a program, dump it, edit one kernel, write another in C, run both, measure both
  dist    Write a relocatable tree of the tools to target/dist
  bench   Compare with mlir-opt and iree-compile (not a test; takes minutes)

`setup` is part of every other command. Exit code: 0 done, 1 something failed, 2 the command line is wrong.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["setup"] => setup::run(),
        ["test", steps @ ..] => test::run(steps),
        ["demo"] => demo::run(),
        ["dist"] => dist::run(),
        ["bench", rest @ ..] => bench::run(rest),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("error: `{}` is not a command of xtask\n\n{HELP}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // The totals are the last line that a test run prints, whatever they are.
        Err(error::Error::Tests) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Runs, measures and inspects programs that `ropt compile` made.
#[derive(Debug, Parser)]
#[command(name = "ropt-run", version, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Call a function of a program and print, save or check its results
    Run(RunArguments),
    /// Measure the calls of a program's functions
    Bench(BenchArguments),
    /// Show a program's functions, executables, variants and exports, without running it
    Inspect(InspectArguments),
    /// List the devices, and say why a driver has none
    Devices(DevicesArguments),
}

/// Which program on which device.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// The compiled program
    #[arg(value_name = "PROGRAM")]
    pub(crate) program: PathBuf,

    /// The device: cpu-task, cpu-task:4 (4 threads), cpu-sync, …; `ropt-run devices` lists them.
    /// By default the first device that the program was compiled for; on a machine of several cores that is cpu-task,
    /// which runs short dispatches on the calling thread and spreads long ones
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,

    #[command(flatten)]
    pub(crate) plugins: Plugins,
}

#[derive(Debug, Args)]
pub(crate) struct Plugins {
    /// A driver plugin to use besides those found in ROPT_PLUGIN_PATH, beside the tool and in ../lib/ropt
    #[arg(long, value_name = "FILE", alias = "load_plugin")]
    pub(crate) load_plugin: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) target: Target,

    /// The function to call; may be left out when the program has only one, or one named main
    #[arg(long, value_name = "NAME")]
    pub(crate) function: Option<String>,

    /// An argument, in order: 64x128xf32=2 (all 2), 4xf32=1,2,3,4, 2x2xf32=[1 2][3 4], 4xf32 (zeros), i32=5 or 5 (a
    /// scalar), @a.npy, 64x128xf32=@raw.bin
    #[arg(long = "input", value_name = "VALUE", allow_hyphen_values = true)]
    pub(crate) inputs: Vec<String>,

    /// What to do with a result, in order: - (print), @r.npy (save), @r.bin (save the bytes), empty (nothing). Without
    /// the flag results are printed
    #[arg(long = "output", value_name = "WHERE", allow_hyphen_values = true)]
    pub(crate) outputs: Vec<String>,

    /// What a result must be, in order; written like --input, or (ignored)
    #[arg(long = "expected-output", alias = "expected_output", value_name = "VALUE", allow_hyphen_values = true)]
    pub(crate) expected: Vec<String>,

    /// Absolute tolerance of --expected-output [default: f32 1e-4, f64 1e-9, f16 1e-2, bf16 5e-2, integers 0]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) atol: Option<f64>,

    /// Relative tolerance of --expected-output [default: f32 1e-4, f64 1e-9, f16 1e-2, bf16 2e-2, integers 0]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) rtol: Option<f64>,

    /// How many elements of a result are printed
    #[arg(long, value_name = "N", default_value_t = 1024, alias = "output_max_element_count")]
    pub(crate) output_max_element_count: usize,
}

#[derive(Debug, Args)]
pub(crate) struct BenchArguments {
    #[command(flatten)]
    pub(crate) target: Target,

    /// The function to measure [default: all functions]
    #[arg(long, value_name = "NAME")]
    pub(crate) function: Option<String>,

    /// An argument, as for `run`; needs --function. Without it, fixed non-zero numbers are generated
    #[arg(long = "input", value_name = "VALUE", allow_hyphen_values = true, requires = "function")]
    pub(crate) inputs: Vec<String>,

    /// Least seconds of measuring, for each function
    #[arg(long, value_name = "SECONDS", default_value_t = 0.5, value_parser = seconds, alias = "min_time")]
    pub(crate) min_time: f64,

    /// Also measure every export by itself, in a second run
    #[arg(long)]
    pub(crate) per_dispatch: bool,

    /// How the results are printed
    #[arg(long, value_enum, default_value_t = Format::Console)]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table
    Console,
    /// A list with an object for each function
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArguments {
    /// The compiled program
    #[arg(value_name = "PROGRAM")]
    pub(crate) program: PathBuf,

    /// Print the program's manifest as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DevicesArguments {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) plugins: Plugins,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('s').parse::<f64>() {
        Ok(seconds) if (0.0..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("a number of seconds from 0 to 3600 is expected".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }
}

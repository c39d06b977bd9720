//! The command line.

mod measuring;
mod values;
mod verifying;

use std::{path::PathBuf, sync::OnceLock};

use clap::{Args, Parser, Subcommand};
use ropt_runtime::{
    ABI_MAJOR, ABI_MINOR,
    drivers::{Drivers, DriversError, Trust},
};

pub(crate) use self::{
    measuring::{BenchArguments, CompareArguments, CompareFormat, Format, TimeArguments},
    verifying::Tolerance,
};

/// The product, and the ABI that drivers are built for.
fn version() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| format!("{}\nplugin ABI {ABI_MAJOR}.{ABI_MINOR}", env!("CARGO_PKG_VERSION")))
}

/// Runs, measures and inspects programs that `ropt compile` made.
#[derive(Debug, Parser)]
#[command(name = "ropt-run", version = version(), max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Call a function of a program and print, save or check its results
    Run(RunArguments),
    Bench(BenchArguments),
    Compare(CompareArguments),
    /// Show a program's functions, executables, variants and exports, without running it
    Inspect(InspectArguments),
    /// List the devices, and say why a driver has none
    Devices(DevicesArguments),
    /// Ask one demand of a driver; `ropt plugins check` does, each in a process of its own
    #[command(hide = true)]
    CheckDriver(CheckDriverArguments),
}

/// Which program on which device.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// The compiled program
    #[arg(value_name = "PROGRAM")]
    pub(crate) program: PathBuf,

    #[command(flatten)]
    pub(crate) on: On,
}

/// The device.
#[derive(Debug, Args)]
pub(crate) struct On {
    /// The device: cpu-task, cpu-task:4 (4 threads), cpu-sync, …; `ropt-run devices` lists them.
    /// By default the first device that the program was compiled for; on a machine of several cores that is cpu-task,
    /// which runs short dispatches on the calling thread and spreads long ones
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,

    /// End with an error when opening the device, loading a program, or one call takes longer, as with a kernel that
    /// never ends [default: no limit]
    #[arg(long, value_name = "SECONDS", value_parser = values::timeout)]
    pub(crate) timeout: Option<f64>,

    #[command(flatten)]
    pub(crate) plugins: Plugins,
}

#[derive(Debug, Args)]
pub(crate) struct Plugins {
    /// A driver plugin to use besides those found in ROPT_PLUGIN_PATH, beside the tool and in ../lib/ropt
    #[arg(long, value_name = "FILE", alias = "load_plugin")]
    pub(crate) load_plugin: Vec<PathBuf>,

    /// Take drivers that somebody else can have written: world-writable, of another user, a link out of its folder
    #[arg(long)]
    pub(crate) insecure_plugins: bool,
}

impl Plugins {
    /// What is found, by these flags.
    pub(crate) fn drivers(&self) -> Result<Drivers, DriversError> {
        Drivers::discover(&self.load_plugin, self.trust())
    }

    /// Whether files are checked.
    pub(crate) fn trust(&self) -> Trust {
        if self.insecure_plugins { Trust::Anything } else { Trust::Checked }
    }
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
    #[arg(
        help_heading = "Verifying",
        long = "expected-output",
        alias = "expected_output",
        value_name = "VALUE",
        allow_hyphen_values = true
    )]
    pub(crate) expected: Vec<String>,

    /// Check the results against this program's, which is called with the same inputs. Where no --input is given, the
    /// inputs are random: floats in [-1, 1), integers from 1 to 7
    #[arg(help_heading = "Verifying", long, value_name = "PROGRAM", alias = "verify_against")]
    pub(crate) verify_against: Option<PathBuf>,

    /// What the random inputs of --verify-against are made from
    #[arg(help_heading = "Verifying", long, value_name = "N", default_value_t = 0, requires = "verify_against")]
    pub(crate) seed: u64,

    #[command(flatten)]
    pub(crate) tolerance: Tolerance,

    /// How many elements of a result are printed
    #[arg(long, value_name = "N", default_value_t = 1024, alias = "output_max_element_count")]
    pub(crate) output_max_element_count: usize,

    /// Write the sizes and constants of every dispatch to a file, from which `ropt compile
    /// --hal-benchmark-workloads-from=FILE` makes benchmarks
    #[arg(long, value_name = "FILE", alias = "record_workloads")]
    pub(crate) record_workloads: Option<PathBuf>,
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

#[derive(Debug, Args)]
pub(crate) struct CheckDriverArguments {
    /// The compiled sample
    #[arg(value_name = "PROGRAM")]
    pub(crate) program: PathBuf,

    /// The device
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: String,

    /// The type of the sample's numbers
    #[arg(long, value_name = "TYPE")]
    pub(crate) element: String,

    /// What is asked
    #[arg(long, value_name = "NAME")]
    pub(crate) demand: String,

    #[command(flatten)]
    pub(crate) plugins: Plugins,
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

//! The flags of `bench` and `compare`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{
    Target,
    values::{operations, part, seconds},
    verifying::Tolerance,
};

// One line a paragraph: the terminal's width decides where it is broken.
const BENCH_HELP: &str = "\
How it measures:
A function is called until it is steady: the medians of three successive windows (each a tenth of --min-time, at most \
50 ms) lie within 2 %. If they do not within --max-warm-up, the output says so.
Then samples are taken for at least --min-time, until the 95 % interval of the median is within --precision of it. \
Where --max-time ends them before, the output says how wide the interval is. Short calls are sampled in groups of at \
least 20 µs.
The interval comes from order statistics, whatever the distribution, and is widened where samples hang together, as \
noise that comes in spells makes them.
Inputs that are not given are generated: floats in [0.25, 1.25), integers from 1 to 7, the same in every run.
GB/s counts the bytes of a call's arguments and results once; of a dispatch, those of its bindings; of a benchmark \
function, what its record says is read and written. Data that stays in a cache can so be faster than memory.

Examples:
  ropt-run bench prog.so
  ropt-run bench prog.so --function=main --input=@x.npy --per-dispatch --cold
  ropt-run bench prog.so --function=mm --flops=2*512*512*512
  ropt-run bench prog.so --history=mm.jsonl --report=mm.html

Exit codes: 0 done, 1 a program or an input is wrong, 2 the command line is wrong, 3 a driver plugin failed.";

/// Measure the calls of a program's functions
///
/// Measures every function whose inputs can be generated, or the one named by --function. A program that holds
/// benchmark functions, which `ropt compile` makes of dumped benchmarks, is measured by those: they dispatch one export
/// as often as --batch says, and the times are those of one dispatch.
#[derive(Debug, Args)]
#[command(after_long_help = BENCH_HELP, after_help = "`ropt-run bench --help` also tells how it measures, with examples.")]
pub(crate) struct BenchArguments {
    #[command(flatten)]
    pub(crate) target: Target,

    /// The function to measure [default: all benchmark functions; without any, all functions]
    #[arg(long, value_name = "NAME", help_heading = "What is measured")]
    pub(crate) function: Option<String>,

    /// An argument, as for `run`; needs --function. Without it, fixed non-zero numbers are generated
    #[arg(
        long = "input",
        value_name = "VALUE",
        allow_hyphen_values = true,
        requires = "function",
        help_heading = "What is measured"
    )]
    pub(crate) inputs: Vec<String>,

    /// Dispatches in a call of a benchmark function [default: as many as take a millisecond]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..), alias = "batch_size", help_heading = "What is measured")]
    pub(crate) batch: Option<i32>,

    /// Floating-point operations of a call (of a dispatch, for a benchmark function), for GFLOP/s: a number or a
    /// product, as 2*512*512*512; needs --function
    #[arg(long, value_name = "N", value_parser = operations, requires = "function", help_heading = "What is measured")]
    pub(crate) flops: Option<f64>,

    /// Also measure with cold caches: before every call each processor reads, and the device writes, more memory than
    /// the last-level cache holds
    #[arg(long, help_heading = "What is measured")]
    pub(crate) cold: bool,

    /// Also measure every export by itself, in a run of its own
    #[arg(long, help_heading = "What is measured")]
    pub(crate) per_dispatch: bool,

    #[command(flatten)]
    pub(crate) time: TimeArguments,

    /// How the results are printed
    #[arg(long, value_enum, default_value_t = Format::Console, help_heading = "Output")]
    pub(crate) format: Format,

    /// Also write a page with tables, distributions and history: one file that needs no network
    #[arg(long, value_name = "FILE.html", help_heading = "Output")]
    pub(crate) report: Option<PathBuf>,

    /// Append the results to this file, one JSON object a line; the report draws what the file holds
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) history: Option<PathBuf>,
}

/// How long a function is measured.
#[derive(Debug, Args)]
pub(crate) struct TimeArguments {
    /// Least seconds of measuring, for each function
    #[arg(long, value_name = "SECONDS", default_value_t = 0.5, value_parser = seconds, alias = "min_time", help_heading = "How long")]
    pub(crate) min_time: f64,

    /// Most seconds of measuring, for each function, though the interval is wider than --precision
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = seconds, alias = "max_time", help_heading = "How long")]
    pub(crate) max_time: f64,

    /// How far the ends of the median's 95 % interval may be from it
    #[arg(long, value_name = "PERCENT", default_value = "1%", value_parser = part, help_heading = "How long")]
    pub(crate) precision: f64,

    /// Most seconds of warming up, for each function
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = seconds, help_heading = "How long")]
    pub(crate) max_warm_up: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table
    Console,
    /// A list with an object for each function; times in nanoseconds
    Json,
    /// A line for each function, cold figure and export; times in nanoseconds
    Csv,
}

const COMPARE_HELP: &str = "\
How it compares:
Both programs are loaded on one device. A call of A and one of B, right after one another in an order chosen at random \
and with the same memory for arguments and results, are one observation, and b / a is its ratio. So a machine that \
gets slower, or whose noise comes in spells, meets both alike. Either finds the caches as the other left them, so the \
times can be longer than those of `bench`.
The ratio is the median over all observations, with its 99 % interval from order statistics. It is looked at five \
times at most, after 1/81, 1/27, 1/9, 1/3 and all of --max-time, and the first look that is clear ends the comparison: \
all looks together are right in 95 of 100 runs.

Verdicts:
  same     the whole interval lies within --threshold
  faster   the whole interval lies below: B takes less time
  slower   the whole interval lies above: B takes more time
  unclear  neither, and --max-time is over

Examples:
  ropt-run compare before.so after.so
  ropt-run compare before.so after.so --verify --fail-if-slower=5%

Exit codes: 0 done; 1 a program or an input is wrong, or results differ (--verify), or B is slower \
(--fail-if-slower); 2 the command line is wrong; 3 a driver plugin failed.";

/// Compare two programs: calls in turn, and a verdict
///
/// Says of every function that both programs have whether B is the same, faster or slower than A, or that it is
/// unclear, with the ratio of B's time to A's and its interval.
#[derive(Debug, Args)]
#[command(after_long_help = COMPARE_HELP, after_help = "`ropt-run compare --help` also tells what the verdicts mean, with examples.")]
pub(crate) struct CompareArguments {
    /// The program that is compared with
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,

    /// The program that is judged
    #[arg(value_name = "B")]
    pub(crate) b: PathBuf,

    #[command(flatten)]
    pub(crate) on: super::On,

    /// The function to compare [default: all that both programs have]
    #[arg(long, value_name = "NAME")]
    pub(crate) function: Option<String>,

    /// An argument, as for `run`; needs --function. Without it, fixed non-zero numbers are generated
    #[arg(long = "input", value_name = "VALUE", allow_hyphen_values = true, requires = "function")]
    pub(crate) inputs: Vec<String>,

    /// Dispatches in a call of a benchmark function [default: as many as take a millisecond]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..), alias = "batch_size")]
    pub(crate) batch: Option<i32>,

    /// Programs whose times differ by less are the same
    #[arg(long, help_heading = "Verdict", value_name = "PERCENT", default_value = "2%", value_parser = part)]
    pub(crate) threshold: f64,

    /// Fail with exit code 1 when the whole interval of the ratio says that B is slower by more than this
    #[arg(long, help_heading = "Verdict", value_name = "PERCENT", value_parser = part)]
    pub(crate) fail_if_slower: Option<f64>,

    /// Most seconds of measuring, for each function; most comparisons need a small part of it. At most a thirtieth
    /// each goes to warming up A and B before
    #[arg(long, help_heading = "Verdict", value_name = "SECONDS", default_value_t = 30.0, value_parser = seconds, alias = "max_time")]
    pub(crate) max_time: f64,

    /// First check that B's results are A's, on random inputs; a difference fails and nothing is measured
    #[arg(long, conflicts_with = "verify_against", help_heading = "Verifying")]
    pub(crate) verify: bool,

    /// First check that A's and B's results are this program's
    #[arg(long, value_name = "PROGRAM", help_heading = "Verifying")]
    pub(crate) verify_against: Option<PathBuf>,

    /// What the random inputs are made from
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Verifying")]
    pub(crate) seed: u64,

    #[command(flatten)]
    pub(crate) tolerance: Tolerance,

    /// How the results are printed
    #[arg(long, value_enum, default_value_t = CompareFormat::Console)]
    pub(crate) format: CompareFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// A table
    Console,
    /// An object with a list of functions; times in nanoseconds
    Json,
}

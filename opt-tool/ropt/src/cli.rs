//! ropt's own subcommands and flags. Everything else on a command line is mlir-opt's.

use crate::{check, new};
use clap::{CommandFactory, Parser, Subcommand, ValueHint};
use ropt_host::{
    discover::{Trust, Wanted},
    listing::Kind,
    version::{ABI_MAJOR, ABI_MINOR, BUILD_ID, SONAME},
};
use std::{path::PathBuf, sync::OnceLock};

/// An MLIR pass host with dynamically loaded plugins
///
/// Without a subcommand, ropt reads MLIR, runs the passes that the flags or --pass-pipeline name, and prints the
/// result, exactly as mlir-opt; passes of plugins mix with MLIR's own.
#[derive(Parser)]
#[command(name = "ropt", version = version(), args_conflicts_with_subcommands = true, max_term_width = 110)]
#[command(override_usage = "ropt [FILE|-] [-o OUT] --pass-pipeline='builtin.module(…)'\n       ropt <COMMAND>")]
#[command(
    after_help = "Every flag of mlir-opt works too (`ropt --help-mlir` lists them), and so does every pass name as a flag.
Plugins are found in ROPT_PLUGIN_PATH, beside this program and in ../lib/ropt.

Exit codes: 0 done, 1 the input is wrong, 2 the command line is wrong, 3 a plugin failed."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Sub>,
    /// The input; `-` or none: stdin
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<String>,
    /// Where the result goes; `-` or none: stdout. Written whole or not at all
    #[arg(short, value_name = "OUT")]
    output: Option<String>,
    /// The passes to run, for example builtin.module(canonicalize,hal.executable(my-pass{opt=1}))
    #[arg(long, value_name = "TEXT")]
    pass_pipeline: Option<String>,
    /// A plugin to load besides those that are found (repeatable)
    #[arg(long, value_name = "SO")]
    load_plugin: Vec<PathBuf>,
    /// Take plugins that somebody else can have written: world-writable, of another user, a link out of its folder
    #[arg(long)]
    insecure_plugins: bool,
    /// An upstream C++ pass plugin; failing to load it is an error
    #[arg(long, value_name = "SO")]
    load_pass_plugin: Vec<PathBuf>,
    /// An upstream C++ dialect plugin; failing to load it is an error
    #[arg(long, value_name = "SO")]
    load_dialect_plugin: Vec<PathBuf>,
    /// Run plugins' passes apart: none, fork (a child for each run) or process (a sandboxed worker); PLUGIN=MODE for one
    #[arg(long, value_name = "[PLUGIN=]MODE")]
    isolate: Vec<String>,
    /// Fail a pass that changes what is around its op (slow, on one thread)
    #[arg(long)]
    check_neighbours: bool,
    /// Settings of isolation [default: ropt.toml of the working folder]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// End a pass that runs for longer
    #[arg(long, value_name = "SECONDS")]
    pass_timeout: Option<f64>,
    /// Where the IR before a failing pass goes [default: a temporary file, for a crash; empty: none]; --run-reproducer
    /// FILE shows the failure again
    #[arg(long, value_name = "FILE")]
    crash_reproducer: Option<PathBuf>,
    /// Print the counters of the plugins' passes at the end
    #[arg(long)]
    pass_statistics: bool,
    /// Make warnings about a pipeline errors
    #[arg(long)]
    strict: bool,
    /// List mlir-opt's flags and every pass
    #[arg(long)]
    help_mlir: bool,
}

#[derive(Subcommand)]
enum Sub {
    /// Compile a program: dispatches formed, executables compiled, one .so written. See `ropt compile --help`
    #[command(disable_help_flag = true)]
    Compile {
        /// Flags and the file
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Measure the executables of a program, or a benchmark file: benchmarks made and compiled, `ropt-run bench` run
    ///
    /// Flags of `ropt compile` (--target=NAME, --hal-substitute-…, --hal-benchmark-workload=…) go before `--`, those of
    /// `ropt-run bench` (--device=NAME, --min-time=SECONDS, …) behind it. A program's functions are not measured as a
    /// whole: `ropt compile` and `ropt-run bench` do that.
    Bench {
        /// A program, or a file that --hal-dump-executable-benchmarks-to wrote
        #[arg(value_name = "FILE")]
        file: String,
        /// Measure only this executable of the program (repeatable)
        #[arg(long, value_name = "NAME")]
        executable: Vec<String>,
        /// Flags of `ropt compile`, then `--` and flags of `ropt-run bench`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
        rest: Vec<String>,
    },
    /// The plugins: `list`, `show NAME`, `doctor`, `check SO`, `new NAME`, `sdk-path`
    #[command(subcommand)]
    Plugins(AskPlugins),
    /// The plugins' passes: `list`, `show NAME`, `test [NAME…]`
    #[command(subcommand)]
    Passes(AskPasses),
    /// The targets: `list`, `show NAME`
    #[command(subcommand)]
    Targets(Ask),
    /// The cache of compiled executables: `show`, `prune`, `clear`
    ///
    /// `ropt compile` keeps what it compiles in $XDG_CACHE_HOME/ropt (~/.cache/ropt), or in the folder that
    /// ROPT_CACHE_DIR names; an empty ROPT_CACHE_DIR turns the cache off.
    #[command(subcommand)]
    Cache(CacheCommand),
    /// Facts for build scripts
    Config {
        /// Print the folder that holds ropt/kernel.h
        #[arg(long, required = true)]
        include_dir: bool,
    },
}

/// What to do with the cache.
#[derive(Subcommand)]
pub(crate) enum CacheCommand {
    /// Where it is, how much it holds and how much it may hold
    Show {
        /// As JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: CachePlace,
    },
    /// Remove what was not used for longest until the limit holds
    Prune {
        #[command(flatten)]
        place: CachePlace,
    },
    /// Remove everything
    Clear {
        #[command(flatten)]
        place: CachePlace,
    },
}

/// Which cache is meant.
#[derive(clap::Args)]
pub(crate) struct CachePlace {
    /// Its folder [default: ROPT_CACHE_DIR, or ropt in the user's cache folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) cache_dir: Option<String>,
    /// Its limit, for example 512MiB [default: ROPT_CACHE_SIZE, or 1GiB]
    #[arg(long, value_name = "SIZE")]
    pub(crate) cache_size: Option<String>,
}

/// What `list`, `show` and `doctor` have in common.
#[derive(clap::Args)]
struct How {
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    which: Which,
}

/// Which plugins are looked at.
#[derive(clap::Args)]
struct Which {
    /// A plugin to look at besides those that are found (repeatable)
    #[arg(long, value_name = "SO")]
    load_plugin: Vec<PathBuf>,
    /// Take plugins that somebody else can have written
    #[arg(long)]
    insecure_plugins: bool,
}

impl Which {
    fn wanted(self) -> Wanted {
        let trust = if self.insecure_plugins { Trust::Anything } else { Trust::Checked };
        Wanted { named: self.load_plugin, trust }
    }
}

#[derive(Subcommand)]
enum AskPlugins {
    /// Why is my plugin not seen: every place that is looked at, every file there, every refusal with its reason
    ///
    /// Exit code 3 when a file is refused. No plugin code runs, unless --load asks for it.
    Doctor {
        #[command(flatten)]
        how: How,
        /// Load each plugin too, as its first use does
        #[arg(long)]
        load: bool,
    },
    /// Begin a plugin: a crate of its own, outside of any workspace, that builds as it is, with tests and a README
    ///
    /// It is written to the folder NAME. What it is built against is this ropt's SDK and library; no C++ is compiled.
    New {
        /// Its name: lower-case words with hyphens, for instance acme-tiling
        name: String,
        /// What it is for
        #[arg(long, value_enum, default_value = "pass")]
        kind: new::Kind,
    },
    /// Try whether plugins do what is asked of them: a conformance suite for passes, targets and drivers
    ///
    /// Cases are made from what the plugins' manifests say; results of a target are compared with a reference of this
    /// program's own. Each case runs in processes of its own. Exit code 1 when a case fails, 3 when a plugin cannot be
    /// loaded. Flags behind `--` go to every `ropt compile`.
    Check(Box<check::Arguments>),
    /// What a plugin's code registers, as JSON
    #[command(hide = true)]
    Registered {
        /// The plugin
        #[arg(value_name = "SO")]
        plugin: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// Compile again and again in one process, and print what it holds
    #[command(hide = true)]
    Rounds {
        /// How often
        count: usize,
        /// `compile`, its flags and the file
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Print the folder with the SDK's sources, for `ropt-plugin = { path = "…/core/plugin" }`
    SdkPath {
        /// Print the .cargo/config.toml of a plugin instead: what it is linked against, and where
        #[arg(long)]
        cargo_config: bool,
    },
    #[command(flatten)]
    Ask(Ask),
}

#[derive(Subcommand)]
enum AskPasses {
    /// Run the examples in the passes' documentation, and compare
    ///
    /// Exit code 1 when one does not print what it promises.
    Test {
        /// Passes by name or alias; all that have an example when none is given
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// End a pass that runs for longer: its example fails
        #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
        pass_timeout: f64,
        #[command(flatten)]
        which: Which,
    },
    #[command(flatten)]
    Ask(Ask),
}

/// A time above 0.
fn seconds(text: &str) -> Result<f64, String> {
    ropt_host::isolate::settings::seconds(text)
        .ok_or_else(|| "seconds above 0 are expected, for example 2.5".to_owned())
}

#[derive(Subcommand)]
enum Ask {
    /// All of them, a line each
    List {
        #[command(flatten)]
        how: How,
    },
    /// One of them, in full
    Show {
        /// Its name or an alias
        name: String,
        #[command(flatten)]
        how: How,
    },
}

/// What a command line asks for.
pub(crate) enum Command {
    /// mlir-opt mode.
    Opt,
    /// `ropt compile`.
    Compile,
    /// `ropt bench`.
    Bench,
    /// `ropt … list`.
    List { kind: Kind, json: bool, wanted: Wanted },
    /// `ropt … show NAME`.
    Show { kind: Kind, name: String, json: bool, wanted: Wanted },
    /// `ropt plugins doctor`.
    Doctor { wanted: Wanted, load: bool, json: bool },
    /// `ropt passes test`.
    TestPasses { names: Vec<String>, pass_timeout: f64, wanted: Wanted },
    /// `ropt plugins new`.
    New { name: String, kind: new::Kind },
    /// `ropt plugins sdk-path`.
    SdkPath { cargo_config: bool },
    /// `ropt plugins check`.
    Check(Box<check::Arguments>),
    /// `ropt plugins registered`.
    Registered { plugin: PathBuf, wanted: Wanted },
    /// `ropt plugins rounds`.
    Rounds { count: usize, rest: Vec<String> },
    /// `ropt cache …`.
    Cache(CacheCommand),
    /// `ropt config --include-dir`.
    IncludeDir,
}

/// The product, the ABI that plugins are built for, and the MLIR inside.
fn version() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let (product, mlir) = (env!("CARGO_PKG_VERSION"), BUILD_ID.split('+').next().unwrap_or_default());
        format!("{product}\nplugin ABI {ABI_MAJOR}.{ABI_MINOR}\nMLIR {mlir} ({SONAME})")
    })
}

/// Tells the mode from the first word; prints help and ends the process when that is asked for.
pub(crate) fn parse(args: &[String]) -> Command {
    let first = args.first().map(String::as_str).unwrap_or_default();
    let ours: Vec<_> = Cli::command().get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let alone = ["-h", "--help", "-V", "--version", "help"].contains(&first);
    if first == "compile" {
        return Command::Compile;
    }
    let asks_help = args.iter().take_while(|arg| *arg != "--").any(|arg| ["-h", "--help"].contains(&arg.as_str()));
    if first == "bench" && !asks_help {
        return Command::Bench;
    }
    if !alone && !ours.iter().any(|name| name == first) {
        return Command::Opt;
    }
    let cli = Cli::parse_from(std::iter::once("ropt").chain(args.iter().map(String::as_str)));
    let ask = |kind, ask| match ask {
        Ask::List { how } => Command::List { kind, json: how.json, wanted: how.which.wanted() },
        Ask::Show { name, how } => Command::Show { kind, name, json: how.json, wanted: how.which.wanted() },
    };
    match cli.command {
        Some(Sub::Plugins(AskPlugins::Doctor { how, load })) => {
            Command::Doctor { json: how.json, wanted: how.which.wanted(), load }
        }
        Some(Sub::Plugins(AskPlugins::New { name, kind })) => Command::New { name, kind },
        Some(Sub::Plugins(AskPlugins::SdkPath { cargo_config })) => Command::SdkPath { cargo_config },
        Some(Sub::Plugins(AskPlugins::Check(arguments))) => Command::Check(arguments),
        Some(Sub::Plugins(AskPlugins::Registered { plugin, how })) => {
            Command::Registered { plugin, wanted: how.which.wanted() }
        }
        Some(Sub::Plugins(AskPlugins::Rounds { count, rest })) => Command::Rounds { count, rest },
        Some(Sub::Plugins(AskPlugins::Ask(what))) => ask(Kind::Plugins, what),
        Some(Sub::Passes(AskPasses::Test { names, pass_timeout, which })) => {
            Command::TestPasses { names, pass_timeout, wanted: which.wanted() }
        }
        Some(Sub::Passes(AskPasses::Ask(what))) => ask(Kind::Passes, what),
        Some(Sub::Targets(what)) => ask(Kind::Targets, what),
        Some(Sub::Cache(wanted)) => Command::Cache(wanted),
        Some(Sub::Config { .. }) => Command::IncludeDir,
        Some(Sub::Compile { .. }) => Command::Compile,
        Some(Sub::Bench { .. }) => Command::Bench,
        None => Command::Opt,
    }
}

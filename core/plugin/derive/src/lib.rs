//! Derive macros of the plugin SDK. They write each declaration twice from one source: into the static manifest and
//! into code that reads the options.

mod attributes;
mod choices;
mod examples;
mod pass;
mod record;
mod target;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Declares a pass. On the struct: `#[pass(name = "…", anchor = "builtin.module", aliases("…"), dialects("hal"),
/// needs("fact"), establishes("fact: what is true then"), ends("fact"), slot(phase = "…", order = 10, when("flag"), options = "path={flag}"),
/// flag(name = "…", value = "DIR", help = "…", default = "…", aliases("…")))]`; on fields
/// `#[option(name = "…", default = …)]`, `#[option(choices("…"))]` for enums, and `#[statistic]`. The doc
/// comments are the help.
///
/// A fenced block of the doc comment in the language `mlir` that has a line `// becomes, by PIPELINE` is an example: what
/// stands above the line is the input, what stands below it the output, where `…` stands for any text. `ropt passes show`
/// prints it, `ropt passes test` runs it.
#[proc_macro_derive(Pass, attributes(pass, option, statistic))]
pub fn derive_pass(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    pass::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Gives the variants of a fieldless enum names in pipelines (kebab-case), for enum options.
#[proc_macro_derive(PassEnum)]
pub fn derive_pass_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    choices::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Declares a target: `#[target(name = "…", aliases("…"), formats("…"), stage("configure", "…"), flag(…))]`.
#[proc_macro_derive(Target, attributes(target))]
pub fn derive_target(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    target::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

//! What an executable promises to its callers, and where two of them differ.
//!
//! The parts come as the text that MLIR prints for the attributes and types, so nothing here needs MLIR.

mod compare;
mod parse;
mod site;
mod subspan;

pub use compare::{Finding, Mismatch, compare, counterpart};
pub use parse::{parse_layout, parse_subspan_type, parse_target};
pub use site::{Operand, Site, SiteMismatch, check_site};
pub use subspan::{Access, Shape, Subspan};

use std::fmt;

/// An executable: the same exports, once for each target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interface {
    /// Its symbol.
    pub name: String,
    /// Its variants, in order; a source that is for no target yet is one variant without a target.
    pub variants: Vec<Variant>,
}

impl Interface {
    /// The variant of that name.
    #[must_use]
    pub fn variant(&self, name: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }
}

/// What a variant is compiled for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// The backend's name, for example `llvm-cpu`.
    pub backend: String,
    /// The format of its binary, for example `embedded-elf-x86_64`.
    pub format: String,
    /// The configuration as text; empty for none.
    pub configuration: String,
}

impl fmt::Display for Target {
    /// Backend and format; the configuration is long.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<\"{}\", \"{}\">", self.backend, self.format)
    }
}

/// The exports for one target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Variant {
    /// Its symbol; empty for a source.
    pub name: String,
    /// Its target; none for a source.
    pub target: Option<Target>,
    /// Its exports, in order.
    pub exports: Vec<Export>,
}

impl Variant {
    /// The export of that name.
    #[must_use]
    pub fn export(&self, name: &str) -> Option<&Export> {
        self.exports.iter().find(|export| export.name == name)
    }
}

/// An entry point.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Export {
    /// Its symbol.
    pub name: String,
    /// Its number, when it has one.
    pub ordinal: Option<i64>,
    /// What it takes.
    pub layout: Layout,
    /// How many workload values its count region takes; none when it has no count region.
    pub workload: Option<usize>,
    /// How its body sees the bindings; none when there is no body to look at.
    pub body: Option<Vec<Subspan>>,
}

/// What an export takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// Push constants, in 32-bit words.
    pub constants: u64,
    /// The bindings.
    pub bindings: Vec<Binding>,
}

/// One binding of a layout.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Binding {
    /// Its descriptor type, for example `storage_buffer`.
    pub kind: String,
    /// Whether the kernel may only read it.
    pub read_only: bool,
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.kind, if self.read_only { " (read-only)" } else { "" })
    }
}

#[cfg(test)]
mod tests;

//! What dumps call their files: `<module>_<exe>.mlir`, `configured_<module>_<exe>.mlir`,
//! `<module>_<exe>_<variant><suffix>`, `<module>_<exe>_<variant>_benchmark.mlir`, and for SPIR-V
//! `<module>_<exe>_<export><suffix>`, as IREE has it.

/// The prefix of dumped configurations.
pub const CONFIGURED: &str = "configured";

/// A symbol as part of a file's name: everything but letters, digits, `_`, `.`, `-` and `$` becomes `_`.
#[must_use]
pub fn file_stem(symbol: &str) -> String {
    let stem: String = symbol
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '$') { c } else { '_' })
        .collect();
    // A leading dot would hide the file, and `.` and `..` are folders.
    match stem.strip_prefix('.') {
        Some(rest) => format!("_{rest}"),
        None => stem,
    }
}

/// The file of an executable's source.
#[must_use]
pub fn executable_file(module: &str, executable: &str) -> String {
    format!("{}_{}.mlir", file_stem(module), file_stem(executable))
}

/// The file of an executable's configuration; also any other prefix that a pipeline gives.
#[must_use]
pub fn configured_file(prefix: &str, module: &str, executable: &str) -> String {
    format!("{}_{}", file_stem(prefix), executable_file(module, executable))
}

/// A variant as its files are named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownVariant {
    /// Its symbol.
    pub name: String,
    /// The symbol of its one export, when no other variant of the executable is for the same backend.
    pub only_export: Option<String>,
    /// The suffixes of its target's own objects, from source to binary; of none where they are those that are known here.
    pub objects: Vec<String>,
}

impl KnownVariant {
    /// The place of a suffix among those of the target's own objects.
    #[must_use]
    pub fn own(&self, suffix: &str) -> Option<usize> {
        self.objects.iter().position(|one| one == suffix)
    }

    /// Whether a file of that name holds an object of the target's own.
    #[must_use]
    pub fn is_own(&self, name: &str) -> bool {
        self.objects.iter().any(|suffix| name.ends_with(suffix.as_str()))
    }
}

impl From<&str> for KnownVariant {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

/// The suffixes of files that IREE names by the export: it makes one SPIR-V module of each.
const BY_EXPORT: &[&str] = &[".spv", ".spvasm", ".spirv.mlir"];

/// Whether files with that suffix are named by the export, where a variant has only one.
pub(super) fn is_by_export(suffix: &str) -> bool {
    BY_EXPORT.contains(&suffix)
}

/// The file of a variant's contents at some stage, an intermediate or a binary.
#[must_use]
pub fn contents_file(module: &str, executable: &str, variant: &KnownVariant, suffix: &str) -> String {
    let export = variant.only_export.as_ref().filter(|_| is_by_export(suffix));
    variant_file(module, executable, export.unwrap_or(&variant.name), suffix)
}

/// The file of something that belongs to one variant. `suffix` starts with a dot.
#[must_use]
pub fn variant_file(module: &str, executable: &str, variant: &str, suffix: &str) -> String {
    format!("{}_{}_{}{suffix}", file_stem(module), file_stem(executable), file_stem(variant))
}

/// What ends the stem of a dumped benchmark.
pub(super) const BENCHMARK: &str = "_benchmark";

/// The benchmark of one variant: the executable and functions that dispatch it.
#[must_use]
pub fn benchmark_file(module: &str, executable: &str, variant: &str) -> String {
    variant_file(module, executable, variant, &format!("{BENCHMARK}.mlir"))
}

/// The suffixes of files that stand for an executable or a variant, in the order from source to machine code. Where
/// several stages of one kernel lie side by side, the last counts.
const SUFFIXES: &[&str] = &[
    ".mlir",
    ".mlirbc",
    ".c",
    ".cu",
    ".comp",
    ".glsl",
    ".codegen.ll",
    ".codegen.bc",
    ".linked.ll",
    ".linked.bc",
    ".optimized.ll",
    ".optimized.bc",
    ".ll",
    ".bc",
    ".ptx",
    ".cubin",
    ".spv",
    ".s",
    ".S",
    ".obj",
    ".o",
    ".a",
    ".so",
];

/// A file's name taken apart at its suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileName<'a> {
    /// What stands before the suffix, without a `configured_` prefix.
    pub stem: &'a str,
    /// Whether there was that prefix.
    pub configured: bool,
    /// The suffix, with its dot.
    pub suffix: &'a str,
    stage: usize,
}

/// The suffixes of files that stand for executables: those that are known here, and behind them targets' own.
#[derive(Debug, Clone, Default)]
pub(super) struct Suffixes<'k>(Vec<&'k str>);

impl<'k> Suffixes<'k> {
    /// With those of the variants' targets.
    pub(super) fn of(variants: impl Iterator<Item = &'k KnownVariant>) -> Self {
        let mut own: Vec<&str> = Vec::new();
        for suffix in variants.flat_map(|variant| &variant.objects) {
            if !SUFFIXES.contains(&suffix.as_str()) && !own.contains(&suffix.as_str()) {
                own.push(suffix);
            }
        }
        Self(own)
    }

    fn all(&self) -> impl Iterator<Item = &'k str> {
        SUFFIXES.iter().copied().chain(self.0.clone())
    }

    /// The suffixes of a variant's contents.
    pub(super) fn objects(&self) -> impl Iterator<Item = &'k str> {
        self.all().filter(|suffix| !is_ir(suffix))
    }

    /// As [`FileName::parse`].
    pub(super) fn parse<'a>(&self, name: &'a str) -> Option<FileName<'a>> {
        let known = self.all().enumerate().filter(|(_, suffix)| name.ends_with(suffix));
        let (stage, suffix) = known.max_by_key(|(_, suffix)| suffix.len())?;
        let (stem, suffix) = name.split_at(name.len() - suffix.len());
        let (stem, configured) = match stem.strip_prefix(CONFIGURED).and_then(|rest| rest.strip_prefix('_')) {
            Some(rest) => (rest, true),
            None => (stem, false),
        };
        (!stem.is_empty()).then_some(FileName { stem, configured, suffix, stage })
    }

    /// A file's name that ends in `suffix`, with its prefix taken as one or as a part of the stem.
    pub(super) fn as_written<'a>(&self, name: &'a str, suffix: &str, configured: bool) -> Option<FileName<'a>> {
        let (stage, suffix) = self.all().enumerate().find(|(_, one)| *one == suffix)?;
        let (stem, suffix) = name.split_at(name.strip_suffix(suffix)?.len());
        let stem = if configured { stem.strip_prefix(CONFIGURED)?.strip_prefix('_')? } else { stem };
        Some(FileName { stem, configured, suffix, stage })
    }
}

impl<'a> FileName<'a> {
    /// None for suffixes that no executable's file has, whatever its target.
    #[must_use]
    pub fn parse(name: &'a str) -> Option<Self> {
        Suffixes::default().parse(name)
    }

    /// The same file's name with `configured_` taken as a part of the stem; none when it has no such prefix.
    #[must_use]
    pub(super) fn unprefixed(&self, name: &'a str) -> Option<Self> {
        let stem = &name[..name.len() - self.suffix.len()];
        self.configured.then_some(Self { stem, configured: false, ..*self })
    }

    /// Whether it holds IR that stands for a whole executable.
    #[must_use]
    pub fn is_ir(&self) -> bool {
        is_ir(self.suffix)
    }

    /// Whether a dump wrote it on the way to machine code; written by hand it is a kernel all the same.
    #[must_use]
    pub fn is_intermediate(&self) -> bool {
        !self.is_ir() && !matches!(self.suffix, ".c" | ".cu" | ".comp" | ".glsl" | ".a" | ".obj")
    }

    /// How far on the way to machine code it is.
    #[must_use]
    pub fn stage(&self) -> usize {
        self.stage
    }
}

fn is_ir(suffix: &str) -> bool {
    matches!(suffix, ".mlir" | ".mlirbc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_names_apart() {
        let name = FileName::parse("configured_m_x.codegen.ll").expect("a known suffix");
        assert_eq!((name.stem, name.configured, name.suffix), ("m_x", true, ".codegen.ll"));
        assert_eq!(FileName::parse("a.b.ll").map(|n| n.stem), Some("a.b"));
        assert_eq!(FileName::parse("notes.txt"), None);
        assert_eq!(FileName::parse(".mlir"), None);
        assert_eq!(FileName::parse("configured_.mlir"), None);
    }

    #[test]
    fn symbols_cannot_leave_the_folder() {
        assert_eq!(file_stem("../x/y"), "_._x_y");
        assert_eq!(executable_file("m", "a b"), "m_a_b.mlir");
    }
}

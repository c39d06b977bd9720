//! A compiled program on disk: read and checked without running any of it.

use std::{
    collections::HashMap,
    fmt,
    path::{Path, PathBuf},
};

use object::{Object, ObjectSection, ObjectSegment, ObjectSymbol, SymbolKind};
use ropt_abi::{
    elf::{self, ElfError},
    program::{Function, Manifest, RUNTIME_SYMBOL, SECTION, VERSION, Variant},
};
use thiserror::Error;

use crate::types::ValueType;

/// A program whose file was found whole and whose manifest agrees with its symbols.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    image: Vec<u8>,
    manifest: Manifest,
    signatures: Vec<Signature>,
}

/// Types of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Types of the arguments.
    pub arguments: Vec<ValueType>,
    /// Types of the results.
    pub results: Vec<ValueType>,
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |types: &[ValueType]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        write!(f, "({}) -> ({})", list(&self.arguments), list(&self.results))
    }
}

/// Why a file is no program.
#[derive(Debug, Error)]
#[error("cannot load program '{}': {problem}", path.display())]
pub struct ProgramError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: ProgramProblem,
}

/// What is wrong with a program's file.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum ProgramProblem {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("it is {0}")]
    Elf(#[from] ElfError),
    #[error("its ELF tables are damaged: {0}")]
    Tables(object::Error),
    #[error("it is a shared object, but not a compiled program: it has no section {SECTION}")]
    NoSection,
    #[error("its manifest is damaged: {0}")]
    Manifest(serde_json::Error),
    #[error("its manifest has version {found}, this tool reads version {VERSION}")]
    Version { found: u64 },
    #[error("function '{function}' appears twice in its manifest")]
    Duplicate { function: String },
    #[error("function '{function}' has the type '{text}', which this tool does not know (no i4, no ranks beyond 64)")]
    Type { function: String, text: String },
    #[error("symbol '{symbol}' ({what}) is missing")]
    Missing { symbol: String, what: String },
    #[error("symbol '{symbol}' is not {expected}")]
    Kind { symbol: String, expected: &'static str },
    #[error("executable '{executable}' has no variants")]
    NoVariants { executable: String },
    #[error("executable '{executable}' has {words} words of constants, expected at most {MOST_WORDS}, with a function")]
    Words { executable: String, words: u32 },
    #[error("the binary of executable '{executable}' ({size} bytes at symbol '{symbol}') does not lie inside the file")]
    Outside { executable: String, symbol: String, size: u64 },
}

/// Far beyond any real executable's; keeps a damaged manifest from taking all memory.
const MOST_WORDS: u32 = 1 << 16;

/// Deeper tensors do not occur, and indices of any depth cost memory.
const DEEPEST: usize = 64;

impl Program {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// When it is not a whole program for this machine.
    pub fn open(path: &Path) -> Result<Self, ProgramError> {
        let wrap = |problem| ProgramError { path: path.to_owned(), problem };
        let image = std::fs::read(path).map_err(|error| wrap(error.into()))?;
        Self::from_bytes(path, image)
    }

    /// Checks a program's bytes; `path` is for messages.
    ///
    /// # Errors
    /// As [`Program::open`].
    pub fn from_bytes(path: &Path, image: Vec<u8>) -> Result<Self, ProgramError> {
        match check(&image) {
            Ok((manifest, signatures)) => Ok(Self { path: path.to_owned(), image, manifest, signatures }),
            Err(problem) => Err(ProgramError { path: path.to_owned(), problem }),
        }
    }

    /// Where it came from.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's contents.
    #[must_use]
    pub fn image(&self) -> &[u8] {
        &self.image
    }

    /// The bytes of a variant's binary; opening the program has checked that they lie inside the file.
    #[must_use]
    pub fn binary(&self, variant: &Variant) -> Option<&[u8]> {
        let file = object::File::parse(self.image.as_slice()).ok()?;
        let symbol = file.dynamic_symbols().find(|symbol| symbol.name() == Ok(&variant.data))?;
        file.segments().find_map(|segment| segment.data_range(symbol.address(), variant.size).ok().flatten())
    }

    /// Functions and executables.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The functions with their types, in the order of the program.
    pub fn functions(&self) -> impl Iterator<Item = (&Function, &Signature)> {
        self.manifest.functions.iter().zip(&self.signatures)
    }

    /// The function of this name.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<(&Function, &Signature)> {
        self.functions().find(|(function, _)| function.name == name)
    }
}

fn check(image: &[u8]) -> Result<(Manifest, Vec<Signature>), ProgramProblem> {
    elf::check(image)?;
    let file = object::File::parse(image).map_err(ProgramProblem::Tables)?;
    let section = file.section_by_name(SECTION).ok_or(ProgramProblem::NoSection)?;
    let json = section.data().map_err(ProgramProblem::Tables)?;
    let end = json.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let (manifest, signatures) = read_table(&json[..end])?;
    check_symbols(&file, &manifest)?;
    Ok((manifest, signatures))
}

/// Reads a program's table, the JSON of its section, and the types of its functions.
///
/// # Errors
/// When it is damaged, of another version, or says what no program can.
pub fn read_table(json: &[u8]) -> Result<(Manifest, Vec<Signature>), ProgramProblem> {
    let manifest = parse_manifest(json)?;
    let signatures = signatures(&manifest)?;
    Ok((manifest, signatures))
}

/// The version is looked at first: a later one may have other fields. So the table must name its fields, though serde would
/// take a list of them.
fn parse_manifest(json: &[u8]) -> Result<Manifest, ProgramProblem> {
    let table: serde_json::Map<_, _> = serde_json::from_slice(json).map_err(ProgramProblem::Manifest)?;
    match table.get("version").and_then(serde_json::Value::as_u64) {
        Some(found) if found != u64::from(VERSION) => Err(ProgramProblem::Version { found }),
        _ => serde_json::from_value(table.into()).map_err(ProgramProblem::Manifest),
    }
}

fn signatures(manifest: &Manifest) -> Result<Vec<Signature>, ProgramProblem> {
    let mut names = std::collections::HashSet::new();
    let mut signatures = Vec::new();
    for function in &manifest.functions {
        if !names.insert(&function.name) {
            return Err(ProgramProblem::Duplicate { function: function.name.clone() });
        }
        let parse = |text: &String| match ValueType::parse(text).filter(|parsed| parsed.rank() <= DEEPEST) {
            Some(parsed) => Ok(parsed),
            None => Err(ProgramProblem::Type { function: function.name.clone(), text: text.clone() }),
        };
        signatures.push(Signature {
            arguments: function.arguments.iter().map(parse).collect::<Result<_, _>>()?,
            results: function.results.iter().map(parse).collect::<Result<_, _>>()?,
        });
    }
    Ok(signatures)
}

fn check_symbols(file: &object::File<'_>, manifest: &Manifest) -> Result<(), ProgramProblem> {
    let symbols: HashMap<&str, object::Symbol<'_, '_>> = file
        .dynamic_symbols()
        .filter(|symbol| symbol.is_definition())
        .filter_map(|symbol| Some((symbol.name().ok()?, symbol)))
        .collect();
    let find = |name: &str, what: String| match symbols.get(name) {
        Some(symbol) => Ok(symbol),
        None => Err(ProgramProblem::Missing { symbol: name.to_owned(), what }),
    };
    let kind = |symbol: &str, expected| ProgramProblem::Kind { symbol: symbol.to_owned(), expected };
    let table = find(RUNTIME_SYMBOL, "the runtime's table".to_owned())?;
    if table.kind() != SymbolKind::Data || table.size() != 8 {
        return Err(kind(RUNTIME_SYMBOL, "a pointer variable"));
    }
    let text = |address: u64| {
        file.segments().any(|segment| {
            let executable = matches!(segment.flags(), object::SegmentFlags::Elf { p_flags, .. }
                if p_flags.contains(object::elf::PF_X));
            executable && contains(segment.address(), segment.size(), address, 1)
        })
    };
    for function in &manifest.functions {
        let symbol = find(&function.symbol, format!("function '{}'", function.name))?;
        if symbol.kind() != SymbolKind::Text || !text(symbol.address()) {
            return Err(kind(&function.symbol, "a function"));
        }
    }
    for executable in &manifest.executables {
        if executable.variants.is_empty() {
            return Err(ProgramProblem::NoVariants { executable: executable.name.clone() });
        }
        for variant in &executable.variants {
            let what = format!("the binary of executable '{}', variant '{}'", executable.name, variant.name);
            let symbol = find(&variant.data, what)?;
            if symbol.kind() == SymbolKind::Text {
                return Err(kind(&variant.data, "data"));
            }
            check_binary(file, symbol, &executable.name, variant)?;
            for (function, what) in [(&variant.condition, "condition"), (&variant.specialize, "constants")] {
                if function.is_empty() {
                    continue;
                }
                let what = format!("the {what} of executable '{}', variant '{}'", executable.name, variant.name);
                let symbol = find(function, what)?;
                if symbol.kind() != SymbolKind::Text || !text(symbol.address()) {
                    return Err(kind(function, "a function"));
                }
            }
            if variant.words > MOST_WORDS || (variant.words > 0) == variant.specialize.is_empty() {
                return Err(ProgramProblem::Words { executable: executable.name.clone(), words: variant.words });
            }
        }
    }
    Ok(())
}

/// The bytes of a binary must come from the file as a whole.
fn check_binary(
    file: &object::File<'_>,
    symbol: &object::Symbol<'_, '_>,
    executable: &str,
    variant: &Variant,
) -> Result<(), ProgramProblem> {
    let promised = symbol.size() == 0 || symbol.size() >= variant.size;
    let inside = file.segments().any(|segment| {
        let (_, stored) = segment.file_range();
        contains(segment.address(), stored, symbol.address(), variant.size)
    });
    if promised && inside {
        return Ok(());
    }
    Err(ProgramProblem::Outside { executable: executable.to_owned(), symbol: variant.data.clone(), size: variant.size })
}

fn contains(start: u64, size: u64, from: u64, bytes: u64) -> bool {
    from >= start
        && from.checked_add(bytes).is_some_and(|end| start.checked_add(size).is_some_and(|limit| end <= limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WHOLE: &str = r#"{"version":1,"functions":[{"name":"f","symbol":"s","arguments":["tensor<4x?xf32>","i1"],
        "results":["index"]}],"executables":[{"name":"e","variants":[{"name":"v","backend":"b","format":"x","data":"d",
        "size":3,"exports":[{"name":"k","ordinal":0,"constants":2,"bindings":["storage_buffer"]}]}]}]}"#;

    fn read(json: &[u8]) -> Result<Vec<Signature>, ProgramProblem> {
        read_table(json).map(|(_, signatures)| signatures)
    }

    #[test]
    fn a_manifest_gives_signatures() {
        let signatures = read(WHOLE.as_bytes()).expect("valid");
        assert_eq!(signatures[0].arguments[0].to_string(), "tensor<4x?xf32>");
        assert_eq!(signatures[0].results, [ValueType::parse("index").expect("a type")]);
    }

    #[test]
    fn a_later_version_is_named_whatever_else_it_holds() {
        let problem = read(br#"{"version":7,"functions":"none"}"#).expect_err("is newer");
        assert_eq!(problem.to_string(), "its manifest has version 7, this tool reads version 1");
        assert!(matches!(read(b"{}"), Err(ProgramProblem::Manifest(_))));
        assert!(matches!(read(br#"{"version":-1}"#), Err(ProgramProblem::Manifest(_))));
    }

    proptest! {
        #[test]
        fn changed_text_is_a_manifest_or_an_error(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut json = WHOLE.as_bytes().to_vec();
            for (index, byte) in changes {
                let at = index.index(json.len());
                json[at] = byte;
            }
            let _ = read(&json);
            let _ = read(&json[..cut.index(json.len())]);
        }

        #[test]
        fn any_bytes_are_no_program(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(Program::from_bytes(Path::new("x"), bytes).is_err());
        }
    }
}

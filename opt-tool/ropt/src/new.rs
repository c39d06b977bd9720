//! `ropt plugins new` and `ropt plugins sdk-path`: a plugin's crate to begin with, outside of any workspace.

use ropt_host::{HostError, output, report::Report};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file of the crate: where it lies, and its text with names to fill in.
type Template = (&'static str, &'static str);

/// Files that several kinds share.
const LIT: Template = ("tests/lit.cfg.py", include_str!("../templates/common/lit.cfg.py.in"));
const CONFIG: Template = (".cargo/config.toml", include_str!("../templates/common/config.toml.in"));

/// A crate with one pass.
const PASS: [Template; 6] = [
    ("Cargo.toml", include_str!("../templates/pass/Cargo.toml.in")),
    CONFIG,
    ("src/lib.rs", include_str!("../templates/pass/lib.rs.in")),
    ("README.md", include_str!("../templates/pass/README.md.in")),
    ("tests/label.mlir", include_str!("../templates/pass/label.mlir.in")),
    LIT,
];

/// A crate with one target.
const TARGET: [Template; 6] = [
    ("Cargo.toml", include_str!("../templates/target/Cargo.toml.in")),
    CONFIG,
    ("src/lib.rs", include_str!("../templates/target/lib.rs.in")),
    ("README.md", include_str!("../templates/target/README.md.in")),
    ("tests/compile.mlir", include_str!("../templates/target/compile.mlir.in")),
    LIT,
];

/// A crate with one driver; it links nothing of MLIR, so that no place of it is named.
const DRIVER: [Template; 5] = [
    ("Cargo.toml", include_str!("../templates/driver/Cargo.toml.in")),
    ("src/lib.rs", include_str!("../templates/driver/lib.rs.in")),
    ("README.md", include_str!("../templates/driver/README.md.in")),
    ("tests/run.mlir", include_str!("../templates/driver/run.mlir.in")),
    LIT,
];

/// What a plugin is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Passes over IR.
    Pass,
    /// The compile side of a backend.
    Target,
    /// What runs programs on a device.
    Driver,
}

impl Kind {
    fn files(self) -> &'static [Template] {
        match self {
            Kind::Pass => &PASS,
            Kind::Target => &TARGET,
            Kind::Driver => &DRIVER,
        }
    }

    /// What there is then, and how to look at it; names are filled in as in the files.
    fn next(self) -> (&'static str, &'static str) {
        match self {
            Kind::Pass => ("the pass `{{name}}-label`", "ropt passes show {{name}}-label"),
            Kind::Target => ("the target `{{name}}`", "ropt targets show {{name}}"),
            Kind::Driver => ("the driver `{{name}}`", "ropt-run devices"),
        }
    }
}

/// What a plugin is built against.
struct Sdk {
    /// The folder that holds `core/plugin`.
    sources: PathBuf,
    /// The folder of `libropt_mlir.so`.
    library: PathBuf,
    /// The folder of this program.
    programs: PathBuf,
}

impl Sdk {
    fn find() -> Result<Self, HostError> {
        let program = std::env::current_exe().and_then(|program| program.canonicalize());
        let program = program.map_err(|reason| HostError::Read { path: "ropt".into(), reason })?;
        let programs = program.parent().map(PathBuf::from).unwrap_or_default();
        // A distribution, and a build of the repository.
        let places = [(programs.join("../sdk"), programs.join("../lib")), (programs.join("../.."), programs.clone())];
        let found = places.iter().find(|(sources, _)| sources.join("core/plugin/Cargo.toml").is_file());
        let Some((sources, library)) = found else {
            let looked: Vec<_> = places.iter().map(|(sources, _)| sources.display().to_string()).collect();
            let report = Report::error("the plugin SDK is not beside this ropt")
                .note(format!("looked for core/plugin in {}", looked.join(" and ")))
                .help(Some("use the ropt of a distribution or of a build of the repository".to_owned()));
            return Err(HostError::Input(Box::new(report)));
        };
        let whole =
            |path: &Path| path.canonicalize().map_err(|reason| HostError::Read { path: path.to_path_buf(), reason });
        Ok(Self { sources: whole(sources)?, library: whole(library)?, programs })
    }
}

/// Prints the folder of the SDK's sources, or the .cargo/config.toml of a plugin that is built against it.
pub(crate) fn sdk_path(cargo_config: bool) -> Result<i32, HostError> {
    let sdk = Sdk::find()?;
    let text = if cargo_config { filled(CONFIG.1, "", &sdk) } else { format!("{}\n", sdk.sources.display()) };
    output::print(&text)?;
    Ok(0)
}

/// Writes a new plugin's crate to the folder of its name.
pub(crate) fn new(name: &str, kind: Kind) -> Result<i32, HostError> {
    check(name)?;
    let sdk = Sdk::find()?;
    let folder = PathBuf::from(name);
    if folder.exists() {
        let report = Report::error(format!("`{name}` is there already"))
            .help(Some("choose another name, or remove it; nothing of it was changed".to_owned()));
        return Err(HostError::Input(Box::new(report)));
    }
    // Whole or not at all: made beside its place, and then put there.
    let made = tempfile::Builder::new().prefix(".ropt-new-").tempdir_in(".");
    let made = made.map_err(|reason| HostError::Write { path: folder.clone(), reason })?;
    for (file, text) in kind.files() {
        let path = made.path().join(file);
        write(&path, &filled(text, name, &sdk))?;
    }
    let lock = sdk.sources.join("Cargo.lock");
    if lock.is_file() {
        // The versions that the SDK was tested with; cargo drops what the plugin does not use.
        let text = fs::read_to_string(&lock).map_err(|reason| HostError::Read { path: lock, reason })?;
        write(&made.path().join("Cargo.lock"), &text)?;
    }
    open_to_read(made.path())?;
    fs::rename(made.path(), &folder).map_err(|reason| HostError::Write { path: folder, reason })?;
    let (what, show) = kind.next();
    let text = format!(
        "{{{{name}}}}: a plugin with {what}. Next:\n\
         \x20 cd {{{{name}}}} && cargo build --release\n\
         \x20 {show} --load-plugin=target/release/lib{{{{crate}}}}.so\n\
         \x20 lit -v tests\n"
    );
    output::print(&filled(&text, name, &sdk))?;
    Ok(0)
}

/// A temporary folder is the user's alone; a crate is not.
fn open_to_read(folder: &Path) -> Result<(), HostError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder, mode).map_err(|reason| HostError::Write { path: folder.to_path_buf(), reason })
}

fn write(path: &Path, text: &str) -> Result<(), HostError> {
    let failed = |reason| HostError::Write { path: path.to_path_buf(), reason };
    fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    fs::write(path, text).map_err(failed)
}

fn filled(text: &str, name: &str, sdk: &Sdk) -> String {
    let llvm = std::env::var("ROPT_LLVM_PREFIX").unwrap_or_else(|_| "/usr/lib/llvm-22".to_owned());
    let values = [
        ("name", name.to_owned()),
        ("crate", name.replace('-', "_")),
        ("sdk", sdk.sources.display().to_string()),
        ("lib", sdk.library.display().to_string()),
        ("bin", sdk.programs.display().to_string()),
        ("llvm", llvm),
    ];
    // FileCheck's own braces are doubled in the templates.
    let mut text = text.replace("{{{{", "\u{1}").replace("}}}}", "\u{2}");
    for (key, value) in values {
        text = text.replace(&format!("{{{{{key}}}}}"), &value);
    }
    text.replace('\u{1}', "{{").replace('\u{2}', "}}")
}

/// A name that cargo, pass pipelines and file systems take: `lower-case-words`.
fn check(name: &str) -> Result<(), HostError> {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    let taken = ["ropt", "ropt-plugin", "core", "std", "test", "self", "crate", "super"];
    if !name.split('-').all(word) || name.len() > 64 || taken.contains(&name) {
        let report = Report::error(format!("`{name}` cannot be a plugin's name"))
            .note("it becomes a crate's name and the first word of its passes' names")
            .help(Some("lower-case words with hyphens between them, for instance acme-tiling".to_owned()));
        return Err(HostError::Usage(Box::new(report)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_with_hyphens() {
        for name in ["acme", "acme-tiling", "a1-b2"] {
            assert!(check(name).is_ok(), "{name}");
        }
        for name in ["", "-", "Acme", "acme_tiling", "1a", "a--b", "a/b", "..", "std", "é"] {
            assert!(check(name).is_err(), "{name}");
        }
    }

    #[test]
    fn every_name_in_the_templates_is_filled_in() {
        let sdk = Sdk { sources: "/s".into(), library: "/l".into(), programs: "/b".into() };
        for kind in [Kind::Pass, Kind::Target, Kind::Driver] {
            for (file, text) in kind.files() {
                let text = filled(text, "acme-x", &sdk).replace("{{.*}}", "");
                for word in ["name", "crate", "sdk", "lib", "bin", "llvm"] {
                    assert!(!text.contains(&format!("{{{{{word}}}}}")), "{kind:?}, {file}: {text}");
                }
            }
        }
    }
}

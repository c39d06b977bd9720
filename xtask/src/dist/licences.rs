//! The licence texts that a distribution carries: each crate's own files, LLVM's and libstdc++'s.

use std::{fmt::Write as _, fs, path::Path};

use serde_json::Value;

use super::{copy, files};
use crate::error::{Error, Result};

/// Debian's collected texts for LLVM, whose code is inside libropt_mlir.so.
const LLVM: &str = "/usr/share/doc/llvm-22/copyright";

/// The same for GCC's libstdc++, a copy of which is inside too.
const GCC: &str = "/usr/share/doc/gcc-12-base/copyright";

/// Writes `index.txt` (a line a crate) and one folder a crate with the texts it comes with.
pub(super) fn write(metadata: &Value, folder: &Path) -> Result<()> {
    let mut index = String::from("What the binaries of this tree hold besides ropt itself (licence: ../LICENSE).\n\n");
    let mut packages: Vec<&Value> = metadata["packages"].as_array().into_iter().flatten().collect();
    packages.sort_by_key(|package| (package["name"].as_str(), package["version"].as_str()));
    for package in packages.into_iter().filter(|package| !package["source"].is_null()) {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        let name = format!("{}-{}", text("name"), text("version"));
        let licence = if text("license").is_empty() { "see its folder" } else { text("license") };
        let _ = writeln!(index, "{name:<40} {licence}");
        let Some(source) = Path::new(text("manifest_path")).parent() else { continue };
        for file in files(source)? {
            let file_name = file.file_name().unwrap_or_default().to_string_lossy().to_ascii_uppercase();
            if ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"].iter().any(|word| file_name.starts_with(word)) {
                copy(&file, &folder.join(&name).join(file.file_name().unwrap_or_default()))?;
            }
        }
    }
    let _ = writeln!(index, "{:<40} Apache-2.0 WITH LLVM-exception", "LLVM, MLIR and lld 22");
    let _ = writeln!(index, "{:<40} GPL-3.0-or-later WITH GCC-exception-3.1", "libstdc++");
    for (text, name) in [(LLVM, "llvm"), (GCC, "libstdc++")] {
        if Path::new(text).exists() {
            copy(Path::new(text), &folder.join(name).join("copyright"))?;
        }
    }
    let path = folder.join("index.txt");
    fs::write(&path, index).map_err(Error::file("write", &path))
}

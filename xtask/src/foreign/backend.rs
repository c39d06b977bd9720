//! A target and a driver as `ropt plugins new` begins them, built apart: the host compiles with the one and runs by the other.

use std::{fs, path::Path};

use super::{Build, Kind, expect, ropt};
use crate::{
    error::{Error, Result},
    process::{command, output, release},
};

const TARGET: Kind = Kind { name: "vendor-target", sdk: "ropt-plugin", folder: "core/plugin" };
/// The driver is written with the SDK that has no MLIR.
const DRIVER: Kind = Kind { name: "vendor-driver", sdk: "ropt-driver", folder: "core/plugin/driver" };

/// exp(x) + x of four numbers.
const PROGRAM: &str = "func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %z = linalg.add ins(%x, %y : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %z : tensor<4xf32>
}
";

/// Builds both from the templates, which `source` gives by their paths. Each must be listed with `said`, the program must
/// compile and have its numbers, and have them told from others.
pub(super) fn check(build: Build<'_>, source: impl Fn(&str) -> Result<String>, said: &str) -> Result<()> {
    let plugin = |kind: Kind, template: &str| -> Result<String> {
        let text = source(&format!("opt-tool/ropt/templates/{template}/lib.rs.in"))?.replace("{{name}}", kind.name);
        let file = build.run(kind, &text)?;
        let load = format!("--load-plugin={}", file.display());
        expect("ropt plugins show", &output(ropt().args(["plugins", "show", kind.name, &load]))?, said)?;
        Ok(load)
    };
    let (target, driver) = (plugin(TARGET, "target")?, plugin(DRIVER, "driver")?);
    let folder = std::env::temp_dir().join(format!("ropt-foreign-backend-{}", std::process::id()));
    let done = run(&folder, &target, &driver);
    // Two small files of ours.
    let _ = fs::remove_dir_all(&folder);
    done
}

fn run(folder: &Path, target: &str, driver: &str) -> Result<()> {
    fs::create_dir_all(folder).map_err(Error::file("make", folder))?;
    let (text, program) = (folder.join("program.mlir"), folder.join("program.so"));
    fs::write(&text, PROGRAM).map_err(Error::file("write", &text))?;
    let compile = ["--target=vendor-target", "--no-cache", target, "-o"];
    output(ropt().arg("compile").arg(&text).args(compile).arg(&program))?;
    let run = |expected: &str| {
        let mut run = command(release().join("ropt-run"));
        run.arg("run").arg(&program).args([driver, "--device=vendor-driver", "--function=main"]);
        run.args(["--input=4xf32=0,1,2,3", &format!("--expected-output=4xf32={expected}")]);
        run.output().map_err(|source| Error::Start { program: "ropt-run".into(), source })
    };
    let right = run("1,3.7182818,9.389056,23.085537")?;
    if !right.status.success() {
        let what = String::from_utf8_lossy(&right.stderr).into_owned();
        return Err(Error::Output { command: "ropt-run run".to_owned(), what });
    }
    let wrong = run("1,3.7182818,9.389056,23.1")?;
    expect("ropt-run run, of other numbers", &String::from_utf8_lossy(&wrong.stderr), "differs from what is expected")
}

//! Cases of a driver: each demand on its tables, asked by a `ropt-run` of its own.

use super::{
    case::{Case, Folder, Tools},
    failed,
    pairs::{Driver, Pairs},
    process::Ended,
};
use ropt_conformance::{
    Element,
    driver::{demands, sample},
    program::emit::emit,
    report::Verdict,
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// The sample, compiled once for all demands on a driver; or what came instead.
type Sample = Arc<OnceLock<Result<PathBuf, Verdict>>>;

pub(super) fn cases(pairs: &Pairs, tools: &Tools, place: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for driver in &pairs.drivers {
        let driver = Arc::new(driver.clone());
        let sample: Sample = Arc::default();
        let folder = place.join("driver").join(&driver.name).join("sample");
        for demand in demands() {
            let (driver, tools, sample, scratch) = (driver.clone(), tools.clone(), sample.clone(), folder.clone());
            let name = format!("driver/{}/{}", driver.name, demand.name);
            cases.push(Case::new(name, move |folder| {
                ask(&driver, &tools, &sample, &scratch, folder, (demand.name, demand.expected))
                    .map_or_else(|verdict| verdict, |()| Verdict::Passed)
            }));
        }
    }
    cases
}

fn ask(
    driver: &Driver,
    tools: &Tools,
    sample: &Sample,
    scratch: &Path,
    folder: &Folder,
    (demand, expected): (&str, &str),
) -> Result<(), Verdict> {
    let not_run = |reason: &String| Verdict::NotRun { reason: reason.clone() };
    let device = driver.place.as_ref().map_err(not_run)?;
    let (target, element) = driver.target.as_ref().map_err(not_run)?;
    let program = sample.get_or_init(|| compiled(tools, target, *element, scratch)).clone()?;
    let words = [
        "check-driver".to_owned(),
        program.display().to_string(),
        format!("--device={}", device.name),
        format!("--element={element}"),
        format!("--demand={demand}"),
    ];
    let words: Vec<String> =
        words.into_iter().chain(tools.with_drivers(std::slice::from_ref(&device.plugin))).collect();
    let ended = folder.run(&tools.ropt_run, &words);
    if ended.succeeded() { Ok(()) } else { Err(failed(expected, said(&ended))) }
}

/// The answer alone where there is one; how the process ended where not.
fn said(ended: &Ended) -> String {
    match ended.stderr.strip_prefix("error: ") {
        Some(answer) if ended.code() == Some(1) => answer.trim_end().to_owned(),
        _ => ended.describe(),
    }
}

fn compiled(tools: &Tools, target: &str, element: Element, scratch: &Path) -> Result<PathBuf, Verdict> {
    let folder = Folder::new(scratch.to_path_buf(), tools.limit);
    let (file, program) = (folder.write("sample.mlir", emit(&sample(element)))?, folder.file("sample.so"));
    folder.must(&tools.ropt, &tools.compiling(&file, target, &program))?;
    Ok(program)
}

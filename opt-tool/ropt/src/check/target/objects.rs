//! Objects put in the place of a kernel: the target's own fits, everything else is refused.

use super::{Device, Target, call, compile, verdict};
use crate::check::{
    case::{Case, Folder, Tools},
    failed,
};
use ropt_conformance::{
    Element, claims::Class, driver::sample, program::evaluate::Call, programs::ProgramCase, report::Verdict,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Bytes that are no object of the kernel.
type Spoil = fn(&[u8]) -> Vec<u8>;

/// What is given in place of an object: name, why it must be refused, how it is made from the target's own.
const SPOILT: [(&str, &str, Spoil); 6] = [
    ("empty", "the object has no bytes", |_| Vec::new()),
    ("truncated", "the object is cut off in the middle", |own| own[..own.len() / 2].to_vec()),
    ("cut-early", "the object is cut off behind 16 bytes", |own| own[..own.len().min(16)].to_vec()),
    ("garbage", "the object is noise", |own| {
        (0..own.len().max(64)).map(|at| (at * at * 31 + at * 7 + 13) as u8).collect()
    }),
    ("damaged-header", "the object's first 16 bytes are zero", |own| {
        let mut bytes = own.to_vec();
        let end = bytes.len().min(16);
        bytes[..end].fill(0);
        bytes
    }),
    ("text", "the object is a sentence", |_| b"This is no object of any target.\n".to_vec()),
];

pub(super) fn cases(target: &Arc<Target>, tools: &Tools) -> Vec<Case> {
    let Some(element) = element(target) else { return Vec::new() };
    let mut cases = Vec::new();
    let mut add = |name: &str, check: fn(&Target, &Tools, Element, &Folder) -> Result<(), Verdict>| {
        let (target, tools) = (target.clone(), tools.clone());
        let name = format!("target/{}/{name}", target.name);
        cases.push(Case::new(name, move |folder| verdict(check(&target, &tools, element, folder))));
    };
    add("objects/given-back", given_back);
    add("errors/object-of-another-kernel", another_kernel);
    for (name, why, spoil) in SPOILT {
        let (target, tools) = (target.clone(), tools.clone());
        let name = format!("target/{}/errors/object-{name}", target.name);
        let check = move |folder: &Folder| verdict(spoilt(&target, &tools, element, folder, (why, spoil)));
        cases.push(Case::new(name, check));
    }
    cases
}

/// A type that the target adds numbers of.
pub(super) fn element(target: &Target) -> Option<Element> {
    let first = [Element::F32].into_iter().chain(ropt_conformance::claims::ELEMENTS);
    first.into_iter().find(|element| target.claims.has(Class::Arithmetic, *element))
}

fn sample_case(element: Element) -> ProgramCase {
    ProgramCase {
        name: "sample".into(),
        program: sample(element),
        calls: vec![Call::default()],
        source: None,
        slack: 1.0,
    }
}

/// Compiles a text and gives the one binary that came of it, as `--hal-dump-executable-binaries-to` writes it.
fn binary(target: &Target, tools: &Tools, text: &str, folder: &Folder, to: &str) -> Result<PathBuf, Verdict> {
    let dumped = folder.file(to);
    compile(target, tools, text, &[format!("--hal-dump-executable-binaries-to={}", dumped.display())], folder)?;
    let files = fs::read_dir(&dumped).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    let found = format!("{} files", files.len());
    files.into_iter().next().ok_or_else(|| failed("a dumped binary", found))
}

fn substitution(object: &Path) -> String {
    format!("--hal-substitute-executable-object=main_dispatch_0={}", object.display())
}

fn given_back(target: &Target, tools: &Tools, element: Element, folder: &Folder) -> Result<(), Verdict> {
    let case = sample_case(element);
    let own = binary(target, tools, &case.text(), folder, "own")?;
    let program = compile(target, tools, &case.text(), &[substitution(&own)], folder)?;
    match &target.place {
        Ok(device) => call(tools, device, &case, &program, folder),
        // That it compiles is all that can be told here.
        Err(_) => Ok(()),
    }
}

/// Compiles the sample with an object that must be refused.
fn refused(
    target: &Target,
    tools: &Tools,
    element: Element,
    folder: &Folder,
    object: &Path,
    why: &str,
) -> Result<(), Verdict> {
    let file = folder.write("program.mlir", sample_case(element).text())?;
    let program = folder.file("refused.so");
    let mut words = tools.compiling(&file, &target.name, &program);
    words.push(substitution(object));
    folder.must_refuse(&tools.ropt, &words, why)?;
    if program.exists() {
        return Err(failed("no program, since the object is refused", "a program is written"));
    }
    Ok(())
}

fn spoilt(
    target: &Target,
    tools: &Tools,
    element: Element,
    folder: &Folder,
    (why, spoil): (&str, Spoil),
) -> Result<(), Verdict> {
    let own = binary(target, tools, &sample_case(element).text(), folder, "own")?;
    let bytes = spoil(&folder.read(&own)?);
    let name = own.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let object = folder.write(&format!("spoilt_{name}"), bytes)?;
    refused(target, tools, element, folder, &object, why)
}

/// The binary of a kernel with another name and other bindings.
fn another_kernel(target: &Target, tools: &Tools, element: Element, folder: &Folder) -> Result<(), Verdict> {
    let text = format!(
        "func.func @other(%x: tensor<5x{element}>) -> tensor<5x{element}> {{\n  %e = tensor.empty() : tensor<5x{element}>\n  \
         %y = linalg.generic {{indexing_maps = [affine_map<(i) -> (4 - i)>, affine_map<(i) -> (i)>], iterator_types = \
         [\"parallel\"]}} ins(%x : tensor<5x{element}>) outs(%e : tensor<5x{element}>) {{\n  ^bb0(%a: {element}, %o: \
         {element}):\n    linalg.yield %a : {element}\n  }} -> tensor<5x{element}>\n  return %y : tensor<5x{element}>\n}}\n"
    );
    let other = binary(target, tools, &text, folder, "other")?;
    let file = folder.read(&other)?;
    let extension = other.extension().map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
    let object = folder.write(&format!("other_kernel.{extension}"), file)?;
    refused(target, tools, element, folder, &object, "the object is that of another kernel")
}

/// Where programs of a target run, for the sake of the sibling module.
pub(super) fn device(target: &Target) -> Result<&Device, Verdict> {
    target.place.as_ref().map_err(|reason| Verdict::NotRun { reason: reason.clone() })
}

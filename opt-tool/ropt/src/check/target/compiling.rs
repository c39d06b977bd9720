//! Compiling again, on several threads, many times over; and programs whose run must end in an error.

use super::{Target, compile, objects, verdict};
use crate::check::{
    case::{Case, Folder, Tools},
    failed,
};
use ropt_conformance::{Element, driver::sample, program::emit::emit, report::Verdict};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

/// What a check of this file is.
type Check = fn(&Target, &Tools, Element, &Folder) -> Result<(), Verdict>;

const CHECKS: [(&str, Check); 6] = [
    ("determinism/objects", deterministic),
    ("threads/compile", threads),
    ("leaks/compile", leaks),
    ("threads/kernels", many_kernels),
    ("errors/out-of-memory", out_of_memory),
    ("errors/unknown-device", unknown_device),
];

pub(super) fn cases(target: &Arc<Target>, tools: &Tools) -> Vec<Case> {
    let Some(element) = objects::element(target) else { return Vec::new() };
    let case = |(name, check): (&str, Check)| {
        let (target, tools) = (target.clone(), tools.clone());
        let name = format!("target/{}/{name}", target.name);
        Case::new(name, move |folder| verdict(check(&target, &tools, element, folder)))
    };
    CHECKS.into_iter().map(case).collect()
}

/// Functions of different shapes, so that no kernel is another's.
fn several(element: Element, count: usize) -> String {
    let text = emit(&sample(element));
    let size = ropt_conformance::driver::SAMPLE;
    let each = |at: usize| {
        text.replace("@main(", &format!("@f{at}(")).replace(&format!("<{size}x"), &format!("<{}x", size + at))
    };
    (0..count).map(each).collect()
}

/// Compiles and gives the dumped binaries, by name.
fn binaries(
    target: &Target,
    tools: &Tools,
    text: &str,
    flags: &[&str],
    folder: &Folder,
    to: &str,
) -> Result<BTreeMap<String, Vec<u8>>, Verdict> {
    let dumped = folder.file(to);
    let mut words = vec![format!("--hal-dump-executable-binaries-to={}", dumped.display())];
    words.extend(flags.iter().map(|flag| (*flag).to_owned()));
    compile(target, tools, text, &words, folder)?;
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(&dumped).into_iter().flatten().flatten() {
        files.insert(entry.file_name().to_string_lossy().into_owned(), folder.read(&entry.path())?);
    }
    if files.is_empty() { Err(failed("dumped binaries", "none")) } else { Ok(files) }
}

fn same(what: &str, one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) -> Result<(), Verdict> {
    let differing = one.iter().find(|(name, bytes)| other.get(*name) != Some(*bytes));
    match differing {
        None if one.len() == other.len() => Ok(()),
        None => Err(failed(what, format!("{} files, then {}", one.len(), other.len()))),
        Some((name, bytes)) => {
            let at = other.get(name).map(|other| bytes.iter().zip(other).take_while(|(a, b)| a == b).count());
            Err(failed(
                what,
                format!("`{name}` differs{}", at.map_or(String::new(), |at| format!(" from byte {at} on"))),
            ))
        }
    }
}

fn deterministic(target: &Target, tools: &Tools, element: Element, folder: &Folder) -> Result<(), Verdict> {
    let text = several(element, 3);
    let first = binaries(target, tools, &text, &[], folder, "first")?;
    for again in ["second", "third"] {
        let other = binaries(target, tools, &text, &[], folder, again)?;
        same("the same objects, byte for byte, when the same program is compiled again", &first, &other)?;
    }
    Ok(())
}

fn threads(target: &Target, tools: &Tools, element: Element, folder: &Folder) -> Result<(), Verdict> {
    let text = several(element, 12);
    let many = binaries(target, tools, &text, &[], folder, "many")?;
    let one = binaries(target, tools, &text, &["--mlir-disable-threading"], folder, "one")?;
    same("the same objects from one thread and from several", &many, &one)
}

/// Compiles in one process again and again.
fn leaks(target: &Target, tools: &Tools, element: Element, folder: &Folder) -> Result<(), Verdict> {
    let file = folder.write("program.mlir", emit(&sample(element)))?;
    let mut words = vec!["plugins".to_owned(), "rounds".to_owned(), "40".to_owned()];
    words.extend(tools.compiling(&file, &target.name, &folder.file("program.so")));
    let ended = folder.must(&tools.ropt, &words)?;
    let looks: Vec<Value> = serde_json::from_slice(&ended.stdout)
        .map_err(|_| failed("nothing else on stdout", String::from_utf8_lossy(&ended.stdout).into_owned()))?;
    let column = |name: &str| looks.iter().filter_map(|look| look[name].as_u64()).collect::<Vec<u64>>();
    let (memory, files) = (column("bytes"), column("descriptors"));
    if files.windows(2).all(|pair| pair[1] > pair[0]) {
        return Err(failed("as many open descriptors after each quarter of 40 compilations", format!("{files:?}")));
    }
    let grown: Vec<u64> = memory.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
    if grown.iter().all(|bytes| *bytes > 10 * ROUND) {
        let found = format!("{grown:?} bytes more after each quarter");
        return Err(failed(format!("no more than {ROUND} bytes kept by each of 40 compilations"), found));
    }
    Ok(())
}

/// What MLIR itself keeps of each compilation in one process (names and types stay interned), and as much again.
const ROUND: u64 = 512 << 10;

/// Twelve kernels in one program, each called.
fn many_kernels(target: &Target, tools: &Tools, element: Element, folder: &Folder) -> Result<(), Verdict> {
    let device = objects::device(target)?;
    let program = compile(target, tools, &several(element, 12), &[], folder)?;
    let number = if element.is_float() { ("1.5", "2.25", "3.75") } else { ("3", "4", "7") };
    for at in [0, 5, 11] {
        let ty = format!("{}x{element}", ropt_conformance::driver::SAMPLE + at);
        let mut words = vec!["run".to_owned(), program.display().to_string(), format!("--function=f{at}")];
        words.push(format!("--device={}", device.name));
        words.extend([number.0, number.1].map(|number| format!("--input={ty}={number}")));
        words.push(format!("--expected-output={ty}={}", number.2));
        words.extend(tools.with_drivers(std::slice::from_ref(&device.plugin)));
        folder.must(&tools.ropt_run, &words)?;
    }
    Ok(())
}

/// A result larger than any memory: an error, no crash.
fn out_of_memory(target: &Target, tools: &Tools, element: Element, folder: &Folder) -> Result<(), Verdict> {
    let device = objects::device(target)?;
    let text = format!(
        "func.func @main(%n: index, %v: {element}) -> tensor<?x{element}> {{\n  %e = tensor.empty(%n) : tensor<?x{element}>\n  \
         %y = linalg.fill ins(%v : {element}) outs(%e : tensor<?x{element}>) -> tensor<?x{element}>\n  \
         return %y : tensor<?x{element}>\n}}\n"
    );
    let program = compile(target, tools, &text, &[], folder)?;
    let words = [
        "run".to_owned(),
        program.display().to_string(),
        "--function=main".to_owned(),
        format!("--device={}", device.name),
        "--input=1125899906842624".to_owned(),
        format!("--input={}", if element.is_float() { "1.0" } else { "1" }),
    ];
    let words: Vec<String> =
        words.into_iter().chain(tools.with_drivers(std::slice::from_ref(&device.plugin))).collect();
    folder.must_refuse(&tools.ropt_run, &words, "2^50 elements do not fit any memory").map(drop)
}

/// A program on a device that its driver does not have.
fn unknown_device(target: &Target, tools: &Tools, element: Element, folder: &Folder) -> Result<(), Verdict> {
    let device = objects::device(target)?;
    let program = compile(target, tools, &emit(&sample(element)), &[], folder)?;
    // With the driver's name before it, so that the driver is asked.
    let unknown = format!("{}-no-such-device", device.name.split(':').next().unwrap_or_default());
    let mut words = vec!["run".to_owned(), program.display().to_string(), format!("--device={unknown}")];
    let ty = format!("{}x{element}", ropt_conformance::driver::SAMPLE);
    words.extend([0; 2].map(|_| format!("--input={ty}=1")));
    words.extend(tools.with_drivers(std::slice::from_ref(&device.plugin)));
    folder.must_refuse(&tools.ropt_run, &words, "there is no such device").map(drop)
}

/// Resident bytes and open descriptors of this process, for [`rounds`].
fn held() -> Value {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = pages.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or_default();
    let descriptors = fs::read_dir(Path::new("/proc/self/fd")).map(Iterator::count).unwrap_or_default();
    serde_json::json!({"bytes": pages * 4096, "descriptors": descriptors})
}

/// Calls `round` that many times and prints what the process holds after each quarter; the first exit code but 0 ends it.
pub(crate) fn rounds<E>(count: usize, mut round: impl FnMut() -> Result<i32, E>) -> Result<(i32, String), E> {
    let mut looks = Vec::new();
    for _ in 0..4 {
        for _ in 0..count.div_ceil(4) {
            let code = round()?;
            if code != 0 {
                return Ok((code, String::new()));
            }
        }
        looks.push(held());
    }
    Ok((0, format!("{}\n", Value::Array(looks))))
}

//! Cases of a target: programs that it compiles and whose results are compared with the reference; objects; errors that it
//! must return; the same bytes from the same input.

mod compiling;
mod objects;

pub(crate) use compiling::rounds;

use super::{
    case::{Case, Folder, Tools},
    failed,
    pairs::{Device, Pairs, Target},
};
use ropt_conformance::{
    program::evaluate::evaluate,
    programs::{self, ProgramCase},
    report::Verdict,
    values,
};
use std::{path::Path, sync::Arc};

pub(super) fn cases(pairs: &Pairs, tools: &Tools) -> Vec<Case> {
    let mut cases = Vec::new();
    for target in &pairs.targets {
        let target = Arc::new(target.clone());
        for program in programs::cases(&target.claims) {
            cases.extend(of_program(&target, tools, program));
        }
        cases.extend(objects::cases(&target, tools));
        cases.extend(compiling::cases(&target, tools));
    }
    cases
}

/// A program is one case. Without a device it is two: that it compiles, and that it was not run.
fn of_program(target: &Arc<Target>, tools: &Tools, program: ProgramCase) -> Vec<Case> {
    let (target, tools) = (target.clone(), tools.clone());
    let name = format!("target/{}/{}", target.name, program.name);
    match &target.place {
        Ok(device) => {
            let device = device.clone();
            vec![Case::new(name, move |folder| verdict(run(&target, &tools, &device, &program, folder)))]
        }
        Err(reason) => {
            let reason = reason.clone();
            let compiled = name.replacen("target/", "compile/", 1);
            let compiles =
                move |folder: &Folder| verdict(compile(&target, &tools, &program.text(), &[], folder).map(drop));
            let not_run = move |_: &Folder| Verdict::NotRun { reason: reason.clone() };
            vec![Case::new(compiled, compiles), Case::new(name, not_run)]
        }
    }
}

/// What a chain of steps came to.
pub(super) fn verdict(done: Result<(), Verdict>) -> Verdict {
    done.map_or_else(|verdict| verdict, |()| Verdict::Passed)
}

/// Compiles a text; gives the program's file.
pub(super) fn compile(
    target: &Target,
    tools: &Tools,
    text: &str,
    flags: &[String],
    folder: &Folder,
) -> Result<std::path::PathBuf, Verdict> {
    let (file, program) = (folder.write("program.mlir", text)?, folder.file("program.so"));
    let words: Vec<String> =
        tools.compiling(&file, &target.name, &program).into_iter().chain(flags.iter().cloned()).collect();
    folder.must(&tools.ropt, &words)?;
    Ok(program)
}

fn run(target: &Target, tools: &Tools, device: &Device, case: &ProgramCase, folder: &Folder) -> Result<(), Verdict> {
    let program = compile(target, tools, &case.text(), &[], folder)?;
    call(tools, device, case, &program, folder)
}

/// Makes the calls of a case and compares their results.
fn call(tools: &Tools, device: &Device, case: &ProgramCase, program: &Path, folder: &Folder) -> Result<(), Verdict> {
    for (number, call) in case.calls.iter().enumerate() {
        let (arguments, results) = evaluate(&case.program, call);
        let mut words = vec!["run".to_owned(), program.display().to_string(), "--function=main".to_owned()];
        words.push(format!("--device={}", device.name));
        for (at, argument) in arguments.iter().enumerate() {
            let file = folder.file(&format!("call{number}.argument{at}.bin"));
            let text = values::argument(argument, &file)
                .map_err(|error| failed(format!("`{}` can be written", file.display()), error.to_string()))?;
            words.push(format!("--input={text}"));
        }
        let file = |at: usize| {
            let extension = values::extension(results[at].array.element);
            folder.file(&format!("call{number}.result{at}.{extension}"))
        };
        words.extend((0..results.len()).map(|at| format!("--output=@{}", file(at).display())));
        words.extend(tools.with_drivers(std::slice::from_ref(&device.plugin)));
        folder.must(&tools.ropt_run, &words)?;
        for (at, expected) in results.iter().enumerate() {
            values::check(&file(at), expected, case.slack)
                .map_err(|(wanted, found)| failed(format!("result {at} of call {number}: {wanted}"), found))?;
        }
    }
    Ok(())
}

//! What a pass does to a module: it ends, the IR is valid, prints and parses as bytecode, and does not depend on threads.

use super::{Subject, inputs::Input};
use crate::check::{
    case::{Case, Folder},
    failed,
    process::Ended,
    target::verdict,
};
use ropt_conformance::report::Verdict;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// A pass and a module, and what the one makes of the other, which every case looks at.
struct Pair {
    subject: Arc<Subject>,
    input: Arc<Input>,
    result: OnceLock<Result<Option<Vec<u8>>, Verdict>>,
}

/// What a check of this file is.
type Check = fn(&Pair, &Folder) -> Result<(), Verdict>;

pub(super) fn cases(subject: &Arc<Subject>, input: &Arc<Input>) -> Vec<Case> {
    let mut checks: Vec<(&str, Check)> = vec![("runs", runs), ("threads", threads), ("bytecode", bytecode)];
    if !input.empty {
        checks.push(("clone", clone));
    }
    if subject.record.idempotent {
        checks.push(("idempotent", idempotent));
    }
    let pair = Arc::new(Pair { subject: subject.clone(), input: input.clone(), result: OnceLock::new() });
    let case = |(name, check): (&str, Check)| {
        let pair = pair.clone();
        let name = format!("pass/{}/{}/{name}", subject.record.pass, input.name);
        Case::new(name, move |folder| verdict(check(&pair, folder)))
    };
    checks.into_iter().map(case).collect()
}

/// Runs `ropt` on a text with a pipeline (none: it only parses and prints); the result goes to the file.
fn ropt(subject: &Subject, folder: &Folder, file: &Path, pipeline: Option<&str>, flags: &[&str], to: &Path) -> Ended {
    let mut words = vec![file.display().to_string(), "-o".to_owned(), to.display().to_string()];
    words.extend(pipeline.map(|pipeline| format!("--pass-pipeline={pipeline}")));
    words.extend(flags.iter().map(|flag| (*flag).to_owned()));
    words.extend(subject.tools.plugins.iter().cloned());
    folder.run(&subject.tools.ropt, &words)
}

impl Pair {
    /// The input as MLIR prints it, in a file: all that differs later is the pass's work.
    fn plain(&self, folder: &Folder) -> Result<PathBuf, Verdict> {
        let input = &self.input;
        let text = input.plain.get_or_init(|| {
            let read = || -> Result<Vec<u8>, Verdict> {
                let (file, plain) = (folder.write("input.mlir", &input.text)?, folder.file("plain.mlir"));
                let ended = ropt(&self.subject, folder, &file, None, &[], &plain);
                if ended.succeeded() {
                    return folder.read(&plain);
                }
                // An input that this ropt does not read says nothing about the pass.
                let reason = format!("the input `{}` cannot be read: {}", input.name, ended.describe());
                Err(Verdict::NotRun { reason })
            };
            read()
        });
        folder.write("plain.mlir", text.as_ref().map_err(Clone::clone)?)
    }

    /// What the pass makes of the module; None when it refuses it in words.
    fn result(&self, folder: &Folder) -> Result<Option<Vec<u8>>, Verdict> {
        let run = || result(&self.subject, &self.plain(folder)?, &self.pipeline(), &[], folder);
        self.result.get_or_init(run).clone()
    }

    fn pipeline(&self) -> String {
        self.subject.pipeline("", self.input.outer)
    }

    /// The module and the result; the other cases have nothing to look at where there is none.
    fn taken(&self, folder: &Folder) -> Result<(PathBuf, Vec<u8>), Verdict> {
        let reason = match self.result(folder) {
            Ok(Some(text)) => return Ok((self.plain(folder)?, text)),
            Ok(None) => "the pass refuses the module, without options",
            Err(Verdict::NotRun { reason }) => return Err(Verdict::NotRun { reason }),
            Err(_) => "the case `runs` of the module failed",
        };
        Err(Verdict::NotRun { reason: reason.to_owned() })
    }
}

/// Runs the pass; gives the printed result, None when the pass refuses the module in words.
fn result(
    subject: &Subject,
    file: &Path,
    pipeline: &str,
    flags: &[&str],
    folder: &Folder,
) -> Result<Option<Vec<u8>>, Verdict> {
    let to = folder.file("result.mlir");
    let ended = ropt(subject, folder, file, Some(pipeline), flags, &to);
    if !ended.stdout.is_empty() {
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        return Err(failed("nothing on stdout: the result goes to a file, messages to stderr", said));
    }
    if ended.succeeded() {
        return folder.read(&to).map(Some);
    }
    if !ended.refused() {
        return Err(failed("the pass changes the module, or refuses it with an error (exit code 1)", ended.describe()));
    }
    // Did the pass give up, or MLIR's verifier after it?
    let unverified: Vec<&str> = flags.iter().copied().chain(["--verify-each=false"]).collect();
    if ropt(subject, folder, file, Some(pipeline), &unverified, &folder.file("unverified.mlir")).succeeded() {
        return Err(failed("valid IR behind the pass", ended.describe()));
    }
    Ok(None)
}

fn runs(pair: &Pair, folder: &Folder) -> Result<(), Verdict> {
    pair.result(folder).map(drop)
}

fn same(what: &str, wanted: &[u8], found: &[u8]) -> Result<(), Verdict> {
    if wanted == found {
        return Ok(());
    }
    let (wanted, found) = (String::from_utf8_lossy(wanted), String::from_utf8_lossy(found));
    let differing = wanted.lines().zip(found.lines()).enumerate().find(|(_, (one, other))| one != other);
    let end = wanted.lines().count().min(found.lines().count());
    let (line, (wanted, found)) = differing.unwrap_or((end, ("the end of one", "the end of the other")));
    Err(failed(
        format!("{what}; line {} there: {}", line + 1, wanted.trim()),
        format!("line {}: {}", line + 1, found.trim()),
    ))
}

/// One thread and several give the same, and so does the next run.
fn threads(pair: &Pair, folder: &Folder) -> Result<(), Verdict> {
    let (file, text) = pair.taken(folder)?;
    let alone = result(&pair.subject, &file, &pair.pipeline(), &["--mlir-disable-threading"], folder)?;
    same("the result of several threads is that of one", &alone.unwrap_or_default(), &text)?;
    let again = result(&pair.subject, &file, &pair.pipeline(), &[], folder)?;
    same("the same result every time", &text, &again.unwrap_or_default())
}

/// The result written as bytecode and read again is the same.
fn bytecode(pair: &Pair, folder: &Folder) -> Result<(), Verdict> {
    let ((file, text), subject) = (pair.taken(folder)?, &pair.subject);
    let (bytes, back) = (folder.file("result.mlirbc"), folder.file("back.mlir"));
    let pipeline = pair.pipeline();
    let written = ropt(subject, folder, &file, Some(&pipeline), &["--emit-bytecode"], &bytes);
    if !written.succeeded() {
        return Err(failed("the result can be written as bytecode", written.describe()));
    }
    let read = ropt(subject, folder, &bytes, None, &[], &back);
    if !read.succeeded() {
        return Err(failed("the bytecode can be read", read.describe()));
    }
    same("the result, written as bytecode and read again", &text, &folder.read(&back)?)
}

/// The pass on two modules side by side, which MLIR gives to two copies of it, does to each what it does to one.
fn clone(pair: &Pair, folder: &Folder) -> Result<(), Verdict> {
    let ((file, text), subject) = (pair.taken(folder)?, &pair.subject);
    let source = String::from_utf8_lossy(&folder.read(&file)?).into_owned();
    let text = String::from_utf8_lossy(&text).into_owned();
    let both = folder.write("pair.mlir", twice(&source))?;
    let outer: Vec<&str> = std::iter::once("builtin.module").chain(pair.input.outer.iter().copied()).collect();
    let both = result(subject, &both, &subject.pipeline("", &outer), &[], folder)?;
    let wanted = folder.write("wanted.mlir", twice(&text))?;
    let printed = folder.file("wanted.printed.mlir");
    let ended = ropt(subject, folder, &wanted, None, &[], &printed);
    if !ended.succeeded() {
        return Err(Verdict::NotRun { reason: "the module cannot stand twice in another one".to_owned() });
    }
    let Some(both) = both else {
        return Err(failed("the pass takes two such modules side by side", "it takes one alone, and refuses two"));
    };
    same("both modules are changed as one alone is", &folder.read(&printed)?, &both)
}

/// A module that holds another one twice. Aliases stand at the beginning of a file.
fn twice(text: &str) -> String {
    let alias = |line: &&str| line.starts_with(['#', '!']);
    let aliases: String = text.lines().filter(alias).map(|line| format!("{line}\n")).collect();
    let body: String = text.lines().filter(|line| !alias(line)).map(|line| format!("{line}\n")).collect();
    format!("{aliases}module {{\n{body}{body}}}\n")
}

/// A second run changes nothing.
fn idempotent(pair: &Pair, folder: &Folder) -> Result<(), Verdict> {
    let ((file, text), subject) = (pair.taken(folder)?, &pair.subject);
    let pass = &subject.record.pass;
    let pipeline = subject.nested(&format!("{pass},{pass}"), pair.input.outer);
    match result(subject, &file, &pipeline, &[], folder)? {
        Some(again) => same("two runs in a row give what one gives, as the pass promises", &text, &again),
        None => Err(failed("the pass takes its own result, since it promises to be idempotent", "it refuses it")),
    }
}

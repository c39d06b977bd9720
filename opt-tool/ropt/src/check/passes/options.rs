//! A pass's options: defaults, values that survive printing and parsing, values that are refused, help.

use super::Subject;
use crate::check::{
    case::{Case, Folder},
    failed,
    target::verdict,
};
use ropt_abi::manifest::OptionRecord;
use ropt_conformance::report::Verdict;
use std::sync::Arc;

/// What a check of this file is.
type Check = Box<dyn Fn(&Subject, &Folder) -> Result<(), Verdict> + Send + Sync>;

pub(super) fn cases(subject: &Arc<Subject>) -> Vec<Case> {
    let record = &subject.record;
    let named = |name: &str| format!("pass/{}/options/{name}", record.pass);
    let mut cases = Vec::new();
    let mut add = |name: String, check: Check| {
        let subject = subject.clone();
        cases.push(Case::new(name, move |folder| verdict(check(&subject, folder))));
    };
    add(format!("pass/{}/help", record.pass), Box::new(help));
    add(
        named("unknown"),
        Box::new(|subject, folder| refused(subject, folder, "no-such-option=1", "there is no such option")),
    );
    if record.options.is_empty() {
        return cases;
    }
    add(named("defaults"), Box::new(defaults));
    add(named("round-trip"), Box::new(round_trip));
    for option in &record.options {
        if let Some(bad) = bad(option) {
            let text = format!("{}={bad}", option.name);
            let why = format!("`{bad}` is no value of type {}", option.kind);
            let check = move |subject: &Subject, folder: &Folder| refused(subject, folder, &text, &why);
            add(named(&format!("bad-value/{}", option.name)), Box::new(check));
        }
    }
    cases
}

/// A value that the option cannot have; texts can have any.
fn bad(option: &OptionRecord) -> Option<&'static str> {
    Some(match option.kind.as_str() {
        "bool" => "maybe",
        "int" | "float" | "int-list" => "eleven",
        "uint" => "-1",
        "enum" => "no-such-choice",
        _ => return None,
    })
}

/// A value other than the default.
fn other(option: &OptionRecord) -> String {
    let default = option.default.as_str();
    let pick = |values: [&str; 2]| values.into_iter().find(|value| *value != default).unwrap_or_default().to_owned();
    match option.kind.as_str() {
        "bool" => pick(["true", "false"]),
        "int" => pick(["-7", "8"]),
        "uint" => pick(["7", "8"]),
        "float" => pick(["2.5", "3.5"]),
        "enum" => option.choices.iter().rev().find(|choice| *choice != default).unwrap_or(&option.default).clone(),
        "int-list" => "3,-4".to_owned(),
        "string-list" => "one,two".to_owned(),
        _ => "a-text".to_owned(),
    }
}

/// The pipeline as MLIR prints it once it is parsed; the pass need not like its options.
fn printed(subject: &Subject, folder: &Folder, pipeline: &str) -> Result<String, Verdict> {
    let file = folder.write("empty.mlir", "module {}\n")?;
    let words = [
        file.display().to_string(),
        format!("--pass-pipeline={pipeline}"),
        "--dump-pass-pipeline".to_owned(),
        "-o".to_owned(),
        folder.file("out.mlir").display().to_string(),
    ];
    let words: Vec<String> = words.into_iter().chain(subject.tools.plugins.iter().cloned()).collect();
    let ended = folder.run(&subject.tools.ropt, &words);
    let lines = ended.stderr.lines().skip_while(|line| !line.starts_with("Pass Manager with"));
    let text: String = lines.skip(1).take_while(|line| !line.is_empty()).map(str::trim).collect();
    if text.is_empty() {
        Err(failed(format!("the pipeline `{pipeline}` is printed"), ended.describe()))
    } else {
        Ok(text)
    }
}

fn same(what: &str, one: &str, other: &str) -> Result<(), Verdict> {
    if one == other { Ok(()) } else { Err(failed(format!("{what}: {one}"), other)) }
}

/// The printed pipeline holds every default, and giving the defaults changes nothing.
fn defaults(subject: &Subject, folder: &Folder) -> Result<(), Verdict> {
    let plain = printed(subject, folder, &subject.pipeline("", &[]))?;
    let given = subject.record.options.iter().filter(|option| !option.default.is_empty());
    let given: Vec<String> = given
        .map(|option| match option.default.contains([' ', '{', '}', ',', '=']) {
            true => format!("{}='{}'", option.name, option.default),
            false => format!("{}={}", option.name, option.default),
        })
        .collect();
    let given = printed(subject, folder, &subject.pipeline(&given.join(" "), &[]))?;
    same("the pipeline with every option at its default is that without options", &plain, &given)
}

/// Values that are printed, parsed again and printed again are the same.
fn round_trip(subject: &Subject, folder: &Folder) -> Result<(), Verdict> {
    let values: Vec<String> =
        subject.record.options.iter().map(|option| format!("{}={}", option.name, other(option))).collect();
    let plain = printed(subject, folder, &subject.pipeline("", &[]))?;
    let once = printed(subject, folder, &subject.pipeline(&values.join(" "), &[]))?;
    let twice = printed(subject, folder, &once)?;
    same("a printed pipeline that is parsed prints the same", &once, &twice)?;
    // An enum of one choice has no other value.
    let differs = subject.record.options.iter().any(|option| other(option) != option.default);
    if differs && once == plain {
        return Err(failed(format!("{} in the printed pipeline", values.join(" ")), once));
    }
    Ok(())
}

fn refused(subject: &Subject, folder: &Folder, options: &str, why: &str) -> Result<(), Verdict> {
    let file = folder.write("empty.mlir", "module {}\n")?;
    let words = [file.display().to_string(), format!("--pass-pipeline={}", subject.pipeline(options, &[]))];
    let words: Vec<String> = words.into_iter().chain(subject.tools.plugins.iter().cloned()).collect();
    let ended = folder.must_refuse(&subject.tools.ropt, &words, why)?;
    // A pass that is not loaded or that gives up for other reasons refuses nothing here.
    let name = options.split('=').next().unwrap_or_default();
    if ended.stderr.contains(name) {
        return Ok(());
    }
    Err(failed(format!("an error that names `{name}`"), ended.describe()))
}

/// `ropt passes show` says what the pass and its options are for.
fn help(subject: &Subject, folder: &Folder) -> Result<(), Verdict> {
    let words = ["passes".to_owned(), "show".to_owned(), subject.record.pass.clone()];
    let words: Vec<String> = words.into_iter().chain(subject.tools.plugins.iter().cloned()).collect();
    let ended = folder.must(&subject.tools.ropt, &words)?;
    let text = String::from_utf8_lossy(&ended.stdout).into_owned();
    let first = subject.record.help.lines().next().unwrap_or_default().trim();
    let wanted = std::iter::once(first).chain(subject.record.options.iter().map(|option| option.name.as_str()));
    match wanted.into_iter().find(|part| part.is_empty() || !text.contains(part)) {
        Some(part) => Err(failed(format!("a help text with `{part}`"), text)),
        None => Ok(()),
    }
}

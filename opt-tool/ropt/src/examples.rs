//! `ropt passes test`: the examples in the passes' documentation, run.
//!
//! Each runs in a process of its own, as a person would run it: the input on stdin, the pipeline by flag.

use ropt_host::{
    Host, HostError,
    discover::{INSECURE, Trust, Wanted},
    output,
    report::Report,
};
use std::{
    io::Write,
    process::{Command, Stdio},
    thread,
};

/// What stands for any text in an example's output.
const ANY: &str = "…";

/// An example, with the pass that it belongs to.
struct Example<'a> {
    pass: &'a str,
    input: &'a str,
    pipeline: &'a str,
    output: &'a str,
}

/// Runs the examples of the named passes, or of all; the exit code says whether each prints what it promises.
pub(crate) fn command(names: &[String], pass_timeout: f64, wanted: &Wanted) -> Result<i32, HostError> {
    let host = Host::new(wanted)?;
    let passes: Vec<_> = host.plugins.iter().flat_map(|plugin| &plugin.file.manifest.passes).collect();
    let mut examples = Vec::new();
    for pass in &passes {
        let asked = names.iter().any(|name| host.pass(name).is_some_and(|(_, found)| found.pass == pass.pass));
        if names.is_empty() || asked {
            examples.extend(pass.examples.iter().map(|example| Example {
                pass: &pass.pass,
                input: &example.input,
                pipeline: &example.pipeline,
                output: &example.output,
            }));
        }
    }
    if let Some(name) = names.iter().find(|name| host.pass(name).is_none_or(|(_, pass)| pass.examples.is_empty())) {
        let report = Report::error(match host.pass(name) {
            None => format!("no pass of a plugin is named `{name}`"),
            Some(_) => format!("the documentation of pass `{name}` has no example"),
        });
        let help = "an example is a block ```mlir of the doc comment with a line `// becomes, by PIPELINE`".to_owned();
        return Err(HostError::Usage(Box::new(report.help(Some(help)))));
    }
    examples.sort_by_key(|example| example.pass);
    let mut failed = 0;
    for example in &examples {
        match check(example, pass_timeout, wanted)? {
            None => output::print(&format!("PASS {}\n", example.pass))?,
            Some(problem) => {
                failed += 1;
                output::print(&format!("FAIL {}\n{}\n", example.pass, indented(&problem)))?;
            }
        }
    }
    output::print(&format!("{} passed, {failed} failed\n", examples.len() - failed))?;
    Ok(i32::from(failed != 0))
}

/// Why the example is not true; None when it is.
fn check(example: &Example<'_>, pass_timeout: f64, wanted: &Wanted) -> Result<Option<String>, HostError> {
    let failed = |reason| HostError::Read { path: "ropt".into(), reason };
    let mut ropt = Command::new(std::env::current_exe().map_err(failed)?);
    ropt.arg("-").arg(format!("--pass-pipeline={}", example.pipeline));
    ropt.arg(format!("--pass-timeout={pass_timeout}")).arg("--crash-reproducer=");
    ropt.args(wanted.named.iter().map(|file| format!("--load-plugin={}", file.display())));
    if wanted.trust == Trust::Anything {
        ropt.arg(INSECURE);
    }
    ropt.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = ropt.spawn().map_err(failed)?;
    let stdin = child.stdin.take();
    let done = thread::scope(|scope| {
        // Beside the reading: what it says first can be more than a pipe holds. One that ends early says why.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(example.input.as_bytes())));
        child.wait_with_output().map_err(failed)
    })?;
    let printed = String::from_utf8_lossy(&done.stdout);
    if !done.status.success() {
        let words = String::from_utf8_lossy(&done.stderr);
        return Ok(Some(format!("{} ended with {}:\n{words}", example.pipeline, done.status)));
    }
    if matches(example.output, &printed) {
        return Ok(None);
    }
    Ok(Some(format!("{} is said to give\n{}but gives\n{printed}", example.pipeline, example.output)))
}

/// Whether a text is the one that an example promises.
fn matches(promised: &str, printed: &str) -> bool {
    let (promised, printed) = (normal(promised), normal(printed));
    let parts: Vec<&str> = promised.split(ANY).map(str::trim).collect();
    let [first, middle @ .., last] = parts.as_slice() else { return promised == printed };
    let Some(mut rest) = printed.strip_prefix(first) else { return false };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// One blank for all white space, and no module around everything.
fn normal(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    if let (Some(at), Some(&"}")) = (lines.iter().position(|line| *line == "module {"), lines.last()) {
        lines.pop();
        lines.remove(at);
    }
    lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn white_space_and_the_module_do_not_count() {
        let printed = "#map = x\nmodule {\n  func.func @f() {\n    return\n  }\n}\n\n";
        assert!(matches("#map = x\nfunc.func @f() {\n  return\n}\n", printed));
        assert!(matches(printed, printed));
        assert!(!matches("func.func @f() {\n  return\n}\n", printed), "the alias is missing");
        assert!(!matches("#map = x\nfunc.func @g() {\n  return\n}\n", printed));
    }

    #[test]
    fn an_ellipsis_stands_for_any_text_and_nothing_else_is_left_out() {
        let printed = "a b\nc d\ne f\n";
        for promised in ["a b … f", "a …", "… f", "a … c … f", "…"] {
            assert!(matches(promised, printed), "{promised}");
        }
        for promised in ["b … f", "a … c", "a … d … c … f", "a b c d", "a … x … f", ""] {
            assert!(!matches(promised, printed), "{promised}");
        }
    }
}

//! What can be said about a pipeline before anything is loaded or parsed: unknown names, wrong nests, bad options.

use super::{Element, Pipeline, Word};
use crate::{near::did_you_mean, report::Report};
use ropt_pipeline::{Entry, entries};

/// What the checks need to know about passes. The real one asks MLIR's registry and the manifests.
pub trait Names {
    /// Whether there is a pass or a named pipeline of that name.
    fn known(&self, name: &str) -> bool;
    /// All names, for suggestions.
    fn all(&self) -> Vec<String>;
    /// The op that a pass is restricted to.
    fn anchor(&self, name: &str) -> Option<String>;
    /// What is wrong with the options.
    fn options(&self, name: &str, options: &str) -> Result<(), String>;
    /// The names of a pass's options.
    fn option_names(&self, name: &str) -> Vec<String>;
    /// The values that an option may have, when they are a list.
    fn choices(&self, name: &str, option: &str) -> Vec<String>;
}

/// Checks a parsed pipeline; `text` and `flag` are for the messages. The first mistake ends the check.
///
/// # Errors
/// The report for the user.
pub fn check(pipeline: &Pipeline, text: &str, flag: &str, names: &dyn Names) -> Result<(), Box<Report>> {
    let checker = Checker { text, flag, names };
    match pipeline.0.as_slice() {
        [Element::Nest { op, elements }] => checker.elements(elements, op),
        _ => Err(Report::error("the pipeline does not say what it runs on")
            .at(flag, text, 0..text.len().max(1), "no op around the passes")
            .help(Some(format!("write builtin.module({text})")))
            .into()),
    }
}

/// Checks that a pipeline runs on the outermost op that there will be.
///
/// # Errors
/// The report for the user.
pub fn check_outermost(pipeline: &Pipeline, outermost: &str, text: &str, flag: &str) -> Result<(), Box<Report>> {
    match pipeline.0.as_slice() {
        [Element::Nest { op, .. }] if op.text != outermost && op.text != "any" => {
            Err(Report::error(format!("the pipeline runs on `{}`, and the outermost op is a `{outermost}`", op.text))
                .at(flag, text, op.span.clone(), format!("wants to stand in {outermost}(…)"))
                .help(Some(format!("write {outermost}({text})")))
                .into())
        }
        _ => Ok(()),
    }
}

/// Checks a pipeline that runs on an op of one kind, without that op around it, such as a target's stage.
///
/// # Errors
/// The report for the user.
pub fn check_inside(
    pipeline: &Pipeline,
    anchor: &str,
    text: &str,
    flag: &str,
    names: &dyn Names,
) -> Result<(), Box<Report>> {
    let checker = Checker { text, flag, names };
    if let [Element::Nest { op, .. }] = pipeline.0.as_slice()
        && op.text == anchor
    {
        return Err(checker
            .report(format!("the pipeline runs on a `{anchor}` already"), op, "one too many")
            .help(Some(format!("leave `{anchor}(…)` around the passes out")))
            .into());
    }
    checker.elements(&pipeline.0, &Word { text: anchor.into(), span: 0..0 })
}

struct Checker<'a> {
    text: &'a str,
    flag: &'a str,
    names: &'a dyn Names,
}

impl Checker<'_> {
    fn elements(&self, elements: &[Element], anchor: &Word) -> Result<(), Box<Report>> {
        elements.iter().try_for_each(|element| match element {
            Element::Nest { op, elements } => {
                if self.names.known(&op.text) && !op.text.contains('.') {
                    return Err(self
                        .report(format!("`{}` is a pass, not an op to nest into", op.text), op, "a pass takes no `(…)`")
                        .help(Some(format!("give options in braces: {}{{…}}", op.text)))
                        .into());
                }
                self.elements(elements, op)
            }
            Element::Pass { name, options } => self.pass(name, options.as_ref(), anchor),
        })
    }

    fn report(&self, message: String, word: &Word, label: &str) -> Report {
        Report::error(message).at(self.flag, self.text, word.span.clone(), label)
    }

    fn pass(&self, name: &Word, options: Option<&Word>, anchor: &Word) -> Result<(), Box<Report>> {
        if !self.names.known(&name.text) {
            let all = self.names.all();
            let near = did_you_mean(&name.text, all.iter().map(String::as_str));
            let help = near.unwrap_or_else(|| "`ropt passes list` lists the passes".into());
            return Err(self
                .report(format!("unknown pass `{}`", name.text), name, "no pass of that name")
                .help(Some(help))
                .into());
        }
        if let Some(wanted) = self.names.anchor(&name.text)
            && anchor.text != wanted
            && anchor.text != "any"
        {
            let message = format!("pass `{}` runs on `{wanted}`, not on `{}`", name.text, anchor.text);
            let help = if wanted == "builtin.module" {
                "put it directly into builtin.module(…)".into()
            } else {
                format!("nest it: {wanted}({})", name.text)
            };
            return Err(self.report(message, name, &format!("wants to stand in {wanted}(…)")).help(Some(help)).into());
        }
        let Some(options) = options else {
            return Ok(());
        };
        self.names
            .options(&name.text, &options.text)
            .map_err(|words| Box::new(self.bad_option(name, options, &words)))?;
        entries(options).into_iter().try_for_each(|entry| {
            let choices = self.names.choices(&name.text, &entry.key);
            match &entry.value {
                Some((value, _)) if !choices.is_empty() && !choices.contains(value) => {
                    let near = did_you_mean(value, choices.iter().map(String::as_str));
                    let near = near.map_or_else(String::new, |near| format!("; {near}"));
                    let help = format!("its values are {}{near}", choices.join(", "));
                    Err(self.bad_value(name, &entry, "not one of its values").help(Some(help)).into())
                }
                _ => Ok(()),
            }
        })
    }

    fn bad_value(&self, name: &Word, entry: &Entry, label: &str) -> Report {
        let (value, span) = entry.value.clone().unwrap_or_else(|| (String::new(), entry.span.clone()));
        let message = format!("`{value}` is no value for option `{}` of pass `{}`", entry.key, name.text);
        Report::error(message).at(self.flag, self.text, span, label)
    }

    /// Points at the option that the parser's words name, else at all of them.
    fn bad_option(&self, name: &Word, options: &Word, words: &str) -> Report {
        let known = self.names.option_names(&name.text);
        let words = words.trim().trim_start_matches("<Pass-Options-Parser>:").trim();
        for entry in entries(options) {
            let (key, span) = (&entry.key, entry.span.clone());
            if !known.is_empty() && !known.contains(key) {
                let near = did_you_mean(key, known.iter().map(String::as_str));
                let help = near.unwrap_or_else(|| format!("its options are {}", known.join(", ")));
                return Report::error(format!("pass `{}` has no option `{key}`", name.text))
                    .at(self.flag, self.text, span, "unknown option")
                    .help(Some(help));
            }
            if words.contains(&format!("no such option {key}")) {
                return Report::error(format!("pass `{}` has no option `{key}`", name.text))
                    .at(self.flag, self.text, span, "unknown option")
                    .help(Some(format!("`ropt passes show {}` lists its options", name.text)));
            }
        }
        // LLVM's words: `for the --timeout-s option: 'x' value invalid for ulong argument!`
        let value = words.split_once("for the --").and_then(|(_, rest)| rest.split_once(" option: "));
        let entry = value.and_then(|(key, why)| Some((entries(options).into_iter().find(|one| one.key == key)?, why)));
        if let Some((entry, why)) = entry {
            return self
                .bad_value(name, &entry, why.trim().trim_end_matches('!'))
                .help(Some(format!("`ropt passes show {}` lists its options with their types", name.text)));
        }
        let span = if options.text.is_empty() { name.span.clone() } else { options.span.clone() };
        Report::error(format!("bad options for pass `{}`: {words}", name.text))
            .at(self.flag, self.text, span, "in here")
            .help(Some(format!("`ropt passes show {}` lists its options with their types", name.text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::parse;

    struct Two;
    impl Names for Two {
        fn known(&self, name: &str) -> bool {
            ["cse", "on-executable"].contains(&name)
        }
        fn all(&self) -> Vec<String> {
            vec!["cse".into(), "on-executable".into()]
        }
        fn anchor(&self, name: &str) -> Option<String> {
            (name == "on-executable").then(|| "hal.executable".into())
        }
        fn options(&self, _: &str, options: &str) -> Result<(), String> {
            if options.contains("size=x") {
                return Err(": for the --size option: 'x' value invalid for long argument!\n".into());
            }
            if options.contains("bad") { Err("no such option bad".into()) } else { Ok(()) }
        }
        fn option_names(&self, _: &str) -> Vec<String> {
            vec!["good".into(), "size".into(), "way".into()]
        }
        fn choices(&self, _: &str, option: &str) -> Vec<String> {
            if option == "way" { vec!["up".into(), "down".into()] } else { Vec::new() }
        }
    }

    fn message(text: &str) -> String {
        let pipeline = parse(text).expect("well-formed");
        check(&pipeline, text, "--pass-pipeline", &Two).expect_err("wrong").to_string()
    }

    #[test]
    fn each_mistake_is_named() {
        assert!(message("builtin.module(ces)").contains("did you mean `cse`?"));
        assert!(message("builtin.module(on-executable)").contains("nest it: hal.executable(on-executable)"));
        assert!(message("builtin.module(cse{good=1 bad=2})").contains("no option `bad`"));
        let value = message("builtin.module(cse{good={a b} size=x})");
        assert!(value.contains("`x` is no value for option `size` of pass `cse`"), "{value}");
        assert!(value.contains("                               ^ 'x' value invalid for long argument"), "{value}");
        let choice = message("builtin.module(cse{way=dwon})");
        assert!(choice.contains("`dwon` is no value for option `way`") && choice.contains("`down`"), "{choice}");
        assert!(message("cse").contains("write builtin.module(cse)"));
    }
}

//! What can be said about a pipeline before anything is loaded or parsed: unknown names, wrong nests, bad options.

use super::{Element, Pipeline, Word};
use crate::{near::did_you_mean, report::Report};

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
        self.names.options(&name.text, &options.text).map_err(|words| self.bad_option(name, options, &words).into())
    }

    /// Points at the option that the parser's words name, else at all of them.
    fn bad_option(&self, name: &Word, options: &Word, words: &str) -> Report {
        let known = self.names.option_names(&name.text);
        let words = words.trim().trim_start_matches("<Pass-Options-Parser>:").trim();
        for (key, span) in keys(options) {
            if !known.is_empty() && !known.contains(&key) {
                let near = did_you_mean(&key, known.iter().map(String::as_str));
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
        let span = if options.text.is_empty() { name.span.clone() } else { options.span.clone() };
        Report::error(format!("bad options for pass `{}`: {words}", name.text))
            .at(self.flag, self.text, span, "in here")
            .help(Some(format!("`ropt passes show {}` lists its options with their types", name.text)))
    }
}

/// The keys of `key=value key={…} key`, with their places.
fn keys(options: &Word) -> Vec<(String, std::ops::Range<usize>)> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0usize, None);
    let mut value = false;
    for (at, c) in options.text.char_indices().chain([(options.text.len(), ' ')]) {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            c if c.is_whitespace() || c == '=' => {
                if let Some(begin) = start.take()
                    && !value
                {
                    let span = options.span.start + begin..options.span.start + at;
                    found.push((options.text[begin..at].to_owned(), span));
                }
                value = c == '=';
            }
            _ => start = start.or(Some(at)),
        }
    }
    found
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
            if options.contains("bad") { Err("no such option bad".into()) } else { Ok(()) }
        }
        fn option_names(&self, _: &str) -> Vec<String> {
            vec!["good".into()]
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
        assert!(message("cse").contains("write builtin.module(cse)"));
    }
}

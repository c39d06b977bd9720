//! What came of the cases: for people, as JSON, as JUnit XML.

mod junit;

use serde_json::json;
use std::fmt::Write;

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It did what was expected.
    Passed,
    /// It did not.
    Failed {
        /// What was expected.
        expected: String,
        /// What came instead.
        found: String,
    },
    /// It could not be run, which says nothing about the plugin.
    NotRun {
        /// Why.
        reason: String,
    },
}

/// A case and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The case's name; the part before the first `/` is its group.
    pub name: String,
    /// What came of it.
    pub verdict: Verdict,
    /// How long it took.
    pub seconds: f64,
}

/// Everything that was checked.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The plugins, as they were named.
    pub plugins: Vec<String>,
    /// Things to know about the run.
    pub notes: Vec<String>,
    /// The cases, in their order.
    pub outcomes: Vec<Outcome>,
    /// The command that runs one case alone; `NAME` stands for the case.
    pub reproduce: String,
}

impl Report {
    /// How many cases passed, failed and were not run.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        let count = |wanted: fn(&Verdict) -> bool| self.outcomes.iter().filter(|one| wanted(&one.verdict)).count();
        [
            count(|verdict| *verdict == Verdict::Passed),
            count(|verdict| matches!(verdict, Verdict::Failed { .. })),
            count(|verdict| matches!(verdict, Verdict::NotRun { .. })),
        ]
    }

    /// For people: failures first, each with how to see it again; then a line for each group.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for outcome in &self.outcomes {
            if let Verdict::Failed { expected, found } = &outcome.verdict {
                let _ = writeln!(text, "FAILED {}", outcome.name);
                let _ = writeln!(text, "  expected  {}", indented(expected));
                let _ = writeln!(text, "  found     {}", indented(found));
                let _ = writeln!(text, "  again     {}\n", self.again(&outcome.name));
            }
        }
        let _ = writeln!(text, "{}", self.plugins.join(" "));
        for (group, part) in self.groups() {
            let _ = writeln!(text, "  {group:<44} {}", line(part.counts()));
        }
        for reason in self.reasons() {
            let _ = writeln!(text, "not run: {reason}");
        }
        for note in &self.notes {
            let _ = writeln!(text, "note: {note}");
        }
        let _ = writeln!(text, "\n{}", line(self.counts()));
        text
    }

    /// The groups in the order of their first cases, each with its part of the outcomes.
    fn groups(&self) -> Vec<(&str, Self)> {
        let mut groups: Vec<(&str, Self)> = Vec::new();
        for outcome in &self.outcomes {
            let name = group(&outcome.name);
            match groups.iter_mut().find(|(known, _)| *known == name) {
                Some((_, part)) => part.outcomes.push(outcome.clone()),
                None => groups.push((name, Self { outcomes: vec![outcome.clone()], ..Self::default() })),
            }
        }
        groups
    }

    /// Each reason not to run a case, once.
    fn reasons(&self) -> Vec<&str> {
        let mut reasons: Vec<&str> = Vec::new();
        for outcome in &self.outcomes {
            if let Verdict::NotRun { reason } = &outcome.verdict
                && !reasons.contains(&reason.as_str())
            {
                reasons.push(reason);
            }
        }
        reasons
    }

    fn again(&self, name: &str) -> String {
        self.reproduce.replace("NAME", name)
    }

    /// As JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let case = |outcome: &Outcome| {
            let mut value = json!({"name": outcome.name, "seconds": rounded(outcome.seconds)});
            match &outcome.verdict {
                Verdict::Passed => value["verdict"] = json!("passed"),
                Verdict::Failed { expected, found } => {
                    value["verdict"] = json!("failed");
                    value["expected"] = json!(expected);
                    value["found"] = json!(found);
                    value["again"] = json!(self.again(&outcome.name));
                }
                Verdict::NotRun { reason } => {
                    value["verdict"] = json!("not run");
                    value["reason"] = json!(reason);
                }
            }
            value
        };
        let [passed, failed, not_run] = self.counts();
        let cases: Vec<_> = self.outcomes.iter().map(case).collect();
        let value = json!({
            "plugins": self.plugins,
            "notes": self.notes,
            "passed": passed,
            "failed": failed,
            "not_run": not_run,
            "cases": cases,
        });
        format!("{value:#}\n")
    }

    /// As JUnit XML, which most services that run tests read.
    #[must_use]
    pub fn junit(&self) -> String {
        junit::junit(self)
    }
}

/// The part of a name that cases share: what is checked, and its kind of cases; of a pass everything.
fn group(name: &str) -> &str {
    let depth = if name.starts_with("manifest/") || name.starts_with("pass/") { 2 } else { 3 };
    name.match_indices('/').nth(depth - 1).map_or(name, |(at, _)| &name[..at])
}

fn line([passed, failed, not_run]: [usize; 3]) -> String {
    let rest = if not_run == 0 { String::new() } else { format!(", {not_run} not run") };
    format!("{passed} passed, {failed} failed{rest}")
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 1e3).round() / 1e3
}

fn indented(text: &str) -> String {
    text.trim_end().replace('\n', "\n            ")
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn report() -> Report {
        let outcome = |name: &str, verdict| Outcome { name: name.to_owned(), verdict, seconds: 0.25 };
        let failed = Verdict::Failed { expected: "1 < 2".to_owned(), found: "signal \"11\" & more\nlast".to_owned() };
        Report {
            plugins: vec!["a.so".to_owned()],
            notes: vec!["a note".to_owned()],
            outcomes: vec![
                outcome("manifest/names", Verdict::Passed),
                outcome("target/t/ops/a/f32", Verdict::Passed),
                outcome("target/t/ops/b/f32", failed),
                outcome("driver/d/memory/fill", Verdict::NotRun { reason: "no device".to_owned() }),
            ],
            reproduce: "check a.so --filter=NAME".to_owned(),
        }
    }

    #[test]
    fn the_text_tells_failures_first_and_counts_what_was_not_run_apart() {
        let text = report().text();
        assert!(text.starts_with("FAILED target/t/ops/b/f32\n  expected  1 < 2\n  found     signal"), "{text}");
        assert!(text.contains("again     check a.so --filter=target/t/ops/b/f32"), "{text}");
        assert!(text.contains("not run: no device"), "{text}");
        assert!(text.ends_with("\n2 passed, 1 failed, 1 not run\n"), "{text}");
    }

    #[test]
    fn json_holds_every_case() {
        let value: serde_json::Value = serde_json::from_str(&report().json()).expect("it is JSON");
        assert_eq!(value["failed"], 1);
        assert_eq!(value["cases"][2]["again"], "check a.so --filter=target/t/ops/b/f32");
        assert_eq!(value["cases"][3]["verdict"], "not run");
    }
}

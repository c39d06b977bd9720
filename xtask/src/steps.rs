//! A sequence of named steps, each timed; what a reader of a long log sees at its end.

use std::time::{Duration, Instant};

use crate::{counts::Counts, error::Result};

enum Outcome {
    Done,
    Failed,
    Skipped(String),
}

struct Record {
    name: &'static str,
    outcome: Outcome,
    counts: Option<Counts>,
    time: Duration,
}

/// The steps taken so far.
pub(crate) struct Steps {
    /// What was asked for; nothing means everything.
    wanted: Vec<String>,
    /// Every name that was come by, for a wanted one that there is not.
    known: Vec<&'static str>,
    records: Vec<Record>,
}

/// Steps that the others need.
const ALWAYS: [&str; 2] = ["setup", "build"];

impl Steps {
    /// Takes the wanted steps alone; all of them when none is named.
    pub(crate) fn new(wanted: &[&str]) -> Self {
        let wanted = wanted.iter().map(|name| (*name).to_owned()).collect();
        Self { wanted, known: Vec::new(), records: Vec::new() }
    }

    /// A name that was wanted and that no step has, with the names there are.
    pub(crate) fn unknown(&self) -> Option<(&str, String)> {
        let name = self.wanted.iter().find(|name| !self.known.contains(&name.as_str()))?;
        Some((name, self.known.join("`, `")))
    }

    fn takes(&mut self, name: &'static str) -> bool {
        self.known.push(name);
        self.wanted.is_empty() || ALWAYS.contains(&name) || self.wanted.iter().any(|wanted| wanted == name)
    }

    /// Takes a step that passes or fails as a whole. Returns whether it passed.
    pub(crate) fn take(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) -> bool {
        self.record(name, || step().map(|()| (true, None)))
    }

    /// Takes a step that counts tests. One that counts none has failed: its runner did not get to its end.
    pub(crate) fn take_counted(&mut self, name: &'static str, step: impl FnOnce() -> Result<(bool, Counts)>) -> bool {
        self.record(name, || {
            let (success, counts) = step()?;
            let ran = counts.passed + counts.failed > 0;
            if success && !ran {
                eprintln!("error: {name}: no test ran");
            }
            Ok((success && ran, Some(counts)))
        })
    }

    /// Notes a step that was not taken, and why.
    pub(crate) fn skip(&mut self, name: &'static str, reason: impl Into<String>) {
        if !self.takes(name) {
            return;
        }
        let reason = reason.into();
        println!("\n== {name}: skipped, {reason}");
        self.records.push(Record { name, outcome: Outcome::Skipped(reason), counts: None, time: Duration::ZERO });
    }

    fn record(&mut self, name: &'static str, step: impl FnOnce() -> Result<(bool, Option<Counts>)>) -> bool {
        if !self.takes(name) {
            return true;
        }
        println!("\n== {name}");
        let start = Instant::now();
        let (success, counts) = step().unwrap_or_else(|error| {
            eprintln!("error: {error}");
            (false, None)
        });
        let outcome = if success { Outcome::Done } else { Outcome::Failed };
        self.records.push(Record { name, outcome, counts, time: start.elapsed() });
        success
    }

    /// Tests of all steps. A failed step without a failed test counts as one, so that it cannot get lost in the sum.
    pub(crate) fn totals(&self) -> Counts {
        self.records.iter().fold(Counts::default(), |sum, record| {
            let counts = record.counts.unwrap_or_default();
            let silent = matches!(record.outcome, Outcome::Failed) && counts.failed == 0;
            Counts { passed: sum.passed + counts.passed, failed: sum.failed + counts.failed + u64::from(silent) }
        })
    }

    /// Prints the table of all steps.
    pub(crate) fn print(&self) {
        println!("\n{:<10} {:>9} {:>8} {:>8} {:>8}", "step", "outcome", "passed", "failed", "time");
        for record in &self.records {
            let (outcome, note) = match &record.outcome {
                Outcome::Done => ("ok", ""),
                Outcome::Failed => ("FAILED", ""),
                Outcome::Skipped(reason) => ("skipped", reason.as_str()),
            };
            let (passed, failed) =
                record.counts.map_or((String::new(), String::new()), |c| (c.passed.to_string(), c.failed.to_string()));
            let time = format!("{:.0} s", record.time.as_secs_f64());
            println!("{:<10} {outcome:>9} {passed:>8} {failed:>8} {time:>8} {note}", record.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wanted_steps_are_taken_and_a_wrong_name_is_found() {
        let mut steps = Steps::new(&["lit", "lint"]);
        let mut taken = Vec::new();
        for name in ["setup", "format", "build", "lit"] {
            steps.take(name, || {
                taken.push(name);
                Ok(())
            });
        }
        assert_eq!(taken, ["setup", "build", "lit"]);
        assert_eq!(steps.unknown().map(|(name, _)| name), Some("lint"));
    }
}

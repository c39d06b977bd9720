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
#[derive(Default)]
pub(crate) struct Steps {
    records: Vec<Record>,
}

impl Steps {
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
        let reason = reason.into();
        println!("\n== {name}: skipped, {reason}");
        self.records.push(Record { name, outcome: Outcome::Skipped(reason), counts: None, time: Duration::ZERO });
    }

    fn record(&mut self, name: &'static str, step: impl FnOnce() -> Result<(bool, Option<Counts>)>) -> bool {
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

//! Reads how many tests passed and failed from the closing lines of the runners that `test` uses.

/// Tests of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

/// Which runner's lines to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    /// `test result: ok. 12 passed; 0 failed; …`, one for each test binary.
    Cargo,
    /// `  Passed: 12 (100.00%)`, one for each kind of outcome.
    Lit,
    /// `12 passed, 0 failed`, once; perhaps `, 3 not run` behind it.
    Plain,
}

impl Counts {
    /// Adds what a line of the runner's output says, if it says anything.
    pub(crate) fn read(&mut self, runner: Runner, line: &str) {
        match runner {
            Runner::Cargo => {
                if let Some(rest) = line.strip_prefix("test result: ") {
                    self.passed += number_before(rest, " passed");
                    self.failed += number_before(rest, " failed");
                }
            }
            Runner::Lit => {
                if let Some((kind, rest)) = line.trim_start().split_once(':') {
                    let count = rest.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0);
                    match kind.trim_end() {
                        "Passed" | "Expectedly Failed" => self.passed += count,
                        "Failed" | "Unresolved" | "Timed Out" | "Unexpectedly Passed" => self.failed += count,
                        _ => {}
                    }
                }
            }
            Runner::Plain => {
                // What was not run is neither.
                let line =
                    line.strip_suffix(" not run").and_then(|l| l.rsplit_once(", ")).map_or(line, |(head, _)| head);
                if let Some((passed, failed)) = line.strip_suffix(" failed").and_then(|l| l.split_once(" passed, "))
                    && let (Ok(passed), Ok(failed)) = (passed.parse::<u64>(), failed.parse::<u64>())
                {
                    self.passed += passed;
                    self.failed += failed;
                }
            }
        }
    }
}

/// The number that stands directly before `word`, or 0.
fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split_once(word).map_or("", |(before, _)| before);
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or("");
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(runner: Runner, lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        for line in lines {
            counts.read(runner, line);
        }
        counts
    }

    #[test]
    fn cargo_lines_add_up() {
        let lines = [
            "running 3 tests",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        ];
        assert_eq!(count(Runner::Cargo, &lines), Counts { passed: 15, failed: 2 });
    }

    #[test]
    fn lit_counts_outcomes() {
        let lines = [
            "Total Discovered Tests: 9",
            "  Unsupported: 1 (11.11%)",
            "  Passed     : 7 (77.78%)",
            "  Failed: 1 (11.11%)",
        ];
        assert_eq!(count(Runner::Lit, &lines), Counts { passed: 7, failed: 1 });
    }

    #[test]
    fn plain_line_stands_alone() {
        let lines = ["compiled 3 passed, 1 failed over", "188 passed, 0 failed"];
        assert_eq!(count(Runner::Plain, &lines), Counts { passed: 188, failed: 0 });
    }
}

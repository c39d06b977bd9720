//! The passes' counters. Debian's MLIR is built without statistics, so these are ours.

use std::{collections::BTreeMap, fmt::Write, sync::Mutex};

/// Counters by pass and name.
#[derive(Default)]
pub struct Statistics(Mutex<BTreeMap<(String, String), u64>>);

impl Statistics {
    pub(crate) fn add(&self, pass: &str, counter: &str, by: u64) {
        let mut counters = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let count = counters.entry((pass.to_owned(), counter.to_owned())).or_default();
        *count = count.saturating_add(by);
    }

    /// Pass, counter and value of all that was counted since the last time.
    pub(crate) fn take(&self) -> Vec<(String, String, u64)> {
        let counters = std::mem::take(&mut *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
        counters.into_iter().map(|((pass, counter), value)| (pass, counter, value)).collect()
    }

    /// A table for a person; empty when nothing was counted.
    #[must_use]
    pub fn table(&self) -> String {
        let counters = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut text = String::new();
        let mut last = "";
        for ((pass, counter), value) in counters.iter() {
            if pass != last {
                let _ = writeln!(text, "{pass}");
                last = pass;
            }
            let _ = writeln!(text, "  (S) {value:8} {counter}");
        }
        text
    }
}

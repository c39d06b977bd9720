//! Times of dispatches, by export.

use std::collections::BTreeMap;

/// Samples by executable and ordinal.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    samples: BTreeMap<(u32, u32), Vec<f64>>,
}

impl Profile {
    pub(crate) fn record(&mut self, executable: u32, ordinal: u32, nanoseconds: f64) {
        self.samples.entry((executable, ordinal)).or_default().push(nanoseconds);
    }

    pub(crate) fn into_samples(self) -> impl Iterator<Item = ((u32, u32), Vec<f64>)> {
        self.samples.into_iter()
    }
}

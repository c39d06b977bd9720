//! Times of dispatches, by export.

use std::collections::BTreeMap;

/// Samples by executable and ordinal.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    samples: BTreeMap<(u32, u32), Samples>,
}

/// Dispatches of one export.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    /// Nanoseconds of each.
    pub(crate) times: Vec<f64>,
    /// Bytes of the bindings of all.
    pub(crate) bytes: u64,
}

impl Profile {
    pub(crate) fn record(&mut self, executable: u32, ordinal: u32, nanoseconds: f64, bytes: u64) {
        let samples = self.samples.entry((executable, ordinal)).or_default();
        samples.times.push(nanoseconds);
        samples.bytes = samples.bytes.saturating_add(bytes);
    }

    pub(crate) fn into_samples(self) -> impl Iterator<Item = ((u32, u32), Samples)> {
        self.samples.into_iter()
    }
}

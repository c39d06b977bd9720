//! Statistics of samples: quantiles, and an interval for the median.
//!
//! The interval is the distribution-free one of order statistics: from the `l`-th smallest to the `l`-th largest sample
//! (from 0) with `l = ⌊(n − 1 − z·√(n·v)) / 2⌋`. For independent samples `v` is 1. A machine's noise comes in spells,
//! so `v` is estimated from the samples in their order: how much more the share of samples above the median varies
//! between batches than it does for independent ones. Slow noise and drift so widen the interval, as they should.

/// A range that holds the true value with the confidence asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The farther end's distance from `value`, as a part of it.
    #[must_use]
    pub fn relative(&self, value: f64) -> f64 {
        (self.high - value).max(value - self.low) / value
    }
}

/// How sure an interval is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Of 100 intervals 95 hold the true value.
    P95,
    /// Of 100 intervals 99 hold it.
    P99,
}

impl Confidence {
    /// Two-sided quantile of the normal distribution.
    fn z(self) -> f64 {
        match self {
            Self::P95 => 1.960,
            Self::P99 => 2.576,
        }
    }
}

/// Nanoseconds of a call, or of a dispatch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    /// Calls that were measured.
    pub iterations: u64,
    /// Samples; each is the mean of `iterations / samples` calls.
    pub samples: u64,
    /// Half of the samples are below.
    pub median: f64,
    /// The 95 % interval of the median; None for fewer than 6 samples, which tell too little.
    pub interval: Option<Interval>,
    /// The fastest.
    pub min: f64,
    /// The mean.
    pub mean: f64,
    /// A fifth of the samples are below.
    pub p20: f64,
    /// Four fifths are below.
    pub p80: f64,
}

impl Statistics {
    /// Statistics of samples in their order, each of `calls` calls; all zero when there are none.
    #[must_use]
    pub fn of(samples: &[f64], calls: u32) -> Self {
        let sorted = sorted(samples);
        let count = sorted.len() as u64;
        Self {
            iterations: count * u64::from(calls),
            samples: count,
            median: quantile(&sorted, 0.5),
            interval: interval(samples, &sorted, Confidence::P95),
            min: quantile(&sorted, 0.0),
            mean: samples.iter().sum::<f64>() / sorted.len().max(1) as f64,
            p20: quantile(&sorted, 0.2),
            p80: quantile(&sorted, 0.8),
        }
    }
}

/// The median of samples in their order, and its interval; None when they are too few for one.
#[must_use]
pub fn median_interval(samples: &[f64], confidence: Confidence) -> (f64, Option<Interval>) {
    let sorted = sorted(samples);
    (quantile(&sorted, 0.5), interval(samples, &sorted, confidence))
}

fn sorted(samples: &[f64]) -> Vec<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The quantile, interpolated between neighbours; 0 when there are no samples.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let position = part * sorted.len().saturating_sub(1) as f64;
    let below = sorted.get(position.floor() as usize).copied().unwrap_or_default();
    let above = sorted.get(position.ceil() as usize).copied().unwrap_or_default();
    below + (above - below) * position.fract()
}

fn interval(samples: &[f64], sorted: &[f64], confidence: Confidence) -> Option<Interval> {
    let count = sorted.len() as f64;
    let spread = confidence.z() * (count * inflation(samples, quantile(sorted, 0.5))).sqrt();
    let rank = ((count - 1.0 - spread) / 2.0).floor();
    if rank < 0.0 {
        return None;
    }
    let (low, high) = (sorted.get(rank as usize)?, sorted.get(sorted.len() - 1 - rank as usize)?);
    Some(Interval { low: *low, high: *high })
}

/// Fewer samples give no estimate of how they hang together.
const FEWEST_TO_INFLATE: usize = 16;
/// With more batches than this, each would be shorter than the machine's spells of noise.
const MOST_BATCHES: usize = 30;

/// Variance of the batches' shares above the median, as a multiple of what it is for independent samples; at least 1.
fn inflation(samples: &[f64], median: f64) -> f64 {
    if samples.len() < FEWEST_TO_INFLATE {
        return 1.0;
    }
    let batches = ((samples.len() as f64).sqrt() as usize).min(MOST_BATCHES);
    let length = samples.len() / batches;
    let share = |batch: &[f64]| {
        let side = |&sample: &f64| if sample == median { 0.5 } else { f64::from(u8::from(sample > median)) };
        batch.iter().map(side).sum::<f64>() / length as f64
    };
    let shares: Vec<f64> = samples.chunks_exact(length).take(batches).map(share).collect();
    let mean = shares.iter().sum::<f64>() / batches as f64;
    let variance = shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / (batches - 1) as f64;
    (variance * 4.0 * length as f64).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::random::Random;
    use proptest::prelude::*;

    #[test]
    fn quantiles_are_interpolated() {
        let statistics = Statistics::of(&[5.0, 1.0, 4.0, 2.0, 3.0, 6.0], 2);
        assert_eq!((statistics.min, statistics.median, statistics.p20), (1.0, 3.5, 2.0));
        assert_eq!((statistics.p80, statistics.mean), (5.0, 3.5));
        assert_eq!((statistics.samples, statistics.iterations), (6, 12));
        assert_eq!(statistics.interval, Some(Interval { low: 1.0, high: 6.0 }));
    }

    #[test]
    fn few_samples_have_no_interval() {
        assert_eq!(Statistics::of(&[], 1).median, 0.0);
        assert_eq!(median_interval(&[1.0; 5], Confidence::P95), (1.0, None));
        assert_eq!(median_interval(&[1.0; 8], Confidence::P99).1, None);
        assert!(median_interval(&[1.0; 9], Confidence::P99).1.is_some());
    }

    /// The formula's rank against the exact binomial distribution, for independent samples.
    #[test]
    fn ranks_keep_the_confidence() {
        for count in 6..300_usize {
            let ascending: Vec<f64> = (0..count).map(|i| i as f64).collect();
            for (confidence, promised) in [(Confidence::P95, 0.95), (Confidence::P99, 0.99)] {
                // In an order that shows no spells: the low half and the high half alternate.
                let mixed: Vec<f64> =
                    (0..count).map(|i| (if i % 2 == 0 { i / 2 } else { count.div_ceil(2) + i / 2 }) as f64).collect();
                let Some(interval) = interval(&mixed, &ascending, confidence) else { continue };
                let (mut term, mut below) = (0.5_f64.powi(count as i32), 0.0);
                for k in 0..=interval.low as usize {
                    below += term;
                    term *= (count - k) as f64 / (k + 1) as f64;
                }
                let coverage = 1.0 - 2.0 * below;
                assert!(coverage >= promised - 0.001, "{count}: {coverage}");
            }
        }
    }

    /// In how many of 1000 experiments the interval holds `truth`.
    fn covered(truth: f64, mut experiment: impl FnMut(&mut Random) -> Vec<f64>) -> usize {
        let mut random = Random::new(11);
        let mut holds = || {
            let interval = median_interval(&experiment(&mut random), Confidence::P95).1.expect("samples enough");
            interval.low <= truth && truth <= interval.high
        };
        (0..1000).filter(|_| holds()).count()
    }

    #[test]
    fn the_interval_holds_the_true_median_of_independent_samples() {
        for count in [10, 50, 500] {
            let uniform = covered(0.5, |random| (0..count).map(|_| random.unit()).collect());
            // Skewed, with a long tail, as times are: the median of -ln(u) is ln 2.
            let tailed = covered(2_f64.ln(), |random| (0..count).map(|_| -(1.0 - random.unit()).ln()).collect());
            for covered in [uniform, tailed] {
                assert!((935..=995).contains(&covered), "{count} samples: {covered} of 1000");
            }
        }
    }

    #[test]
    fn spells_of_noise_widen_the_interval() {
        // A walk that is pulled back to 0: neighbours are correlated by 0.9.
        let walk = |random: &mut Random| {
            let mut at = 0.0;
            let step = |_| {
                let normal = (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
                at = 0.9 * at + normal;
                at
            };
            (0..2000).map(step).collect::<Vec<f64>>()
        };
        let covered = covered(0.0, walk);
        assert!(covered >= 900, "{covered} of 1000");
    }

    proptest! {
        #[test]
        fn order_changes_no_quantile(mut samples in prop::collection::vec(1.0..1e6_f64, 1..200)) {
            let before = Statistics::of(&samples, 1);
            samples.sort_by(f64::total_cmp);
            samples.reverse();
            let after = Statistics::of(&samples, 1);
            prop_assert_eq!((before.median, before.min, before.p20), (after.median, after.min, after.p20));
            prop_assert_eq!((before.p80, before.samples), (after.p80, after.samples));
            prop_assert!((before.mean - after.mean).abs() <= 1e-9 * before.mean);
            // Samples in descending order hang together: that interval is never the narrower one.
            if let (Some(mixed), Some(ordered)) = (before.interval, after.interval) {
                prop_assert!(ordered.low <= mixed.low || mixed.high <= ordered.high || samples.len() < 32);
            }
        }

        #[test]
        fn the_interval_holds_the_sample_median(samples in prop::collection::vec(1.0..1e6_f64, 6..200)) {
            let statistics = Statistics::of(&samples, 1);
            if let Some(interval) = statistics.interval {
                prop_assert!(interval.low <= statistics.median && statistics.median <= interval.high);
                prop_assert!(statistics.min <= interval.low && interval.relative(statistics.median) >= 0.0);
            }
        }
    }
}

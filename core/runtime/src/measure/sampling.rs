//! When to stop: warm-up until steady, samples until the median is known well enough or the time is over.
//!
//! Knows no device: a sample is whatever the caller measures, and so is the time that has passed.

use std::time::Duration;

use super::statistics::{Confidence, Statistics, median_interval};

/// How the warm-up went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarmUp {
    /// Calls.
    pub calls: u64,
    /// Time.
    pub spent: Duration,
    /// How far apart the medians of the last three windows are, as a part of the smallest; None for fewer windows.
    pub apart: Option<f64>,
    /// Whether that is at most [`STEADY`].
    pub steady: bool,
}

/// The calls are steady when the medians of three successive windows are no farther apart.
pub const STEADY: f64 = 0.02;
/// Windows that are compared.
const WINDOWS: usize = 3;

/// Calls `sample`, which gives the nanoseconds of one call, until it is steady, at most for `limit`.
pub(super) fn warm_up<E>(
    window: Duration,
    limit: Duration,
    elapsed: impl Fn() -> Duration,
    mut sample: impl FnMut() -> Result<f64, E>,
) -> Result<WarmUp, E> {
    let (mut calls, mut medians) = (0, Vec::new());
    loop {
        let (start, mut times) = (elapsed(), Vec::new());
        while times.is_empty() || elapsed() < start + window {
            times.push(sample()?);
        }
        calls += times.len() as u64;
        medians.push(median_interval(&times, Confidence::P95).0);
        let apart = medians.last_chunk::<WINDOWS>().map(|last| {
            let fastest = last.iter().copied().fold(f64::INFINITY, f64::min);
            (last.iter().copied().fold(0.0, f64::max) - fastest) / fastest
        });
        let steady = apart.is_some_and(|apart| apart <= STEADY);
        if steady || elapsed() >= limit {
            return Ok(WarmUp { calls, spent: elapsed(), apart, steady });
        }
    }
}

/// When a series of samples ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Least time.
    pub min_time: Duration,
    /// Most time, however wide the interval still is.
    pub max_time: Duration,
    /// How far the ends of the median's 95 % interval may be from it, as a part of it: 0.01 is 1 %.
    pub precision: f64,
}

/// Samples of one kind of call.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Nanoseconds of a call, in the order of measuring.
    pub times: Vec<f64>,
    /// What they say.
    pub statistics: Statistics,
    /// How long it took.
    pub spent: Duration,
    /// Whether the interval is as narrow as it should be; otherwise a limit was reached before.
    pub precise: bool,
}

/// Fewest samples: with less there is no interval.
pub(super) const FEWEST: usize = 6;
/// Most samples.
pub(super) const MOST: usize = 1_000_000;

/// Takes samples, each the mean of `calls` calls, within the limits.
///
/// The interval is looked at when `min_time` is over and then each time that the time has grown by a quarter: the fewer
/// looks, the less often one of them is narrow by chance.
pub(super) fn sample<E>(
    limits: Limits,
    calls: u32,
    elapsed: impl Fn() -> Duration,
    mut sample: impl FnMut() -> Result<f64, E>,
) -> Result<Series, E> {
    let mut times = Vec::new();
    let mut look = limits.min_time;
    loop {
        times.push(sample()?);
        let spent = elapsed();
        let over = spent >= limits.max_time.max(limits.min_time) || times.len() >= MOST;
        if times.len() < FEWEST || (spent < look && !over) {
            continue;
        }
        look = spent.mul_f64(1.25);
        let statistics = Statistics::of(&times, calls);
        let precise = statistics.interval.is_some_and(|i| i.relative(statistics.median) <= limits.precision);
        if precise || over {
            return Ok(Series { times, statistics, spent, precise });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::random::Random;
    use std::{cell::Cell, convert::Infallible};

    const MS: Duration = Duration::from_millis(1);

    /// A machine whose `n`-th call takes as many milliseconds as `time` says.
    fn machine(mut time: impl FnMut(u64) -> f64) -> (Cell<Duration>, impl FnMut(&Cell<Duration>) -> f64) {
        let mut calls = 0;
        let call = move |clock: &Cell<Duration>| {
            calls += 1;
            let spent = time(calls);
            clock.set(clock.get() + MS.mul_f64(spent));
            spent * 1e6
        };
        (Cell::new(Duration::ZERO), call)
    }

    fn warmed(time: impl FnMut(u64) -> f64) -> WarmUp {
        let (clock, mut call) = machine(time);
        warm_up::<Infallible>(50 * MS, 1000 * MS, || clock.get(), || Ok(call(&clock))).expect("cannot fail")
    }

    #[test]
    fn warm_up_ends_when_steady_or_at_its_limit() {
        let steady = warmed(|_| 1.0);
        assert!(steady.steady && steady.calls == 150, "{steady:?}");
        // The first 100 calls take longer, each less so.
        let falling = warmed(|call| (3.0 - 0.02 * call as f64).max(1.0));
        assert!(falling.steady && falling.spent > 300 * MS, "{falling:?}");
        let rising = warmed(|call| 1.0 + call as f64 * 0.01);
        assert!(!rising.steady && rising.spent < 1100 * MS && rising.apart > Some(STEADY), "{rising:?}");
        // A call longer than the limit is made once, and says nothing about steadiness.
        let slow = warmed(|_| 2000.0);
        assert_eq!((slow.calls, slow.steady, slow.apart), (1, false, None));
    }

    fn sampled(limits: Limits, time: impl FnMut(u64) -> f64) -> Series {
        let (clock, mut call) = machine(time);
        sample::<Infallible>(limits, 1, || clock.get(), || Ok(call(&clock))).expect("cannot fail")
    }

    #[test]
    fn samples_end_with_the_interval_or_the_limit() {
        let limits = Limits { min_time: 100 * MS, max_time: 10_000 * MS, precision: 0.01 };
        let quiet = sampled(limits, |_| 1.0);
        assert!(quiet.precise && quiet.times.len() == 100, "{quiet:?}");
        let mut random = Random::new(3);
        let noisy = sampled(limits, |_| 1.0 + 0.2 * random.unit());
        assert!(noisy.precise && noisy.spent > limits.min_time && noisy.spent < limits.max_time, "{:?}", noisy.spent);
        let half = noisy.statistics.interval.expect("samples enough").relative(noisy.statistics.median);
        assert!(half <= 0.01, "{half}");
        let wild = sampled(limits, |_| 1.0 + 9.0 * random.unit());
        assert!(!wild.precise && wild.spent >= limits.max_time, "{:?}", wild.spent);
        // A limit below the least samples is passed over for them.
        assert_eq!(sampled(limits, |_| 60_000.0).times.len(), FEWEST);
    }
}

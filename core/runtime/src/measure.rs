//! Measuring calls: warm-up, samples, and the times of single dispatches.

use std::time::{Duration, Instant};

use crate::{
    profile::Profile,
    session::{Session, SessionError},
    value::Value,
};

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Least time spent on samples; a fifth of it goes to the warm-up before.
    pub time: Duration,
    /// Whether single dispatches are measured as well, in a run of their own.
    pub per_dispatch: bool,
}

/// Nanoseconds of a call, or of a dispatch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    /// Calls that were measured.
    pub iterations: u64,
    /// Half of the samples are below.
    pub median: f64,
    /// The fastest.
    pub min: f64,
    /// The mean.
    pub mean: f64,
    /// A fifth of the samples are below.
    pub p20: f64,
    /// Four fifths are below.
    pub p80: f64,
}

/// Times of an export.
#[derive(Debug, Clone)]
pub struct DispatchTimes {
    /// The executable's name.
    pub executable: String,
    /// The export's name.
    pub export: String,
    /// Dispatches in a call of the function.
    pub per_call: f64,
    /// Times of one dispatch.
    pub statistics: Statistics,
}

/// What a measurement gives.
#[derive(Debug, Clone)]
pub struct Measurement {
    /// Times of a call.
    pub call: Statistics,
    /// Times of its exports, when they were asked for, in the order of the executables.
    pub dispatches: Vec<DispatchTimes>,
}

/// A sample is at least this long, so that reading the clock does not count: short calls are sampled in groups.
const SHORTEST_SAMPLE: Duration = Duration::from_micros(20);
/// Fewest and most samples.
const SAMPLES: std::ops::Range<usize> = 5..1_000_000;

/// Measures calls of a function with these arguments.
///
/// # Errors
/// When the function does not take the arguments, or a call fails.
pub fn measure(
    session: &Session<'_>,
    function: &str,
    arguments: &[Value],
    effort: Effort,
) -> Result<Measurement, SessionError> {
    let mut call = session.prepare(function, arguments)?;
    let group = {
        let (start, mut calls) = (Instant::now(), 0_u32);
        while calls < 3 || start.elapsed() < effort.time / 5 {
            call.run()?;
            calls = calls.saturating_add(1);
        }
        let each = (start.elapsed() / calls).max(Duration::from_nanos(1));
        u32::try_from(SHORTEST_SAMPLE.as_nanos() / each.as_nanos()).unwrap_or(u32::MAX).max(1)
    };
    let (start, mut samples) = (Instant::now(), Vec::new());
    while samples.len() < SAMPLES.start || (start.elapsed() < effort.time && samples.len() < SAMPLES.end) {
        let sample = Instant::now();
        for _ in 0..group {
            call.run()?;
        }
        samples.push(sample.elapsed().as_nanos() as f64 / f64::from(group));
    }
    let mut statistics = statistics(&mut samples);
    statistics.iterations *= u64::from(group);
    let mut dispatches = Vec::new();
    if effort.per_dispatch {
        session.context().profile = Some(Profile::default());
        let (start, mut calls, mut result) = (Instant::now(), 0_u64, Ok(()));
        while result.is_ok() && (calls < SAMPLES.start as u64 || start.elapsed() < effort.time) {
            result = call.run();
            calls += 1;
        }
        let profile = session.context().profile.take().unwrap_or_default();
        result?;
        dispatches = dispatch_times(session, profile, calls);
    }
    Ok(Measurement { call: statistics, dispatches })
}

fn dispatch_times(session: &Session<'_>, profile: Profile, calls: u64) -> Vec<DispatchTimes> {
    let executables = &session.program().manifest().executables;
    let times = |((executable, ordinal), mut samples): ((u32, u32), Vec<f64>)| {
        let executable = executables.get(executable as usize)?;
        let export = executable.variants.iter().flat_map(|v| &v.exports).find(|export| export.ordinal == ordinal)?;
        Some(DispatchTimes {
            executable: executable.name.clone(),
            export: export.name.clone(),
            per_call: samples.len() as f64 / calls as f64,
            statistics: statistics(&mut samples),
        })
    };
    profile.into_samples().filter_map(times).collect()
}

/// Statistics of the samples, which are sorted by it; all zero when there are none.
fn statistics(samples: &mut [f64]) -> Statistics {
    samples.sort_by(f64::total_cmp);
    let quantile = |part: f64| {
        let position = part * samples.len().saturating_sub(1) as f64;
        let below = samples.get(position.floor() as usize).copied().unwrap_or_default();
        let above = samples.get(position.ceil() as usize).copied().unwrap_or_default();
        below + (above - below) * position.fract()
    };
    Statistics {
        iterations: samples.len() as u64,
        median: quantile(0.5),
        min: quantile(0.0),
        mean: samples.iter().sum::<f64>() / samples.len().max(1) as f64,
        p20: quantile(0.2),
        p80: quantile(0.8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        let statistics = statistics(&mut [5.0, 1.0, 4.0, 2.0, 3.0, 6.0]);
        assert_eq!((statistics.min, statistics.median, statistics.p20), (1.0, 3.5, 2.0));
        assert_eq!((statistics.p80, statistics.mean, statistics.iterations), (5.0, 3.5, 6));
    }
}

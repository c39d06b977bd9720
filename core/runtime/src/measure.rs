//! Measuring calls: warm-up until steady, then samples until the median is known well enough; with warm and with cold
//! caches, of whole calls and of single dispatches, of one program or of two in turn.

mod cold;
mod device_state;
mod environment;
mod pairs;
pub(crate) mod random;
mod sampling;
mod statistics;

use std::time::{Duration, Instant};

pub use self::{
    cold::Flush,
    device_state::DeviceState,
    environment::Environment,
    pairs::{Comparison, PairLimits, Verdict, compare_calls},
    sampling::{Limits, STEADY, Series, WarmUp},
    statistics::{Confidence, Interval, Statistics, median_interval},
};
use crate::{
    call::Call,
    element::Element,
    profile::Profile,
    session::{Session, SessionError},
    value::Value,
};

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// When the samples end.
    pub limits: Limits,
    /// Most time of the warm-up.
    pub warm_up: Duration,
    /// Dispatches of a call, by which its time is divided; 1 where calls are what is measured.
    pub batch: u32,
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
    /// Bytes of a dispatch's bindings.
    pub bytes: f64,
    /// Times of one dispatch.
    pub statistics: Statistics,
}

/// What a measurement gives.
#[derive(Debug, Clone)]
pub struct Measurement {
    /// How the warm-up went.
    pub warm_up: WarmUp,
    /// Times with warm caches.
    pub series: Series,
    /// Bytes of the arguments and results of a call.
    pub bytes: u64,
}

/// A sample is at least this long, so that reading the clock does not count: short calls are sampled in groups.
const SHORTEST_SAMPLE: Duration = Duration::from_micros(20);
/// Windows of the warm-up are a tenth of the least measuring time, but no longer.
const LONGEST_WINDOW: Duration = Duration::from_millis(50);

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
    let (warm_up, each) = warm(&mut call, effort)?;
    let shortest = SHORTEST_SAMPLE.max(effort.limits.max_time / sampling::MOST as u32);
    let group = group(shortest, each);
    let start = Instant::now();
    let series = sampling::sample(
        effort.limits,
        group,
        || start.elapsed(),
        || Ok(timed(&mut call, group)? / f64::from(effort.batch)),
    )?;
    Ok(Measurement { warm_up, series, bytes: call.bytes() })
}

/// Measures single calls of a function, each right after the caches were flushed.
///
/// # Errors
/// As [`measure`], and when the device cannot be flushed.
pub fn measure_cold(
    session: &Session<'_>,
    function: &str,
    arguments: &[Value],
    effort: Effort,
    flush: &Flush,
) -> Result<Series, SessionError> {
    let mut call = session.prepare(function, arguments)?;
    // The first call does what is done once.
    call.run()?;
    let start = Instant::now();
    sampling::sample(
        effort.limits,
        1,
        || start.elapsed(),
        || {
            session.scrub(flush.device_bytes(session.device_name()))?;
            flush.stream();
            Ok(timed(&mut call, 1)? / f64::from(effort.batch))
        },
    )
}

/// Times of every export that a function dispatches, in the order of the executables; each dispatch waits for itself.
///
/// # Errors
/// As [`measure`].
pub fn measure_dispatches(
    session: &Session<'_>,
    function: &str,
    arguments: &[Value],
    effort: Effort,
) -> Result<Vec<DispatchTimes>, SessionError> {
    let mut call = session.prepare(function, arguments)?;
    warm(&mut call, effort)?;
    session.context().profile = Some(Profile::default());
    let (start, mut calls, mut result) = (Instant::now(), 0_u64, Ok(()));
    while result.is_ok() && (calls < sampling::FEWEST as u64 || start.elapsed() < effort.limits.min_time) {
        result = call.run();
        calls += 1;
    }
    let profile = session.context().profile.take().unwrap_or_default();
    result?;
    Ok(dispatch_times(session, profile, calls))
}

/// A batch of a benchmark function is so large that a call takes at least this long.
const SHORTEST_BATCH: Duration = Duration::from_millis(1);
/// Largest batch that is chosen.
const LARGEST_BATCH: i32 = 1 << 20;

/// The smallest power of two for which a benchmark function, called with it, runs for a millisecond.
///
/// # Errors
/// As [`measure`].
pub fn choose_batch(session: &Session<'_>, function: &str) -> Result<i32, SessionError> {
    let mut batch = 1;
    loop {
        let mut call = session.prepare(function, &[batch_argument(batch)])?;
        call.run()?;
        if timed(&mut call, 1)? >= SHORTEST_BATCH.as_nanos() as f64 || batch >= LARGEST_BATCH {
            return Ok(batch);
        }
        batch *= 2;
    }
}

/// The argument of a benchmark function.
#[must_use]
pub fn batch_argument(batch: i32) -> Value {
    Value::scalar(Element::I32, batch.to_le_bytes().to_vec())
}

/// Calls until the times are steady; gives the time of one call.
fn warm(call: &mut Call<'_>, effort: Effort) -> Result<(WarmUp, Duration), SessionError> {
    let (start, window) = (Instant::now(), (effort.limits.min_time / 10).min(LONGEST_WINDOW));
    let warm_up = sampling::warm_up(window, effort.warm_up, || start.elapsed(), || timed(call, 1))?;
    let each = warm_up.spent.div_f64(warm_up.calls.max(1) as f64);
    Ok((warm_up, each))
}

/// How many calls make a sample of at least this length.
fn group(shortest: Duration, each: Duration) -> u32 {
    u32::try_from(shortest.as_nanos() / each.as_nanos().max(1)).unwrap_or(u32::MAX).max(1)
}

/// Nanoseconds of a call, the mean of as many.
fn timed(call: &mut Call<'_>, calls: u32) -> Result<f64, SessionError> {
    let start = Instant::now();
    for _ in 0..calls {
        call.run()?;
    }
    Ok(start.elapsed().as_nanos() as f64 / f64::from(calls))
}

fn dispatch_times(session: &Session<'_>, profile: Profile, calls: u64) -> Vec<DispatchTimes> {
    let executables = &session.program().manifest().executables;
    let times = |((executable, ordinal), samples): ((u32, u32), crate::profile::Samples)| {
        let executable = executables.get(executable as usize)?;
        let export = executable.variants.iter().flat_map(|v| &v.exports).find(|export| export.ordinal == ordinal)?;
        Some(DispatchTimes {
            executable: executable.name.clone(),
            export: export.name.clone(),
            per_call: samples.times.len() as f64 / calls as f64,
            bytes: samples.bytes as f64 / samples.times.len() as f64,
            statistics: Statistics::of(&samples.times, 1),
        })
    };
    profile.into_samples().filter_map(times).collect()
}

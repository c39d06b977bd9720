//! What was measured of a function, before it is written in any format.

use ropt_abi::program::Benchmark;
use ropt_runtime::measure::{DeviceState, DispatchTimes, Environment, Measurement, Series, WarmUp};

use crate::units::percent;

/// Where the times come from.
pub(crate) struct Origin {
    /// The program's file.
    pub(crate) program: String,
    /// What made the program.
    pub(crate) producer: String,
    /// The device.
    pub(crate) device: String,
    /// When, in UTC.
    pub(crate) time: String,
    /// The machine.
    pub(crate) environment: Environment,
    /// The device when everything was measured, where it tells.
    pub(crate) state: Option<DeviceState>,
    /// How caches are flushed, when they are.
    pub(crate) flush: Option<String>,
}

/// A function.
pub(crate) struct Entry<'p> {
    pub(crate) function: &'p str,
    pub(crate) outcome: Outcome<'p>,
}

/// What became of it.
pub(crate) enum Outcome<'p> {
    /// It was not measured, for this reason.
    Skipped(&'static str),
    Measured(Box<Measured<'p>>),
}

/// Times of a function: of a call, or of a dispatch of a benchmark function.
pub(crate) struct Measured<'p> {
    /// What a benchmark function dispatches, and how often in a call.
    pub(crate) benchmark: Option<(&'p Benchmark, i32)>,
    pub(crate) warm: Measurement,
    pub(crate) cold: Option<Series>,
    pub(crate) dispatches: Vec<DispatchTimes>,
    /// Bytes that it reads and writes.
    pub(crate) bytes: Option<f64>,
    /// Floating-point operations.
    pub(crate) flops: Option<f64>,
}

/// GB/s, or GFLOP/s: both are a number a nanosecond.
pub(crate) fn rate(amount: Option<f64>, nanoseconds: f64) -> Option<f64> {
    amount.filter(|&amount| amount > 0.0 && nanoseconds > 0.0).map(|amount| amount / nanoseconds)
}

/// How far the ends of a series' interval are from its median, as text.
pub(crate) fn plus_minus(series: &Series) -> String {
    let statistics = &series.statistics;
    statistics.interval.map_or_else(|| "-".to_owned(), |interval| percent(interval.relative(statistics.median)))
}

/// What is to be said about a series whose interval is too wide.
pub(crate) fn limit_reached(series: &Series) -> Option<String> {
    let text = || format!("interval ±{} after {:.1} s: limit reached", plus_minus(series), series.spent.as_secs_f64());
    (!series.precise).then(text)
}

/// What is to be said about a warm-up that did not end with steady times.
pub(crate) fn not_steady(warm_up: &WarmUp) -> Option<String> {
    if warm_up.steady {
        return None;
    }
    let spent = warm_up.spent.as_secs_f64();
    Some(match warm_up.apart {
        Some(apart) => {
            format!("not steady after a warm-up of {spent:.1} s: its last windows differ by {}", percent(apart))
        }
        None => format!(
            "the warm-up of {spent:.1} s ({} calls) was too short to tell whether times are steady",
            warm_up.calls
        ),
    })
}

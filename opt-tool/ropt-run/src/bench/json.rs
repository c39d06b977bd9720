//! Results for programs: JSON, of which a history is made as well.

use ropt_runtime::measure::{Environment, Interval, Series, Statistics};
use serde_json::{Value as Json, json};

use super::entry::{Entry, Measured, Origin, Outcome, rate};

/// A function as an object.
pub(crate) fn of(entry: &Entry<'_>, origin: &Origin) -> Json {
    let mut object = match &entry.outcome {
        Outcome::Skipped(reason) => json!({ "function": entry.function, "skipped": reason }),
        Outcome::Measured(measured) => of_measured(entry.function, measured),
    };
    object["device"] = json!(origin.device);
    object["program"] = json!(origin.program);
    object["time"] = json!(origin.time);
    object["environment"] = environment(origin);
    if let Some(state) = &origin.state {
        object["environment"]["device"] = json!({
            "clock_mhz": state.clock,
            "highest_clock_mhz": state.highest_clock,
            "memory_clock_mhz": state.memory_clock,
            "temperature_c": state.temperature,
            "throttled_by": state.throttled,
        });
    }
    object
}

fn of_measured(function: &str, measured: &Measured<'_>) -> Json {
    let (warm, warm_up) = (&measured.warm.series, &measured.warm.warm_up);
    let mut object = json!({ "function": function });
    if let Some((benchmark, batch)) = &measured.benchmark {
        object["benchmark"] = json!(benchmark);
        object["batch"] = json!(batch);
    }
    with_series(&mut object, warm, measured);
    object["warm_up"] = json!({
        "calls": warm_up.calls,
        "seconds": rounded(warm_up.spent.as_secs_f64(), 1e3),
        "steady": warm_up.steady,
        "apart": warm_up.apart,
    });
    object["bytes"] = json!(measured.bytes);
    object["flops"] = json!(measured.flops);
    if let Some(cold) = &measured.cold {
        let mut cold_object = json!({});
        with_series(&mut cold_object, cold, measured);
        object["cold"] = cold_object;
    }
    if !measured.dispatches.is_empty() {
        let dispatch = |dispatch: &ropt_runtime::measure::DispatchTimes| {
            let mut object = json!({
                "executable": dispatch.executable,
                "export": dispatch.export,
                "per_call": dispatch.per_call,
                "bytes": dispatch.bytes,
                "gb_per_s": rate(Some(dispatch.bytes), dispatch.statistics.median),
            });
            with_times(&mut object, &dispatch.statistics);
            object
        };
        object["dispatches"] = measured.dispatches.iter().map(dispatch).collect();
    }
    object
}

fn with_series(object: &mut Json, series: &Series, measured: &Measured<'_>) {
    with_times(object, &series.statistics);
    object["seconds"] = json!(rounded(series.spent.as_secs_f64(), 1e3));
    object["limit_reached"] = json!(!series.precise);
    object["gb_per_s"] = json!(rate(measured.bytes, series.statistics.median));
    object["gflop_per_s"] = json!(rate(measured.flops, series.statistics.median));
}

/// Adds the statistics, in tenths of nanoseconds.
pub(crate) fn with_times(object: &mut Json, times: &Statistics) {
    for (key, value) in [
        ("median_ns", times.median),
        ("min_ns", times.min),
        ("mean_ns", times.mean),
        ("p20_ns", times.p20),
        ("p80_ns", times.p80),
    ] {
        object[key] = json!(rounded(value, 10.0));
    }
    object["interval_ns"] =
        json!(times.interval.map(|Interval { low, high }| [rounded(low, 10.0), rounded(high, 10.0)]));
    object["iterations"] = json!(times.iterations);
    object["samples"] = json!(times.samples);
}

/// Rounded to `1 / unit`.
fn rounded(value: f64, unit: f64) -> f64 {
    (value * unit).round() / unit
}

/// The machine, the tool and the program's maker.
pub(crate) fn environment(origin: &Origin) -> Json {
    let Environment { processor, processors, cache, frequency, highest_frequency, governor, load, system } =
        &origin.environment;
    json!({
        "processor": processor,
        "processors": processors,
        "last_level_cache": cache,
        "frequency_mhz": frequency,
        "highest_frequency_mhz": highest_frequency,
        "governor": governor,
        "load": load,
        "system": system,
        "ropt_run": env!("CARGO_PKG_VERSION"),
        "plugin_abi": super::abi(),
        "program_format": ropt_abi::program::VERSION,
        "producer": origin.producer,
        "flush": origin.flush,
    })
}

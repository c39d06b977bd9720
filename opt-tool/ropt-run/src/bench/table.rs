//! Results for people: a table that is printed as it is measured.

use ropt_runtime::measure::{DeviceState, Environment, Statistics};

use super::entry::{Entry, Origin, Outcome, limit_reached, not_steady, rate};
use crate::units::{digits, percent, time};

/// The device's state in one line.
pub(crate) fn state(state: &DeviceState) -> String {
    let number = |name: &str, value: Option<i64>, unit: &str| value.map(|value| format!("{name}{value} {unit}"));
    let clock = match (state.clock, state.highest_clock) {
        (Some(now), Some(highest)) => Some(format!("clock {now} of {highest} MHz")),
        (now, highest) => number("clock ", now, "MHz").or(number("highest clock ", highest, "MHz")),
    };
    let held = state.throttled.as_ref().map(|reasons| match reasons.as_slice() {
        [] => "not throttled".to_owned(),
        reasons => format!("throttled by {}", reasons.join(", ")),
    });
    let parts = [clock, number("memory ", state.memory_clock, "MHz"), number("", state.temperature, "°C"), held];
    format!("device behind the last call: {}", parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// Before what belongs to the function above.
const INDENT: &str = "  ";

/// Widths of a table.
pub(crate) struct Table {
    names: usize,
    flops: bool,
}

impl Table {
    /// A table for functions of these names, and exports of those.
    pub(crate) fn new<'n>(
        functions: impl Iterator<Item = &'n str>,
        exports: impl Iterator<Item = &'n str>,
        flops: bool,
    ) -> Self {
        let functions = functions.map(|name| name.chars().count());
        let exports = exports.map(|name| INDENT.len() + name.chars().count());
        Self { names: functions.chain(exports).max().unwrap_or_default().max("function".len()), flops }
    }

    /// Where the times come from, and the columns' heads.
    pub(crate) fn head(&self, origin: &Origin) -> String {
        let mut text = format!("{} on {}\n", origin.program, origin.device);
        for line in environment(&origin.environment) {
            text.push_str(&format!("{line}\n"));
        }
        text.push_str(&format!("{}; producer {}\n", versions(), origin.producer));
        if let Some(flush) = &origin.flush {
            text.push_str(&format!("cold: {flush}\n"));
        }
        let heads = ["median", "±95 %", "min", "p20", "p80", "mean", "samples", "GB/s"];
        text.push_str(&format!("\n{:<width$}", "function", width = self.names));
        for head in heads {
            text.push_str(&format!(" {head:>8}"));
        }
        text.push_str(if self.flops { "  GFLOP/s\n" } else { "\n" });
        text
    }

    /// The rows of a function.
    pub(crate) fn rows(&self, entry: &Entry<'_>) -> String {
        let name = entry.function;
        let measured = match &entry.outcome {
            Outcome::Skipped(reason) => return format!("{name:<width$} skipped: {reason}\n", width = self.names),
            Outcome::Measured(measured) => measured,
        };
        let warm = &measured.warm.series;
        let mut text = self.row(name, &warm.statistics, measured.bytes, measured.flops);
        if let Some((benchmark, batch)) = &measured.benchmark {
            text.push_str(&format!("    a dispatch of {}, {batch} in a call\n", benchmark.export));
        }
        let mut note = |note: Option<String>| note.into_iter().for_each(|note| text.push_str(&format!("    {note}\n")));
        note(not_steady(&measured.warm.warm_up));
        note(limit_reached(warm));
        if let Some(cold) = &measured.cold {
            text.push_str(&self.row(&format!("{INDENT}cold"), &cold.statistics, measured.bytes, measured.flops));
            limit_reached(cold).into_iter().for_each(|note| text.push_str(&format!("    {note}\n")));
        }
        for dispatch in &measured.dispatches {
            let name = format!("{INDENT}{}", dispatch.export);
            text.push_str(&self.row(&name, &dispatch.statistics, Some(dispatch.bytes), None));
        }
        text
    }

    fn row(&self, name: &str, times: &Statistics, bytes: Option<f64>, flops: Option<f64>) -> String {
        let interval = times.interval.map_or("-".to_owned(), |interval| percent(interval.relative(times.median)));
        let speed = |amount| rate(amount, times.median).map_or("-".to_owned(), digits);
        let mut cells = vec![time(times.median), interval];
        cells.extend([times.min, times.p20, times.p80, times.mean].map(time));
        cells.extend([times.samples.to_string(), speed(bytes)]);
        if self.flops {
            cells.push(speed(flops));
        }
        let cells: String = cells.iter().map(|cell| format!(" {cell:>8}")).collect();
        format!("{name:<width$}{cells}\n", width = self.names)
    }
}

/// Versions of the tool and of the ABI.
pub(crate) fn versions() -> String {
    format!(
        "ropt-run {}, plugin ABI {}, program format {}",
        env!("CARGO_PKG_VERSION"),
        super::abi(),
        ropt_abi::program::VERSION
    )
}

/// The machine in two lines.
pub(crate) fn environment(environment: &Environment) -> [String; 2] {
    let Environment { processor, processors, cache, frequency, highest_frequency, governor, load, system } =
        environment;
    let processor = processor.as_deref().unwrap_or("unknown processor");
    let cache = cache.map_or(String::new(), |bytes| format!(", last-level cache {} MiB", bytes >> 20));
    let system = system.as_deref().unwrap_or("unknown system");
    let megahertz = |value: &Option<f64>| value.map_or("unknown".to_owned(), |value| format!("{value:.0} MHz"));
    let governor = governor.as_deref().unwrap_or("unknown");
    let load = load.map_or("unknown".to_owned(), |[minute, ..]| format!("{minute:.2}"));
    [
        format!("{processor}, {processors} processors{cache}, {system}"),
        format!(
            "frequency now {}, highest {}; governor {governor}; load {load}",
            megahertz(frequency),
            megahertz(highest_frequency)
        ),
    ]
}

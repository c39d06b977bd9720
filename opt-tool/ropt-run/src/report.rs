//! The page of `bench --report`: one file with tables, distributions and history, for which no network is needed.
//!
//! Every text that comes from a program or a file goes through [`escape`].

mod charts;

use std::path::Path;

use ropt_runtime::{
    measure::{Series, Statistics},
    output::write_whole,
};
use serde_json::Value as Json;

use self::charts::{Point, distribution, history as history_chart};
use crate::{
    bench::{
        entry::{Entry, Measured, Origin, Outcome, limit_reached, not_steady, plus_minus, rate},
        table,
    },
    failure::Failure,
    units::{digits, percent, time},
};

const STYLE: &str = include_str!("report/style.css");
/// The newest points of a history are drawn.
const MOST_POINTS: usize = 60;

/// Finds out before anything is measured whether the page can be written, by writing an empty file beside it: the page
/// is written to such a file first, and renamed.
pub(crate) fn check_writable(path: &Path) -> Result<(), Failure> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(cannot_write(path, &std::io::Error::other("it is a folder"))),
        // A device or a pipe is written to directly.
        Ok(metadata) if !metadata.is_file() => return Ok(()),
        _ => {}
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let probe = folder.join(format!(".ropt-run-{}", std::process::id()));
    let written = std::fs::write(&probe, "").and_then(|()| std::fs::remove_file(&probe));
    written.map_err(|error| cannot_write(path, &error))
}

/// Writes the page, whole or not at all. `history` are earlier results, the oldest first.
pub(crate) fn write(path: &Path, entries: &[Entry<'_>], origin: &Origin, history: &[Json]) -> Result<(), Failure> {
    write_whole(path, page(entries, origin, history).as_bytes()).map_err(|error| cannot_write(path, &error))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("cannot write the report '{}': {error}", path.display()))
}

/// Text that may stand in HTML, in an attribute as well.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Other control characters are not allowed in HTML.
            c if c.is_control() && c != '\n' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A name, which may be broken behind its underscores.
fn name_of(text: &str) -> String {
    escape(text).replace('_', "_<wbr>")
}

fn page(entries: &[Entry<'_>], origin: &Origin, history: &[Json]) -> String {
    let program = escape(&origin.program);
    let name =
        Path::new(&origin.program).file_name().map_or(origin.program.clone(), |n| n.to_string_lossy().into_owned());
    let name = escape(&name);
    let sections: String = (1..).zip(entries).map(|(n, entry)| section(n, entry, origin, history)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{name}: ropt-run bench</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{name}</h1>\n<p>{} on {}, measured {} UTC</p>\n</header>\n{}{}<main>\n{sections}</main>\n{}</body>\n</html>\n",
        if program == name { String::from("ropt-run bench") } else { program },
        escape(&origin.device),
        escape(&origin.time.replace('T', " ").replace('Z', "")),
        environment(origin),
        summary(entries),
        FOOTER,
    )
}

const FOOTER: &str = "<footer><p>Median with its 95&nbsp;% interval from order statistics, widened where samples hang together. \
p20 and p80: a fifth of the samples is faster, a fifth slower. GB/s counts the bytes of arguments and results (of the \
bindings, for a dispatch) once, so data in a cache can be faster than memory.</p></footer>\n";

fn environment(origin: &Origin) -> String {
    let machine = &origin.environment;
    let unknown = || "unknown".to_owned();
    let megahertz = |value: Option<f64>| value.map_or_else(unknown, |value| format!("{value:.0} MHz"));
    let load = |load: [f64; 3]| load.map(|load| format!("{load:.2}")).join(", ");
    let facts = [
        ("Processor", machine.processor.clone().unwrap_or_else(unknown)),
        ("Processors", machine.processors.to_string()),
        ("Last-level cache", machine.cache.map_or_else(unknown, |bytes| format!("{} MiB", bytes >> 20))),
        ("Frequency now", megahertz(machine.frequency)),
        ("Highest frequency", megahertz(machine.highest_frequency)),
        ("Governor", machine.governor.clone().unwrap_or_else(unknown)),
        ("Load (1, 5, 15 min)", machine.load.map_or_else(unknown, load)),
        ("System", machine.system.clone().unwrap_or_else(unknown)),
        ("Device", origin.device.clone()),
        ("Program made by", origin.producer.clone()),
        ("Measured by", table::versions()),
    ];
    let fact =
        |class: &str, name: &str, value: &str| format!("<div{class}><dt>{name}</dt><dd>{}</dd></div>\n", escape(value));
    let mut items: String = facts.iter().map(|(name, value)| fact("", name, value)).collect();
    if let Some(state) = &origin.state {
        items.push_str(&fact(" class=\"wide\"", "Device's state", &table::state(state)));
    }
    if let Some(flush) = &origin.flush {
        items.push_str(&fact(" class=\"wide\"", "Cold caches", flush));
    }
    format!("<section class=\"environment\" aria-label=\"Environment\">\n<dl>\n{items}</dl>\n</section>\n")
}

/// A table of all functions.
fn summary(entries: &[Entry<'_>]) -> String {
    let measured = |entry: &Entry<'_>| match &entry.outcome {
        Outcome::Measured(measured) => Some(measured.warm.series.statistics.median),
        Outcome::Skipped(_) => None,
    };
    let largest = entries.iter().filter_map(measured).fold(0.0, f64::max);
    let (mut rows, mut with_flops, mut with_cold) = (String::new(), false, false);
    for entry in entries {
        if let Outcome::Measured(measured) = &entry.outcome {
            with_flops |= measured.flops.is_some();
            with_cold |= measured.cold.is_some();
        }
    }
    for (n, entry) in (1..).zip(entries) {
        let name = name_of(entry.function);
        match &entry.outcome {
            Outcome::Skipped(reason) => rows.push_str(&format!(
                "<tr><th scope=\"row\">{name}</th><td colspan=\"10\" class=\"skipped\">not measured: {}</td></tr>\n",
                escape(reason)
            )),
            Outcome::Measured(measured) => {
                let series = &measured.warm.series;
                let share = if largest > 0.0 { series.statistics.median / largest * 100.0 } else { 0.0 };
                rows.push_str(&format!(
                    "<tr><th scope=\"row\"><a href=\"#f{n}\">{name}</a></th>\
                     <td class=\"bar\"><span style=\"width:{share:.1}%\"></span></td>{}",
                    cells(&series.statistics, Some(&plus_minus(series)))
                ));
                if with_cold {
                    let cold = measured.cold.as_ref().map_or("–".to_owned(), |cold| time(cold.statistics.median));
                    rows.push_str(&format!("<td>{cold}</td>"));
                }
                rows.push_str(&speeds(measured, series, with_flops));
                rows.push_str("</tr>\n");
            }
        }
    }
    let cold = if with_cold { "<th>cold</th>" } else { "" };
    let flops = if with_flops { "<th>GFLOP/s</th>" } else { "" };
    format!(
        "<section class=\"summary\" aria-label=\"Results\">\n<table>\n<thead><tr><th>function</th><th class=\"bar\"></th>\
         <th>median</th><th>±95&nbsp;%</th><th>min</th><th>p20</th><th>p80</th><th>mean</th>{cold}<th>GB/s</th>{flops}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )
}

/// Median, interval, min, p20, p80, mean.
fn cells(times: &Statistics, interval: Option<&str>) -> String {
    let rest = [times.min, times.p20, times.p80, times.mean].map(|value| format!("<td>{}</td>", time(value))).concat();
    format!("<td class=\"median\">{}</td><td>{}</td>{rest}", time(times.median), interval.unwrap_or("–"))
}

fn speeds(measured: &Measured<'_>, series: &Series, with_flops: bool) -> String {
    let speed = |amount| rate(amount, series.statistics.median).map_or("–".to_owned(), digits);
    let flops = if with_flops { format!("<td>{}</td>", speed(measured.flops)) } else { String::new() };
    format!("<td>{}</td>{flops}", speed(measured.bytes))
}

/// What there is of one function; nothing for one that was not measured.
fn section(n: usize, entry: &Entry<'_>, origin: &Origin, history: &[Json]) -> String {
    let Outcome::Measured(measured) = &entry.outcome else { return String::new() };
    let series = &measured.warm.series;
    let mut text = format!(
        "<section class=\"function\" id=\"f{n}\">\n<h2>{}</h2>\n<p class=\"figure\"><strong>{}</strong> ±{}{}</p>\n",
        name_of(entry.function),
        time(series.statistics.median),
        plus_minus(series),
        headline(measured, series),
    );
    if let Some((benchmark, batch)) = &measured.benchmark {
        let workload: Vec<String> = benchmark.workload.iter().map(ToString::to_string).collect();
        let of = format!("a dispatch of {}, workload {}, {batch} in a call", benchmark.export, workload.join(" × "));
        text.push_str(&format!("<p class=\"note\">{}</p>\n", escape(&of)));
    }
    let warm = limit_reached(series).map(|note| format!("warm: {note}"));
    let cold = measured.cold.as_ref().and_then(limit_reached).map(|note| format!("cold: {note}"));
    for note in [not_steady(&measured.warm.warm_up), warm, cold].into_iter().flatten() {
        text.push_str(&format!("<p class=\"note warning\">{}</p>\n", escape(&note)));
    }
    text.push_str("<div class=\"charts\">\n");
    text.push_str(&distribution("warm", "Warm caches", series));
    if let Some(cold) = &measured.cold {
        text.push_str(&distribution("cold", "Cold caches", cold));
    }
    let points = points(entry.function, series, origin, history);
    if points.len() > 1 {
        text.push_str(&history_chart(&points));
    }
    text.push_str("</div>\n");
    text + &dispatches(measured) + "</section>\n"
}

fn headline(measured: &Measured<'_>, series: &Series) -> String {
    let median = series.statistics.median;
    let bytes = rate(measured.bytes, median).map(|rate| format!("{} GB/s", digits(rate)));
    let flops = rate(measured.flops, median).map(|rate| format!("{} GFLOP/s", digits(rate)));
    let samples = Some(format!("{} samples in {:.1} s", series.statistics.samples, series.spent.as_secs_f64()));
    [bytes, flops, samples].into_iter().flatten().map(|text| format!(" · {text}")).collect()
}

/// Earlier results of the function on the device, and this one.
fn points(function: &str, series: &Series, origin: &Origin, history: &[Json]) -> Vec<Point> {
    let earlier = history.iter().filter(|e| e["function"] == function && e["device"] == *origin.device);
    let point = |entry: &Json| {
        let median = entry["median_ns"].as_f64()?;
        let end = |index: usize| entry["interval_ns"][index].as_f64().unwrap_or(median);
        let text = |key: &str| entry[key].as_str().unwrap_or("unknown").to_owned();
        Some(Point { median, low: end(0), high: end(1), time: text("time"), program: text("program") })
    };
    let mut points: Vec<Point> = earlier.filter_map(point).collect();
    let times = &series.statistics;
    let (low, high) = times.interval.map_or((times.median, times.median), |interval| (interval.low, interval.high));
    let (time, program) = (origin.time.clone(), origin.program.clone());
    points.push(Point { median: times.median, low, high, time, program });
    points.split_off(points.len().saturating_sub(MOST_POINTS))
}

fn dispatches(measured: &Measured<'_>) -> String {
    if measured.dispatches.is_empty() {
        return String::new();
    }
    let row = |dispatch: &ropt_runtime::measure::DispatchTimes| {
        let times = &dispatch.statistics;
        let interval = times.interval.map(|interval| percent(interval.relative(times.median)));
        let speed = rate(Some(dispatch.bytes), times.median).map_or("–".to_owned(), digits);
        format!(
            "<tr><th scope=\"row\">{}</th>{}<td>{speed}</td></tr>\n",
            name_of(&dispatch.export),
            cells(times, interval.as_deref())
        )
    };
    let rows: String = measured.dispatches.iter().map(row).collect();
    format!(
        "<div class=\"scroll\"><table>\n<thead><tr><th>dispatch</th><th>median</th><th>±95&nbsp;%</th><th>min</th><th>p20</th>\
         <th>p80</th><th>mean</th><th>GB/s</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(escape("<script>\"&'\u{7}"), "&lt;script&gt;&quot;&amp;&#39;\u{fffd}");
    }
}

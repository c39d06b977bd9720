//! Results for spreadsheets: a line for each function, cold figure and export.

use ropt_runtime::measure::{Series, Statistics};

use super::entry::{Entry, Origin, Outcome, rate};

/// The first line.
pub(crate) const HEAD: &str = "time,program,device,function,kind,export,batch,samples,iterations,median_ns,low_ns,high_ns,\
min_ns,p20_ns,p80_ns,mean_ns,gb_per_s,gflop_per_s,limit_reached\n";

/// The lines of a function; none when it was not measured.
pub(crate) fn lines(entry: &Entry<'_>, origin: &Origin) -> String {
    let Outcome::Measured(measured) = &entry.outcome else { return String::new() };
    let (export, batch) =
        measured.benchmark.map_or(("", String::new()), |(b, batch)| (b.export.as_str(), batch.to_string()));
    let mut text = String::new();
    let mut line = |kind, export, times: &Statistics, amounts: [Option<f64>; 2], series: Option<&Series>| {
        let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.3}"));
        let names = [&origin.time, &origin.program, &origin.device, entry.function, kind, export].map(field);
        let numbers = [
            Some(times.median),
            times.interval.map(|interval| interval.low),
            times.interval.map(|interval| interval.high),
            Some(times.min),
            Some(times.p20),
            Some(times.p80),
            Some(times.mean),
            rate(amounts[0], times.median),
            rate(amounts[1], times.median),
        ];
        let limit = series.map_or(String::new(), |series| (!series.precise).to_string());
        let numbers = numbers.map(number).join(",");
        let (names, samples, iterations) = (names.join(","), times.samples, times.iterations);
        text.push_str(&format!("{names},{batch},{samples},{iterations},{numbers},{limit}\n"));
    };
    let amounts = [measured.bytes, measured.flops];
    let warm = &measured.warm.series;
    line("warm", export, &warm.statistics, amounts, Some(warm));
    if let Some(cold) = &measured.cold {
        line("cold", export, &cold.statistics, amounts, Some(cold));
    }
    for dispatch in &measured.dispatches {
        line("dispatch", &dispatch.export, &dispatch.statistics, [Some(dispatch.bytes), None], None);
    }
    text
}

/// A text as a field (RFC 4180).
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        assert_eq!(field("main"), "main");
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("say \"a\"\n"), "\"say \"\"a\"\"\n\"");
    }
}

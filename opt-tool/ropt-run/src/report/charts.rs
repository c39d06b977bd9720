//! Charts as inline SVG: where the samples lie, and how a function's time went from run to run.

use ropt_runtime::measure::Series;

use super::escape;
use crate::units::{percent, time};

/// A result of a history.
pub(super) struct Point {
    pub(super) median: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) time: String,
    pub(super) program: String,
}

/// Size of a chart; it is scaled to the page.
const WIDTH: f64 = 640.0;
const MOST_BINS: usize = 64;
const FEWEST_BINS: usize = 8;

/// A histogram of a series, with its median and the interval of that.
pub(super) fn distribution(class: &str, title: &str, series: &Series) -> String {
    const HEIGHT: f64 = 150.0;
    const BASE: f64 = 120.0;
    const TOP: f64 = 22.0;
    let mut sorted = series.times.clone();
    sorted.sort_by(f64::total_cmp);
    let (Some(&low), Some(&slowest)) = (sorted.first(), sorted.last()) else { return String::new() };
    let high = shown_to(&sorted);
    let count = ((sorted.len() as f64).sqrt() * 2.0) as usize;
    let mut bins = vec![0_usize; count.clamp(FEWEST_BINS, MOST_BINS)];
    let width = (high - low) / bins.len() as f64;
    let last = bins.len() - 1;
    sorted
        .iter()
        .filter(|&&value| value <= high)
        .for_each(|&value| bins[(((value - low) / width) as usize).min(last)] += 1);
    let most = bins.iter().copied().max().unwrap_or(1).max(1) as f64;
    let x = |value: f64| (value - low) / (high - low) * WIDTH;
    let (step, mut body) = (WIDTH / bins.len() as f64, String::new());
    let statistics = &series.statistics;
    if let Some(interval) = statistics.interval {
        let (from, to) = (x(interval.low), x(interval.high.min(high)));
        body.push_str(&format!(
            "<rect class=\"interval\" x=\"{from:.1}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{:.1}\"/>\n",
            (to - from).max(1.0),
            BASE - TOP
        ));
    }
    for (index, &count) in bins.iter().enumerate().filter(|(_, count)| **count > 0) {
        // A single sample is still seen.
        let tall = (count as f64 / most * (BASE - TOP)).max(1.5);
        body.push_str(&format!(
            "<rect class=\"bin\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{tall:.1}\"><title>{count} samples, {} to {}</title></rect>\n",
            index as f64 * step + 0.5,
            BASE - tall,
            step - 1.0,
            time(low + width * index as f64),
            time(low + width * (index + 1) as f64),
        ));
    }
    let median = x(statistics.median.min(high));
    let anchor = if median < WIDTH / 2.0 { ("start", 6.0) } else { ("end", -6.0) };
    body.push_str(&format!(
        "<line class=\"axis\" x1=\"0\" y1=\"{BASE}\" x2=\"{WIDTH}\" y2=\"{BASE}\"/>\n\
         <line class=\"median\" x1=\"{median:.1}\" y1=\"4\" x2=\"{median:.1}\" y2=\"{BASE}\"/>\n\
         <text class=\"strong\" x=\"{:.1}\" y=\"14\" text-anchor=\"{}\">median {}</text>\n",
        median + anchor.1,
        anchor.0,
        time(statistics.median)
    ));
    for tick in ticks(low, high, 5) {
        body.push_str(&label(x(tick), BASE + 18.0, &time(tick)));
    }
    let beyond = sorted.iter().filter(|&&value| value > high).count();
    let beyond = match beyond {
        0 => String::new(),
        count => format!(
            "; {} of the samples are slower, up to {}",
            percent(count as f64 / sorted.len() as f64),
            time(slowest).replace(' ', "\u{a0}")
        ),
    };
    figure(class, &format!("{title}, {} samples{beyond}", sorted.len()), HEIGHT, &body)
}

/// Where the axis ends: slower samples are told in words, for they would push all others into one bar.
fn shown_to(sorted: &[f64]) -> f64 {
    let at = |part: f64| sorted[((sorted.len() - 1) as f64 * part).ceil() as usize];
    let spread = at(0.8) - at(0.2);
    let high = if spread > 0.0 { at(0.98).min(at(0.8) + 3.0 * spread) } else { at(1.0) };
    // Equal samples get a range as well.
    high.max(at(0.0) * 1.001 + f64::MIN_POSITIVE)
}

/// The results of a function in the order of the runs, this one last.
pub(super) fn history(points: &[Point]) -> String {
    const HEIGHT: f64 = 190.0;
    const LEFT: f64 = 64.0;
    const BASE: f64 = 160.0;
    const TOP: f64 = 12.0;
    let low = points.iter().map(|point| point.low).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|point| point.high).fold(0.0, f64::max);
    // Noise of a few percent is not to fill the chart.
    let margin = ((high - low) * 0.12).max(high * 0.03);
    let (low, high) = ((low - margin).max(0.0), high + margin);
    let y = |value: f64| BASE - (value - low) / (high - low) * (BASE - TOP);
    let step = (WIDTH - LEFT - 24.0) / (points.len() - 1).max(1) as f64;
    let x = |index: usize| LEFT + 12.0 + index as f64 * step;
    let mut body = String::new();
    for tick in ticks(low, high, 4) {
        let at = y(tick);
        body.push_str(&format!(
            "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{WIDTH}\" y2=\"{at:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n",
            LEFT - 8.0,
            at + 4.0,
            time(tick)
        ));
    }
    let line: Vec<String> =
        points.iter().enumerate().map(|(index, point)| format!("{:.1},{:.1}", x(index), y(point.median))).collect();
    body.push_str(&format!("<polyline points=\"{}\"/>\n", line.join(" ")));
    for (index, point) in points.iter().enumerate() {
        let class = if index + 1 == points.len() { "point now" } else { "point" };
        let radius = if index + 1 == points.len() { 5 } else { 3 };
        body.push_str(&format!(
            "<line class=\"whisker\" x1=\"{0:.1}\" y1=\"{1:.1}\" x2=\"{0:.1}\" y2=\"{2:.1}\"/>\
             <circle class=\"{class}\" cx=\"{0:.1}\" cy=\"{3:.1}\" r=\"{radius}\"><title>{4}: {5} ({6} to {7}), {8}</title></circle>\n",
            x(index),
            y(point.low),
            y(point.high),
            y(point.median),
            escape(&point.time),
            time(point.median),
            time(point.low),
            time(point.high),
            escape(&point.program),
        ));
    }
    body.push_str(&format!("<line class=\"axis\" x1=\"{LEFT}\" y1=\"{BASE}\" x2=\"{WIDTH}\" y2=\"{BASE}\"/>\n"));
    let day = |point: &Point| point.time.get(..16).unwrap_or(&point.time).replace('T', " ");
    body.push_str(&format!("<text x=\"{LEFT}\" y=\"{}\">{}</text>\n", BASE + 18.0, escape(&day(&points[0]))));
    body.push_str(&format!("<text x=\"{WIDTH}\" y=\"{}\" text-anchor=\"end\">this run</text>\n", BASE + 18.0));
    figure("past", &format!("The last {} runs, with intervals", points.len()), HEIGHT, &body)
}

fn figure(class: &str, caption: &str, height: f64, body: &str) -> String {
    let caption = escape(caption);
    format!(
        "<figure class=\"{class}\">\n<figcaption>{caption}</figcaption>\n\
         <svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{caption}\">\n{body}</svg>\n</figure>\n"
    )
}

/// A text under the axis, moved inwards at its ends.
fn label(x: f64, y: f64, text: &str) -> String {
    let anchor = match x {
        x if x < 30.0 => "start",
        x if x > WIDTH - 30.0 => "end",
        _ => "middle",
    };
    format!("<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>\n")
}

/// Round numbers between the ends, about as many.
fn ticks(low: f64, high: f64, about: usize) -> Vec<f64> {
    let raw = (high - low) / about as f64;
    let unit = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * unit).into_iter().find(|&step| step >= raw).unwrap_or(raw);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last).take(2 * about + 2).map(|n| n as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ropt_runtime::measure::Statistics;
    use std::time::Duration;

    fn series(times: Vec<f64>) -> Series {
        let statistics = Statistics::of(&times, 1);
        Series { times, statistics, spent: Duration::from_secs(1), precise: true }
    }

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(1030.0, 1190.0, 4), [1050.0, 1100.0, 1150.0]);
    }

    #[test]
    fn charts_of_odd_samples_hold_no_odd_numbers() {
        for times in [vec![5.0], vec![5.0; 100], (1..500).map(f64::from).collect(), vec![1.0, 1e9], vec![0.0; 7]] {
            let svg = distribution("warm", "Warm", &series(times.clone()));
            assert!(svg.contains("class=\"bin\"") && !svg.contains("NaN") && !svg.contains("inf"), "{times:?}: {svg}");
        }
        let point = |median: f64| Point { median, low: median, high: median, time: "é".into(), program: "<p>".into() };
        let svg = history(&[point(5.0), point(5.0)]);
        assert!(svg.contains("&lt;p&gt;") && !svg.contains("NaN") && !svg.contains("<p>"), "{svg}");
    }
}

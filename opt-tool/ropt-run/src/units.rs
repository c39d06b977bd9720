//! Numbers as people read them.

/// `850.0 ns`, `40.3 µs`, `12.5 ms`.
pub(crate) fn time(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    format!("{} {unit}", digits(value))
}

/// Three digits or more: `0.0123`, `1.23`, `12.3`, `1234`.
pub(crate) fn digits(value: f64) -> String {
    match value {
        v if v < 0.1 => format!("{v:.4}"),
        v if v < 10.0 => format!("{v:.2}"),
        v if v < 100.0 => format!("{v:.1}"),
        v => format!("{v:.0}"),
    }
}

/// A part as `2.3 %`.
pub(crate) fn percent(part: f64) -> String {
    let percent = part * 100.0;
    if percent < 10.0 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        let times = [12.34, 999.0, 1_234.0, 40_300.0, 2.5e6, 1.5e9].map(time);
        assert_eq!(times, ["12.3 ns", "999 ns", "1.23 µs", "40.3 µs", "2.50 ms", "1.50 s"]);
        assert_eq!([0.004, 0.023, 0.5].map(percent), ["0.4 %", "2.3 %", "50 %"]);
        assert_eq!(digits(0.0123), "0.0123");
    }
}

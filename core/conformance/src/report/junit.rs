//! JUnit's XML, in the form that Jenkins and its like agree on.

use super::{Outcome, Report, Verdict, indented};
use std::fmt::Write;

pub(super) fn junit(report: &Report) -> String {
    let [_, failed, not_run] = report.counts();
    let (count, time) = (report.outcomes.len(), seconds(&report.outcomes));
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(
        text,
        "<testsuites name=\"{}\" tests=\"{count}\" failures=\"{failed}\" skipped=\"{not_run}\" time=\"{time:.3}\">",
        escaped(&report.plugins.join(" "))
    );
    for (name, part) in report.groups() {
        let [_, failed, not_run] = part.counts();
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\" skipped=\"{not_run}\" time=\"{:.3}\">",
            escaped(name),
            part.outcomes.len(),
            seconds(&part.outcomes)
        );
        part.outcomes.iter().for_each(|outcome| case(&mut text, name, outcome, report));
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(text: &mut String, group: &str, outcome: &Outcome, report: &Report) {
    let name = outcome.name.strip_prefix(group).map_or(outcome.name.as_str(), |rest| rest.trim_start_matches('/'));
    let _ = write!(
        text,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\"",
        escaped(group),
        escaped(name),
        outcome.seconds
    );
    match &outcome.verdict {
        Verdict::Passed => text.push_str("/>\n"),
        Verdict::NotRun { reason } => {
            let _ = writeln!(text, "><skipped message=\"{}\"/></testcase>", escaped(reason));
        }
        Verdict::Failed { expected, found } => {
            let again = report.again(&outcome.name);
            let first = found.lines().next().unwrap_or_default();
            let _ = writeln!(
                text,
                "><failure message=\"{}\">{}</failure></testcase>",
                escaped(first),
                escaped(&format!("expected  {}\nfound     {}\nagain     {again}", indented(expected), indented(found)))
            );
        }
    }
}

fn seconds(outcomes: &[Outcome]) -> f64 {
    outcomes.iter().map(|outcome| outcome.seconds).sum()
}

/// Text as XML has it; what XML cannot hold at all is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push('\t'),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;

    #[test]
    fn failures_and_what_was_not_run_are_told_apart() {
        let xml = report().junit();
        assert!(
            xml.contains("<testsuites name=\"a.so\" tests=\"4\" failures=\"1\" skipped=\"1\" time=\"1.000\">"),
            "{xml}"
        );
        assert!(xml.contains("<testsuite name=\"target/t/ops\" tests=\"2\" failures=\"1\" skipped=\"0\""), "{xml}");
        assert!(
            xml.contains("name=\"b/f32\" time=\"0.250\"><failure message=\"signal &quot;11&quot; &amp; more\">"),
            "{xml}"
        );
        assert!(xml.contains("1 &lt; 2&#10;found"), "{xml}");
        assert!(xml.contains("<skipped message=\"no device\"/>"), "{xml}");
    }
}

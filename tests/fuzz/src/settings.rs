//! `ropt.toml`.

use crate::text;
use ropt_isolation::rules::{Rules, read};
use std::path::Path;

pub(crate) fn run(data: &[u8]) {
    let Some(text) = text(data) else { return };
    match read(text, Path::new("folder")) {
        Ok(config) => std::iter::once(&config.every).chain(config.plugins.values()).for_each(usable),
        Err(error) => {
            if let Some(span) = error.span() {
                assert!(text.get(span).is_some(), "the place of an error lies in the text");
            }
        }
    }
}

/// Limits are numbers that can be set.
fn usable(rules: &Rules) {
    let limits = &rules.limits;
    assert!(limits.wall_s.is_finite() && limits.wall_s > 0.0);
    for (amount, unit) in [(limits.memory_mb, 20), (limits.file_mb, 20), (limits.output_kb, 10), (limits.cpu_s, 0)] {
        assert!(amount.checked_mul(1 << unit).is_some_and(|bytes| i64::try_from(bytes).is_ok()));
    }
    assert!(rules.read.iter().chain(&rules.write).all(|path| path.is_absolute() || path.starts_with("folder")));
}

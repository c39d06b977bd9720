//! The names in a manifest. Pipelines, command lines and LLVM's flags hold them, and LLVM ends the process for an empty or a
//! repeated one.

use super::{FlagRecord, Manifest, ManifestError};
use std::collections::HashSet;

/// The most bytes of a name.
const LONGEST: usize = 128;

/// What [`is_name`] asks for, as the end of a message.
pub const NAME_RULE: &str =
    "a name has letters, digits, `-`, `_` and `.`, begins with a letter or digit, and has at most 128 bytes";

/// Whether a pipeline and a command line can hold it as the name of something: letters, digits, `-`, `_` and `.` of ASCII,
/// the first a letter or digit, 128 at most.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.len() <= LONGEST
        && text.chars().all(|c| c.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&c))
}

/// What cannot be anything's name, for a message.
pub(super) fn shown(name: &str) -> String {
    let start: String = name.chars().take(40).collect();
    let rest = if start.len() < name.len() { "…" } else { "" };
    format!("{}{rest}", start.escape_debug())
}

/// Names of one kind.
struct Kind(&'static str, HashSet<String>);

impl Kind {
    fn of(what: &'static str) -> Self {
        Self(what, HashSet::new())
    }

    fn take<'a>(&mut self, names: impl IntoIterator<Item = &'a String>) -> Result<(), ManifestError> {
        for name in names {
            if !is_name(name) {
                return Err(ManifestError::Name { what: self.0, name: name.clone() });
            }
            if !self.1.insert(name.clone()) {
                return Err(ManifestError::Twice { what: self.0, name: name.clone() });
            }
        }
        Ok(())
    }
}

/// Checks every name, and that none occurs twice where one is looked up.
pub(super) fn check(manifest: &Manifest) -> Result<(), ManifestError> {
    Kind::of("plugin").take([&manifest.header.plugin])?;
    let (mut passes, mut flags) = (Kind::of("pass"), Kind::of("flag"));
    let mut take_flags = |records: &[FlagRecord]| {
        records.iter().try_for_each(|flag| flags.take([&flag.name]).and_then(|()| flags.take(&flag.aliases)))
    };
    for pass in &manifest.passes {
        passes.take([&pass.pass])?;
        passes.take(&pass.aliases)?;
        Kind::of("pass option").take(pass.options.iter().map(|option| &option.name))?;
        Kind::of("statistic").take(pass.statistics.iter().map(|statistic| &statistic.name))?;
        take_flags(&pass.flags)?;
    }
    let mut targets = Kind::of("target");
    for target in &manifest.targets {
        targets.take([&target.target])?;
        targets.take(&target.aliases)?;
        take_flags(&target.flags)?;
    }
    Kind::of("driver").take(manifest.drivers.iter().map(|driver| &driver.driver))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{OptionRecord, PassRecord};

    #[test]
    fn names_fit_into_pipelines_and_command_lines() {
        for name in ["hal-dump", "Acme_2.x", "3d", &"n".repeat(LONGEST)] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-x", "a b", "a=b", "a,b", "a(b)", "ä", "a\0", "a\n", &"n".repeat(LONGEST + 1)] {
            assert!(!is_name(name), "{name:?}");
        }
    }

    /// A manifest with one pass, changed.
    fn checked(change: impl FnOnce(&mut PassRecord)) -> Result<(), String> {
        let mut pass = PassRecord { pass: "acme-tile".into(), ..PassRecord::default() };
        change(&mut pass);
        let mut manifest = Manifest { passes: vec![pass], ..Manifest::default() };
        manifest.header.plugin = "acme".into();
        check(&manifest).map_err(|error| error.to_string())
    }

    #[test]
    fn the_name_is_told() {
        assert_eq!(checked(|_| ()), Ok(()));
        let said = checked(|pass| pass.pass.clear()).expect_err("an empty name");
        assert!(said.starts_with("its manifest names a pass ``: a name has letters"), "{said}");
        let said = checked(|pass| pass.aliases.push("x\n".repeat(5000))).expect_err("a long name");
        assert!(said.contains("a pass `x\\nx\\n") && said.len() < 300, "{said}");
        let twice = |pass: &mut PassRecord| {
            pass.options = vec![OptionRecord { name: "size".into(), ..OptionRecord::default() }; 2];
        };
        assert_eq!(checked(twice).expect_err("two"), "its manifest has the pass option `size` twice");
        assert_eq!(
            checked(|pass| pass.aliases.push("acme-tile".into())).expect_err("an alias of itself"),
            "its manifest has the pass `acme-tile` twice"
        );
    }
}

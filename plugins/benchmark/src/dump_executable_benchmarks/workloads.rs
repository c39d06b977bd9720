//! Sizes for dynamic dispatches: given by hand, or recorded from a run.

use ropt_executable::did_you_mean;
use ropt_plugin::{
    prelude::PassError,
    ropt_abi::workloads::{Recorded, RecordedDispatch, VERSION},
};
use std::{fs, io, path::PathBuf};
use thiserror::Error;

/// A workload that was given for an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// The executable's name.
    pub(super) executable: String,
    /// The export's name; none when the executable has only one.
    pub(super) export: Option<String>,
    /// The workload.
    pub(super) workload: Vec<i64>,
}

impl Given {
    /// As on the command line.
    pub(super) fn text(&self) -> String {
        workload_text(&self.workload)
    }
}

/// `64x128`.
pub(super) fn workload_text(workload: &[i64]) -> String {
    workload.iter().map(ToString::to_string).collect::<Vec<_>>().join("x")
}

/// What is wrong with the sizes given.
#[derive(Debug, Error)]
pub(super) enum WorkloadError {
    /// No name before the numbers.
    #[error("`{text}` does not say which export it is for")]
    NoName {
        /// The item.
        text: String,
    },
    /// No numbers.
    #[error("`{text}` is no workload")]
    NoNumbers {
        /// The item.
        text: String,
    },
    /// No such executable or export.
    #[error("there is no {kind} `{name}`")]
    Unknown {
        /// `executable`, or `export` with the executable's name.
        kind: String,
        /// The name.
        name: String,
        /// Names that there are.
        near: String,
    },
    /// The recorded run cannot be read.
    #[error("cannot read the recorded run `{path}`: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file is something else.
    #[error("`{path}` is no recorded run: {source}")]
    NotRecorded {
        /// The file.
        path: PathBuf,
        /// The parser's reason.
        source: serde_json::Error,
    },
    /// A later ropt-run's.
    #[error("`{path}` is a recorded run of version {found}, this ropt reads version {VERSION}")]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
}

impl WorkloadError {
    /// For the user.
    pub(super) fn report(self) -> PassError {
        let help = match &self {
            Self::NoName { .. } | Self::NoNumbers { .. } => {
                "write EXECUTABLE::EXPORT=64x128 with a number for each value of the workload; more workloads of the \
                 same export follow behind commas"
                    .to_owned()
            }
            Self::Unknown { near, .. } => near.clone(),
            Self::Read { .. } | Self::NotRecorded { .. } | Self::Version { .. } => {
                "write one with `ropt-run run PROGRAM --record-workloads=FILE`".to_owned()
            }
        };
        let flag = match &self {
            Self::Read { .. } | Self::NotRecorded { .. } | Self::Version { .. } => "--hal-benchmark-workloads-from",
            _ => "--hal-benchmark-workload",
        };
        PassError::usage(self.to_string()).note(format!("it comes from {flag}")).help(help)
    }
}

/// Reads `exe::export=64x128` and further workloads of the same export.
pub(super) fn parse(items: &[String]) -> Result<Vec<Given>, WorkloadError> {
    let mut found: Vec<Given> = Vec::new();
    for item in items.iter().map(|item| item.trim()).filter(|item| !item.is_empty()) {
        let (name, numbers) = match item.rsplit_once('=') {
            Some((name, numbers)) => (Some(name), numbers),
            None => (None, item),
        };
        let workload: Option<Vec<i64>> =
            numbers.split('x').map(|number| number.parse().ok().filter(|number| *number >= 0)).collect();
        let Some(workload) = workload else { return Err(WorkloadError::NoNumbers { text: item.to_owned() }) };
        let (executable, export) = match (name, found.last()) {
            (Some(""), _) | (None, None) => return Err(WorkloadError::NoName { text: item.to_owned() }),
            (Some(name), _) => match name.split_once("::") {
                Some((executable, export)) => (executable.to_owned(), Some(export.to_owned())),
                None => (name.to_owned(), None),
            },
            (None, Some(last)) => (last.executable.clone(), last.export.clone()),
        };
        found.push(Given { executable, export, workload });
    }
    Ok(found)
}

/// Checks that what is named is there. `known` has each executable with its exports.
pub(super) fn check(given: &[Given], known: &[(String, Vec<String>)]) -> Result<(), WorkloadError> {
    for one in given {
        let Some((executable, exports)) = known.iter().find(|(name, _)| *name == one.executable) else {
            let near = did_you_mean(&one.executable, "executables", known.iter().map(|(name, _)| name.as_str()));
            return Err(WorkloadError::Unknown { kind: "executable".into(), name: one.executable.clone(), near });
        };
        match &one.export {
            Some(export) if !exports.contains(export) => {
                let near = did_you_mean(export, "exports", exports.iter().map(String::as_str));
                let kind = format!("export of executable @{executable} with the name");
                return Err(WorkloadError::Unknown { kind, name: export.clone(), near });
            }
            None if exports.len() > 1 => {
                let near = format!("it has several: {}", exports.join(", "));
                let kind = format!("export named for executable @{executable} in");
                return Err(WorkloadError::Unknown { kind, name: one.text(), near });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Reads a recorded run.
pub(super) fn recorded(path: &str) -> Result<Vec<RecordedDispatch>, WorkloadError> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let path = PathBuf::from(path);
    let text = fs::read_to_string(&path).map_err(|source| WorkloadError::Read { path: path.clone(), source })?;
    let run: Recorded =
        serde_json::from_str(&text).map_err(|source| WorkloadError::NotRecorded { path: path.clone(), source })?;
    if run.version != VERSION {
        return Err(WorkloadError::Version { path, found: run.version });
    }
    Ok(run.dispatches)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(list: &[&str]) -> Vec<String> {
        list.iter().map(|item| (*item).to_owned()).collect()
    }

    #[test]
    fn further_workloads_are_of_the_last_export() {
        let given = parse(&items(&["a::x=64x128", "32x8", "b=7"])).expect("reads");
        let texts: Vec<_> =
            given.iter().map(|one| (one.executable.as_str(), one.export.as_deref(), one.text())).collect();
        assert_eq!(
            texts,
            [("a", Some("x"), "64x128".into()), ("a", Some("x"), "32x8".into()), ("b", None, "7".into())]
        );
    }

    #[test]
    fn what_is_no_workload_is_refused() {
        assert!(matches!(parse(&items(&["64"])), Err(WorkloadError::NoName { .. })));
        assert!(matches!(parse(&items(&["=64"])), Err(WorkloadError::NoName { .. })));
        for text in ["a::x=", "a::x=64x", "a::x=-1", "a::x=64*2", "a::x=99999999999999999999", "a::x"] {
            assert!(matches!(parse(&items(&[text])), Err(WorkloadError::NoNumbers { .. })), "{text}");
        }
    }

    #[test]
    fn unknown_names_lead_to_the_known() {
        let known =
            vec![("matmul_0".to_owned(), vec!["k".to_owned()]), ("two".to_owned(), vec!["a".into(), "b".into()])];
        let error = |text: &str| {
            let given = parse(&items(&[text])).expect("reads");
            match check(&given, &known) {
                Err(WorkloadError::Unknown { near, .. }) => near,
                other => panic!("{text}: {other:?}"),
            }
        };
        assert_eq!(error("matmul_O::k=4"), "did you mean `matmul_0`?");
        assert_eq!(error("matmul_0::kk=4"), "did you mean `k`?");
        assert_eq!(error("two=4"), "it has several: a, b");
        assert!(check(&parse(&items(&["matmul_0=4", "two::b=1x2"])).expect("reads"), &known).is_ok());
    }
}

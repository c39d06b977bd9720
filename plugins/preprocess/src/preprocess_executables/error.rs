//! What can be wrong with an executable that comes back.

use ropt_executable::interface::{Mismatch, SiteMismatch};
use ropt_plugin::{executable::PickError, prelude::*};
use thiserror::Error;

/// Why it is not taken; the text is what came back.
#[derive(Debug, Error)]
pub(crate) enum PreprocessError {
    #[error("what it printed cannot be read as IR")]
    Parse,
    #[error("what it printed {0}")]
    Pick(#[from] PickError),
    #[error("{0} executables came back, expected one")]
    Count(usize),
    #[error("executable @{found} came back, expected @{expected}")]
    Name { expected: String, found: String },
    #[error("a {found} came back, expected a {expected}")]
    Kind { expected: String, found: String },
    #[error("variant @{lost} did not come back, only {has}")]
    Variant { lost: String, has: String },
    #[error("{0}")]
    Mismatch(#[from] Mismatch),
    #[error("{0}")]
    Site(#[from] SiteMismatch),
}

impl PreprocessError {
    /// The error for the user: what, where, by which command or pipeline, and what to do.
    pub(crate) fn refuse(
        self,
        executable: &str,
        who: &str,
        at: Location<'_>,
        places: &[(Location<'_>, String)],
    ) -> PassError {
        let help = match &self {
            Self::Parse => {
                "it must print the executable, in this version of MLIR's text or in generic form: \
                 --mlir-print-op-generic of ropt, mlir-opt and iree-opt"
            }
            Self::Pick(_) | Self::Count(_) => "it must print the one executable that it was given, changed",
            Self::Name { .. } | Self::Kind { .. } | Self::Variant { .. } | Self::Mismatch(_) | Self::Site(_) => {
                "the program keeps its side: names, variants, exports, layouts and count regions have to stay"
            }
        };
        let error = PassError::new(format!("cannot preprocess executable @{executable}: {self}")).at(at);
        let error = places.iter().fold(error, |error, (place, note)| error.note_at(*place, note.as_str()));
        error.note(format!("changed by {who}")).help(help)
    }
}

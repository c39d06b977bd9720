//! What verifying says: inputs that cannot be made, results that differ, results that agree.

use std::path::Path;

use ropt_runtime::{
    compare::Tolerances,
    program::Signature,
    value::{Numbers, Value},
    verify::{Agreement, VerifyError, random_inputs},
};

use crate::{
    failure::{Failure, list},
    run::different,
};

/// Random inputs of a function.
pub(crate) fn inputs(function: &str, signature: &Signature, seed: u64) -> Result<Vec<Value>, Failure> {
    random_inputs(signature, Numbers::Signed, seed).ok_or_else(|| {
        Failure::input(format!("function '{function}' cannot be verified: its arguments have dynamic shapes"))
            .with("note", format!("its type is {signature}"))
            .with("help", "give an --input= for each argument")
    })
}

/// Results that agree: how much of them, and how well.
pub(crate) fn text(agreement: &Agreement) -> String {
    let Agreement { results, numbers, largest } = agreement;
    let plural = if *results == 1 { "" } else { "s" };
    let largest =
        if *largest == 0.0 { "no difference".to_owned() } else { format!("largest difference {largest:.1e}") };
    format!("{numbers} numbers in {results} result{plural}, {largest}")
}

/// What went wrong; `reference` is the program that was verified against.
pub(crate) fn failure(error: VerifyError, tolerances: &Tolerances, reference: &Path) -> Failure {
    match error {
        VerifyError::Different { function, index, element, difference } => different(
            &format!("result {index} of function '{function}'"),
            &format!("that of '{}'", reference.display()),
            difference,
            tolerances.of(element),
        ),
        other => other.into(),
    }
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        let message = error.to_string();
        match error {
            VerifyError::Missing { known, .. } => {
                Self::input(message).with("note", format!("it has: {}", list(&known)))
            }
            VerifyError::Signature { one, other, .. } => Self::input(message).with("note", one).with("note", other),
            VerifyError::Session(error) => error.into(),
            VerifyError::NoResults { .. } | VerifyError::Different { .. } => Self::input(message),
        }
    }
}

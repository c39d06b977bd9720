//! Two programs on the same inputs: which results differ, and where.

use thiserror::Error;

use crate::{
    compare::{Difference, Tolerances, compare},
    element::Element,
    program::{Program, Signature},
    session::{Session, SessionError},
    value::{Numbers, Value},
};

/// Results that agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Results.
    pub results: usize,
    /// Numbers in them.
    pub numbers: usize,
    /// Largest difference between two numbers, all of which the tolerances allow.
    pub largest: f64,
}

/// Why results could not be compared, or what differs.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum VerifyError {
    #[error("function '{function}' is in '{has}', but not in '{lacks}'")]
    Missing { function: String, has: String, lacks: String, known: Vec<String> },
    #[error("function '{function}' has different types in the two programs")]
    Signature { function: String, one: String, other: String },
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("function '{function}' has no results: there is nothing to compare")]
    NoResults { function: String },
    #[error("result {index} of function '{function}' differs")]
    Different { function: String, index: usize, element: Element, difference: Difference },
}

/// Inputs for a function, the same for the same seed; None when an argument has dynamic extents.
#[must_use]
pub fn random_inputs(signature: &Signature, numbers: Numbers, seed: u64) -> Option<Vec<Value>> {
    let generate = |(index, argument)| Value::generate(argument, numbers, seed.wrapping_add(index));
    (0..).zip(&signature.arguments).map(generate).collect()
}

/// The types of a function that two programs have.
///
/// # Errors
/// When one of them lacks it, or has it with other types.
pub fn shared_signature<'p>(one: &'p Program, other: &Program, function: &str) -> Result<&'p Signature, VerifyError> {
    let known = |program: &Program| program.functions().map(|(function, _)| function.name.clone()).collect();
    let missing = |lacks: &Program, has: &Program| VerifyError::Missing {
        function: function.to_owned(),
        has: has.path().display().to_string(),
        lacks: lacks.path().display().to_string(),
        known: known(lacks),
    };
    let (signature, theirs) = match (one.function(function), other.function(function)) {
        (Some((_, signature)), Some((_, theirs))) => (signature, theirs),
        (None, Some(_)) => return Err(missing(one, other)),
        (Some(_), None) => return Err(missing(other, one)),
        (None, None) => {
            return Err(SessionError::NoFunction { name: function.to_owned(), known: known(one) }.into());
        }
    };
    if signature == theirs {
        return Ok(signature);
    }
    Err(VerifyError::Signature {
        function: function.to_owned(),
        one: format!("{signature} in '{}'", one.path().display()),
        other: format!("{theirs} in '{}'", other.path().display()),
    })
}

/// Calls a function of both programs and compares the results with those of `reference`.
///
/// # Errors
/// When a call fails, the functions differ in their types, or a result differs.
pub fn verify(
    session: &Session<'_>,
    reference: &Session<'_>,
    function: &str,
    inputs: &[Value],
    tolerances: &Tolerances,
) -> Result<Agreement, VerifyError> {
    let signature = shared_signature(session.program(), reference.program(), function)?;
    if signature.results.is_empty() {
        return Err(VerifyError::NoResults { function: function.to_owned() });
    }
    let expected = reference.call(function, inputs)?;
    let actual = session.call(function, inputs)?;
    agree(function, &actual, &expected, tolerances)
}

/// Compares results of a function with those of another program's.
///
/// # Errors
/// When one differs.
pub fn agree(
    function: &str,
    actual: &[Value],
    expected: &[Value],
    tolerances: &Tolerances,
) -> Result<Agreement, VerifyError> {
    let mut agreement = Agreement { results: expected.len(), numbers: 0, largest: 0.0 };
    for (index, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let element = expected.array.element;
        let largest = compare(actual, expected, tolerances.of(element)).map_err(|difference| {
            VerifyError::Different { function: function.to_owned(), index, element, difference }
        })?;
        agreement.numbers += expected.array.len();
        agreement.largest = agreement.largest.max(largest);
    }
    Ok(agreement)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::ValueType;

    fn signature(arguments: &[&str]) -> Signature {
        let types = arguments.iter().map(|text| ValueType::parse(text).expect("a type"));
        Signature { arguments: types.collect(), results: Vec::new() }
    }

    #[test]
    fn inputs_follow_from_the_seed() {
        let signature = signature(&["tensor<64xf32>", "tensor<64xf32>", "i32"]);
        let inputs = |seed| random_inputs(&signature, Numbers::Signed, seed).expect("static");
        assert_eq!(inputs(5), inputs(5));
        assert_ne!(inputs(5), inputs(6));
        assert_ne!(inputs(5)[0], inputs(5)[1]);
        let numbers: Vec<f64> = inputs(5)[0].array.elements().map(|bytes| Element::F32.to_f64(bytes)).collect();
        assert!(numbers.iter().any(|&number| number < -0.5) && numbers.iter().any(|&number| number > 0.5));
        assert!(numbers.iter().all(|number| (-1.0..1.0).contains(number)));
        assert_eq!(random_inputs(&self::signature(&["tensor<?xf32>"]), Numbers::Signed, 5), None);
    }

    #[test]
    fn the_first_result_that_differs_is_named() {
        let number = |value: f32| Value::scalar(Element::F32, value.to_le_bytes().to_vec());
        let tolerances = Tolerances::default();
        let expected = [number(1.0), number(2.0)];
        let agreement = agree("f", &[number(1.0), number(2.0001)], &expected, &tolerances).expect("close");
        assert_eq!((agreement.results, agreement.numbers), (2, 2));
        assert!((5e-5..2e-4).contains(&agreement.largest), "{agreement:?}");
        let different = agree("f", &[number(1.0), number(3.0)], &expected, &tolerances);
        assert!(matches!(different, Err(VerifyError::Different { index: 1, .. })), "{different:?}");
    }
}

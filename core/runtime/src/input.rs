//! Turning the texts of `--input=` and `--expected-output=` into values of a function's types; reads their files.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::{
    element::Element,
    literal::{self, Body, Header, LiteralError},
    npy::{self, NpyError},
    types::ValueType,
    value::{Array, Value, byte_count, zeroed},
};

/// Why a text gives no value.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum InputError {
    #[error("'{text}' cannot be read: {error}")]
    Literal { text: String, error: LiteralError },
    #[error("cannot read '{}': {error}", path.display())]
    Io { path: PathBuf, error: std::io::Error },
    #[error("cannot read '{}': {error}", path.display())]
    Npy { path: PathBuf, error: NpyError },
    #[error("'{}' has {found} bytes, {expected} are needed", path.display())]
    RawSize { path: PathBuf, found: usize, expected: usize },
    #[error("'{text}' is of another type than the function has here")]
    Type { text: String, expected: ValueType, found: ValueType },
    #[error("'{text}' has no type: only a scalar can be given without one")]
    Untyped { text: String, expected: ValueType },
    #[error("'{text}' holds numbers other than 0 and 1")]
    NotBool { text: String },
}

/// The value of a text for an argument or result of this type.
///
/// # Errors
/// When the text or its file is wrong, or is of another type.
pub fn read_value(text: &str, expected: &ValueType) -> Result<Value, InputError> {
    let literal_error = |error| InputError::Literal { text: text.to_owned(), error };
    let literal = literal::parse(text).map_err(literal_error)?;
    let array = match (literal.header, literal.body) {
        (None, Body::File(path)) => read_npy(Path::new(&path))?,
        (None, Body::Text(number)) => {
            let ValueType::Scalar(element) = *expected else {
                return Err(InputError::Untyped { text: text.to_owned(), expected: expected.clone() });
            };
            let header = Header { shape: Vec::new(), element };
            let data = literal::parse_elements(&number, &header).map_err(literal_error)?;
            Array { element, shape: header.shape, data }
        }
        (Some(header), body) => {
            let bytes = byte_count(&header.shape, header.element).ok_or(LiteralError::TooLarge);
            let bytes = bytes.map_err(literal_error)?;
            // Another type is refused before its memory is filled or its file is read.
            check_type(text, header.element, &header.shape, expected)?;
            let data = match body {
                Body::Text(numbers) => literal::parse_elements(&numbers, &header).map_err(literal_error)?,
                Body::File(path) => read_raw(Path::new(&path), bytes)?,
                Body::Nothing => zeroed(bytes).ok_or(LiteralError::TooLarge).map_err(literal_error)?,
            };
            Array { element: header.element, shape: header.shape, data }
        }
        (None, Body::Nothing) => return Err(literal_error(LiteralError::Empty)),
    };
    convert(text, array, expected)
}

fn convert(text: &str, mut array: Array, expected: &ValueType) -> Result<Value, InputError> {
    // NumPy has no bf16: 16-bit integers stand for its bits.
    if expected.element() == Element::BF16 && matches!(array.element, Element::I16 | Element::U16) {
        array.element = Element::BF16;
    }
    check_type(text, array.element, &array.shape, expected)?;
    if expected.element() == Element::I1 && array.data.iter().any(|&byte| byte > 1) {
        return Err(InputError::NotBool { text: text.to_owned() });
    }
    array.element = expected.element();
    Ok(Value { scalar: matches!(expected, ValueType::Scalar(_)), array })
}

fn check_type(text: &str, element: Element, shape: &[u64], expected: &ValueType) -> Result<(), InputError> {
    if element.same_memory(expected.element()) && expected.accepts_shape(shape) {
        return Ok(());
    }
    let found = match expected {
        ValueType::Scalar(_) if shape.is_empty() => ValueType::Scalar(element),
        _ => ValueType::Tensor { shape: shape.iter().copied().map(Some).collect(), element },
    };
    Err(InputError::Type { text: text.to_owned(), expected: expected.clone(), found })
}

fn read_file(path: &Path) -> Result<Vec<u8>, InputError> {
    std::fs::read(path).map_err(|error| InputError::Io { path: path.to_owned(), error })
}

fn read_npy(path: &Path) -> Result<Array, InputError> {
    npy::read(&read_file(path)?).map_err(|error| InputError::Npy { path: path.to_owned(), error })
}

fn read_raw(path: &Path, expected: usize) -> Result<Vec<u8>, InputError> {
    let data = read_file(path)?;
    if data.len() != expected {
        return Err(InputError::RawSize { path: path.to_owned(), found: data.len(), expected });
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, expected: &str) -> Result<Value, InputError> {
        read_value(text, &ValueType::parse(expected).expect("a type"))
    }

    #[test]
    fn scalars_take_their_type_from_the_function() {
        assert_eq!(read("3.5", "f32").expect("valid").array.data, 3.5_f32.to_le_bytes());
        assert_eq!(read("i32=5", "i32").expect("valid").array.data, [5, 0, 0, 0]);
        assert_eq!(read("5", "index").expect("valid").array.data.len(), 8);
        assert!(read("f32=5", "tensor<f32>").is_ok_and(|value| !value.scalar));
        assert!(matches!(read("5", "tensor<4xf32>"), Err(InputError::Untyped { .. })));
        assert!(matches!(read("5.5", "i32"), Err(InputError::Literal { .. })));
    }

    #[test]
    fn types_are_compared_with_both_sides() {
        assert!(read("4xi8=1 0 1 1", "tensor<?xi1>").is_ok());
        assert!(matches!(read("4xi8=1 0 2 1", "tensor<?xi1>"), Err(InputError::NotBool { .. })));
        for (text, expected, found) in [
            ("4xf32=1", "tensor<5xf32>", "tensor<4xf32>"),
            ("4xf64=1", "tensor<4xf32>", "tensor<4xf64>"),
            ("2x2xf32=1", "tensor<4xf32>", "tensor<2x2xf32>"),
            ("f32=1", "i32", "f32"),
        ] {
            let Err(InputError::Type { found: actual, .. }) = read(text, expected) else { panic!("{text}") };
            assert_eq!(actual.to_string(), found);
        }
    }
}

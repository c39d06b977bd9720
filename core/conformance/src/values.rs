//! Values on their way to `ropt-run run` and back.

use ropt_runtime::{
    compare::{Difference, Tolerance, compare},
    element::Element,
    npy,
    value::{Array, Value},
};
use std::{fs, io, path::Path};

/// The text of `--input=`; a tensor's numbers are written to the file.
///
/// # Errors
/// When the file cannot be written.
pub fn argument(value: &Value, file: &Path) -> io::Result<String> {
    let array = &value.array;
    if value.scalar {
        let number = match array.element.is_float() {
            true => format!("{:?}", array.element.to_f64(&array.data)),
            false => array.element.to_i128(&array.data).to_string(),
        };
        return Ok(format!("{}={number}", array.element));
    }
    fs::write(file, &array.data)?;
    let shape: String = array.shape.iter().map(|extent| format!("{extent}x")).collect();
    Ok(format!("{shape}{}=@{}", array.element, file.display()))
}

/// What `--output=@` gets for a result of this type: `.npy`, with the shape, or the bytes of a type that NumPy lacks.
#[must_use]
pub fn extension(element: Element) -> &'static str {
    if element == Element::BF16 { "bin" } else { "npy" }
}

/// What was expected and what was found.
pub type Mismatch = (String, String);

/// Compares the file that a result was written to with what it should hold. `slack` widens the type's tolerance.
///
/// # Errors
/// What differs.
pub fn check(file: &Path, expected: &Value, slack: f64) -> Result<(), Mismatch> {
    let element = expected.array.element;
    let wanted = || format!("a value of type {}", expected.value_type());
    let bytes = fs::read(file).map_err(|error| (wanted(), format!("no file of a result: {error}")))?;
    let array = if extension(element) == "npy" {
        npy::read(&bytes).map_err(|error| (wanted(), error.to_string()))?
    } else if bytes.len() == expected.array.data.len() {
        Array { data: bytes, ..expected.array.clone() }
    } else {
        return Err((format!("{} bytes", expected.array.data.len()), format!("{} bytes", bytes.len())));
    };
    let tolerance = Tolerance::of(element);
    let tolerance = Tolerance { absolute: tolerance.absolute * slack, relative: tolerance.relative * slack };
    match compare(&Value { scalar: false, array }, expected, tolerance) {
        Ok(_) => Ok(()),
        Err(Difference::Type { expected, actual }) => Err((expected, actual)),
        Err(Difference::Elements { count, total, first, largest }) => {
            let (wanted, found): (Vec<String>, Vec<String>) =
                first.into_iter().map(|(at, wanted, found)| (format!("{wanted} at {at:?}"), found)).unzip();
            let expected = format!(
                "{}, within {:.0e} + {:.0e} * |expected|",
                wanted.join(", "),
                tolerance.absolute,
                tolerance.relative
            );
            let found = format!("{}; {count} of {total} elements differ, by at most {largest:.3e}", found.join(", "));
            Err((expected, found))
        }
    }
}

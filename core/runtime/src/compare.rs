//! Comparing a result with what was expected.

use crate::{
    element::Element,
    print::element_text,
    value::{Array, Value},
};

/// How far apart two numbers may be: `|actual - expected| <= absolute + relative * |expected|`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Absolute part.
    pub absolute: f64,
    /// Relative part.
    pub relative: f64,
}

impl Tolerance {
    /// What rounding in another order may change. Integers are compared exactly.
    #[must_use]
    pub fn of(element: Element) -> Self {
        let (absolute, relative) = match element {
            Element::F64 => (1e-9, 1e-9),
            Element::F32 => (1e-4, 1e-4),
            Element::F16 => (1e-2, 1e-2),
            Element::BF16 => (5e-2, 2e-2),
            _ => (0.0, 0.0),
        };
        Self { absolute, relative }
    }

    /// 64-bit integers lose digits as floats: without a tolerance they are compared as they are.
    fn allows_integers(self) -> bool {
        self.absolute > 0.0 || self.relative > 0.0
    }
}

/// Tolerances by type: those of [`Tolerance::of`], unless others are set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tolerances(Vec<Setting>);

/// The element type it is for, None being all floating-point types; the absolute and the relative part.
type Setting = (Option<Element>, Option<f64>, Option<f64>);

impl Tolerances {
    /// Sets the parts of a type's tolerance that are given; without a type, of all floating-point types'. What is set
    /// later counts.
    pub fn set(&mut self, element: Option<Element>, absolute: Option<f64>, relative: Option<f64>) {
        self.0.push((element, absolute, relative));
    }

    /// The tolerance of a type.
    #[must_use]
    pub fn of(&self, element: Element) -> Tolerance {
        let mut tolerance = Tolerance::of(element);
        for &(set, absolute, relative) in &self.0 {
            if set.map_or(element.is_float(), |set| set == element) {
                tolerance.absolute = absolute.unwrap_or(tolerance.absolute);
                tolerance.relative = relative.unwrap_or(tolerance.relative);
            }
        }
        tolerance
    }
}

/// How a result differs.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// It is of another type or shape.
    Type {
        /// What was expected.
        expected: String,
        /// What came.
        actual: String,
    },
    /// Some elements differ.
    Elements {
        /// How many.
        count: usize,
        /// Of how many.
        total: usize,
        /// The first ones: index, expected, actual.
        first: Vec<(Vec<u64>, String, String)>,
        /// Largest absolute difference of numbers.
        largest: f64,
    },
}

/// How many differing elements are listed.
const LISTED: usize = 5;

/// Compares; gives the largest difference that the tolerance allowed. A NaN agrees with any NaN, an infinity with the same
/// one, and nothing else with either.
///
/// # Errors
/// When the values differ.
pub fn compare(actual: &Value, expected: &Value, tolerance: Tolerance) -> Result<f64, Difference> {
    let (one, other) = (&actual.array, &expected.array);
    let same_kind = actual.scalar == expected.scalar || one.shape.is_empty();
    if !same_kind || one.shape != other.shape || !one.element.same_memory(other.element) {
        return Err(Difference::Type {
            expected: expected.value_type().to_string(),
            actual: actual.value_type().to_string(),
        });
    }
    let (mut count, mut first, mut largest) = (0, Vec::new(), 0.0_f64);
    for (position, (a, e)) in one.elements().zip(other.elements()).enumerate() {
        if a == e {
            continue;
        }
        let (actual, expected) = (one.element.to_f64(a), other.element.to_f64(e));
        let apart = (actual - expected).abs();
        if apart.is_finite() {
            largest = largest.max(apart);
        }
        if close(actual, expected, tolerance) && (one.element.is_float() || tolerance.allows_integers()) {
            continue;
        }
        count += 1;
        if first.len() < LISTED {
            let texts = (element_text(other.element, e), element_text(one.element, a));
            first.push((index_of(one, position), texts.0, texts.1));
        }
    }
    if count == 0 { Ok(largest) } else { Err(Difference::Elements { count, total: one.len(), first, largest }) }
}

fn close(actual: f64, expected: f64, tolerance: Tolerance) -> bool {
    if actual.is_nan() || expected.is_nan() {
        return actual.is_nan() && expected.is_nan();
    }
    // Equal infinities have no difference, other infinities an infinite one.
    let apart = (actual - expected).abs();
    actual == expected || (apart.is_finite() && apart <= tolerance.absolute + tolerance.relative * expected.abs())
}

fn index_of(array: &Array, mut position: usize) -> Vec<u64> {
    let mut index = vec![0; array.shape.len()];
    for (index, &extent) in index.iter_mut().zip(&array.shape).rev() {
        (*index, position) = ((position as u64) % extent, (position as u64 / extent) as usize);
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(shape: &[u64], values: &[f32]) -> Value {
        let data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Value::tensor(Array { element: Element::F32, shape: shape.to_vec(), data })
    }

    #[test]
    fn rounding_passes_and_errors_are_listed_with_their_index() {
        let tolerance = Tolerance::of(Element::F32);
        let expected = tensor(&[2, 2], &[1.0, 2.0, f32::NAN, f32::INFINITY]);
        let close = compare(&tensor(&[2, 2], &[1.00005, 2.0, f32::NAN, f32::INFINITY]), &expected, tolerance);
        assert!(close.is_ok_and(|largest| (4e-5..6e-5).contains(&largest)));
        let wrong = tensor(&[2, 2], &[1.0, 2.0, 3.0, f32::NEG_INFINITY]);
        let Err(Difference::Elements { count, total, first, .. }) = compare(&wrong, &expected, tolerance) else {
            panic!("differs")
        };
        assert_eq!((count, total), (2, 4));
        assert_eq!(first[0], (vec![1, 0], "NAN".to_owned(), "3".to_owned()));
    }

    #[test]
    fn shapes_must_agree() {
        let difference =
            compare(&tensor(&[2], &[1.0, 2.0]), &tensor(&[1, 2], &[1.0, 2.0]), Tolerance::of(Element::F32));
        assert!(matches!(difference, Err(Difference::Type { .. })));
    }

    #[test]
    fn integers_are_exact_unless_a_tolerance_is_set() {
        let number = |value: i64| Value::scalar(Element::I64, value.to_le_bytes().to_vec());
        let mut tolerances = Tolerances::default();
        tolerances.set(None, Some(0.5), None);
        let large = 1 << 60;
        assert!(compare(&number(large), &number(large + 1), tolerances.of(Element::I64)).is_err());
        tolerances.set(Some(Element::I64), Some(2.0), Some(0.0));
        assert!(compare(&number(5), &number(6), tolerances.of(Element::I64)).is_ok());
        assert_eq!(tolerances.of(Element::F32), Tolerance { absolute: 0.5, relative: 1e-4 });
        assert_eq!(tolerances.of(Element::I8), Tolerance::of(Element::I8));
    }
}

//! Values on the host: dense arrays of numbers.

use crate::{element::Element, types::ValueType};

/// A dense array in row-major order, little-endian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Array {
    /// Type of the numbers.
    pub element: Element,
    /// Extents.
    pub shape: Vec<u64>,
    /// The numbers: [`byte_count`] bytes.
    pub data: Vec<u8>,
}

/// An argument or a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Whether it is a scalar; its array then has rank 0.
    pub scalar: bool,
    /// The numbers.
    pub array: Array,
}

/// Which numbers are generated. Integers are from 1 to 7, as good for divisors as for indices; `i1` is either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Floats in [0.25, 1.25), which stay normal numbers in long computations: for measuring.
    Positive,
    /// Floats in [-1, 1), which reach both sides of a comparison with 0: for verifying.
    Signed,
}

/// Bytes of an array; None when they are beyond what memory can hold.
#[must_use]
pub fn byte_count(shape: &[u64], element: Element) -> Option<usize> {
    let count = shape.iter().try_fold(1_u64, |count, &extent| count.checked_mul(extent));
    // An extent of 0 makes any other harmless.
    let count = if shape.contains(&0) { 0 } else { count? };
    usize::try_from(count.checked_mul(element.bytes() as u64)?).ok().filter(|&bytes| bytes <= isize::MAX as usize)
}

/// Zeroed memory, or None when there is not as much.
#[must_use]
pub fn zeroed(bytes: usize) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    data.try_reserve_exact(bytes).ok()?;
    data.resize(bytes, 0);
    Some(data)
}

impl Array {
    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len() / self.element.bytes()
    }

    /// Whether there are no elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The bytes of each element.
    pub fn elements(&self) -> impl Iterator<Item = &[u8]> {
        self.data.chunks_exact(self.element.bytes())
    }

    /// Shape and element type as IREE writes them: `4x8xf32`. `i1` and `index` appear as the integers of their width.
    #[must_use]
    pub fn type_text(&self) -> String {
        let element = match self.element {
            Element::I1 => Element::I8,
            Element::Index => Element::I64,
            other => other,
        };
        self.shape.iter().map(|extent| format!("{extent}x")).collect::<String>() + element.name()
    }
}

impl Value {
    /// A tensor.
    #[must_use]
    pub fn tensor(array: Array) -> Self {
        Self { scalar: false, array }
    }

    /// A scalar from its bytes.
    #[must_use]
    pub fn scalar(element: Element, data: Vec<u8>) -> Self {
        Self { scalar: true, array: Array { element, shape: Vec::new(), data } }
    }

    /// The exact type, for messages.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        let element = self.array.element;
        if self.scalar {
            return ValueType::Scalar(element);
        }
        ValueType::Tensor { shape: self.array.shape.iter().copied().map(Some).collect(), element }
    }

    /// Deterministic numbers: small, and different from their neighbours. None when the type has dynamic extents or does
    /// not fit memory.
    #[must_use]
    pub fn generate(value_type: &ValueType, numbers: Numbers, seed: u64) -> Option<Self> {
        let (shape, element) = (value_type.static_shape()?, value_type.element());
        let bytes = byte_count(&shape, element)?;
        let mut data = zeroed(bytes)?;
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        for slot in data.chunks_exact_mut(element.bytes()) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            slot.copy_from_slice(&generate_number(element, numbers, state >> 40)[..element.bytes()]);
        }
        let scalar = matches!(value_type, ValueType::Scalar(_));
        Some(Self { scalar, array: Array { element, shape, data } })
    }
}

/// A number from 24 random bits.
fn generate_number(element: Element, numbers: Numbers, bits: u64) -> [u8; 8] {
    let mut bytes = [0; 8];
    let unit = (bits & 0xff_ffff) as f64 / f64::from(1 << 24);
    let float = match numbers {
        Numbers::Positive => 0.25 + unit,
        Numbers::Signed => 2.0 * unit - 1.0,
    };
    match element {
        Element::F64 => bytes = float.to_le_bytes(),
        Element::F32 => bytes[..4].copy_from_slice(&(float as f32).to_le_bytes()),
        Element::F16 => bytes[..2].copy_from_slice(&half::f16::from_f64(float).to_le_bytes()),
        Element::BF16 => bytes[..2].copy_from_slice(&half::bf16::from_f64(float).to_le_bytes()),
        Element::I1 => bytes[0] = (bits & 1) as u8,
        _ => bytes[0] = (1 + bits % 7) as u8,
    }
    bytes
}

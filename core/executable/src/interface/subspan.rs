//! How a kernel's body sees a binding.

use std::fmt;

/// What a body does with a subspan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// The type does not say.
    #[default]
    Unknown,
    /// It reads.
    ReadOnly,
    /// It writes.
    WriteOnly,
    /// It reads and writes.
    ReadWrite,
}

/// A shape with its element type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// The sizes; none for a dynamic one.
    pub sizes: Vec<Option<u64>>,
    /// The element type as text.
    pub element: String,
    /// The distance between neighbours in each dimension, in elements; none for one that is dynamic. Empty when the
    /// elements lie without gaps.
    pub strides: Vec<Option<u64>>,
}

impl Shape {
    /// The number of elements, when every size is static.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        self.sizes.iter().try_fold(1_u64, |count, size| count.checked_mul((*size)?))
    }

    /// Bytes of one element in memory; none for types without a fixed width.
    #[must_use]
    pub fn element_bytes(&self) -> Option<u64> {
        if self.element == "index" {
            return Some(8);
        }
        let text = self.element.strip_prefix("complex<").and_then(|t| t.strip_suffix('>'));
        let (text, parts) = text.map_or((self.element.as_str(), 1), |inner| (inner, 2));
        let digits: String =
            text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let bits: u64 = digits.parse().ok().filter(|bits| (1..=1024).contains(bits))?;
        Some(bits.div_ceil(8) * parts)
    }

    /// Bytes of the elements themselves, when every size is static.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.count()?.checked_mul(self.element_bytes()?)
    }

    /// Bytes from the first element to behind the last one, when sizes and strides are static.
    #[must_use]
    pub fn reach(&self) -> Option<u64> {
        if self.strides.is_empty() || self.count() == Some(0) {
            return self.bytes();
        }
        let last = self.sizes.iter().zip(&self.strides).try_fold(0_u64, |last, (size, stride)| {
            last.checked_add((*size)?.checked_sub(1)?.checked_mul((*stride)?)?)
        });
        last?.checked_add(1)?.checked_mul(self.element_bytes()?)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for size in &self.sizes {
            match size {
                Some(size) => write!(f, "{size}x")?,
                None => f.write_str("?x")?,
            }
        }
        f.write_str(&self.element)
    }
}

/// A part of a binding, as a body declares it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subspan {
    /// The binding's number.
    pub binding: u64,
    /// Its start in bytes, when it is a constant.
    pub offset: Option<u64>,
    /// Its type.
    pub shape: Shape,
    /// What is done with it.
    pub access: Access,
}

impl Subspan {
    /// The byte behind the last one, when offset and sizes are static.
    #[must_use]
    pub fn end(&self) -> Option<u64> {
        self.offset?.checked_add(self.shape.reach()?)
    }
}

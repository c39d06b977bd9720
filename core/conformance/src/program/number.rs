//! Numbers of any element type: integers that wrap, floats that are rounded.

use half::{bf16, f16};
use ropt_runtime::element::Element;

/// A number; which of the two follows from the element type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Of an integer type, sign-extended. `i1` is 0 or 1.
    Integer(i64),
    /// Of a floating-point type.
    Float(f64),
}

impl Number {
    /// The nearest number of the type.
    #[must_use]
    pub fn of(element: Element, value: f64) -> Self {
        if element.is_float() {
            Self::Float(value).rounded(element)
        } else {
            Self::Integer(value as i64).rounded(element)
        }
    }

    /// As a float.
    #[must_use]
    pub fn float(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    /// As an integer; floats lose their fraction.
    #[must_use]
    pub fn integer(self) -> i64 {
        match self {
            Self::Integer(value) => value,
            Self::Float(value) => value as i64,
        }
    }

    /// As the type can hold it: integers wrap, floats are rounded to nearest.
    #[must_use]
    pub fn rounded(self, element: Element) -> Self {
        match element {
            Element::F16 => Self::Float(f16::from_f64(self.float()).to_f64()),
            Element::BF16 => Self::Float(bf16::from_f64(self.float()).to_f64()),
            Element::F32 => Self::Float(f64::from(self.float() as f32)),
            Element::F64 => Self::Float(self.float()),
            Element::I1 => Self::Integer(self.integer() & 1),
            _ => {
                let spare = 64 - 8 * element.bytes() as u32;
                Self::Integer(self.integer() << spare >> spare)
            }
        }
    }

    /// The bytes in memory.
    #[must_use]
    pub fn bytes(self, element: Element) -> Vec<u8> {
        match element {
            Element::F16 => f16::from_f64(self.float()).to_le_bytes().to_vec(),
            Element::BF16 => bf16::from_f64(self.float()).to_le_bytes().to_vec(),
            Element::F32 => (self.float() as f32).to_le_bytes().to_vec(),
            Element::F64 => self.float().to_le_bytes().to_vec(),
            _ => self.integer().to_le_bytes()[..element.bytes()].to_vec(),
        }
    }

    /// As MLIR writes it in a constant of the type.
    #[must_use]
    pub fn text(self, element: Element) -> String {
        if !element.is_float() {
            return self.integer().to_string();
        }
        let value = self.float();
        if value.is_finite() {
            let text = format!("{value:e}");
            return if text.contains('.') { text } else { text.replace('e', ".0e") };
        }
        // Hexadecimal digits are the bit pattern.
        let bytes = self.bytes(element);
        format!("0x{}", bytes.iter().rev().map(|byte| format!("{byte:02X}")).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::Number;
    use ropt_runtime::element::Element;

    #[test]
    fn numbers_wrap_and_round() {
        assert_eq!(Number::Integer(200).rounded(Element::I8), Number::Integer(-56));
        assert_eq!(Number::Integer(i64::MIN).rounded(Element::I64), Number::Integer(i64::MIN));
        assert_eq!(Number::Integer(3).rounded(Element::I1), Number::Integer(1));
        assert_eq!(Number::Float(2049.0).rounded(Element::F16), Number::Float(2048.0));
        assert_eq!(Number::Float(257.0).rounded(Element::BF16), Number::Float(256.0));
    }

    #[test]
    fn numbers_are_written_as_mlir_reads_them() {
        assert_eq!(Number::Float(0.0).text(Element::F32), "0.0e0");
        assert_eq!(Number::Float(-1.5).text(Element::F32), "-1.5e0");
        assert_eq!(Number::Float(25.0).text(Element::F32), "2.5e1");
        assert_eq!(Number::Float(f64::NEG_INFINITY).text(Element::F16), "0xFC00");
        assert_eq!(Number::Integer(-7).text(Element::I8), "-7");
    }
}

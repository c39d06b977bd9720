//! Element types of tensors and scalars, with the numbers in them.

use std::fmt;

use half::{bf16, f16};

/// Type of a number. Signless MLIR integers are the signed ones here; only printing tells the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the variants are the MLIR types of the same names")]
pub enum Element {
    I1,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F16,
    BF16,
    F32,
    F64,
    Index,
}

/// All element types, with their MLIR names.
const NAMES: [(Element, &str); 14] = [
    (Element::I1, "i1"),
    (Element::I8, "i8"),
    (Element::I16, "i16"),
    (Element::I32, "i32"),
    (Element::I64, "i64"),
    (Element::U8, "ui8"),
    (Element::U16, "ui16"),
    (Element::U32, "ui32"),
    (Element::U64, "ui64"),
    (Element::F16, "f16"),
    (Element::BF16, "bf16"),
    (Element::F32, "f32"),
    (Element::F64, "f64"),
    (Element::Index, "index"),
];

impl Element {
    /// The type of this MLIR name; `si8` and the like are `i8`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let plain = name.strip_prefix('s').filter(|rest| rest.starts_with('i')).unwrap_or(name);
        NAMES.iter().find(|(_, known)| *known == plain).map(|(element, _)| *element)
    }

    /// Names of all types, for messages.
    #[must_use]
    pub fn names() -> String {
        NAMES.map(|(_, name)| name).join(", ")
    }

    /// Bytes in memory; `i1` takes one.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::I1 | Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 | Self::F16 | Self::BF16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 | Self::Index => 8,
        }
    }

    /// Whether it is a floating-point type.
    #[must_use]
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F16 | Self::BF16 | Self::F32 | Self::F64)
    }

    /// Whether memory of this type can be taken for memory of the other: integers of one width are.
    #[must_use]
    pub const fn same_memory(self, other: Self) -> bool {
        self as u8 == other as u8 || (!self.is_float() && !other.is_float() && self.bytes() == other.bytes())
    }

    /// The number in `data`, which has [`Element::bytes`] bytes, as a float; 64-bit integers may lose digits.
    #[must_use]
    pub fn to_f64(self, data: &[u8]) -> f64 {
        match self {
            Self::F16 => f16::from_le_bytes(low(data)).to_f64(),
            Self::BF16 => bf16::from_le_bytes(low(data)).to_f64(),
            Self::F32 => f64::from(f32::from_le_bytes(low(data))),
            Self::F64 => f64::from_le_bytes(low(data)),
            _ => self.to_i128(data) as f64,
        }
    }

    /// The integer in `data`; for floats their bit pattern.
    #[must_use]
    pub fn to_i128(self, data: &[u8]) -> i128 {
        match self {
            Self::I8 => i8::from_le_bytes(low(data)).into(),
            Self::I16 => i16::from_le_bytes(low(data)).into(),
            Self::I32 => i32::from_le_bytes(low(data)).into(),
            Self::I64 | Self::Index => i64::from_le_bytes(low(data)).into(),
            Self::I1 | Self::U8 => data.first().copied().unwrap_or_default().into(),
            Self::U16 | Self::F16 | Self::BF16 => u16::from_le_bytes(low(data)).into(),
            Self::U32 | Self::F32 => u32::from_le_bytes(low(data)).into(),
            Self::U64 | Self::F64 => u64::from_le_bytes(low(data)).into(),
        }
    }

    /// Parses a number; integers in decimal or `0x…`, in the signed or the unsigned range, `i1` also as true/false.
    #[must_use]
    pub fn parse_number(self, text: &str) -> Option<Vec<u8>> {
        // A number whose digits are too many for the type is refused, `inf` is not.
        let finite = |infinite: bool| !infinite || text.trim_start_matches(['+', '-']).starts_with(['i', 'I']);
        match self {
            Self::F64 => text.parse::<f64>().ok().filter(|v| finite(v.is_infinite())).map(|v| v.to_le_bytes().into()),
            Self::F32 => text.parse::<f32>().ok().filter(|v| finite(v.is_infinite())).map(|v| v.to_le_bytes().into()),
            Self::F16 => {
                let value = f16::from_f64(text.parse().ok()?);
                finite(value.is_infinite()).then(|| value.to_le_bytes().into())
            }
            Self::BF16 => {
                let value = bf16::from_f64(text.parse().ok()?);
                finite(value.is_infinite()).then(|| value.to_le_bytes().into())
            }
            Self::I1 => match text {
                "0" | "false" => Some(vec![0]),
                "1" | "true" => Some(vec![1]),
                _ => None,
            },
            _ => {
                let value = parse_integer(text)?;
                let bits = self.bytes() * 8;
                let lowest = if self.name().starts_with('u') { 0 } else { -(1_i128 << (bits - 1)) };
                let fits = value >= lowest && value < 1_i128 << bits;
                fits.then(|| value.to_le_bytes()[..self.bytes()].to_vec())
            }
        }
    }

    /// The MLIR name.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }
}

fn parse_integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    // A second sign is no number.
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) if !hex.starts_with(['+', '-']) => i128::from_str_radix(hex, 16),
        Some(_) => return None,
        None => digits.parse::<i128>(),
    };
    value.ok().map(|value| if negative { -value } else { value })
}

fn low<const N: usize>(data: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&data[..N]);
    bytes
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_the_variants() {
        for (element, name) in NAMES {
            assert_eq!(element.name(), name);
            assert_eq!(Element::parse(name), Some(element));
        }
        assert_eq!(Element::parse("si32"), Some(Element::I32));
        assert_eq!(Element::parse("sf32"), None);
        assert_eq!(Element::parse("i4"), None);
    }

    #[test]
    fn numbers_keep_to_the_range_of_their_type() {
        assert_eq!(Element::I8.parse_number("200"), Some(vec![200]));
        assert_eq!(Element::I8.parse_number("-128"), Some(vec![128]));
        assert_eq!(Element::I32.parse_number("0x10"), Some(vec![16, 0, 0, 0]));
        assert_eq!(Element::U64.parse_number("18446744073709551615"), Some(vec![255; 8]));
        assert_eq!(Element::F32.parse_number("1"), Some(1_f32.to_le_bytes().to_vec()));
        for (element, text) in [
            (Element::I8, "256"),
            (Element::I8, "-129"),
            (Element::U8, "-1"),
            (Element::I32, "1.5"),
            (Element::I32, "--1"),
            (Element::I32, ""),
            (Element::I1, "2"),
            (Element::F32, "1e39"),
            (Element::F16, "70000"),
            (Element::F32, "one"),
        ] {
            assert_eq!(element.parse_number(text), None, "{element} {text}");
        }
        assert!(Element::F16.parse_number("-inf").is_some());
    }
}

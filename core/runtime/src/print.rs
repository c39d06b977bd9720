//! Printing values as iree-run-module does: `2x3xf32=[1 2 3][4 5 6]`, scalars as `i32=5`.

use std::ffi::CStr;

use crate::{
    element::Element,
    value::{Array, Value},
};

/// Rows without elements that are printed before the others are left out.
const MOST_EMPTY_ROWS: u64 = 1024;

/// The value as text; of a tensor at most `most` elements, `...` standing for the others.
#[must_use]
pub fn value_text(value: &Value, most: usize) -> String {
    let mut text = value.array.type_text();
    text.push('=');
    if value.scalar {
        text.push_str(&number(value.array.element, &value.array.data, c"%g"));
        return text;
    }
    let mut left = most;
    dimension(&value.array, 0, 0, &mut left, &mut text);
    text
}

/// One element as text.
#[must_use]
pub fn element_text(element: Element, data: &[u8]) -> String {
    number(element, data, c"%G")
}

/// Prints dimension `depth` of the part that starts at element `start`.
fn dimension(array: &Array, depth: usize, start: usize, left: &mut usize, text: &mut String) {
    let width = array.element.bytes();
    let Some(&extent) = array.shape.get(depth) else {
        // Rank 0 prints like one element.
        leaf(array, start, 1, left, text);
        return;
    };
    // The product of all extents fits memory, unless one is 0: then nothing inside is read.
    let inner = array.shape[depth + 1..].iter().fold(1_u64, |count, &extent| count.saturating_mul(extent));
    let inner = usize::try_from(inner).unwrap_or(usize::MAX).min(array.data.len() / width);
    if depth + 1 == array.shape.len() {
        leaf(array, start, usize::try_from(extent).unwrap_or(usize::MAX), left, text);
        return;
    }
    for index in 0..extent {
        // Empty rows have no elements that would run out.
        if inner == 0 && index >= MOST_EMPTY_ROWS {
            text.push_str("...");
            return;
        }
        text.push('[');
        dimension(array, depth + 1, start + index as usize * inner, left, text);
        text.push(']');
    }
}

fn leaf(array: &Array, start: usize, extent: usize, left: &mut usize, text: &mut String) {
    let width = array.element.bytes();
    let shown = extent.min(*left);
    *left -= shown;
    for index in start..start + shown {
        if index > start {
            text.push(' ');
        }
        text.push_str(&element_text(array.element, &array.data[index * width..][..width]));
    }
    if shown < extent {
        text.push_str("...");
    }
}

fn number(element: Element, data: &[u8], format: &CStr) -> String {
    if element.is_float() {
        return float(element.to_f64(data), format);
    }
    element.to_i128(data).to_string()
}

/// C's `%G` (six digits), which is what iree-run-module prints.
fn float(value: f64, format: &CStr) -> String {
    let mut buffer = [0_u8; 32];
    // SAFETY: the format takes one double; the buffer's length is passed, and 32 bytes hold six digits and an exponent.
    let length = unsafe { libc::snprintf(buffer.as_mut_ptr().cast(), buffer.len(), format.as_ptr(), value) };
    let length = usize::try_from(length).unwrap_or(0).min(buffer.len() - 1);
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literal::{self, Body};

    /// Parses and prints again.
    fn round(text: &str, most: usize) -> String {
        let parsed = literal::parse(text).expect("valid");
        let header = parsed.header.expect("has a type");
        let data = match parsed.body {
            Body::Text(body) => literal::parse_elements(&body, &header).expect("valid"),
            _ => Vec::new(),
        };
        value_text(&Value::tensor(Array { element: header.element, shape: header.shape, data }), most)
    }

    // The expected texts are what iree-run-module 3.13 prints for the same values.
    #[test]
    fn prints_what_iree_prints() {
        for (input, output) in [
            (
                "12xf32=2,5,0.2,2e10,2e-10,246913578,0.666666667,-0,inf,-inf,nan,2e38",
                "12xf32=2 5 0.2 2E+10 2E-10 2.46914E+08 0.666667 -0 INF -INF NAN 2E+38",
            ),
            (
                "8xf64=2 5 0.2 2e10 2e-10 246913578.246 0.66666666 2e300",
                "8xf64=2 5 0.2 2E+10 2E-10 2.46914E+08 0.666667 2E+300",
            ),
            ("3xf16=0.199951 2000 0.000200033", "3xf16=0.199951 2000 0.000200033"),
            ("2xbf16=0.200195 6.28125", "2xbf16=0.200195 6.28125"),
            ("3xi8=2 -4 200", "3xi8=2 -4 -56"),
            ("2x3xf32=[2 4 6][8 10 12]", "2x3xf32=[2 4 6][8 10 12]"),
            ("2x2x3xf32=2", "2x2x3xf32=[[2 2 2][2 2 2]][[2 2 2][2 2 2]]"),
            ("2x0x3xf32", "2x0x3xf32=[][]"),
            ("2x2x0xf32", "2x2x0xf32=[[][]][[][]]"),
            ("0xf32", "0xf32="),
            ("0x2xf32", "0x2xf32="),
            ("f32=6", "f32=6"),
            ("3xi1=1 0 1", "3xi8=1 0 1"),
            ("2xindex=1 -2", "2xi64=1 -2"),
        ] {
            assert_eq!(round(input, 1024), output);
        }
    }

    #[test]
    fn elides_as_iree_does() {
        for (input, most, output) in [
            ("4x4xf32=6", 5, "4x4xf32=[6 6 6 6][6...][...][...]"),
            ("4x4xf32=6", 4, "4x4xf32=[6 6 6 6][...][...][...]"),
            ("4x4xf32=6", 0, "4x4xf32=[...][...][...][...]"),
            ("2x3x4xf32=6", 7, "2x3x4xf32=[[6 6 6 6][6 6 6...][...]][[...][...][...]]"),
            ("4xf32=6", 4, "4xf32=6 6 6 6"),
            ("4xf32=6", 3, "4xf32=6 6 6..."),
        ] {
            assert_eq!(round(input, most), output);
        }
    }

    #[test]
    fn scalars_are_printed_small() {
        let scalar = |element: Element, text: &str| {
            value_text(&Value::scalar(element, element.parse_number(text).expect("a number")), 1024)
        };
        assert_eq!(scalar(Element::I32, "6"), "i32=6");
        assert_eq!(scalar(Element::Index, "-6"), "i64=-6");
        assert_eq!(scalar(Element::F32, "2e10"), "f32=2e+10");
        assert_eq!(scalar(Element::F64, "nan"), "f64=nan");
    }
}

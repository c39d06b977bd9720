//! Reading and writing NumPy's .npy files: one array of numbers, nothing else (no objects, no structures).
//!
//! bf16 has no NumPy type: it is written as `|V2` (two raw bytes), as ml_dtypes does, and read from `|V2` or, where a
//! bf16 is expected, from 16-bit integers with the same bits.

use thiserror::Error;

use crate::{
    element::Element,
    value::{Array, byte_count, zeroed},
};

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// NumPy's own limit.
const DEEPEST: usize = 64;
/// Far beyond any header of a plain array.
const LONGEST_HEADER: usize = 1 << 16;

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum NpyError {
    #[error("it is not a .npy file")]
    Magic,
    #[error("it ends within its header")]
    CutHeader,
    #[error("its format version {0}.{1} is unknown")]
    Version(u8, u8),
    #[error("its header is damaged: {0}")]
    Header(&'static str),
    #[error("its element type '{0}' is not supported (f2, f4, f8, i1 to i8, u1 to u8, b1 and V2 for bf16 are)")]
    Type(String),
    #[error("its shape is larger than memory")]
    TooLarge,
    #[error("it has {found} bytes of data, its shape needs {expected}")]
    Data { found: usize, expected: usize },
}

/// Reads a file's contents.
///
/// # Errors
/// When the bytes are not exactly one array of numbers.
pub fn read(bytes: &[u8]) -> Result<Array, NpyError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(NpyError::Magic)?;
    let (&[major, minor], rest) = rest.split_first_chunk().ok_or(NpyError::CutHeader)?;
    let (length, rest) = match major {
        1 => rest.split_first_chunk().map(|(size, rest)| (usize::from(u16::from_le_bytes(*size)), rest)),
        2 | 3 => rest.split_first_chunk().map(|(size, rest)| (u32::from_le_bytes(*size) as usize, rest)),
        _ => return Err(NpyError::Version(major, minor)),
    }
    .ok_or(NpyError::CutHeader)?;
    if length > LONGEST_HEADER {
        return Err(NpyError::Header("it is too long"));
    }
    let (header, data) = rest.split_at_checked(length).ok_or(NpyError::CutHeader)?;
    let header = std::str::from_utf8(header).map_err(|_| NpyError::Header("it is not text"))?;
    let header = parse_header(header)?;
    if header.shape.len() > DEEPEST {
        return Err(NpyError::Header("its shape has more than 64 dimensions"));
    }
    let (element, swap) = parse_type(header.descr)?;
    let expected = byte_count(&header.shape, element).ok_or(NpyError::TooLarge)?;
    if data.len() != expected {
        return Err(NpyError::Data { found: data.len(), expected });
    }
    let mut data = data.to_vec();
    if swap {
        data.chunks_exact_mut(element.bytes()).for_each(<[u8]>::reverse);
    }
    if element == Element::I1 {
        data.iter_mut().for_each(|byte| *byte = u8::from(*byte != 0));
    }
    if header.fortran && header.shape.len() > 1 {
        data = row_major(&data, &header.shape, element.bytes()).ok_or(NpyError::TooLarge)?;
    }
    Ok(Array { element, shape: header.shape, data })
}

/// The contents of a file with this array.
#[must_use]
pub fn write(array: &Array) -> Vec<u8> {
    let descr = match array.element {
        Element::I1 => "|b1",
        Element::I8 => "|i1",
        Element::U8 => "|u1",
        Element::I16 => "<i2",
        Element::U16 => "<u2",
        Element::I32 => "<i4",
        Element::U32 => "<u4",
        Element::I64 | Element::Index => "<i8",
        Element::U64 => "<u8",
        Element::F16 => "<f2",
        Element::BF16 => "|V2",
        Element::F32 => "<f4",
        Element::F64 => "<f8",
    };
    let extents: String = array.shape.iter().map(|extent| format!("{extent}, ")).collect();
    // A tuple of one keeps its comma.
    let extents = if array.shape.len() == 1 { extents.trim_end() } else { extents.trim_end_matches([',', ' ']) };
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({extents}), }}");
    // Data starts at a multiple of 64.
    let fixed = MAGIC.len() + 4;
    let padded = (fixed + header.len() + 1).next_multiple_of(64) - fixed;
    header.extend(std::iter::repeat_n(' ', padded - 1 - header.len()));
    header.push('\n');
    let mut bytes = Vec::with_capacity(fixed + header.len() + array.data.len());
    bytes.extend_from_slice(MAGIC);
    match u16::try_from(header.len()) {
        Ok(length) => {
            bytes.extend_from_slice(&[1, 0]);
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        Err(_) => {
            bytes.extend_from_slice(&[2, 0]);
            bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
        }
    }
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(&array.data);
    bytes
}

struct Header<'a> {
    descr: &'a str,
    fortran: bool,
    shape: Vec<u64>,
}

/// Parses the Python dictionary `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
fn parse_header(text: &str) -> Result<Header<'_>, NpyError> {
    const BAD: NpyError = NpyError::Header("it is not the dictionary that NumPy writes");
    let (mut descr, mut fortran, mut shape) = (None, None, None);
    let mut rest = text.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}')).ok_or(BAD)?.trim();
    while !rest.is_empty() {
        let (key, tail) = quoted(rest).ok_or(BAD)?;
        rest = tail.trim_start().strip_prefix(':').ok_or(BAD)?.trim_start();
        match key {
            "descr" => {
                let (value, tail) = quoted(rest).ok_or(NpyError::Header("arrays of structures are not supported"))?;
                (descr, rest) = (Some(value), tail);
            }
            "fortran_order" => {
                let (value, tail) = match (rest.strip_prefix("True"), rest.strip_prefix("False")) {
                    (Some(tail), _) => (true, tail),
                    (_, Some(tail)) => (false, tail),
                    _ => return Err(BAD),
                };
                (fortran, rest) = (Some(value), tail);
            }
            "shape" => {
                let (tuple, tail) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or(BAD)?;
                (shape, rest) = (Some(parse_shape(tuple).ok_or(BAD)?), tail);
            }
            _ => return Err(BAD),
        }
        rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(tail) => rest = tail.trim_start(),
            None if rest.is_empty() => {}
            None => return Err(BAD),
        }
    }
    match (descr, fortran, shape) {
        (Some(descr), Some(fortran), Some(shape)) => Ok(Header { descr, fortran, shape }),
        _ => Err(NpyError::Header("'descr', 'fortran_order' or 'shape' is missing")),
    }
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    text[1..].split_once(quote)
}

fn parse_shape(tuple: &str) -> Option<Vec<u64>> {
    let tuple = tuple.trim();
    let tuple = tuple.strip_suffix(',').unwrap_or(tuple);
    if tuple.trim().is_empty() {
        return Some(Vec::new());
    }
    // Python 2 wrote long integers with an L.
    let extent =
        |text: &str| text.trim().trim_end_matches('L').parse().ok().filter(|&extent| extent <= i64::MAX as u64);
    tuple.split(',').map(extent).collect()
}

/// Element type, and whether the bytes of each number are the other way round.
fn parse_type(descr: &str) -> Result<(Element, bool), NpyError> {
    let unknown = || NpyError::Type(descr.to_owned());
    let (swap, name) = match descr.split_at_checked(1) {
        Some(("<" | "|" | "=", name)) => (false, name),
        Some((">", name)) => (true, name),
        _ => return Err(unknown()),
    };
    let element = match name {
        "b1" => Element::I1,
        "i1" => Element::I8,
        "u1" => Element::U8,
        "i2" => Element::I16,
        "u2" => Element::U16,
        "i4" => Element::I32,
        "u4" => Element::U32,
        "i8" => Element::I64,
        "u8" => Element::U64,
        "f2" => Element::F16,
        "f4" => Element::F32,
        "f8" => Element::F64,
        "V2" => Element::BF16,
        _ => return Err(unknown()),
    };
    Ok((element, swap))
}

/// Reorders column-major data.
fn row_major(data: &[u8], shape: &[u64], width: usize) -> Option<Vec<u8>> {
    let mut out = zeroed(data.len())?;
    let mut index = vec![0_u64; shape.len()];
    for slot in out.chunks_exact_mut(width) {
        let from = index.iter().zip(shape).rev().fold(0, |offset, (&index, &extent)| offset * extent + index) as usize;
        slot.copy_from_slice(&data[from * width..][..width]);
        for (index, &extent) in index.iter_mut().zip(shape).rev() {
            *index += 1;
            if *index < extent {
                break;
            }
            *index = 0;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with_header(header: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&[1, 0]);
        bytes.extend_from_slice(&(header.len() as u16).to_le_bytes());
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(data);
        bytes
    }

    #[test]
    fn reads_what_numpy_writes() {
        let header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2), }          \n";
        let array = read(&with_header(header, &[1, 0, 2, 0, 3, 0, 4, 0])).expect("valid");
        assert_eq!((array.element, array.shape), (Element::I16, vec![2, 2]));
        let swapped = header.replace("<i2", ">i2");
        assert_eq!(read(&with_header(&swapped, &[0, 1, 0, 2, 0, 3, 0, 4])).expect("valid").data, array.data);
        let fortran = header.replace("False", "True");
        assert_eq!(read(&with_header(&fortran, &[1, 0, 3, 0, 2, 0, 4, 0])).expect("valid").data, array.data);
        let scalar = "{'descr': '|b1', 'fortran_order': False, 'shape': (), }\n";
        assert_eq!(read(&with_header(scalar, &[5])).expect("valid").data, [1]);
    }

    #[test]
    fn says_what_is_wrong() {
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
        assert_eq!(read(b"hello"), Err(NpyError::Magic));
        assert_eq!(read(&with_header(header, &[0; 7])), Err(NpyError::Data { found: 7, expected: 8 }));
        let object = header.replace("<f4", "|O");
        assert_eq!(read(&with_header(&object, &[0; 8])), Err(NpyError::Type("|O".into())));
        let huge = header.replace("(2,)", "(9999999999, 9999999999)");
        assert_eq!(read(&with_header(&huge, &[0; 8])), Err(NpyError::TooLarge));
        let deep = header.replace("(2,)", &format!("({})", "1, ".repeat(65)));
        assert!(matches!(read(&with_header(&deep, &[0; 4])), Err(NpyError::Header(_))));
        for bad in ["", "{", "{}", "{'descr': '<f4'}", "[1]", "{'descr': [('a', '<f4')], }", "{'shape': (-1,)}"] {
            assert!(matches!(read(&with_header(bad, &[])), Err(NpyError::Header(_))), "{bad}");
        }
    }

    fn arrays() -> impl Strategy<Value = Array> {
        let elements = proptest::sample::select(vec![
            Element::I1,
            Element::I8,
            Element::U8,
            Element::I16,
            Element::U16,
            Element::I32,
            Element::U32,
            Element::I64,
            Element::U64,
            Element::F16,
            Element::BF16,
            Element::F32,
            Element::F64,
        ]);
        (elements, proptest::collection::vec(0_u64..5, 0..4)).prop_flat_map(|(element, shape)| {
            let bytes = byte_count(&shape, element).expect("small");
            proptest::collection::vec(if element == Element::I1 { 0..=1_u8 } else { 0..=255 }, bytes)
                .prop_map(move |data| Array { element, shape: shape.clone(), data })
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(array in arrays()) {
            let bytes = write(&array);
            prop_assert_eq!((bytes.len() - array.data.len()) % 64, 0);
            prop_assert_eq!(read(&bytes), Ok(array));
        }

        #[test]
        fn a_cut_file_is_an_error(array in arrays(), cut in any::<proptest::sample::Index>()) {
            let bytes = write(&array);
            prop_assert!(read(&bytes[..cut.index(bytes.len())]).is_err());
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in ".{0,80}") {
            let _ = read(&bytes);
            let _ = read(&with_header(&text, &bytes));
        }

        #[test]
        fn a_changed_byte_is_read_or_refused(array in arrays(), at in any::<proptest::sample::Index>(), byte: u8) {
            let mut bytes = write(&array);
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = read(&bytes);
        }
    }
}

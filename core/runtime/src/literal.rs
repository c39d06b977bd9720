//! The notation of `--input=` and `--expected-output=`: IREE's, and `i32=5` for scalars.
//!
//! `4xf32=1,2,3,4`, `2x2xf32=[1 2][3 4]`, `64x128xf32=2` (every element), `64x128xf32` (zeros), `3.14` (a scalar),
//! `@a.npy`, `64x128xf32=@raw.bin`. Parsing needs no files; [`crate::input`] reads them.

use thiserror::Error;

use crate::{
    element::Element,
    value::{byte_count, zeroed},
};

/// A parsed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// What stands before `=`; None for a bare number or a `.npy` file.
    pub header: Option<Header>,
    /// What stands behind it.
    pub body: Body,
}

/// Shape and element type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Extents; empty for a scalar or a tensor of rank 0.
    pub shape: Vec<u64>,
    /// Type of the numbers.
    pub element: Element,
}

/// Where the numbers come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A file.
    File(String),
    /// The text itself.
    Text(String),
    /// Zeros.
    Nothing,
}

/// What is wrong with the text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum LiteralError {
    #[error("it is empty")]
    Empty,
    #[error("'{0}' is not SHAPExTYPE, for example 4x8xf32; types are {types}", types = Element::names())]
    Header(String),
    #[error("it names no file behind '@'")]
    NoFile,
    #[error("'{text}' is not a number of type {element}")]
    Number { text: String, element: Element },
    #[error("{found} numbers are given, the shape holds {expected}")]
    Count { found: usize, expected: usize },
    #[error("its brackets do not match")]
    Brackets,
    #[error("its shape is larger than memory")]
    TooLarge,
}

/// Parses a text.
///
/// # Errors
/// When it is none of the notations.
pub fn parse(text: &str) -> Result<Literal, LiteralError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(LiteralError::Empty);
    }
    if let Some(path) = text.strip_prefix('@') {
        return Ok(Literal { header: None, body: file(path)? });
    }
    let Some((head, tail)) = text.split_once('=') else {
        return Ok(match parse_header(text) {
            Some(header) => Literal { header: Some(header), body: Body::Nothing },
            None => Literal { header: None, body: Body::Text(text.to_owned()) },
        });
    };
    let header = parse_header(head.trim()).ok_or_else(|| LiteralError::Header(head.to_owned()))?;
    let tail = tail.trim();
    let body = match tail.strip_prefix('@') {
        Some(path) => file(path)?,
        None if tail.is_empty() => Body::Nothing,
        None => Body::Text(tail.to_owned()),
    };
    Ok(Literal { header: Some(header), body })
}

fn file(path: &str) -> Result<Body, LiteralError> {
    if path.is_empty() { Err(LiteralError::NoFile) } else { Ok(Body::File(path.to_owned())) }
}

/// `4x8xf32`, `f32`, and IREE's `xf32`.
fn parse_header(text: &str) -> Option<Header> {
    if let Some(element) = Element::parse(text.strip_prefix('x').unwrap_or(text)) {
        return Some(Header { shape: Vec::new(), element });
    }
    // `index` holds an x of its own.
    let (shape, element) = match text.strip_suffix("xindex") {
        Some(shape) => (shape, Element::Index),
        None => text.rsplit_once('x').and_then(|(shape, name)| Some((shape, Element::parse(name)?)))?,
    };
    let extent = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    Some(Header { shape: shape.split('x').map(extent).collect::<Option<_>>()?, element })
}

/// The numbers of a text; one number stands for all elements.
///
/// # Errors
/// When there are too few or too many, or one is not of the type.
pub fn parse_elements(text: &str, header: &Header) -> Result<Vec<u8>, LiteralError> {
    let (shape, element) = (&header.shape, header.element);
    check_brackets(text)?;
    let bytes = byte_count(shape, element).ok_or(LiteralError::TooLarge)?;
    let expected = bytes / element.bytes();
    let mut tokens =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']')).filter(|token| !token.is_empty());
    let number = |token: &str| {
        element.parse_number(token).ok_or_else(|| LiteralError::Number { text: token.to_owned(), element })
    };
    let found = tokens.clone().count();
    if found == 1 && expected > 0 {
        let number = number(tokens.next().unwrap_or_default())?;
        let mut data = zeroed(bytes).ok_or(LiteralError::TooLarge)?;
        data.chunks_exact_mut(number.len()).for_each(|slot| slot.copy_from_slice(&number));
        return Ok(data);
    }
    if found != expected {
        return Err(LiteralError::Count { found, expected });
    }
    let mut data = Vec::with_capacity(bytes);
    for token in tokens {
        data.extend(number(token)?);
    }
    Ok(data)
}

fn check_brackets(text: &str) -> Result<(), LiteralError> {
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.checked_sub(1).ok_or(LiteralError::Brackets)?,
            _ => {}
        }
    }
    if depth == 0 { Ok(()) } else { Err(LiteralError::Brackets) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn elements(text: &str) -> Result<Vec<u8>, LiteralError> {
        match parse(text)? {
            Literal { header: Some(header), body: Body::Text(body) } => parse_elements(&body, &header),
            other => panic!("not a text: {other:?}"),
        }
    }

    #[test]
    fn reads_irees_notations() {
        for text in
            ["2x2xi8=1 2 3 4", "2x2xi8=1,2,3,4", "2x2xi8=[1 2][3 4]", "2x2xi8=[[1, 2], [3, 4]]", "4xi8= 1,,2 [3]4"]
        {
            assert_eq!(elements(text), Ok(vec![1, 2, 3, 4]), "{text}");
        }
        assert_eq!(elements("2x3xi8=7"), Ok(vec![7; 6]));
        assert_eq!(elements("i32=-1"), Ok(vec![255; 4]));
        assert_eq!(elements("xi8=3"), Ok(vec![3]));
        assert_eq!(elements("2xindex=1 2").map(|data| data.len()), Ok(16));
        assert_eq!(parse("@a b.npy").map(|literal| literal.body), Ok(Body::File("a b.npy".into())));
        assert_eq!(parse("2xf32=@x=y").map(|literal| literal.body), Ok(Body::File("x=y".into())));
        assert_eq!(parse("0x10").map(|literal| literal.body), Ok(Body::Text("0x10".into())));
        assert_eq!(parse("2x3xf32").map(|literal| literal.body), Ok(Body::Nothing));
        assert_eq!(parse("2x3xf32=").map(|literal| literal.body), Ok(Body::Nothing));
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(elements("2xf32=1 2 3"), Err(LiteralError::Count { found: 3, expected: 2 }));
        assert_eq!(elements("3xf32=1 2"), Err(LiteralError::Count { found: 2, expected: 3 }));
        assert_eq!(elements("0xf32=1"), Err(LiteralError::Count { found: 1, expected: 0 }));
        assert_eq!(elements("2xf32=[1 2"), Err(LiteralError::Brackets));
        assert_eq!(elements("2xf32=1]["), Err(LiteralError::Brackets));
        assert_eq!(elements("2xi32=1 x"), Err(LiteralError::Number { text: "x".into(), element: Element::I32 }));
        assert_eq!(elements("99999999999x99999999999xf32=1"), Err(LiteralError::TooLarge));
        assert_eq!(elements("99999999999999999xf64=1"), Err(LiteralError::TooLarge));
        assert_eq!(parse(""), Err(LiteralError::Empty));
        assert_eq!(parse("@"), Err(LiteralError::NoFile));
        for head in ["4xg32", "4 x f32", "-1xf32", "f32x4", "4xxf32", "?xf32", ""] {
            assert_eq!(parse(&format!("{head}=1")), Err(LiteralError::Header(head.trim().to_owned())), "{head}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9x=@f3i1\\[\\], .e-]{0,30}") {
            if let Ok(Literal { header: Some(header), body: Body::Text(body) }) = parse(&text)
                && let Ok(data) = parse_elements(&body, &header)
            {
                prop_assert_eq!(Some(data.len()), byte_count(&header.shape, header.element));
            }
        }
    }
}

//! Types of arguments and results, as the program's manifest spells them.

use std::fmt;

use crate::element::Element;

/// Type of an argument or a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueType {
    /// A number.
    Scalar(Element),
    /// A dense tensor.
    Tensor {
        /// Extents; None is a dynamic one.
        shape: Vec<Option<u64>>,
        /// Type of the numbers.
        element: Element,
    },
}

impl ValueType {
    /// Parses `i32`, `tensor<4x?xf32>` and the like.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Some(inner) = text.strip_prefix("tensor<").and_then(|rest| rest.strip_suffix('>')) else {
            return Element::parse(text).map(Self::Scalar);
        };
        let (dimensions, element) = inner.rsplit_once('x').map_or((None, inner), |(head, tail)| (Some(head), tail));
        // `index` holds an x of its own.
        let (dimensions, element) = match (dimensions, element) {
            (Some("inde"), "") => (None, "index"),
            (Some(head), "") => match head.strip_suffix("xinde") {
                Some(rest) => (Some(rest), "index"),
                None => return None,
            },
            other => other,
        };
        let element = Element::parse(element)?;
        let shape = match dimensions {
            None => Vec::new(),
            Some(text) => text.split('x').map(parse_extent).collect::<Option<_>>()?,
        };
        Some(Self::Tensor { shape, element })
    }

    /// Type of the numbers.
    #[must_use]
    pub fn element(&self) -> Element {
        match self {
            Self::Scalar(element) | Self::Tensor { element, .. } => *element,
        }
    }

    /// Number of dimensions; a scalar has none.
    #[must_use]
    pub fn rank(&self) -> usize {
        match self {
            Self::Scalar(_) => 0,
            Self::Tensor { shape, .. } => shape.len(),
        }
    }

    /// The extents when none of them is dynamic; a scalar has no extents.
    #[must_use]
    pub fn static_shape(&self) -> Option<Vec<u64>> {
        match self {
            Self::Scalar(_) => Some(Vec::new()),
            Self::Tensor { shape, .. } => shape.iter().copied().collect(),
        }
    }

    /// Whether a tensor of this shape is one of this type.
    #[must_use]
    pub fn accepts_shape(&self, shape: &[u64]) -> bool {
        match self {
            Self::Scalar(_) => shape.is_empty(),
            Self::Tensor { shape: own, .. } => {
                own.len() == shape.len()
                    && own.iter().zip(shape).all(|(own, given)| own.is_none_or(|own| own == *given))
            }
        }
    }

    /// Whether values of the other type, which has no dynamic extents, are of this one.
    #[must_use]
    pub fn accepts(&self, other: &Self) -> bool {
        matches!(self, Self::Scalar(_)) == matches!(other, Self::Scalar(_))
            && self.element().same_memory(other.element())
            && other.static_shape().is_some_and(|shape| self.accepts_shape(&shape))
    }
}

fn parse_extent(text: &str) -> Option<Option<u64>> {
    if text == "?" {
        return Some(None);
    }
    // MLIR's extents are signed.
    (text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse::<u64>().ok())?
        .filter(|&extent| extent <= i64::MAX as u64)
        .map(Some)
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(element) => element.fmt(f),
            Self::Tensor { shape, element } => {
                f.write_str("tensor<")?;
                for extent in shape {
                    match extent {
                        Some(extent) => write!(f, "{extent}x")?,
                        None => f.write_str("?x")?,
                    }
                }
                write!(f, "{element}>")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parses_what_mlir_prints() {
        for text in
            ["i32", "index", "tensor<f32>", "tensor<index>", "tensor<4x?xindex>", "tensor<?x4xbf16>", "tensor<0xi1>"]
        {
            assert_eq!(ValueType::parse(text).map(|t| t.to_string()).as_deref(), Some(text));
        }
        for text in [
            "",
            "tensor<",
            "tensor<>",
            "tensor<4>",
            "tensor<x4xf32>",
            "tensor<-1xf32>",
            "tensor<4xi4>",
            "tensor<*xf32>",
            "memref<4xf32>",
            "tensor<4x>",
            "tensor<99999999999999999999xf32>",
            "tensor<+4xf32>",
        ] {
            assert_eq!(ValueType::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_type_or_none(text in "(tensor<)?[0-9x?ifdenb<>]{0,20}") {
            if let Some(parsed) = ValueType::parse(&text) {
                prop_assert_eq!(ValueType::parse(&parsed.to_string()), Some(parsed));
            }
        }
    }
}

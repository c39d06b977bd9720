//! What a target says that it compiles: classes of ops, each with element types.

use ropt_runtime::element::Element;
use thiserror::Error;

/// A class of ops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Sums, differences, products, minima, maxima, negation; elementwise and with broadcast operands.
    Arithmetic,
    /// Division and remainder.
    Division,
    /// Comparison and selection.
    Comparison,
    /// Bitwise operations and shifts.
    Bits,
    /// Functions of the math dialect.
    Math,
    /// Conversion from the type to others and back.
    Conversion,
    /// Copies with another shape: transposition, slices, padding, concatenation, reshapes, constants.
    Movement,
    /// Values of indices, and elements looked up by index. Of type `index`: that indices have 64 bits.
    Indexing,
    /// Sums, extrema, products along dimensions.
    Reduction,
    /// Products of matrices and vectors.
    Contraction,
    /// Convolutions and poolings.
    Convolution,
    /// Softmax.
    Softmax,
}

/// The classes with their names in a manifest, and whether they are of floating-point types, of integers, or of both.
const CLASSES: [(Class, &str, Kind); 12] = [
    (Class::Arithmetic, "arithmetic", Kind::Any),
    (Class::Division, "division", Kind::Any),
    (Class::Comparison, "comparison", Kind::Any),
    (Class::Bits, "bits", Kind::Integer),
    (Class::Math, "math", Kind::Float),
    (Class::Conversion, "conversion", Kind::Any),
    (Class::Movement, "movement", Kind::Any),
    (Class::Indexing, "indexing", Kind::Any),
    (Class::Reduction, "reduction", Kind::Any),
    (Class::Contraction, "contraction", Kind::Any),
    (Class::Convolution, "convolution", Kind::Any),
    (Class::Softmax, "softmax", Kind::Float),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Float,
    Integer,
}

/// The element types that can be claimed.
pub const ELEMENTS: [Element; 8] =
    [Element::F16, Element::BF16, Element::F32, Element::F64, Element::I8, Element::I16, Element::I32, Element::I64];

/// What a target that claims nothing is checked for.
pub const UNCLAIMED: [Element; 2] = [Element::F32, Element::I32];

impl Class {
    /// Its name in a manifest and in the names of cases.
    #[must_use]
    pub fn name(self) -> &'static str {
        CLASSES[self as usize].1
    }

    /// The class of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        CLASSES.iter().find(|(_, known, _)| *known == name).map(|(class, ..)| *class)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        CLASSES.iter().map(|(class, ..)| *class)
    }

    /// Whether there are such ops of the type.
    #[must_use]
    pub fn has(self, element: Element) -> bool {
        if element == Element::Index {
            return self == Self::Indexing;
        }
        match CLASSES[self as usize].2 {
            Kind::Any => true,
            Kind::Float => element.is_float(),
            Kind::Integer => !element.is_float(),
        }
    }
}

/// Why a claim cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClaimError {
    /// There is no such class.
    #[error("it claims the op class `{class}`, which is none of {}", names())]
    Class {
        /// The name given.
        class: String,
    },
    /// There is no such element type, or the class has no ops of it.
    #[error("it claims {class} of `{element}`, which is no type that {class} has")]
    Element {
        /// The class's name.
        class: String,
        /// The type given.
        element: String,
    },
}

fn names() -> String {
    CLASSES.map(|(_, name, _)| name).join(", ")
}

/// What a target claims; pairs, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims(Vec<(Class, Element)>);

impl Claims {
    /// Reads the `supports` of a target's manifest; a target that says nothing is taken to compile every class for
    /// [`UNCLAIMED`].
    ///
    /// # Errors
    /// When a class or a type is unknown.
    pub fn read(supports: &[(String, Vec<String>)]) -> Result<Self, ClaimError> {
        let mut pairs = Vec::new();
        for (name, types) in supports {
            let class = Class::parse(name).ok_or_else(|| ClaimError::Class { class: name.clone() })?;
            for text in types {
                let known = ELEMENTS.iter().chain([&Element::Index]);
                let known = known.filter(|element| class.has(**element)).find(|element| element.name() == text);
                let wrong = || ClaimError::Element { class: name.clone(), element: text.clone() };
                pairs.push((class, *known.ok_or_else(wrong)?));
            }
        }
        if supports.is_empty() {
            let all = |class: Class| UNCLAIMED.into_iter().filter(move |e| class.has(*e)).map(move |e| (class, e));
            pairs = Class::all().flat_map(all).collect();
        }
        pairs.sort_by_key(|(class, element)| (*class, ELEMENTS.iter().position(|known| known == element)));
        pairs.dedup();
        Ok(Self(pairs))
    }

    /// The pairs.
    pub fn pairs(&self) -> impl Iterator<Item = (Class, Element)> + '_ {
        self.0.iter().copied()
    }

    /// Whether the target claims ops of the class for the type.
    #[must_use]
    pub fn has(&self, class: Class, element: Element) -> bool {
        self.0.contains(&(class, element))
    }

    /// Whether the target claims the type in any class.
    #[must_use]
    pub fn has_element(&self, element: Element) -> bool {
        self.0.iter().any(|(_, claimed)| *claimed == element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_the_classes() {
        for class in Class::all() {
            assert_eq!(Class::parse(class.name()), Some(class));
        }
    }

    #[test]
    fn claims_are_read_or_refused() {
        let claim = |class: &str, types: &[&str]| {
            Claims::read(&[(class.to_owned(), types.iter().map(|text| (*text).to_owned()).collect())])
        };
        let claims = claim("contraction", &["i8", "f32"]).expect("known");
        assert!(claims.has(Class::Contraction, Element::F32) && claims.has_element(Element::I8));
        assert!(!claims.has(Class::Reduction, Element::F32));
        assert!(matches!(claim("contractions", &["f32"]), Err(ClaimError::Class { .. })));
        assert!(matches!(claim("bits", &["f32"]), Err(ClaimError::Element { .. })));
        assert!(matches!(claim("math", &["f31"]), Err(ClaimError::Element { .. })));
        let none = Claims::read(&[]).expect("nothing is a claim too");
        assert!(none.has(Class::Softmax, Element::F32) && !none.has(Class::Softmax, Element::I32));
    }
}

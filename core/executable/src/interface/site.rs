//! Comparing an export with a place that dispatches it.

use super::{Export, Shape};
use thiserror::Error;

/// An operand or result of a dispatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// A tensor: it takes the next binding.
    Tensor(Shape),
    /// A scalar: it takes the next words of the constants.
    Scalar {
        /// Words that it takes.
        words: u64,
    },
}

impl Operand {
    /// From a type as MLIR prints it; none for types that a dispatch does not take.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let shape = super::parse::shape(text)?;
        if text.trim_start().starts_with("tensor<") {
            return Some(Self::Tensor(shape));
        }
        let bytes = shape.element_bytes()?;
        Some(Self::Scalar { words: bytes.div_ceil(4) })
    }
}

/// A place that dispatches an export.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Site {
    /// The export's name.
    pub export: String,
    /// How many workload values it gives.
    pub workload: usize,
    /// Its operands, then its results that are not tied to an operand.
    pub operands: Vec<Operand>,
}

/// Where a dispatch and the export do not fit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SiteMismatch {
    /// Another workload.
    #[error("the dispatch gives {expected} workload values, the count region of export @{export} takes {found}")]
    Workload {
        /// The export.
        export: String,
        /// The dispatch's.
        expected: usize,
        /// The export's.
        found: usize,
    },
    /// Another number of tensors.
    #[error("the dispatch gives {expected} tensors, export @{export} takes {found} bindings")]
    Bindings {
        /// The export.
        export: String,
        /// The dispatch's.
        expected: usize,
        /// The export's.
        found: usize,
    },
    /// Another number of constants.
    #[error("the dispatch gives {expected} words of constants, export @{export} takes {found}")]
    Constants {
        /// The export.
        export: String,
        /// The dispatch's.
        expected: u64,
        /// The export's.
        found: u64,
    },
    /// A tensor smaller than what the body uses.
    #[error("the dispatch gives {expected} for binding {binding}, the body of export @{export} takes it as {found}")]
    Size {
        /// The export.
        export: String,
        /// The binding's number.
        binding: u64,
        /// The dispatch's shape.
        expected: String,
        /// The body's shape.
        found: String,
    },
}

/// Checks that an export can be dispatched from there.
///
/// # Errors
/// The first mismatch.
pub fn check_site(site: &Site, export: &Export) -> Result<(), SiteMismatch> {
    let name = || export.name.clone();
    if let Some(found) = export.workload
        && found != site.workload
    {
        return Err(SiteMismatch::Workload { export: name(), expected: site.workload, found });
    }
    let tensors: Vec<&Shape> = site
        .operands
        .iter()
        .filter_map(|operand| match operand {
            Operand::Tensor(shape) => Some(shape),
            Operand::Scalar { .. } => None,
        })
        .collect();
    let found = export.layout.bindings.len();
    if tensors.len() != found {
        return Err(SiteMismatch::Bindings { export: name(), expected: tensors.len(), found });
    }
    let words = site.operands.iter().map(|operand| match operand {
        Operand::Scalar { words } => *words,
        Operand::Tensor(_) => 0,
    });
    let expected: u64 = words.sum();
    if expected != export.layout.constants {
        return Err(SiteMismatch::Constants { export: name(), expected, found: export.layout.constants });
    }
    for span in export.body.iter().flatten() {
        let Some(given) = usize::try_from(span.binding).ok().and_then(|binding| tensors.get(binding)) else { continue };
        if let (Some(there), Some(used)) = (given.bytes(), span.end())
            && used > there
        {
            let (expected, found) = (given.to_string(), span.shape.to_string());
            return Err(SiteMismatch::Size { export: name(), binding: span.binding, expected, found });
        }
    }
    Ok(())
}

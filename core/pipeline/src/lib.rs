//! Textual pipelines: the grammar of MLIR's `--pass-pipeline`, with the place of every word.
//!
//! Text only. What passes there are, and what their options mean, is the host's to say.

mod options;
mod parse;

pub use options::{Entry, entries};
pub use parse::{PipelineError, parse};

use std::{fmt, ops::Range};

/// A word and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The text.
    pub text: String,
    /// Its bytes in the pipeline.
    pub span: Range<usize>,
}

/// A pass, or a nest of passes for ops of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// `name` or `name{options}`.
    Pass {
        /// The pass or pipeline.
        name: Word,
        /// What stands between the braces.
        options: Option<Word>,
    },
    /// `op(…)`.
    Nest {
        /// The op's name, or `any`.
        op: Word,
        /// What runs on each op.
        elements: Vec<Element>,
    },
}

/// A whole pipeline: elements separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline(pub Vec<Element>);

impl Pipeline {
    /// Every op name that a nest asks for, below the outermost one.
    #[must_use]
    pub fn nests(&self) -> Vec<&Word> {
        fn gather<'a>(elements: &'a [Element], depth: usize, into: &mut Vec<&'a Word>) {
            for element in elements {
                if let Element::Nest { op, elements } = element {
                    if depth > 0 {
                        into.push(op);
                    }
                    gather(elements, depth + 1, into);
                }
            }
        }
        let mut nests = Vec::new();
        gather(&self.0, 0, &mut nests);
        nests
    }
}

impl fmt::Display for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(&self.0, f)
    }
}

fn write_list(elements: &[Element], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            f.write_str(",")?;
        }
        match element {
            Element::Pass { name, options: None } => f.write_str(&name.text)?,
            Element::Pass { name, options: Some(options) } => write!(f, "{}{{{}}}", name.text, options.text)?,
            Element::Nest { op, elements } => {
                write!(f, "{}(", op.text)?;
                write_list(elements, f)?;
                f.write_str(")")?;
            }
        }
    }
    Ok(())
}

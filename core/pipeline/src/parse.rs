//! From text to [`Pipeline`].

use super::{Element, Pipeline, Word};
use std::ops::Range;
use thiserror::Error;

/// What is wrong with the text, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct PipelineError {
    /// One sentence.
    pub message: String,
    /// The bytes that are wrong.
    pub span: Range<usize>,
    /// What to do.
    pub help: Option<String>,
}

impl PipelineError {
    fn new(message: impl Into<String>, span: Range<usize>, help: &str) -> Self {
        Self { message: message.into(), span, help: (!help.is_empty()).then(|| help.into()) }
    }
}

/// Parses a pipeline.
///
/// # Errors
/// A missing name, comma, parenthesis or brace, with its place.
pub fn parse(text: &str) -> Result<Pipeline, PipelineError> {
    let mut parser = Parser { text, at: 0 };
    let elements = parser.list(0)?;
    parser.space();
    if parser.at < text.len() {
        let span = parser.at..parser.at + parser.width();
        return Err(match parser.peek() {
            Some(')') => PipelineError::new("a `)` without its `(`", span, "remove it, or open a nest: `op.name(…)`"),
            Some('}') => PipelineError::new("a `}` without its `{`", span, "remove it"),
            _ => PipelineError::new("a `,` is missing before this", span, "separate passes by commas"),
        });
    }
    Ok(Pipeline(elements))
}

/// How deep nests may go; ops are never nested deeper, and the parser must not run out of stack.
const DEPTH: usize = 100;

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Element>, PipelineError> {
        let mut elements = Vec::new();
        self.space();
        if matches!(self.peek(), None | Some(')')) {
            return Ok(elements);
        }
        loop {
            elements.push(self.element(depth)?);
            self.space();
            if self.peek() != Some(',') {
                return Ok(elements);
            }
            self.at += 1;
        }
    }

    fn element(&mut self, depth: usize) -> Result<Element, PipelineError> {
        let name = self.name()?;
        self.space();
        match self.peek() {
            Some('{') => {
                let options = self.options()?;
                Ok(Element::Pass { name, options: Some(options) })
            }
            Some('(') => {
                if depth == DEPTH {
                    return Err(PipelineError::new(format!("more than {DEPTH} nests in each other"), name.span, ""));
                }
                let open = self.at;
                self.at += 1;
                let elements = self.list(depth + 1)?;
                self.space();
                if self.peek() != Some(')') {
                    let end = self.at.min(self.text.len());
                    let found = self.peek().map_or("the end of the text".into(), |c| format!("`{c}`"));
                    let message = format!("the `(` after `{}` is not closed: found {found}", name.text);
                    let span = if end == self.text.len() { open..open + 1 } else { end..end + self.width() };
                    return Err(PipelineError::new(message, span, "add a `)`, or a `,` between passes"));
                }
                self.at += 1;
                Ok(Element::Nest { op: name, elements })
            }
            _ => Ok(Element::Pass { name, options: None }),
        }
    }

    fn width(&self) -> usize {
        self.peek().map_or(1, char::len_utf8)
    }

    fn name(&mut self) -> Result<Word, PipelineError> {
        self.space();
        let start = self.at;
        let end = self.text[start..]
            .find(|c: char| c.is_whitespace() || ",(){}".contains(c))
            .map_or(self.text.len(), |length| start + length);
        if end == start {
            let found = self.peek().map_or("the text ends".into(), |c| format!("there is `{c}`"));
            let span = start..(start + self.width()).max(start);
            return Err(PipelineError::new(format!("a pass name is wanted here, but {found}"), span, ""));
        }
        self.at = end;
        Ok(Word { text: self.text[start..end].into(), span: start..end })
    }

    /// `{…}` with braces inside counted, as MLIR does.
    fn options(&mut self) -> Result<Word, PipelineError> {
        let open = self.at;
        let mut depth = 0usize;
        for (offset, c) in self.text[open..].char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let span = open + 1..open + offset;
                self.at = open + offset + 1;
                return Ok(Word { text: self.text[span.clone()].into(), span });
            }
        }
        Err(PipelineError::new("this `{` is not closed", open..open + 1, "add a `}` behind the options"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(text: &str) -> PipelineError {
        parse(text).expect_err("malformed")
    }

    #[test]
    fn mistakes_have_their_place() {
        assert_eq!(error("builtin.module(cse").span, 14..15);
        assert_eq!(error("a(b))").span, 4..5);
        assert_eq!(error("a{x=1").span, 1..2);
        assert_eq!(error("a(b c)").span, 4..5);
        assert_eq!(error("a(,b)").span, 2..3);
    }

    #[test]
    fn nests_are_those_below_the_outermost() {
        let pipeline = parse("builtin.module(func.func(cse), hal.executable(x{a={b c}}))").expect("well-formed");
        let nests: Vec<_> = pipeline.nests().iter().map(|w| w.text.clone()).collect();
        assert_eq!(nests, ["func.func", "hal.executable"]);
    }

    fn pipelines() -> impl Strategy<Value = String> {
        let name = "[a-z][a-z0-9.-]{0,8}";
        let options = "[a-z=0-9 ,-]{0,12}";
        let pass =
            (name, proptest::option::of(options)).prop_map(|(n, o)| o.map_or(n.clone(), |o| format!("{n}{{{o}}}")));
        pass.prop_recursive(4, 24, 4, move |inner| {
            (name, proptest::collection::vec(inner, 0..4)).prop_map(|(n, list)| format!("{n}({})", list.join(",")))
        })
    }

    proptest! {
        #[test]
        fn printing_undoes_parsing(text in pipelines()) {
            let pipeline = parse(&text).expect("generated well-formed");
            prop_assert_eq!(pipeline.to_string(), text.clone());
            prop_assert_eq!(parse(&pipeline.to_string()).expect("printed"), pipeline);
        }

        #[test]
        fn any_text_gives_a_pipeline_or_a_place(text in "\\PC{0,64}") {
            if let Err(error) = parse(&text) {
                prop_assert!(error.span.start <= text.len());
                prop_assert!(text.is_char_boundary(error.span.start));
            }
        }
    }
}

//! Examples in a pass's doc comment.

use crate::attributes::doc_lines;
use ropt_abi::manifest::ExampleRecord;
use syn::{Attribute, Result};

/// What stands between the input of an example and its output, in front of the pipeline.
const BECOMES: &str = "// becomes, by ";

/// The help of a doc comment without the examples, and the examples.
pub(crate) fn split(attributes: &[Attribute]) -> Result<(String, Vec<ExampleRecord>)> {
    let (mut help, mut examples) = (Vec::new(), Vec::new());
    let mut lines = doc_lines(attributes).into_iter();
    while let Some((line, at)) = lines.next() {
        if line.trim() != "```mlir" {
            help.push(line.trim().to_owned());
            continue;
        }
        let mut block = Vec::new();
        loop {
            match lines.next() {
                Some((line, _)) if line.trim() == "```" => break,
                Some((line, _)) => block.push(line),
                None => return Err(syn::Error::new_spanned(at, "the example has no end: a line with ``` alone")),
            }
        }
        match example(&block) {
            Some(example) => examples.push(example),
            // A block that says nothing of a pipeline is part of the text.
            None => help.extend(block.into_iter().map(|line| line.trim_end().to_owned())),
        }
    }
    Ok((help.join("\n").trim().to_owned(), examples))
}

fn example(block: &[String]) -> Option<ExampleRecord> {
    let at = block.iter().position(|line| line.trim().starts_with(BECOMES))?;
    // The blank between `///` and the text is no part of it.
    let text = |lines: &[String]| -> String {
        lines.iter().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line).trim_end())).collect()
    };
    let pipeline = block[at].trim().trim_start_matches(BECOMES).trim().to_owned();
    Some(ExampleRecord { input: text(&block[..at]), pipeline, output: text(&block[at + 1..]) })
}

#[cfg(test)]
mod tests {
    use super::split;
    use syn::{DeriveInput, parse_quote};

    #[test]
    fn a_block_with_a_pipeline_is_an_example() {
        let input: DeriveInput = parse_quote! {
            /// Does it.
            ///
            /// ```mlir
            /// func.func @f() {
            ///   return
            /// }
            /// // becomes, by builtin.module(do-it{a=b})
            /// func.func @g() …
            /// ```
            /// ```mlir
            /// no example
            /// ```
            struct S;
        };
        let (help, examples) = split(&input.attrs).expect("well-formed");
        assert_eq!(help, "Does it.\n\n no example");
        assert_eq!(examples.len(), 1);
        assert_eq!(examples[0].input, "func.func @f() {\n  return\n}\n");
        assert_eq!(examples[0].pipeline, "builtin.module(do-it{a=b})");
        assert_eq!(examples[0].output, "func.func @g() …\n");
    }

    #[test]
    fn a_block_without_an_end_is_an_error() {
        let input: DeriveInput = parse_quote! {
            /// Does it.
            /// ```mlir
            /// func.func @f()
            struct S;
        };
        assert!(split(&input.attrs).is_err());
    }
}

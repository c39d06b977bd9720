//! The text of a pipeline, its options, and values written as options.

use ropt_abi::quote;
use ropt_pipeline::{Element, Word, entries, parse};

pub(crate) fn run(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    match parse(text) {
        Ok(pipeline) => {
            places(&pipeline.0, text);
            let printed = pipeline.to_string();
            assert_eq!(parse(&printed).map(|again| again.to_string()).as_ref(), Ok(&printed));
        }
        // A message underlines this part; behind the end of the text it underlines one column.
        Err(error) => {
            let behind = error.span == (text.len()..text.len() + 1);
            assert!(behind || text.get(error.span.clone()).is_some(), "{error:?}");
        }
    }
    written(text);
}

fn places(elements: &[Element], text: &str) {
    let stands = |word: &Word| assert_eq!(text.get(word.span.clone()), Some(word.text.as_str()));
    for element in elements {
        match element {
            Element::Nest { op, elements } => {
                stands(op);
                places(elements, text);
            }
            Element::Pass { name, options } => {
                stands(name);
                for entry in options.iter().inspect(|options| stands(options)).flat_map(entries) {
                    stands(&Word { text: entry.key, span: entry.span });
                    if let Some((value, span)) = entry.value {
                        stands(&Word { text: value, span });
                    }
                }
            }
        }
    }
}

/// A value that can be written is one word of the pipeline's text.
fn written(value: &str) {
    let Ok(spelled) = quote::scalar(value) else { return };
    let text = format!("pass{{first={spelled} last}}");
    let pipeline = parse(&text).expect("a value that can be written does not end its pass");
    assert!(matches!(pipeline.0.as_slice(), [Element::Pass { .. }]), "{text}");
    assert_eq!(pipeline.to_string(), text);
}

//! What stands between the braces behind a pass's name.

use super::Word;
use std::ops::Range;

/// `key` or `key=value`, with their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The option's name.
    pub key: String,
    /// Its bytes in the pipeline.
    pub span: Range<usize>,
    /// The value and its bytes in the pipeline, with the braces or quotes around it.
    pub value: Option<(String, Range<usize>)>,
}

/// The entries of `key=value key={…} key`. Any text has entries; whether they mean something, the pass says.
#[must_use]
pub fn entries(options: &Word) -> Vec<Entry> {
    let (mut found, mut depth, mut start) = (Vec::<Entry>::new(), 0usize, None);
    let (mut value, mut quoted) = (false, 0);
    for (at, c) in options.text.char_indices().chain([(options.text.len(), ' ')]) {
        match c {
            '{' if at >= quoted => {
                depth += 1;
                start = start.or(Some(at));
            }
            '}' if at >= quoted => depth = depth.saturating_sub(1),
            _ if depth > 0 || at < quoted => {}
            '\'' | '"' if value => {
                start = start.or(Some(at));
                quoted = options.text[at + 1..].find(c).map_or(0, |length| at + 2 + length);
            }
            c if c.is_whitespace() || (c == '=' && !value) => {
                if let Some(begin) = start.take() {
                    let text = options.text[begin..at].to_owned();
                    let span = options.span.start + begin..options.span.start + at;
                    match found.last_mut() {
                        Some(last) if value => last.value = Some((text, span)),
                        _ => found.push(Entry { key: text, span, value: None }),
                    }
                }
                value = c == '=';
            }
            _ => start = start.or(Some(at)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_have_their_places() {
        let options = Word { text: "a=1 b={x y} c".into(), span: 10..23 };
        let found = entries(&options);
        let keys: Vec<_> = found.iter().map(|entry| (entry.key.as_str(), entry.span.clone())).collect();
        assert_eq!(keys, [("a", 10..11), ("b", 14..15), ("c", 22..23)]);
        let values: Vec<_> = found.into_iter().map(|entry| entry.value).collect();
        assert_eq!(values, [Some(("1".into(), 12..13)), Some(("{x y}".into(), 16..21)), None]);
    }

    #[test]
    fn quotes_hold_a_value_together_where_they_have_a_partner() {
        let texts = ["a=\"x 1=2 {\" b=\"3 c\"", "a='x \" y' b", "a=x' b=\"", "it's a=1"];
        let keys = texts.map(|text| {
            let found = entries(&Word { text: text.into(), span: 0..text.len() });
            found.into_iter().map(|entry| entry.key).collect::<Vec<_>>().join(" ")
        });
        assert_eq!(keys, ["a b", "a b", "a b", "it's a"]);
    }
}

//! Adding a field to a table of the ABI and taking one out, in the text of its declaration and of the values made of it.

use std::ops::Range;

/// The declaration without the field. What reads it finds that it is missing, as a reader of a later SDK would.
pub(super) fn without_field(text: &str, table: &str, field: &str) -> Option<String> {
    let body = body(text, &format!("pub struct {table} {{"))?;
    let part = parts(text, body).into_iter().find(|part| name(&text[part.clone()]) == Some(field))?;
    let ty = text[part.clone()].split_once(&format!("{field}:"))?.1.trim().trim_end_matches(',');
    let reader = format!(
        "\nimpl {table}Ref {{\n    /// Not in this ABI.\n    pub fn {field}(&self) -> Option<{ty}> {{\n        None\n    }}\n}}\n"
    );
    Some(format!("{}{}{reader}", &text[..part.start], &text[part.end..]))
}

/// The declaration with a field more.
pub(super) fn with_field(text: &str, table: &str, field: &str) -> Option<String> {
    let end = body(text, &format!("pub struct {table} {{"))?.end;
    Some(format!("{}    /// Of a later ABI.\n    pub {field},\n{}", &text[..end], &text[end..]))
}

/// Every value without the field; none when the text makes no value with it.
pub(super) fn without_entry(text: &str, table: &str, field: &str) -> Option<String> {
    let mut changed = text.to_owned();
    for body in values(text, table).into_iter().rev() {
        let entry = parts(text, body).into_iter().find(|part| name(&text[part.clone()]) == Some(field));
        if let Some(entry) = entry {
            changed.replace_range(entry, "");
        }
    }
    (changed != text).then_some(changed)
}

/// Every value with a field more; none when the text makes no value.
pub(super) fn with_entry(text: &str, table: &str, entry: &str) -> Option<String> {
    let mut changed = text.to_owned();
    for body in values(text, table).into_iter().rev() {
        changed.insert_str(body.start, &format!(" {entry},"));
    }
    (changed != text).then_some(changed)
}

/// What stands between the braces that `head` opens.
fn body(text: &str, head: &str) -> Option<Range<usize>> {
    let start = text.find(head)? + head.len();
    let mut depth = 1;
    for (at, c) in text[start..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(start..start + at);
        }
    }
    None
}

/// The bodies of `Table { … }` that are values.
fn values(text: &str, table: &str) -> Vec<Range<usize>> {
    let head = format!("{table} {{");
    let is_value = |at: usize| {
        let before = text[..at].trim_end_matches(' ');
        !["struct", "impl", "for", "->"].iter().any(|word| before.ends_with(word))
            && !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
    };
    let starts = text.match_indices(&head).map(|(at, _)| at).filter(|at| is_value(*at));
    starts.filter_map(|at| body(&text[at..], &head).map(|body| at + body.start..at + body.end)).collect()
}

/// The parts of a body, each with its comma.
fn parts(text: &str, body: Range<usize>) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut depth, mut previous, mut comment) = (Vec::new(), body.start, 0_i32, ' ', false);
    for (at, c) in text[body.clone()].char_indices() {
        comment = (comment || text[body.start + at..].starts_with("//")) && c != '\n';
        match c {
            _ if comment => {}
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if previous == '-' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                let end = body.start + at + 1;
                parts.push(start..end);
                start = end;
            }
            _ => {}
        }
        previous = c;
    }
    if !text[start..body.end].trim().is_empty() {
        parts.push(start..body.end);
    }
    parts
}

/// The field that a part declares or gives.
fn name(part: &str) -> Option<&str> {
    let lines = part.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['/', '#']));
    let line = lines.into_iter().next()?;
    let line = line.strip_prefix("pub ").unwrap_or(line);
    line.split([':', ',']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "pub struct T {\n    /// One, the first.\n    pub one: u32,\n    /// Two.\n    pub two: extern \"C\" fn(u32, u8) -> Option<u8>,\n}\n";

    #[test]
    fn fields_come_and_go() {
        let without = without_field(TABLE, "T", "two").expect("it is there");
        assert!(without.starts_with("pub struct T {\n    /// One, the first.\n    pub one: u32,\n}\n"), "{without}");
        assert!(without.contains("pub fn two(&self) -> Option<extern \"C\" fn(u32, u8) -> Option<u8>>"), "{without}");
        assert!(without_field(TABLE, "T", "three").is_none());
        let with = with_field(TABLE, "T", "three: u8").expect("it is there");
        assert!(with.ends_with("    /// Of a later ABI.\n    pub three: u8,\n}\n"), "{with}");
    }

    #[test]
    fn values_change_and_declarations_do_not() {
        let text = "pub struct T {}\nimpl T {}\nfn f() -> T {\n    T { one: 1, two: g::<A, B>, }\n}\nfn h() { OtherT { two: 1 } }\n";
        let without = without_entry(text, "T", "two").expect("one value");
        assert_eq!(without, text.replace(" two: g::<A, B>,", ""));
        let with = with_entry(text, "T", "three: 3").expect("one value");
        assert_eq!(with, text.replace("    T { one", "    T { three: 3, one"));
        assert!(with_entry("OtherT { two: 1 }", "T", "x: 1").is_none());
    }
}

//! Reading attributes and types as MLIR prints them. Text that is something else gives none.

use super::{Access, Binding, Layout, Shape, Target};

/// Reads `#hal.executable.target<"backend", "format", {…}>`, with or without what stands before the `<`.
#[must_use]
pub fn parse_target(text: &str) -> Option<Target> {
    let parts = split(inside(text, '<', '>')?);
    let string = |part: &str| Some(part.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    match parts[..] {
        [backend, format] => Some(Target { backend: string(backend)?, format: string(format)?, ..Target::default() }),
        [backend, format, configuration] => {
            Some(Target { backend: string(backend)?, format: string(format)?, configuration: configuration.to_owned() })
        }
        _ => None,
    }
}

/// Reads `#hal.pipeline.layout<constants = 2, bindings = […], flags = …>`, with or without what stands before the `<`.
#[must_use]
pub fn parse_layout(text: &str) -> Option<Layout> {
    let mut layout = Layout::default();
    for part in split(inside(text, '<', '>')?) {
        let (key, value) = part.split_once('=')?;
        let value = value.trim();
        match key.trim() {
            "constants" => layout.constants = value.parse().ok()?,
            "bindings" => {
                let list = split(inside(value, '[', ']')?);
                layout.bindings = list.into_iter().map(binding).collect::<Option<_>>()?;
            }
            _ => {}
        }
    }
    Some(layout)
}

fn binding(text: &str) -> Option<Binding> {
    let parts = split(inside(text, '<', '>')?);
    let (kind, flags) = parts.split_first()?;
    let read_only = flags.iter().flat_map(|flags| flags.trim_matches('"').split('|')).any(|flag| flag == "ReadOnly");
    Some(Binding { kind: (*kind).to_owned(), read_only })
}

/// Reads the type of a subspan: `!iree_tensor_ext.dispatch.tensor<readonly:tensor<4x?xf32>>`, `memref<4x?xf32, …>` or
/// a tensor.
#[must_use]
pub fn parse_subspan_type(text: &str) -> Option<(Access, Shape)> {
    let text = text.trim();
    if let Some(at) = text.find("dispatch.tensor<") {
        let (access, ty) = inside(&text[at..], '<', '>')?.split_once(':')?;
        let access = match access.trim() {
            "readonly" => Access::ReadOnly,
            "writeonly" => Access::WriteOnly,
            "readwrite" => Access::ReadWrite,
            _ => return None,
        };
        return Some((access, shape(ty)?));
    }
    Some((Access::Unknown, shape(text)?))
}

/// `tensor<4x?xf32>`, `memref<4x?xf32, strided<…>, …>` or a scalar such as `f32`.
pub(super) fn shape(text: &str) -> Option<Shape> {
    let text = text.trim();
    if !text.starts_with("tensor<") && !text.starts_with("memref<") {
        let scalar = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
        return scalar.then(|| Shape { element: text.to_owned(), ..Shape::default() });
    }
    let parts = split(inside(text, '<', '>')?);
    let (mut sizes, element) = leading_sizes(parts.first()?)?;
    // A vector element counts as its scalars; vectors hold no vectors.
    if element.starts_with("vector<") {
        let (inner, element) = leading_sizes(inside(element, '<', '>')?)?;
        sizes.extend(inner);
        return scalar_shape(sizes, element, Vec::new());
    }
    scalar_shape(sizes, element, parts.iter().find_map(|part| strides(part)).unwrap_or_default())
}

fn scalar_shape(sizes: Vec<Option<u64>>, element: &str, strides: Vec<Option<u64>>) -> Option<Shape> {
    (!element.is_empty()).then(|| Shape { sizes, element: element.to_owned(), strides })
}

/// The sizes of `4x?xf32`, and what stands behind them.
fn leading_sizes(text: &str) -> Option<(Vec<Option<u64>>, &str)> {
    let (mut sizes, mut rest) = (Vec::new(), text);
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '?').unwrap_or(rest.len());
        let (size, tail) = rest.split_at(end);
        let Some(tail) = tail.strip_prefix('x').filter(|_| !size.is_empty()) else { return Some((sizes, rest)) };
        sizes.push(if size == "?" { None } else { Some(size.parse().ok()?) });
        rest = tail;
    }
}

/// `strided<[8, ?], offset: ?>`; the offset is the subspan's.
fn strides(text: &str) -> Option<Vec<Option<u64>>> {
    let list = *split(inside(text.strip_prefix("strided")?, '<', '>')?).first()?;
    Some(split(inside(list, '[', ']')?).into_iter().map(|stride| stride.parse().ok()).collect())
}

/// What stands between the first `open` and the `close` that ends the text.
fn inside(text: &str, open: char, close: char) -> Option<&str> {
    let text = text.trim();
    let start = text.find(open)? + open.len_utf8();
    let end = text.len().checked_sub(close.len_utf8())?;
    (text.ends_with(close) && start <= end).then(|| text[start..end].trim())
}

/// Splits at commas outside of brackets and strings; no parts for an empty text.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start, mut quoted, mut escaped) = (Vec::new(), 0_i64, 0, false, false);
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        if quoted {
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => quoted = true,
            '<' | '[' | '{' | '(' => depth += 1,
            '>' if previous != '-' => depth -= 1,
            ']' | '}' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        previous = c;
    }
    let last = text[start..].trim();
    if !last.is_empty() || !parts.is_empty() {
        parts.push(last);
    }
    parts
}

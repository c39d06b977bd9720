//! `--input=`: the first line is the type that the function has, the rest what the user wrote.

use ropt_runtime::{
    input::read_value,
    literal::{self, Body},
    print::value_text,
    types::ValueType,
    value::byte_count,
};

/// A user may ask for more; a fuzzer would only wait for it.
const MOST_BYTES: usize = 1 << 16;

pub(crate) fn run(data: &[u8]) {
    let Some((ty, text)) = crate::text(data).and_then(|text| text.split_once('\n')) else { return };
    if let Some(ty) = ValueType::parse(ty) {
        assert_eq!(ValueType::parse(&ty.to_string()).as_ref(), Some(&ty));
        value(text, &ty);
    }
}

fn value(text: &str, ty: &ValueType) {
    let Ok(literal) = literal::parse(text) else { return };
    let bytes = literal.header.as_ref().map(|header| byte_count(&header.shape, header.element));
    if matches!(literal.body, Body::File(_)) || bytes.flatten().is_some_and(|bytes| bytes > MOST_BYTES) {
        return;
    }
    let Ok(value) = read_value(text, ty) else { return };
    let shape = &value.array.shape;
    assert!(ty.accepts_shape(shape));
    assert_eq!(Some(value.array.data.len()), byte_count(shape, ty.element()));
    let printed = value_text(&value, usize::MAX);
    // Floats are printed with six digits, and of empty tensors not every row.
    if !ty.element().is_float() && !value.array.is_empty() {
        assert_eq!(read_value(&printed, ty).ok(), Some(value), "{printed}");
    }
}

//! Attributes and types as MLIR prints them; a file to substitute brings them as somebody wrote them.

use ropt_executable::interface::{
    Export, Operand, Site, Subspan, check_site, parse_layout, parse_subspan_type, parse_target,
};

pub(crate) fn run(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    let mut export = Export::default();
    let mut site = Site::default();
    let mut body = Vec::new();
    for (binding, line) in (0_u64..).zip(text.lines()) {
        let _ = parse_target(line);
        if let Some(layout) = parse_layout(line) {
            export.layout = layout;
        }
        site.operands.extend(Operand::parse(line));
        if let Some((access, shape)) = parse_subspan_type(line) {
            let _ = (shape.bytes(), shape.reach(), shape.to_string());
            body.push(Subspan { binding: binding % 4, offset: Some(binding), shape, access });
        }
    }
    export.body = Some(body);
    if let Err(mismatch) = check_site(&site, &export) {
        assert!(!mismatch.to_string().is_empty());
    }
}

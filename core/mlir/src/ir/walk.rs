//! Visiting operations.

use melior::ir::{
    AttributeLike, BlockLike, OperationRef, RegionLike, attribute::StringAttribute, operation::OperationLike,
};
use std::ops::ControlFlow;

/// What a visitor wants next.
pub type Walk = ControlFlow<()>;

/// Visits `op` and everything nested in it, outer ops first. The visitor may edit attributes and operands but must
/// not erase the op that it is given.
pub fn walk<'c, 'a>(op: OperationRef<'c, 'a>, visit: &mut impl FnMut(OperationRef<'c, 'a>) -> Walk) -> Walk {
    visit(op)?;
    for child in ops_in(op) {
        walk(child, visit)?;
    }
    Walk::Continue(())
}

/// The ops directly inside `op`, over all its regions and blocks, in order. Collected first, so the caller may erase
/// or move them.
pub fn ops_in<'c, 'a>(op: OperationRef<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
    let mut found = Vec::new();
    for region in op.regions() {
        let mut block = region.first_block();
        while let Some(current) = block {
            let mut next = current.first_operation();
            while let Some(inner) = next {
                // SAFETY: the op lives as long as its parent, which `op` borrows from the context.
                found.push(unsafe { OperationRef::from_raw(inner.to_raw()) });
                next = inner.next_in_block();
            }
            block = current.next_in_region();
        }
    }
    found
}

/// The op's `sym_name`, when it has one. Bytes that are no UTF-8, which files can hold, are replaced.
pub fn symbol_name(op: OperationRef<'_, '_>) -> Option<String> {
    let name = StringAttribute::try_from(op.attribute("sym_name").ok()?).ok()?;
    // SAFETY: the attribute is a string, and its bytes live as long as the context.
    let bytes = unsafe {
        let text = mlir_sys::mlirStringAttrGetValue(name.to_raw());
        std::slice::from_raw_parts(text.data.cast::<u8>(), text.length)
    };
    Some(String::from_utf8_lossy(bytes).into_owned())
}

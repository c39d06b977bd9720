//! An executable as it stands in a file of its own.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Op, remove_attribute},
        op_text,
    },
    melior::ir::{Operation, operation::OperationLike},
};

/// Its text, public, so that no pass that works on the file removes it.
pub(crate) fn public_text(executable: Op<'_>) -> String {
    let copy: Operation<'_> = clone_mapped(executable, &[], &[]);
    // SAFETY: the handle is used in this function only, and the copy lives as long.
    let public: Op<'_> = unsafe { Op::from_raw(copy.to_raw()) };
    // Without the attribute a symbol is public.
    remove_attribute(public, "sym_visibility");
    let mut text = op_text(public, false);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

//! What a reduction does with each element, and in which order it may do it.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Builder, Op, Val, defining_op, op_name, operands, results, type_text, users},
    },
    kernel::{MERGES, body},
    melior::ir::ValueLike,
};

use crate::body::Compute;

/// The op that merges an element into what was merged so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Combine<'c> {
    /// The op, of two operands.
    pub(crate) op: Op<'c>,
    /// The operand that is the new element.
    pub(crate) element: Val<'c>,
    /// What was merged so far: the body's last argument.
    pub(crate) so_far: Val<'c>,
}

impl<'c> Combine<'c> {
    /// Of a reduction; none when its body is not one of [`MERGES`] of the last argument and something else.
    pub(crate) fn of(compute: &Compute<'c>) -> Option<Self> {
        if results(compute.op).len() != 1 || !compute.is_arithmetic() {
            return None;
        }
        let so_far = compute.argument(compute.inputs())?;
        let [merged] = operands(body(compute.op).pop()?)[..] else { return None };
        let op = defining_op(merged).filter(|op| MERGES.contains(&op_name(*op).as_str()))?;
        let [left, right] = operands(op)[..] else { return None };
        let element = if left == so_far { right } else { left };
        let fits = (left == so_far) != (right == so_far) && users(so_far).len() == 1;
        fits.then_some(Self { op, element, so_far })
    }

    /// The merge of two scalars or vectors.
    pub(crate) fn apply(&self, at: Builder<'c>, so_far: Val<'c>, element: Val<'c>) -> Val<'c> {
        let merged = at.insert(clone_mapped(self.op, &[self.so_far, self.element], &[so_far, element]));
        let result = results(merged)[0];
        result.set_type(so_far.r#type());
        result
    }

    /// The element's type.
    pub(crate) fn scalar(&self) -> String {
        type_text(self.so_far.r#type())
    }

    /// The value that changes nothing when it is merged.
    pub(crate) fn neutral(&self, at: Builder<'c>) -> Option<Val<'c>> {
        let ty = self.scalar();
        let name = op_name(self.op);
        let [infinity, negative, nan] = match ty.as_str() {
            "f16" => ["0x7C00", "0xFC00", "0x7E00"],
            "bf16" => ["0x7F80", "0xFF80", "0x7FC0"],
            "f32" => ["0x7F800000", "0xFF800000", "0x7FC00000"],
            "f64" => ["0x7FF0000000000000", "0xFFF0000000000000", "0x7FF8000000000000"],
            _ => [""; 3],
        };
        let bits = ty.strip_prefix('i').and_then(|bits| bits.parse::<u32>().ok()).unwrap_or(0);
        let least = || (-(1_i128 << (bits.max(1) - 1))).to_string();
        let most = || ((1_i128 << (bits.max(1) - 1)) - 1).to_string();
        let text = match name.strip_prefix("arith.")? {
            "addf" => "0.0".to_owned(),
            "mulf" => "1.0".to_owned(),
            "maximumf" => negative.to_owned(),
            "minimumf" => infinity.to_owned(),
            // These two ignore what is not a number.
            "maxnumf" | "minnumf" => nan.to_owned(),
            "addi" | "ori" | "xori" | "maxui" => "0".to_owned(),
            "muli" => "1".to_owned(),
            "andi" | "minui" => "-1".to_owned(),
            "maxsi" => least(),
            "minsi" => most(),
            _ => return None,
        };
        let known = if name.ends_with('f') { !nan.is_empty() } else { bits > 1 };
        known.then(|| at.value("arith.constant", &[], &ty, &[("value", &format!("{text} : {ty}"))]))
    }

    /// The kind of merge as the gpu dialect's ops over subgroups name it, where the two mean the same.
    pub(crate) fn over_subgroup(&self) -> Option<&'static str> {
        Some(match op_name(self.op).strip_prefix("arith.")? {
            "addf" | "addi" => "add",
            "mulf" | "muli" => "mul",
            "maxsi" => "maxsi",
            "minsi" => "minsi",
            "maxui" => "maxui",
            "minui" => "minui",
            _ => return None,
        })
    }
}

//! Loops that may not run: MLIR's conversion to SPIR-V leaves their results undefined.
//!
//! The conversion keeps a loop's results in variables that only the body writes. So what a loop carried into it has to be
//! chosen outside:
//!
//! ```mlir
//! %r = scf.for %i = %a to %b step %c iter_args(%x = %init) …
//! // becomes
//! %0 = scf.for … ; %1 = arith.cmpi slt, %a, %b ; %r = arith.select %1, %0, %init
//! ```

use ropt_mlir::{
    ir::edit::{Builder, Op, nested, op_name, operands, replace_uses, results, set_operand, type_text},
    kernel::constant,
    melior::ir::{ValueLike, operation::OperationLike},
};

/// Gives the results of each loop that may not run the values that it was entered with.
pub(crate) fn settle(kernel: Op<'_>) {
    for op in nested(kernel).into_iter().filter(|op| op_name(*op) == "scf.for" && op.result_count() > 0) {
        let [lower, upper, _, initial @ ..] = &operands(op)[..] else { continue };
        let known = constant(*lower).zip(constant(*upper));
        if known.is_some_and(|(lower, upper)| lower < upper) {
            continue;
        }
        let at = Builder::after(op);
        // 2 is "less than, signed", which is how the loop compares.
        let runs = at.value("arith.cmpi", &[*lower, *upper], "i1", &[("predicate", "2 : i64")]);
        for (result, initial) in results(op).into_iter().zip(initial) {
            let ty = type_text(result.r#type());
            // Made of the initial value first, so that replacing the result's uses leaves the choice alone.
            let chosen = at.op("arith.select", &[runs, *initial, *initial], &[at.ty(&ty)], &[]);
            replace_uses(result, results(chosen)[0]);
            set_operand(chosen, 1, result);
        }
    }
}
